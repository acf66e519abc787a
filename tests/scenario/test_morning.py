"""The morning: one message per rep, what it says, and what a tap does (issue "The morning", section 4)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.living import Living, words

MONDAY = date(2026, 11, 23)


def morning(team: Living) -> None:
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")


def test_a_rep_gets_one_message_with_what_is_due_late_first(team: Living):
    team.account("Acme Dental", MONDAY)
    team.account("Bay Bakery", date(2026, 11, 9))
    morning(team)
    (message,) = team.messages("ana")
    text = team.seen("ana")
    assert message["text"].startswith("Bay Bakery: final call, late since Mon 9 Nov")
    assert text.index("Bay Bakery") < text.index("Acme Dental")
    assert "day 1 of 30" in text and "day 15 of 30" in text
    assert "First call (1 of 2)" in text and "140 USD/month" in text and "+1 212 555 0101" in text


def test_nothing_due_is_one_short_line_and_twice_is_once(team: Living):
    team.account("Later Ltd", date(2026, 12, 7))
    morning(team)
    team.tick("mornings", "mornings")
    team.another_assistant().sender.drain()
    (message,) = team.messages("ana")
    assert "nothing is due today" in message["text"]


def test_no_answer_is_one_tap_with_the_follow_up_in_the_same_message(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    (message,) = team.messages("ana")
    text = words(message)
    assert "No answer 08:30 · Ana Reyes" in text and "saved, not yet in HubSpot" in text
    assert "First email (2 of 2)" in text
    assert team.records("calls") == []
    team.let_undo_pass()
    (call,) = team.records("calls")
    assert call["hs_call_disposition"] == "73a0d17f-1163-4015-bdd5-ec830791da20"
    assert call["hubspot_owner_id"] == team.owners["ana"]


def test_undo_takes_it_back_before_it_left_and_after(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert team.records("calls") == []
    assert "First call (1 of 2)" in team.seen("ana")
    team.press("ana", "log_call:left_voicemail", "Acme")
    team.let_undo_pass()
    assert len(team.records("calls")) == 1
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert team.records("calls") == []


def test_connected_asks_for_the_result_and_moves_the_run(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    answer = team.submit(
        "ana", result={"selected_option": {"value": "in_negotiation"}}, note={"value": "Likes it"}
    )
    assert answer["acked"] and not (answer.get("response") or {}).get("errors")
    team.let_undo_pass()
    (deal,) = team.records("deals")
    assert deal["dealstage"] == "renewal_in_negotiation"
    assert "in negotiation" in team.seen("ana").lower()


def test_deferring_reads_the_date_back_and_documents_the_day(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "open_more", "Acme")
    team.press_in_form("ana", "open_defer")
    answer = team.submit(
        "ana",
        reason={"selected_option": {"value": "out_of_town"}},
        when={"value": "wednesday"},
        note={"value": ""},
    )
    assert "note" in str(answer.get("errors") or answer["error"]), answer
    team.submit(
        "ana",
        reason={"selected_option": {"value": "out_of_town"}},
        when={"value": "wednesday"},
        note={"value": "Back on Wednesday"},
    )
    assert "Wed 25 Nov" in team.seen("ana")
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert task["hs_task_status"] == "NOT_STARTED" and "Back on Wednesday" in task["hs_task_body"]


def test_the_manager_channel_hears_what_is_overdue_and_it_clears(team: Living):
    team.account("Bay Bakery", date(2026, 11, 9))
    morning(team)
    (message,) = team.messages("maria", team.managers_channel)
    assert "1 overdue" in message["text"]
    assert "Bay Bakery" in team.seen("maria", team.managers_channel)
    team.press("ana", "log_call:no_answer", "Bay")
    team.press("ana", "open_guarded_email", "Bay")
    team.clock.let_pass(timedelta(seconds=5))
    team.deliver()
    (message,) = team.messages("maria", team.managers_channel)
    assert message["edited"]
