"""What the views say: plain words, the right buttons for each touch, and answers that read well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.playbook.assessment import MoveOut, MoveOutStatus, Step, touch
from bot.playbook.calendar import WorkCalendar
from bot.services.acts.reminders import Later, later_times
from bot.services.models import (
    AccountLine,
    Digest,
    GuardedSum,
    LoggedLine,
    ManagerMorning,
    MoveOutLine,
    OverdueLine,
    RepGroup,
)
from bot.slack.payloads import FactRef, PageRef, TouchRef
from bot.slack.views.blocks import Block
from bot.slack.views.care import care_message
from bot.slack.views.digest import digest_message
from bot.slack.views.drafts import email_draft
from bot.slack.views.guarded_modals import dates_in_words, guarded_email_modal
from bot.slack.views.manager import manager_message
from bot.slack.views.notices import account_choice
from bot.slack.views.result_modal import Filled, connected_modal
from bot.slack.views.touch_modals import drawn_in, more_modal
from bot.slack.words import RESULTS

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
Line = Callable[..., AccountLine]
Morning = Callable[..., Digest]


def texts(blocks: list[Block]) -> str:
    found = []
    for block in blocks:
        if isinstance(block.get("text"), dict):
            found.append(block["text"]["text"])
        found += [part["text"] for part in block.get("elements", []) if isinstance(part.get("text"), str)]
    return "\n".join(found)


def buttons(blocks: list[Block]) -> dict[str, Any]:
    """{label: button} of all rows, and of the sections that have one."""
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    elements += [block["accessory"] for block in blocks if "accessory" in block]
    return {element["text"]["text"]: element for element in elements}


def test_a_morning_says_account_day_step_since_when_price_expiration_and_phone(
    a_line: Line, a_digest: Morning
) -> None:
    late = touch(Step.OPENING_CALL, date(2026, 11, 20), slot=1, of=2)
    drawn = digest_message(a_digest(a_line(touches=(late,)), late=1, total=1))
    assert drawn.blocks[0]["text"]["text"] == "Mon 23 Nov: 1 account, 1 late"
    assert texts(drawn.blocks[1:2]).splitlines() == [
        "*<https://app.hubspot.com/contacts/1/record/0-3/7|Acme Dental>* · day 6 of 30 · 140 USD/month"
        " · expires Thu 31 Dec",
        ":telephone_receiver: Jane Roe · <tel:+15550100100|+1 (555) 010-0100>",
        "• *First call (1 of 2)* · late since Fri 20 Nov",
    ]
    assert drawn.text == "Acme Dental: first call (1 of 2), late since Fri 20 Nov"


@pytest.mark.parametrize(
    ("step", "labels"),
    [
        (Step.REVIEW, ["Review…", "Done", "Report missing", "More…"]),
        (Step.WEEKLY_CALL, ["No answer", "Left voicemail", "Connected…", "More…"]),
        (Step.TAKEDOWN_CALL, ["No answer", "Left voicemail", "Connected…", "More…"]),
        (Step.FOLLOW_UP_EMAIL, ["Open draft", "Sent", "More…"]),
        (Step.CANCELLATION_EMAIL, ["Preview email…", "More…"]),
        (Step.TAKEDOWN_EMAIL, ["Preview email…", "More…"]),
        (Step.APPOINTMENT_OUTCOME, ["Held…", "No-show", "Moved…", "Canceled", "More…"]),
    ],
)
def test_the_touch_decides_the_buttons(
    a_line: Line, a_digest: Morning, step: Step, labels: list[str]
) -> None:
    drawn = digest_message(a_digest(a_line(touches=(touch(step, ON),))))
    assert list(buttons(drawn.blocks)) == labels
    ref = TouchRef.decode(buttons(drawn.blocks)[labels[1]].get("value"))
    assert (ref.run_id, ref.on, ref.message_id) == (7, ON, 5)
    assert ref.step == step.value


def test_two_touches_share_a_row_and_say_which_is_meant(a_line: Line, a_digest: Morning) -> None:
    both = (touch(Step.REVIEW, ON), touch(Step.OPENING_CALL, ON, slot=1, of=2))
    drawn = digest_message(a_digest(a_line(touches=both)))
    assert [block["type"] for block in drawn.blocks] == ["header", "section", "actions"]
    shown = buttons(drawn.blocks)
    assert list(shown) == [
        "Review…",
        "Review done",
        "Report missing",
        "No answer",
        "Left voicemail",
        "Connected…",
        "More…",
    ]
    assert TouchRef.decode(shown["Review done"]["value"]).step == "review"
    assert TouchRef.decode(shown["No answer"]["value"]).step == "opening_call"


def test_one_call_answers_takedown_contact_and_the_days_call(a_line: Line, a_digest: Morning) -> None:
    both = (touch(Step.TAKEDOWN_CALL, ON), touch(Step.WEEKLY_CALL, ON, slot=1, of=3))
    (row,) = [b for b in digest_message(a_digest(a_line(touches=both))).blocks if b["type"] == "actions"]
    assert [one["text"]["text"] for one in row["elements"]] == [
        "No answer",
        "Left voicemail",
        "Connected…",
        "More…",
    ]
    assert TouchRef.decode(row["elements"][0]["value"]).step == "takedown_call"


def test_a_second_call_before_its_hour_says_from_when(a_line: Line, a_digest: Morning) -> None:
    second = touch(Step.SECOND_CALL, ON, slot=2, of=2, not_before=NOW + timedelta(hours=2))
    drawn = digest_message(a_digest(a_line(touches=(second,))))
    assert "• *Second call today (2 of 2)* · from 12:30" in texts(drawn.blocks)
    assert list(buttons(drawn.blocks)) == ["More…"]
    later = digest_message(a_digest(a_line(touches=(second,)), now=NOW + timedelta(hours=2)))
    assert "No answer" in buttons(later.blocks)
    assert "from 12:30" not in texts(later.blocks)


def test_a_blocked_touch_says_why_and_what_to_do(a_line: Line, a_digest: Morning) -> None:
    blocked = touch(Step.CANCELLATION_EMAIL, ON, blocked="expires_on_missing")
    drawn = digest_message(a_digest(a_line(touches=(blocked,), expires_on=None)))
    assert "blocked: enter the contract expiration in HubSpot first" in texts(drawn.blocks)
    assert "expires not known" in texts(drawn.blocks)
    for day, said in ((ON - timedelta(days=1), "expired"), (ON, "expires")):
        shown = texts(digest_message(a_digest(a_line(touches=(blocked,), expires_on=day))).blocks)
        assert f" · {said} {day:%a} {day.day}" in shown
    assert list(buttons(drawn.blocks)) == ["More…"]


def test_what_was_logged_says_when_who_and_whether_hubspot_has_it(a_line: Line, a_digest: Morning) -> None:
    entry = LoggedLine(
        31, "call", "no_answer", NOW.replace(hour=10, minute=5), "Ana", undoable=True, crm="waiting"
    )
    drawn = digest_message(a_digest(a_line(logged=(entry,)), done=1))
    assert ":white_check_mark: No answer 10:05 · Ana · saved, not yet in HubSpot" in texts(drawn.blocks)
    assert FactRef.decode(buttons(drawn.blocks)["Undo"]["value"]) == FactRef(31, 5)
    assert drawn.text == "Mon 23 Nov: 1 account, all done: Acme Dental."


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "deferral", "until": date(2026, 12, 7)}, "Deferred until Mon 7 Dec; logged 10:05 · Ana"),
        (
            {"kind": "appointment", "outcome": "scheduled", "starts_at": NOW + timedelta(days=1)},
            "Appointment on Tue 24 Nov at 10:30; logged 10:05 · Ana",
        ),
        ({"kind": "stage", "outcome": "negotiation"}, "In negotiation 10:05 · Ana"),
        ({"kind": "email", "crm": "arrived"}, "Email sent 10:05 · Ana · in HubSpot"),
        (
            {
                "kind": "call",
                "outcome": "connected",
                "note": "Wants a demo",
                "then": (
                    LoggedLine(
                        2,
                        "appointment",
                        "scheduled",
                        NOW,
                        "Ana",
                        starts_at=NOW + timedelta(days=1),
                        note="Wants a demo",
                    ),
                ),
            },
            "Connected: appointment on Tue 24 Nov at 10:30; logged 10:05 · Ana · “Wants a demo”",
        ),
        (
            {
                "kind": "note",
                "note": "Moved out: day 30",
                "then": (LoggedLine(2, "stage", "moved_out", NOW, "Ana"),),
            },
            "Moved out 10:05 · Ana",
        ),
        (
            {"kind": "call", "outcome": "own <b>", "note": "said & done"},
            "own &lt;b&gt; 10:05 · Ana · “said &amp; done”",
        ),
    ],
)
def test_logged_entries_in_words(a_line: Line, a_digest: Morning, entry: dict[str, Any], words: str) -> None:
    at = NOW.replace(hour=10, minute=5)
    logged = LoggedLine(**{"fact_id": 1, "outcome": None, "at": at, "actor": "Ana", **entry})
    assert f":white_check_mark: {words}" in texts(digest_message(a_digest(a_line(logged=(logged,)))).blocks)


def test_more_entries_than_are_shown_are_counted(a_line: Line, a_digest: Morning) -> None:
    many = tuple(LoggedLine(n, "call", "busy", NOW - timedelta(hours=n), "Ana") for n in range(1, 6))
    shown = texts(digest_message(a_digest(a_line(logged=many))).blocks)
    assert "Busy 08:30 · Ana (+3 more)" in shown
    assert "Busy 09:30 · Ana" in shown


def test_a_run_that_left_the_reader_has_no_buttons(a_line: Line, a_digest: Morning) -> None:
    drawn = digest_message(a_digest(a_line(touches=(touch(Step.WEEKLY_CALL, ON),), gone="moved to Ben")))
    assert "~Acme Dental~ · moved to Ben" in texts(drawn.blocks)
    assert buttons(drawn.blocks) == {}


def test_the_preview_of_the_move_out_is_told_to_the_rep(a_line: Line, a_digest: Morning) -> None:
    move_out = MoveOut(date(2026, 11, 25), MoveOutStatus.PREVIEW, None)
    assert "Day 30 is Wed 25 Nov: book an appointment" in texts(
        digest_message(a_digest(a_line(move_out=move_out))).blocks
    )


def test_nothing_due_is_one_short_line(a_digest: Morning) -> None:
    drawn = digest_message(a_digest(next_working_day=date(2026, 11, 24)))
    assert len(drawn.blocks) == 1
    assert (
        drawn.text
        == "Mon 23 Nov: nothing is due today. Next working day: Tue 24 Nov. `/renewal week` shows what comes up."
    )


def test_pages_can_be_turned_both_ways(a_line: Line, a_digest: Morning) -> None:
    middle = digest_message(a_digest(a_line(), total=30, pages=3, page=1))
    assert "Page 2 of 3" in texts(middle.blocks)
    assert PageRef.decode(buttons(middle.blocks)["Previous"]["value"]) == PageRef(5, 0)
    assert PageRef.decode(buttons(middle.blocks)["Next"]["value"]) == PageRef(5, 2)
    assert "Previous" not in buttons(digest_message(a_digest(a_line(), total=30, pages=3)).blocks)
    assert "Next" not in buttons(digest_message(a_digest(a_line(), total=30, pages=3, page=2)).blocks)
    passing = digest_message(a_digest(a_line(), total=30, pages=3, message_id=0))
    assert "+29 more accounts" in texts(passing.blocks)


def test_the_notification_names_all_of_the_page_and_counts_the_rest(a_line: Line, a_digest: Morning) -> None:
    due = (touch(Step.WEEKLY_CALL, ON, slot=1, of=3),)
    many = [a_line(run_id=n, account=f"Acme {n}", touches=due) for n in range(1, 6)]
    drawn = digest_message(a_digest(*many, kind="new_runs", total=12, done=2))
    assert drawn.text == (
        "New accounts for you: Acme 1: call of this week (1 of 3); Acme 2: call of this week (1 of 3);"
        " Acme 3: call of this week (1 of 3); Acme 4: call of this week (1 of 3);"
        " Acme 5: call of this week (1 of 3); +5 more"
    )


def overdue(line: AccountLine, late: int) -> OverdueLine:
    return OverdueLine(line, touch(Step.OPENING_CALL, date(2026, 11, 2), slot=1, of=2), late, "never called")


def a_team(**changes: Any) -> ManagerMorning:
    usual: dict[str, Any] = {"overdue": (), "undocumented": (), "previews": (), "move_outs": (), "cleared": 0}
    return ManagerMorning(message_id=9, on=ON, now=NOW, team="West", **{**usual, **changes})


def test_the_manager_sees_how_long_and_why_by_rep(a_line: Line) -> None:
    drawn = manager_message(a_team(overdue=(RepGroup("Ana", (overdue(a_line(url=None), 15),)),), cleared=2))
    assert texts(drawn.blocks).splitlines() == [
        "West: renewals, Mon 23 Nov",
        "1 overdue",
        "*Overdue: Ana (1)*",
        "• *Acme Dental* · first call (1 of 2) · since Mon 2 Nov (15 working days late) · never called",
        ":white_check_mark: 2 cleared since this morning",
    ]


def test_the_managers_pages_go_through_all_overdue_renewals(a_line: Line) -> None:
    groups = tuple(
        RepGroup(rep, tuple(overdue(a_line(url=None, account=f"{rep} {n}"), 1) for n in range(10)))
        for rep in ("Ana", "Ben")
    )
    pages = [texts(manager_message(a_team(overdue=groups, page=page)).blocks) for page in (0, 1)]
    listed = [line.split("*")[1] for page in pages for line in page.splitlines() if line.startswith("• ")]
    assert listed == [f"{rep} {n}" for rep in ("Ana", "Ben") for n in range(10)]
    assert "+10 more overdue on the next page" in pages[0] and "more overdue" not in pages[1]
    assert "Page 2 of 2" in pages[1]
    cleared = texts(manager_message(a_team(overdue=groups[:1], page=1)).blocks)
    assert "Ana 0" in cleared
    assert "Page" not in cleared


def test_every_list_of_the_manager_goes_on_with_the_page(a_line: Line) -> None:
    blank = tuple(a_line(run_id=n, url=None, account=f"Blank {n}") for n in range(1, 8))
    fates = tuple(
        MoveOutLine(a_line(run_id=n, url=None, account=f"Fate {n}"), ON, "why") for n in range(11, 16)
    )
    pages = [
        texts(manager_message(a_team(undocumented=blank, move_outs=fates, page=page)).blocks)
        for page in (0, 1)
    ]
    for entry in (*blank, *(fate.line for fate in fates)):
        assert sum(f"*{entry.account}*" in page for page in pages) == 1
    assert "+3 more on the next page" in pages[0] and "+1 more on the next page" in pages[0]
    assert "Page 2 of 2" in pages[1]


def test_a_move_out_can_be_kept_or_confirmed(a_line: Line) -> None:
    fate = MoveOutLine(a_line(url=None, owner="Ana"), ON, "no future appointment and not in negotiation")
    kept = MoveOutLine(a_line(run_id=8, url=None), ON, "no appointment", date(2026, 12, 1), "closing")
    drawn = manager_message(a_team(move_outs=(fate, kept)))
    fates = "*Acme Dental* · Ana · 140 USD/month · day 30 is today · no future appointment"
    assert fates in texts(drawn.blocks)
    assert "Day 30: keep them or move them out; nothing moves by itself" in texts(drawn.blocks)
    ends = NOW.replace(hour=17, minute=30)
    alone = texts(manager_message(a_team(move_outs=(fate,), moves_at=ends)).blocks)
    assert "Day 30: it moves out at 17:30, unless you keep it" in alone
    assert "*kept until Tue 1 Dec* (closing)" in texts(drawn.blocks)
    move = buttons(drawn.blocks)["Move out now"]
    assert move["confirm"]["style"] == "danger"
    assert TouchRef.decode(move["value"]) == TouchRef(8, None, ON, 9)
    assert "Keep…" in buttons(drawn.blocks)


def test_nothing_overdue_is_said(a_line: Line) -> None:
    assert manager_message(a_team()).text == "West: nothing is overdue"


def a_sum(**changes: Any) -> GuardedSum:
    usual: dict[str, Any] = {
        "account": "Acme",
        "on": date(2026, 12, 8),
        "put_out_on": date(2026, 11, 23),
        "expires_on": date(2026, 11, 30),
        "takedown_from": date(2026, 12, 7),
        "takedown_wording": True,
    }
    return GuardedSum(**{**usual, **changes})


def test_the_sum_of_dates_reads_as_the_playbook_says() -> None:
    assert dates_in_words(a_sum()) == (
        "Contract expired Mon 30 Nov 2026. Takedown email allowed from Mon 7 Dec 2026 (expiration + 7).\n"
        "Put out Mon 23 Nov 2026 - not used."
    )
    assert dates_in_words(a_sum(on=date(2026, 11, 30))).startswith("Contract expires Mon 30 Nov 2026.")


def test_a_blocked_email_cannot_be_logged_but_its_dates_confirmed(a_line: Line) -> None:
    draft = email_draft(a_line(), touch(Step.CANCELLATION_EMAIL, ON))
    ref = TouchRef(7, "cancellation_email", ON, 5).encode()
    blocked = guarded_email_modal(a_sum(blocked=("Changed.",)), Step.CANCELLATION_EMAIL, draft, ref)
    assert "submit" not in blocked
    assert buttons(blocked["blocks"])["The dates are right"]["value"] == ref
    missing = guarded_email_modal(
        a_sum(blocked=("Missing.",), expires_on=None), Step.CANCELLATION_EMAIL, draft, ref
    )
    assert buttons(missing["blocks"]) == {}
    free = guarded_email_modal(a_sum(), Step.CANCELLATION_EMAIL, draft, ref)
    assert free["submit"]["text"] == "Sent"


def test_a_draft_announces_the_takedown_only_when_it_may(a_line: Line) -> None:
    line = a_line(account="{takedown} & Sons")
    with_it = email_draft(line, touch(Step.CANCELLATION_EMAIL, ON, takedown_wording=True))
    without = email_draft(line, touch(Step.CANCELLATION_EMAIL, ON, takedown_wording=False))
    assert "taken down as well" in with_it.body
    assert "taken down" not in without.body
    assert "{takedown} & Sons" in without.body
    assert without.url.startswith("https://outlook.office.com/mail/deeplink/compose?to=jane%40acme.example&")
    assert email_draft(a_line(contact_email="no\nemail"), touch(Step.OPENING_EMAIL, ON)).to is None


def test_the_result_form_shows_only_what_the_result_needs() -> None:
    def inputs(result: str | None) -> list[str]:
        blocks = connected_modal("Acme", "x", result=result)["blocks"]
        return [block["block_id"] for block in blocks if block["type"] == "input"]

    assert inputs(None) == ["result", "note", "lost_reason"]  # a reason is one tap, without "Lost…" before it
    assert inputs("meeting_on") == ["result", "starts", "starts_on", "starts_at", "note"]
    assert inputs("call_back_on") == ["result", "when", "until", "note"]
    assert inputs("lost") == ["result", "lost_reason", "note"]


def more_inputs(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The inputs of a form by their block ids."""
    return {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}


