"""Several accounts at once: one outcome, one confirmation, one result line each - and each checked for itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.acts import bulk
from bot.services.acts.acting import Click
from bot.services.acts.bulk import log_plan
from bot.services.acts.one_of_several import Judged, refusal_of
from bot.services.errors import NotYours
from bot.services.home.several import Source, read_choosing
from bot.services.people.roles import Who
from bot.slack.payloads import MessageRef
from bot.store.tables import Fact, Message, Refusal, RunRow
from handlers.bulk import handle_several_form
from handlers.presses import Submission
from sandbox.faults import FaultRule
from tests.living import Living, wait_until, words

MONDAY = date(2026, 11, 23)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def morning(team: Living, *accounts: str, put_out_on: date = MONDAY) -> None:
    for account in accounts:
        team.account(account, put_out_on)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")


def offered(form: dict[str, Any]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The accounts of the open form: name -> its block and its option."""
    return {
        option["text"]["text"]: (block, option)
        for block in form["blocks"]
        if block["block_id"].startswith("accounts:")
        for option in block["element"]["options"]
    }


def entry(block: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    return {block["element"]["action_id"]: {"type": block["element"]["type"], **value}}


def choose(team: Living, outcome: str, *accounts: str, who: str = "ana", **more: Any) -> dict[str, Any]:
    """Tick accounts, choose an outcome, submit; answers what Slack heard back."""
    form = team.form(who)
    values: dict[str, Any] = {}
    for account in accounts:
        block, option = offered(form)[account]
        ticked = values.setdefault(block["block_id"], entry(block, {"selected_options": []}))
        ticked["field"]["selected_options"].append(option)
    outcomes = next(block for block in form["blocks"] if block["block_id"] == "outcome")
    values["outcome"] = entry(outcomes, {"selected_option": {"value": outcome}})
    for block in form["blocks"]:
        if block["block_id"] in more:
            values[block["block_id"]] = entry(block, more[block["block_id"]])
    path = f"/people/{team.ids[who]}/views/{form['id']}/submit"
    answer: dict[str, Any] = team.http.post(path, json={"values": values}).json()
    assert not answer.get("error"), answer
    return answer


def confirm(team: Living, who: str = "ana") -> dict[str, Any]:
    answer = team.submit(who)
    assert answer.get("acked") and not answer.get("error"), answer
    return answer


def facts(team: Living) -> list[tuple[str, str | None]]:
    """What was logged and still stands: account's kind and outcome."""
    with team.assistant.work.store.read() as session:
        found = list(session.scalars(select(Fact).order_by(Fact.id)))
    taken_back = {fact.supersedes_id for fact in found}
    return [
        (fact.kind, fact.outcome) for fact in found if fact.id not in taken_back and fact.kind != "withdrawn"
    ]


def test_a_digest_logs_one_outcome_on_several_and_takes_it_all_back(team: Living) -> None:
    morning(team, "Acme Dental", "Bay Bakery", "Cedar Cafe")
    team.press("ana", "open_several")
    assert set(offered(team.form("ana"))) == {"Acme Dental", "Bay Bakery", "Cedar Cafe"}
    choose(team, "no_answer", "Acme Dental", "Cedar Cafe", note={"value": "Line was dead"})
    plan = words(team.form("ana"))
    assert "No answer* · “Line was dead”" in plan and "Will be logged on 2 accounts" in plan
    assert "• Acme Dental · first call" in plan and "Bay Bakery" not in plan
    assert team.form("ana")["submit"]["text"] == "Log 2"
    assert facts(team) == []
    confirm(team)
    result = words(team.form("ana"))
    assert "Logged on 2 accounts" in result and "• Acme Dental · logged" in result
    assert facts(team) == [("call", "no_answer")] * 2
    (digest,) = team.messages("ana")
    assert words(digest).count("No answer 08:30") == 2
    team.press_in_form("ana", "undo_several")
    assert "Undone on 2 accounts" in words(team.form("ana"))
    assert facts(team) == []
    team.press("ana", "log_call:no_answer", "Acme")  # what was taken back is due again
    team.let_undo_pass()
    assert len(team.records("calls")) == 1


def test_each_refused_account_says_why_and_the_others_are_logged(team: Living) -> None:
    team.account("Early Bird", date(2026, 11, 18))  # day 6: a second call, three hours after the first
    team.account("Guarded Gym", date(2026, 11, 5))
    morning(team, "Acme Dental", "Bay Bakery", "Moved Motors")
    team.press("ana", "log_call:no_answer", "Early")
    team.press("ana", "log_call:no_answer", "Guarded")
    team.press("ana", "open_several")
    everybody = tuple(offered(team.form("ana")))
    assert len(everybody) == 5
    choose(team, "no_answer", *everybody)
    plan = words(team.form("ana"))
    assert "Early Bird · the call is not due before 11:30" in plan
    assert "Guarded Gym · no call is due now" in plan
    assert team.form("ana")["submit"]["text"] == "Log 3"
    # Between the confirmation and the press: another device, and another owner.
    team.press("ana", "log_call:left_voicemail", "Acme")
    deals = {deal["dealname"]: deal["id"] for deal in team.records("deals")}
    moved = {"properties": {"hubspot_owner_id": team.owners["ben"]}}
    team.http.patch(f"/control/crm/deals/{deals['Moved Motors']}", json=moved).raise_for_status()
    team.tick("sync")
    confirm(team)
    result = words(team.form("ana"))
    assert "*Logged on 1 account*" in result and "• Bay Bakery · logged" in result
    assert "Acme Dental · already logged by Ana Reyes 08:30 (left voicemail)." in result
    assert "Moved Motors · This account is not in your book" in result
    assert "Early Bird · the call is not due before 11:30" in result
    assert logged_on(team) == ["Acme Dental", "Bay Bakery", "Early Bird", "Guarded Gym"]
    close(team)
    team.press("ana", "open_several")
    choose(team, "email", "Guarded Gym", "Bay Bakery")
    plan = words(team.form("ana"))
    assert "Guarded Gym · the cancellation email goes out from its preview" in plan
    assert "• Bay Bakery · first email" in plan
    with team.assistant.work.store.read() as session:
        assert [one.action for one in session.scalars(select(Refusal))] == ["log_several"]


def logged_on(team: Living) -> list[str]:
    """The accounts on which a call was logged, once for each."""
    with team.assistant.work.store.read() as session:
        ids = session.scalars(select(Fact.run_id).where(Fact.kind == "call"))
        return sorted(session.get_one(RunRow, run_id).account for run_id in ids)


def close(team: Living, who: str = "ana") -> None:
    path = f"/people/{team.ids[who]}/views/{team.form(who)['id']}/close"
    team.http.post(path).raise_for_status()


def home(team: Living) -> dict[str, Any]:
    team.deliver()
    view: dict[str, Any] = team.http.get(f"/people/{team.ids['ana']}/home").raise_for_status().json()["view"]
    return view


def press_home(team: Living, action_id: str, chosen: str | None = None) -> None:
    view = home(team)
    block = next(one for one in view["blocks"] if action_id in str(one))
    more = {"value": {"selected_option": {"value": chosen}}} if chosen else {}
    team.act("ana", {"type": "view", "view_id": view["id"]}, block["block_id"], action_id, **more)


def test_from_home_it_works_on_what_the_filter_shows_and_defers(team: Living) -> None:
    team.account("Nearly Out", date(2026, 10, 26))  # day 29
    morning(team, "Acme Dental", "Bay Bakery")
    team.command("ana", "log acme no answer")
    team.http.post(f"/people/{team.ids['ana']}/home/open", json={}).raise_for_status()
    wait_until(lambda: home(team))
    press_home(team, "home_days", "1-7")
    press_home(team, "open_several")
    assert set(offered(team.form("ana"))) == {"Acme Dental", "Bay Bakery"}
    close(team)
    press_home(team, "home_days", "any")
    press_home(team, "open_several")
    team.choose("ana", "outcome", "several_outcome", "defer")
    assert {"reason", "when", "until"} <= {block["block_id"] for block in team.form("ana")["blocks"]}
    when, why = {"when": {"value": "Thu 3 Dec"}}, {"selected_option": {"value": "out_of_town"}}
    note = {"note": {"value": "Fair"}}
    both = ("Acme Dental", "Nearly Out")
    wrong = choose(team, "defer", *both, reason=why, when={"value": "grmpf"}, **note)
    assert "I cannot read “grmpf” as a date" in wrong["response"]["errors"]["when"]
    choose(team, "defer", *both, reason=why, **when, **note)
    plan = words(team.form("ana"))
    assert "Defer* · until Thu 3 Dec 2026 · Customer is out of town · “Fair”" in plan
    assert "Nearly Out · :warning: past day 30 (Tue 24 Nov 2026)" in plan
    confirm(team)
    assert "Logged on 2 accounts" in words(team.form("ana"))
    assert facts(team) == [("call", "no_answer"), ("deferral", None), ("deferral", None)]
    team.clock.let_pass(timedelta(seconds=60))
    assert "2 deferred" in words(home(team))


def test_the_command_opens_the_form_and_the_word_in_a_message_the_way_to_it(team: Living) -> None:
    assert "Nothing is due now" in team.command("ana", "bulk")
    morning(team, "Acme Dental", "Bay Bakery")
    assert "Choose the accounts in the form" in team.command("ana", "bulk")
    assert len(offered(team.form("ana"))) == 2
    close(team)
    team.say("ana", "bulk")
    answer = team.messages("ana")[-1]
    assert words(answer).startswith("2 accounts are due today")
    team.press("ana", "open_several")
    choose(team, "left_voicemail", "Bay Bakery")
    confirm(team)
    assert facts(team) == [("call", "left_voicemail")]
    team.press("ana", "log_call:no_answer", "Acme")
    team.go("2026-11-24 08:30")
    team.press("ana", "open_several")  # that of the message: of what is due now
    assert "Acme Dental" in offered(team.form("ana"))


def test_a_list_that_only_its_reader_sees_is_drawn_again_too(team: Living) -> None:
    morning(team, "Acme Dental", "Bay Bakery")
    team.command("ana", "today", team.managers_channel)
    team.press("ana", "open_several", channel=team.managers_channel)
    choose(team, "no_answer", "Acme Dental", "Bay Bakery")
    confirm(team)
    assert words(team.messages("ana", team.managers_channel)[-1]).count("No answer 08:30") == 2


def test_choose_all_and_back_keep_what_stands_in_the_form_in_six_taps(team: Living) -> None:
    names = [f"Account {number:02}" for number in range(12)]
    morning(team, *names)
    taps = 0

    def tap(done: Any) -> None:
        nonlocal taps
        taps += 1
        assert done is None or done.get("acked", True)

    tap(team.press("ana", "open_several"))
    tap(team.press_in_form("ana", "choose_several:all"))
    state = team.form("ana")["state"]["values"]
    assert sum(len(one["field"]["selected_options"]) for key, one in state.items() if "accounts" in key) == 12
    tap(team.choose("ana", "outcome", "several_outcome", "no_answer"))
    tap(team.submit("ana"))
    assert team.form("ana")["submit"]["text"] == "Log 12"
    team.press_in_form("ana", "choose_several_again")
    state = team.form("ana")["state"]["values"]
    assert sum(len(one["field"]["selected_options"]) for key, one in state.items() if "accounts" in key) == 12
    assert state["outcome"]["several_outcome"]["selected_option"]["value"] == "no_answer"
    team.submit("ana")
    tap(confirm(team))
    assert logged_on(team) == names
    tap(close(team))
    assert taps == 6


def test_a_doubled_submission_logs_nothing_twice(team: Living) -> None:
    morning(team, "Acme Dental", "Bay Bakery", "Cedar Cafe")
    team.press("ana", "open_several")
    team.world.faults.add(FaultRule("slack", "interactive", duplicate=3))
    choose(team, "no_answer", "Acme Dental", "Bay Bakery")
    confirm(team)
    wait_until(lambda: len(facts(team)) == 2)
    team.world.faults.clear()
    again = log_plan(team.assistant.work, click(team, "ana"), plan_id(team.form("ana")))
    assert [one.account for one in again.done] == ["Acme Dental", "Bay Bakery"]
    team.let_undo_pass()
    assert len(team.records("calls")) == 2
    with team.assistant.work.store.read() as session:
        plans = list(session.scalars(select(Message).where(Message.kind == "bulk")))
    assert len(plans) == 1


def test_one_bad_account_delays_no_other(team: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    morning(team, "Acme Dental", "Bay Bakery", "Cedar Cafe")
    team.press("ana", "open_several")
    choose(team, "no_answer", "Acme Dental", "Bay Bakery", "Cedar Cafe")

    def poisoned(row: Any, *rest: Any) -> Judged:
        if row.account == "Bay Bakery":
            raise RuntimeError("a row that cannot be read")
        return refusal_of(row, *rest)

    monkeypatch.setattr(bulk, "refusal_of", poisoned)
    confirm(team)
    result = words(team.form("ana"))
    assert "Bay Bakery · something went wrong here" in result and "Logged on 2 accounts" in result
    assert logged_on(team) == ["Acme Dental", "Cedar Cafe"]


def test_what_there_is_no_time_for_is_one_more_press(team: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_TIME", timedelta())  # each press: one account
    morning(team, "Acme Dental", "Bay Bakery", "Cedar Cafe")
    team.press("ana", "open_several")
    choose(team, "no_answer", "Acme Dental", "Bay Bakery", "Cedar Cafe")
    confirm(team)
    form = team.form("ana")
    assert form["submit"]["text"] == "Log 2 more" and "Not logged yet on 2 accounts" in words(form)
    assert "Logged on 1 account*" in words(form) and logged_on(team) == ["Acme Dental"]
    confirm(team)
    assert team.form("ana")["submit"]["text"] == "Log 1 more"
    confirm(team)
    assert logged_on(team) == ["Acme Dental", "Bay Bakery", "Cedar Cafe"]
    assert "submit" not in {key for key, value in team.form("ana").items() if value}
    for left in (2, 1):
        team.press_in_form("ana", "undo_several")
        assert f"Undo the other {left}" in words(team.form("ana"))
    team.press_in_form("ana", "undo_several")
    assert facts(team) == []


def test_what_is_forged_or_somebody_elses_is_refused(team: Living) -> None:
    team.account("Bens Bakery", MONDAY, "ben")
    morning(team, "Acme Dental", "Bay Bakery")
    team.press("ana", "open_several")
    form = team.form("ana")
    theirs = run_id_of(team, "Bens Bakery")
    forge(team, "ana", form, {"accounts:0:0": theirs})
    assert "Bens" not in words(team.form("ana"))
    assert "An account · This account is not in your book" in words(team.form("ana"))
    close(team)
    # Somebody else's list, and somebody else's plan.
    team.press("ana", "open_several")
    choose(team, "no_answer", "Acme Dental", "Bay Bakery")
    plan = team.form("ana")
    before = facts(team)
    with pytest.raises(NotYours):
        log_plan(team.assistant.work, click(team, "ben"), plan_id(plan))
    with pytest.raises(NotYours):
        read_choosing(team.assistant.work, click(team, "ben"), Source(message_id=1))
    team.go("2026-11-24 00:10")
    confirm(team)
    assert "of an earlier day" in words(team.form("ana"))
    assert facts(team) == before == []
    with team.assistant.work.store.read() as session:
        assert [one.why for one in session.scalars(select(Refusal))] == ["not_yours"] * 3


def run_id_of(team: Living, account: str) -> str:
    with team.assistant.work.store.read() as session:
        return str(session.scalar(select(RunRow.id).where(RunRow.account == account)))


def click(team: Living, who: str) -> Click:
    return Click(Who(team.world.slack.team_id, team.ids[who]), "forged", "form")


def plan_id(form: dict[str, Any]) -> int:
    return MessageRef.decode(form["private_metadata"]).message_id


def forge(team: Living, who: str, form: dict[str, Any], accounts: dict[str, str]) -> None:
    """What a client of one's own would send: run ids that no form offered."""
    values = {
        block: {"field": {"type": "checkboxes", "selected_options": [{"value": value}]}}
        for block, value in accounts.items()
    }
    values["outcome"] = {"several_outcome": {"selected_option": {"value": "no_answer"}}}
    view = form | {"state": {"values": values}}
    body = {"team": {"id": team.world.slack.team_id}, "user": {"id": team.ids[who]}, "view": view}
    answer = handle_several_form(team.assistant, Submission.of(body))
    team.assistant.slack.update_view(form["id"], answer["view"])


def test_sixty_accounts_are_logged_before_slack_stops_waiting(team: Living) -> None:
    names = [f"Account {number:02}" for number in range(60)]
    morning(team, *names)
    assert "Page 1 of" in team.seen("ana")
    team.press("ana", "open_several")
    form = team.form("ana")
    assert [block["element"]["type"] for block in form["blocks"] if "accounts" in block["block_id"]] == [
        "multi_static_select"
    ]
    assert choose(team, "no_answer", *names)["ms"] < 3000
    waited = []
    while team.form("ana").get("submit"):
        waited.append(confirm(team)["ms"])
    assert max(waited) < 3000 and len(waited) <= 3
    assert logged_on(team) == names
