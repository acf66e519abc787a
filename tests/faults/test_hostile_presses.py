"""Buttons that are old, forged or somebody else's: no effect, no account's name, a sentence, and an audit
(FAULTS 21, 28).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Fact, Refusal, RunRow
from tests.faults.evidence import calls, newest_entry
from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
NO_ANSWER = "log_call:no_answer"


def morning(team: Living, *accounts: str) -> list[str]:
    deals = [team.account(account, MONDAY) for account in accounts]
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    return deals


def facts(team: Living) -> list[str]:
    with team.assistant.work.store.read() as session:
        return list(session.scalars(select(Fact.kind).order_by(Fact.id)))


def refusals(team: Living) -> list[tuple[str | None, str]]:
    with team.assistant.work.store.read() as session:
        rows = session.execute(select(Refusal.slack_user_id, Refusal.why).order_by(Refusal.id))
        return [(row.slack_user_id, row.why) for row in rows]


def button(team: Living, who: str, action_id: str, on: str) -> tuple[dict[str, Any], str, str]:
    """Where such a button of a person's newest message stands, its block, and its value."""
    heading = ""
    for block in team.messages(who)[-1]["blocks"]:
        heading = words({"blocks": [block]}) if block["type"] == "section" else heading
        for element in block.get("elements", []):
            if element.get("action_id") == action_id and on in heading:
                where = {"type": "message", "channel": team.dm(who), "ts": team.messages(who)[-1]["ts"]}
                return where, block["block_id"], element.get("value", "")
    raise AssertionError(f"no {action_id} on {on}")


def forge(team: Living, who: str, action_id: str, value: str, where: dict[str, Any]) -> str:
    """Send a press with any value; answers what the person was told for it."""
    since = newest_entry(team)
    answer = team.act(who, where, "run:1", action_id, value={"value": value}, forge=True)
    assert answer["acked"], answer
    told = team.world.journal.entries(service="slack", method="chat.postEphemeral", since_seq=since)
    return "\n".join(str((entry.body or {}).get("text")) for entry in told)


def test_a_button_of_yesterday_says_so_and_changes_nothing(team: Living) -> None:
    morning(team, "Acme Dental")
    where, block_id, _ = button(team, "ana", NO_ANSWER, "Acme")
    team.go("2026-11-24 08:30")
    before = newest_entry(team)
    answer = team.act("ana", where, block_id, NO_ANSWER)
    assert answer["acked"]
    assert facts(team) == []
    assert "button is of Monday 23 November" in team.seen("ana")
    # The old message is drawn afresh, where it was pressed: it has no button to log with any more.
    assert calls(team, "slack", since=before) >= 2
    assert NO_ANSWER not in json.dumps(team.messages("ana")[0])


def test_a_button_of_a_closed_a_reassigned_and_a_deleted_run(
    team: Living, strike: Callable[..., str]
) -> None:
    closed, moved, deleted = morning(team, "Acme Dental", "Bay Bakery", "Cove Cafe")
    places = {name: button(team, "ana", NO_ANSWER, name)[:2] for name in ("Acme", "Bay", "Cove")}
    values = {name: button(team, "ana", NO_ANSWER, name)[2] for name in ("Acme", "Bay", "Cove")}
    team.world.hubspot.update("deals", closed, {"dealstage": "renewal_closed_won"})
    team.world.hubspot.update("deals", moved, {"hubspot_owner_id": team.owners["ben"]})
    team.world.hubspot.archive("deals", deleted)
    team.tick("sync")
    for name, (where, _) in places.items():
        told = forge(team, "ana", NO_ANSWER, values[name], where)
        assert "Nothing was changed" in told or "nothing was changed" in told, name
    assert facts(team) == []
    assert [why for _, why in refusals(team)] == ["not_yours"]
    shown = json.dumps(team.messages("ana")[0])
    assert NO_ANSWER not in shown and "moved to Ben Stone" in shown