def test_more_offers_every_outcome_and_the_portals_own_without_a_menu(a_line: Line) -> None:
    later, own = dict.fromkeys(Later, NOW), {f"own:{n}": f"Outcome {n}" for n in range(23)}
    shown = more_inputs(more_modal(a_line(), "x", later=later, own=own))
    assert list(shown) == ["choice", "choice:2:0", "choice:3:0", "choice:4:0", "note"]
    groups = [element for block_id, element in shown.items() if block_id != "note"]
    assert {element["type"] for element in groups} == {"radio_buttons"}
    values = {option["value"] for element in groups for option in element["options"]}
    assert {"call:busy", "call:wrong_number", "replied", "called_in", "meeting", "call:own:22"} <= values
    many = {f"own:{n}": "x" for n in range(205)}
    assert "+5 more call outcomes of HubSpot's" in str(more_modal(a_line(), "x", later=later, own=many))


def test_what_is_chosen_in_more_empties_the_other_groups_and_asks_what_comes_next(a_line: Line) -> None:
    later, own = dict.fromkeys(Later, NOW), {"own:g": "Gatekeeper", "own:d": "Decision maker"}
    first = more_modal(a_line(), "x", later=later, own=own)
    emptied = drawn_in(first, "choice:2:0")
    assert emptied == {0: 1, 2: 0}

    def after(choice: str) -> dict[str, dict[str, Any]]:
        form = more_modal(
            a_line(), "x", later=later, own=own, contact=["own:d"], filled=Filled(choice), drawn=emptied
        )
        return more_inputs(form)

    gatekeeper = after("call:own:g")
    assert list(gatekeeper) == ["choice:0:1", "choice:2:0", "next_step", "note"]
    assert "initial_option" not in gatekeeper["choice:0:1"]
    assert gatekeeper["choice:2:0"]["initial_option"]["value"] == "call:own:g"
    assert gatekeeper["next_step"]["initial_option"]["value"] == "nothing_yet"
    assert {option["value"] for option in after("call:own:d")["result"]["options"]} == set(RESULTS)
    assert list(after("meeting"))[2:] == ["starts", "starts_on", "starts_at", "note"]
    assert list(after("note"))[2:] == ["note"]


