"""The touch decides the buttons (PLAYBOOK 7), and each of them does what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
CHOICE = {"type": "static_select"}


def morning(team: Living, at: str = "2026-11-23 08:30") -> None:
    team.tick("sync")
    team.go(at)
    team.tick("mornings", "during_day")


def labels(message: dict[str, Any]) -> list[str]:
    """The buttons of a message in order."""
    return [
        element["text"]["text"]
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element["type"] == "button"
    ]


def engage(team: Living, kind: str, deal: str, **properties: str) -> str:
    """Somebody works in HubSpot itself."""
    body = {"type": kind, "properties": properties, "deal_id": deal}
    answer = team.http.post("/control/crm/engagements", json=body).raise_for_status().json()
    return str(answer["id"])


def more(team: Living, on: str, choice: str, note: str = "") -> dict[str, Any]:
    team.press("ana", "open_more", on)
    note_value = {"note": {"value": note}} if note else {}
    return team.submit("ana", choice={"selected_option": {"value": choice}}, **note_value)


def remind(team: Living, later: str, who: str = "ana") -> None:
    team.press(who, "open_more", "Acme")
    view = team.http.get(f"/people/{team.ids[who]}/views").raise_for_status().json()[-1]
    team.act(who, {"type": "view", "view_id": view["id"]}, "reminders", f"remind:{later}")


def test_review_and_call_have_their_buttons_and_more(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    (digest,) = team.messages("ana")
    assert labels(digest) == [
        *("Review…", "Review done", "Report missing"),
        *("No answer", "Left voicemail", "Connected…", "More…"),
    ]
    team.press("ana", "log_review", "Acme")
    (digest,) = team.messages("ana")
    assert labels(digest) == ["No answer", "Left voicemail", "Connected…", "More…"]
    assert "Account reviewed 08:30 · Ana Reyes" in words(digest)


def test_a_missing_report_is_told_to_the_department_manager_at_once(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "report_missing", "Acme")
    (told,) = team.messages("walt")
    assert "Report missing for *Acme Dental*: Ana Reyes cannot finish the account review." in words(told)
    assert "Account review" in team.seen("ana")  # it stays due
    assert "Report missing told to Walt Dean 08:30 · Ana Reyes" in team.seen("ana")
    team.let_undo_pass()
    (note,) = team.records("notes")
    assert note["hubspot_owner_id"] == team.owners["ana"]


def test_an_email_has_its_draft_and_sent(team: Living):
    team.account("Acme Dental", MONDAY, email="carl@acme.example")
    morning(team)
    team.press("ana", "log_review", "Acme")
    team.press("ana", "log_call:left_voicemail", "Acme")
    (digest,) = team.messages("ana")
    assert labels(digest) == ["Open draft", "Sent", "More…"]
    draft = next(
        e for b in digest["blocks"] for e in b.get("elements", []) if e.get("action_id") == "open_draft"
    )
    assert "to=carl%40acme.example" in draft["url"] and "Acme%20Dental" in draft["url"]
    team.press("ana", "open_draft", "Acme")
    team.press("ana", "log_email", "Acme")
    (digest,) = team.messages("ana")
    assert "Email sent 08:30 · Ana Reyes" in words(digest)
    assert words(digest).splitlines()[0] == "Mon 23 Nov: 1 account, 1 done"
    team.let_undo_pass()
    assert team.records("emails") == []  # tracked by HubSpot itself (PLAYBOOK 6)


def test_the_cancellation_email_shows_its_dates_wants_the_tick_and_is_guarded_on_the_server(team: Living):
    team.account("Acme Dental", date(2026, 11, 9), renewal_expiration_date="2026-11-30")
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    (digest,) = team.messages("ana")
    assert labels(digest) == ["Preview email…", "More…"]
    team.press("ana", "open_guarded_email", "Acme")
    form = team.form("ana")
    shown = words(form)
    assert "Contract expires Mon 30 Nov 2026." in shown
    assert "Takedown email allowed from Mon 7 Dec 2026 (expiration + 7)." in shown
    assert "Put out Mon 9 Nov 2026 - not used." in shown
    assert "says nothing about taking the website down: that is allowed from Mon 7 Dec 2026 on." in shown
    unticked = team.submit("ana", checked={"selected_options": []})
    assert not unticked["acked"] and "checked" in unticked["errors"]
    assert "Cancellation email sent" not in team.seen("ana")
    team.submit("ana", checked={"selected_options": [{"value": "checked"}]})
    assert "Cancellation email sent 08:30 · Ana Reyes" in team.seen("ana")


def test_a_forged_press_on_a_guarded_email_logs_nothing(team: Living):
    team.account("Acme Dental", date(2026, 11, 9), renewal_expiration_date="2026-11-30")
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    (digest,) = team.messages("ana")
    block, preview = next(
        (block, e)
        for block in digest["blocks"]
        for e in block.get("elements", [])
        if e.get("action_id") == "open_guarded_email"
    )
    container = {"type": "message", "channel": team.dm("ana"), "ts": digest["ts"]}
    value = {"type": "button", "value": preview["value"]}
    team.act("ana", container, block["block_id"], "log_email", value=value, forge=True)
    assert "preview first" in team.seen("ana")
    assert "Cancellation email sent" not in team.seen("ana")


def test_dates_that_changed_lately_block_the_email_until_a_person_confirms_them(team: Living):
    deal = team.account("Acme Dental", date(2026, 11, 9), renewal_expiration_date="2026-11-30")
    team.tick("sync")
    team.http.patch(
        f"/control/crm/deals/{deal}", json={"properties": {"renewal_expiration_date": "2026-12-05"}}
    )
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    team.press("ana", "open_guarded_email", "Acme")
    form = team.form("ana")
    assert "was changed from Mon 30 Nov 2026 to Sat 5 Dec 2026 in the last 7 days" in words(form)
    assert "submit" not in form or form["submit"] is None
    team.act("ana", {"type": "view", "view_id": form["id"]}, "confirm_dates", "confirm_dates")
    assert "double-checked" in words(team.form("ana"))
    team.submit("ana", checked={"selected_options": [{"value": "checked"}]})
    assert "Cancellation email sent" in team.seen("ana")


def test_the_takedown_chain_ends_with_the_rep_contacting_the_customer(team: Living):
    team.account("Acme Dental", date(2026, 10, 20), renewal_expiration_date="2026-11-10")
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    team.press("ana", "open_guarded_email", "Acme")
    assert "The draft says that we take the website down" in words(team.form("ana"))
    team.submit("ana", checked={"selected_options": [{"value": "checked"}]})
    assert "Takedown email" in team.seen("ana")
    team.press("ana", "open_guarded_email", "Acme")
    assert "Contract expired Tue 10 Nov 2026." in words(team.form("ana"))
    team.submit("ana", checked={"selected_options": [{"value": "checked"}]})
    assert "Please take down the website of *Acme Dental*" in team.seen("cara", team.care_channel)
    team.press("maria", "confirm_site_down", "Acme", team.care_channel)
    assert "Only Customer Care" in team.seen("maria", team.care_channel)
    assert "Site down" not in team.seen("ana")
    team.press("cara", "confirm_site_down", "Acme", team.care_channel)
    team.submit("cara", checked={"selected_options": [{"value": "checked"}]})
    newest = team.messages("ana")[-1]
    assert words(newest).startswith("Site down: contact the customer now")
    team.press("ana", "log_call:no_answer", "Acme")
    assert "Site down, email the customer now" in words(team.messages("ana")[-1])


def test_an_appointment_has_held_no_show_moved_and_canceled(team: Living):
    for name in ("Held Hotel", "Noshow Nursery", "Moved Motors", "Canceled Cafe"):
        deal = team.account(name, date(2026, 11, 16))
        start = "2026-11-20T15:00:00Z"
        engage(
            team,
            "meetings",
            deal,
            hs_timestamp=start,
            hs_meeting_start_time=start,
            hs_meeting_title="Renewal",
        )
    morning(team)
    (digest,) = team.messages("ana")
    assert labels(digest) == ["Held…", "No-show", "Moved…", "Canceled", "More…"] * 4 + ["Several at once…"]
    assert (
        words(digest).count("Log how the appointment went* · late since Fri 20 Nov · Fri 20 Nov 10:00") == 4
    )
    team.press("ana", "log_appointment:no_show", "Noshow")
    team.press("ana", "log_appointment:canceled", "Canceled")
    team.press("ana", "open_moved", "Moved")
    past = team.submit("ana", starts_on={"selected_date": "2026-11-20"}, starts_at={"selected_time": "10:00"})
    assert "is past" in str(past)
    team.submit("ana", starts_on={"selected_date": "2026-11-25"}, starts_at={"selected_time": "14:15"})
    team.press("ana", "open_held", "Held")
    team.choose("ana", "result", "result_chosen", "won")
    team.submit("ana", result={"selected_option": {"value": "won"}}, note={"value": "Signed"})
    text = team.seen("ana")
    assert "Customer did not show up 08:30" in text
    assert "Appointment canceled 08:30" in text
    assert "Appointment on Wed 25 Nov at 14:15; logged 08:30" in text
    assert "Appointment held: won: 140 USD/month for 12 months, until " in text
    team.let_undo_pass()
    meetings = {meeting.get("hs_meeting_outcome"): meeting for meeting in team.records("meetings")}
    assert set(meetings) == {"CANCELED", "COMPLETED", "NO_SHOW", None}
    moved = meetings[None]  # it had no outcome, and still has none
    assert moved["hs_meeting_start_time"].startswith("2026-11-25T19:15")
    assert {deal["dealstage"] for deal in team.records("deals")} == {"renewal_put_out", "renewal_closed_won"}


@pytest.mark.parametrize(
    ("choice", "said", "disposition"),
    [
        ("call:left_live_message", "Left live message 08:30", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"),
        ("call:busy", "Busy 08:30", "9d9162e7-6cf3-4944-bf63-4dff82258764"),
        ("call:wrong_number", "Wrong number 08:30", "17b47fee-58de-441e-a44c-c6300d46f273"),
    ],
)
def test_more_has_the_other_outcomes(team: Living, choice: str, said: str, disposition: str):
    team.account("Acme Dental", MONDAY)
    morning(team)
    more(team, "Acme", choice, "Front desk only")
    text = team.seen("ana")
    assert said in text and "“Front desk only”" in text
    assert "First email (2 of 2)" in text
    team.let_undo_pass()
    (call,) = team.records("calls")
    assert call["hs_call_disposition"] == disposition
    assert "Front desk only" in call["hs_call_body"]


def test_more_has_the_customers_reply_and_call_and_a_note(team: Living):
    for name in ("Reply Realty", "Called Clinic", "Note Nursery"):
        team.account(name, MONDAY)
    morning(team)
    more(team, "Reply", "replied")
    more(team, "Called", "called_in", "Asked for a quote")
    refused = more(team, "Note", "note")
    assert "Write a note" in str(refused)
    team.submit("ana", choice={"selected_option": {"value": "note"}}, note={"value": "Moves offices"})
    text = team.seen("ana")
    assert text.count("Customer replied 08:30") == 1
    assert "Customer called in 08:30 · Ana Reyes · “Asked for a quote”" in text
    assert "“Moves offices”" in text
    team.let_undo_pass()
    (inbound,) = team.records("calls")
    assert inbound["hs_call_direction"] == "INBOUND"
    assert "Asked for a quote" in inbound["hs_call_body"]


def test_remind_me_later_shows_it_again_and_moves_no_date(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    remind(team, "hour")
    assert "You will see it again at 09:30." in words(team.form("ana"))
    team.go("2026-11-23 09:29")
    team.tick("reminders")
    assert len(team.messages("ana")) == 1
    team.go("2026-11-23 09:31")
    team.tick("reminders")
    team.tick("reminders")
    (_, reminder) = team.messages("ana")
    assert words(reminder).startswith("You asked to be reminded: 1 account")
    assert "First call (1 of 2)" in words(reminder)
    team.press("ana", "log_call:no_answer", "Acme")
    assert all("No answer 09:31" in words(message) for message in team.messages("ana"))


def test_a_reminder_of_an_account_that_is_deferred_by_then_stays_away(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    remind(team, "hour")
    team.command("ana", "defer acme until friday: on holiday")
    before = len(team.messages("ana"))
    team.go("2026-11-23 09:31")
    team.tick("reminders")
    assert len(team.messages("ana")) == before


def test_this_afternoon_and_the_next_working_morning(team: Living):
    team.account("Acme Dental", MONDAY)
    team.go("2026-11-25 08:30")
    team.tick("sync", "mornings")
    remind(team, "afternoon")
    assert "You will see it again at 14:00." in words(team.form("ana"))
    remind(team, "morning")
    assert "You will see it again at Fri 27 Nov 09:00." in words(team.form("ana"))  # Thanksgiving between
    for at, comes in (("25 13:59", 0), ("25 14:00", 1), ("27 08:59", 0), ("27 09:00", 1)):
        before = len(team.messages("ana"))
        team.go(f"2026-11-{at}")
        team.tick("reminders")
        assert len(team.messages("ana")) == before + comes, at


def test_a_reminder_of_an_account_that_is_closed_or_another_reps_by_then_stays_away(team: Living):
    deals = [team.account(f"Acme {name}", MONDAY) for name in ("Dental", "Garage", "Bakery")]
    morning(team)
    for account in ("dental", "garage", "bakery"):
        team.command("ana", f"log {account}")
        team.press("ana", "open_more", account.title())
        view = team.http.get(f"/people/{team.ids['ana']}/views").raise_for_status().json()[-1]
        team.act("ana", {"type": "view", "view_id": view["id"]}, "reminders", "remind:hour")
    team.http.patch(
        f"/control/crm/deals/{deals[0]}", json={"properties": {"dealstage": "renewal_closed_lost"}}
    ).raise_for_status()
    team.http.patch(
        f"/control/crm/deals/{deals[1]}", json={"properties": {"hubspot_owner_id": team.owners["ben"]}}
    ).raise_for_status()
    team.go("2026-11-23 09:31")
    team.tick("sync", "reminders")
    reminders = [one for one in map(words, team.messages("ana")) if "You asked to be reminded" in one]
    assert len(reminders) == 1 and "Acme Bakery" in reminders[0]


def test_a_manager_is_reminded_of_a_reps_account_and_can_work_it(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.command("maria", "log acme")
    remind(team, "hour", "maria")
    team.go("2026-11-23 09:31")
    team.tick("reminders")
    assert "First call (1 of 2)" in words(team.messages("maria")[-1])
    team.press("maria", "log_call:no_answer", "Acme")
    assert "No answer 09:31 · Maria Lopez" in team.seen("ana")
