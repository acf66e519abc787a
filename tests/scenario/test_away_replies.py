"""A customer's automatic answer is proposed as a deferral, quietly, once, and never made by itself (PLAYBOOK 6)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Fact
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
CARL = "carl@acme.example"
AWAY = "I am out of the office until Friday, December 4th. Ask Jo <jo@acme.example>."


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana has Acme Dental, put out on Monday; it is 10:00, her list is sent, and she called and wrote."""
    with living(database_url) as found:
        found.account("Acme Dental", MONDAY, email=CARL)
        found.tick("sync")
        found.go("2026-11-23 10:00")
        found.tick("mornings")
        found.press("ana", "log_call:no_answer", "Acme")
        found.press("ana", "log_email", "Acme")
        found.let_undo_pass()
        yield found


def automatic_reply(team: Living, text: str = AWAY, subject: str = "Automatic reply: Your renewal") -> str:
    """It arrives in HubSpot now, and the next pass reads it; answers its record."""
    (deal,) = team.records("deals")
    headers = f'{{"from": {{"email": "{CARL}"}}, "to": [{{"email": "ana@team.example"}}]}}'
    properties = {
        "hs_email_direction": "INCOMING_EMAIL",
        "hs_email_subject": subject,
        "hs_email_text": text,
        "hs_email_headers": headers,
    }
    body = {"type": "emails", "deal_id": deal["id"], "properties": properties}
    made = team.http.post("/control/crm/engagements", json=body).raise_for_status().json()
    team.tick("sync")
    return str(made["id"])


def listed(team: Living) -> str:
    return words(team.messages("ana")[-1])


def deferrals(team: Living) -> list[Fact]:
    with team.assistant.work.store.read() as session:
        gone = select(Fact.supersedes_id).where(Fact.supersedes_id.is_not(None))
        found = list(session.scalars(select(Fact).where(Fact.kind == "deferral", Fact.id.not_in(gone))))
        session.expunge_all()
        return found


def test_one_tap_defers_with_the_answers_own_words_and_hubspot_has_its_task(team: Living) -> None:
    before = len(team.messages("ana"))
    automatic_reply(team)
    assert "Automatic reply from Carl Customer: away until Fri 4 Dec" in listed(team)
    assert "Defer until Mon 7 Dec" in listed(team)
    assert len(team.messages("ana")) == before and deferrals(team) == []  # quiet, and nothing by itself

    team.press("ana", "defer_away", "Acme")
    (made,) = deferrals(team)
    assert (made.until, made.reason) == (date(2026, 12, 7), "out_of_town")
    assert made.note == "Automatic reply: I am out of the office until Friday, December 4th."
    assert "Automatic reply from" not in listed(team) and "Deferred until Mon 7 Dec" in listed(team)
    team.let_undo_pass()
    assert [task["hs_timestamp"][:10] for task in team.records("tasks")] == ["2026-12-07"]

    where = {"type": "message", "channel": team.dm("ana"), "ts": team.messages("ana")[-1]["ts"]}
    team.act("ana", where, f"run:{made.run_id}:logged:{made.id}", "undo_fact")  # the answer is there still
    assert deferrals(team) == [] and "Defer until Mon 7 Dec" in listed(team)


def test_it_counts_as_no_reply_and_the_next_morning_shows_it_still(team: Living) -> None:
    automatic_reply(team)
    team.go("2026-11-24 08:30")
    team.tick("sync", "mornings")
    assert "First call" in listed(team) and "Defer until Mon 7 Dec" in listed(team)
    team.go("2026-12-07 08:30")
    team.tick("sync", "mornings")
    assert "Automatic reply" not in listed(team)  # the day has come