def test_reminders_say_when_they_come(a_line: Line) -> None:
    friday = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)
    calendar = WorkCalendar(ZoneInfo("UTC"), frozenset(range(5)), time(18))

    def offered(now: datetime) -> list[str]:
        form = more_modal(a_line(), "x", later=later_times(calendar, now))
        (row,) = [block for block in form["blocks"] if block.get("block_id") == "reminders"]
        return [element["text"]["text"] for element in row["elements"]]

    assert offered(NOW) == ["In 1 hour", "This afternoon, 14:00", "Tomorrow, 9:00"]
    assert offered(friday.replace(hour=14)) == ["In 1 hour", "Mon 30 Nov, 9:00"]


def test_care_confirms_once(a_line: Line) -> None:
    asked = care_message(a_line(owner="Ana"), ON, NOW, 5)
    assert list(buttons(asked.blocks)) == ["The site is down…"]
    done = LoggedLine(3, "site_down", None, NOW, "Cleo")
    confirmed = care_message(a_line(), ON, NOW, 5, done)
    assert buttons(confirmed.blocks) == {}
    assert "Down since 10:30 · Cleo" in texts(confirmed.blocks)


def test_several_accounts_are_offered_by_name(a_line: Line) -> None:
    lines = [a_line(run_id=n, account=f"Acme {n}", url=None) for n in range(1, 13)]
    drawn = account_choice("defer", "<acme>", lines, ON)
    assert "12 accounts match “&lt;acme&gt;”" in texts(drawn.blocks)
    assert "+2 more: type more of the name." in texts(drawn.blocks)
    assert [block["accessory"]["action_id"] for block in drawn.blocks if "accessory" in block] == [
        "choose_account:defer"
    ] * 10