@pytest.mark.parametrize(
    "forged", ["older version", "not ours", "another kind", "no such run", "no such step"]
)
def test_a_forged_value_is_a_stale_button(team: Living, forged: str) -> None:
    morning(team, "Acme Dental")
    where, _, value = button(team, "ana", NO_ANSWER, "Acme")
    version, kind, run_id, step, on, message_id, seen = json.loads(value)
    forgeries = {
        "older version": [version - 1, kind, run_id, step, on, message_id, seen],
        "not ours": {"run": run_id, "$where": "1=1"},
        "another kind": [version, "fact", run_id, message_id],
        "no such run": [version, kind, 2**62, step, on, message_id, seen],
        "no such step": [version, kind, run_id, "won", on, message_id, seen],
    }
    text = json.dumps(forgeries[forged], separators=(",", ":"))
    for action_id in (NO_ANSWER, "undo_fact", "open_more", "move_out_now", "confirm_site_down", "wipe_all"):
        told = forge(team, "ana", action_id, text, where)
        assert "Traceback" not in told and "reference" not in told, (action_id, told)
    assert facts(team) == []


def test_nobody_acts_on_what_is_not_theirs(team: Living) -> None:
    """Another rep, another team's manager and an ex-owner are refused, audited, and told no name."""
    (deal,) = morning(team, "Acme Dental")
    _, _, value = button(team, "ana", NO_ANSWER, "Acme")
    presses = (
        NO_ANSWER,
        "log_email",
        "log_review",
        "report_missing",
        "open_connected",
        "open_more",
        "open_keep",
    )
    for who in ("ben", "olga", "cara"):
        team.say(who, "help")
        where = {"type": "message", "channel": team.dm(who), "ts": team.messages(who)[-1]["ts"]}
        for action_id in (
            *presses,
            "move_out_now",
            "confirm_site_down",
            "open_guarded_email",
            "confirm_dates",
        ):
            told = forge(team, who, action_id, value, where)
            assert "Acme" not in told and "Ana" not in told, (who, action_id, told)
        assert "Acme" not in team.command(who, "log acme no answer")
        assert "Acme" not in team.seen(who)
    assert facts(team) == []
    assert {user for user, _ in refusals(team)} == {team.ids[who] for who in ("ben", "olga", "cara")}
    assert team.http.get(f"/people/{team.ids['ben']}/views").json() == []

    team.world.hubspot.update("deals", deal, {"hubspot_owner_id": team.owners["ben"]})
    team.tick("sync")
    where = {"type": "message", "channel": team.dm("ana"), "ts": team.messages("ana")[-1]["ts"]}
    forge(team, "ana", NO_ANSWER, value, where)
    assert facts(team) == []
    assert refusals(team)[-1] == (team.ids["ana"], "not_yours")


def test_a_form_for_somebody_elses_account_is_refused(team: Living) -> None:
    """The form's own metadata says which account; a forged one opens no door."""
    morning(team, "Acme Dental")
    team.account("Bay Bakery", MONDAY, owner="ben")
    team.tick("sync")
    team.press("ana", "open_connected", "Acme")
    form = team.form("ana")
    with team.assistant.work.store.read() as session:
        of_ben = session.scalars(select(RunRow.id).where(RunRow.account == "Bay Bakery")).one()
    version, kind, _, *rest = json.loads(form["private_metadata"])
    with team.world.slack.lock:
        forged = json.dumps([version, kind, of_ben, *rest], separators=(",", ":"))
        team.world.slack.view(form["id"]).content["private_metadata"] = forged
    team.submit("ana", result={"selected_option": {"value": "in_negotiation"}}, note={"value": "Mine now"})
    assert facts(team) == []
    assert refusals(team)[-1] == (team.ids["ana"], "not_yours")


def test_a_forged_value_draws_no_other_message_where_it_was_pressed(team: Living) -> None:
    """Ana's manager may log on her account; what Ana reads is still not drawn over the manager's own message."""
    morning(team, "Acme Dental", "Bay Bakery")
    _, _, value = button(team, "ana", NO_ANSWER, "Acme")
    team.say("maria", "help")
    own = team.messages("maria")[-1]
    where = {"type": "message", "channel": team.dm("maria"), "ts": own["ts"]}
    forge(team, "maria", NO_ANSWER, value, where)
    assert facts(team) == ["call"]  # what she may do is done
    forge(team, "maria", NO_ANSWER, value, where)  # and stale by now: Ana's message would be shown afresh
    (now,) = [message for message in team.messages("maria") if message["ts"] == own["ts"]]
    assert words(now) == words(own)
    assert "Bay Bakery" not in team.seen("maria")
    assert "No answer" in words(team.messages("ana")[0])  # Ana's own is drawn in its own place