def test_no_is_heard_once_for_the_record_and_for_the_same_words_again(team: Living) -> None:
    automatic_reply(team)
    team.press("ana", "decline_away", "Acme")
    assert "Automatic reply" not in listed(team) and deferrals(team) == []
    automatic_reply(team)
    team.tick("sync")
    assert "Automatic reply" not in listed(team)
    automatic_reply(team, "I am away until Friday, December 11th.")
    assert "Defer until Mon 14 Dec" in listed(team)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am away until 04/05.", "until when is not certain"),
        ("I am travelling & hard to reach <here>.", "no date in it"),
        ("I am on leave until January 8.", "away until Fri 8 Jan 2027"),  # past day 30
    ],
)
def test_what_is_not_certain_opens_the_form_and_what_is_past_day_30_is_warned_of(
    team: Living, text: str, shown: str
) -> None:
    automatic_reply(team, text)
    assert shown in listed(team)
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Where a person has to read it, its words stand there: it may say that they left for good.
    assert (f"“{quoted}”" in listed(team)) == ("January" not in text)
    team.press("ana", "open_away", "Acme")
    form = team.form("ana")
    elements: dict[str, Any] = {one["block_id"]: one["element"] for one in form["blocks"] if "element" in one}
    assert elements["note"]["initial_value"] == f"Automatic reply: {text}"
    assert elements["reason"]["initial_option"]["value"] == "out_of_town"
    assert elements["until"].get("initial_date") == ("2027-01-11" if "January" in text else None)
    assert deferrals(team) == []
    until = "2027-01-11" if "January" in text else "2026-12-01"
    values: dict[str, dict[str, Any]] = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "note": {"value": f"Automatic reply: {text}"},
        "until": {"selected_date": until},
    }
    answer = team.submit("ana", **values)
    if "January" in text:
        assert deferrals(team) == [] and "past day 30" in str(answer)
        return
    assert [one.until for one in deferrals(team)] == [date(2026, 12, 1)]
    assert "Automatic reply from" not in listed(team)


def test_a_response_or_a_deferral_makes_it_moot_and_a_stale_button_changes_nothing(team: Living) -> None:
    automatic_reply(team)
    (message,) = [one for one in team.messages("ana") if "defer_away" in str(one["blocks"])]
    (block,) = [one for one in message["blocks"] if "defer_away" in str(one)]
    team.go("2026-11-23 11:00")
    (deal,) = team.records("deals")
    reply = {"type": "emails", "deal_id": deal["id"], "properties": {"hs_email_direction": "INCOMING_EMAIL"}}
    team.http.post("/control/crm/engagements", json=reply).raise_for_status()
    team.tick("sync")
    assert "Automatic reply" not in listed(team)

    forged = {"container": {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}, "forge": True}
    (button,) = [one for one in block["elements"] if one["action_id"] == "defer_away"]
    for who in ("ana", "ben", "cara"):  # over for the one, not theirs for the others
        body = forged | {"block_id": block["block_id"], "action_id": "defer_away", "value": button["value"]}
        team.http.post(f"/people/{team.ids[who]}/actions", json=body)
        team.deliver()
    assert deferrals(team) == []


def test_a_deleted_answer_proposes_nothing_and_an_old_one_neither(team: Living) -> None:
    record = automatic_reply(team)
    assert "Automatic reply" in listed(team)
    team.http.delete(f"/control/crm/emails/{record}").raise_for_status()
    team.tick("sync")
    assert "Automatic reply" not in listed(team)
    automatic_reply(team, "I am travelling.")
    assert "no date in it" in listed(team)
    team.world.clock.advance(timedelta(days=8))
    team.tick("sync", "mornings")
    assert "Automatic reply" not in listed(team)


def test_the_card_quotes_it_and_has_the_buttons(team: Living) -> None:
    automatic_reply(team)
    said = team.command("ana", "Acme Dental")
    assert "“I am out of the office until Friday, December 4th.”" in said and "Defer until Mon 7 Dec" in said


def test_nothing_that_a_customer_wrote_enters_the_log(team: Living, caplog: pytest.LogCaptureFixture) -> None:
    """Neither when it is read, proposed, accepted or refused, nor when HubSpot fails over it (FAULTS I9)."""
    caplog.set_level(logging.INFO)
    secret = "Zanzibar"
    refusal = {
        "service": "hubspot",
        "method": "POST /crm/objects/emails/batch/read",
        "status": 500,
        "body": {"status": "error", "message": f"{secret} cannot be read"},
        "times": 1,
    }
    rule = team.http.post("/control/faults", json=refusal)
    assert rule.status_code == 200, rule.text
    automatic_reply(
        team, f"I am on leave in {secret} until Friday, December 4th.", f"Automatic reply: {secret} honeymoon"
    )
    team.tick("sync")
    team.tick("sync")
    assert "Defer until Mon 7 Dec" in listed(team)
    assert f"“I am on leave in {secret}" in team.command("ana", "Acme Dental")
    team.press("ana", "defer_away", "Acme")
    automatic_reply(team, f"{secret} again, no date.")
    automatic_reply(team, f"I am away in {secret} until Friday, December 11th.")
    team.press("ana", "decline_away", "Acme")
    assert any(one.status == 500 for one in team.world.journal.entries(service="hubspot")), "no fault struck"
    assert caplog.messages, "nothing is logged at all"
    for line in caplog.messages:
        for word in (secret, CARL, "Carl", "honeymoon", "December"):
            assert word not in line, line
