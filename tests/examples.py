"""One example of everything that the assistant shows, for tests of all views at once and to look at them.

It is Mon 23 Nov 2026, 10:30 in New York. Instants are given in UTC where a view has to bring them to its
reader's zone; 15:05 in UTC is 10:05 there.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.plain_words.reading import Defer, Log, Remind
from bot.playbook.assessment import KIND_OF, MoveOut, MoveOutStatus, State, Step, Touch
from bot.playbook.review_angle import Angle
from bot.playbook.satisfaction import Satisfaction
from bot.services.acts.change import ToChange
from bot.services.acts.reminders import Later
from bot.services.models import (
    AccountLine,
    CareLine,
    Digest,
    GuardedSum,
    LoggedLine,
    ManagerMorning,
    MissingReport,
    MovedLine,
    MoveOutLine,
    OverdueLine,
    RepGroup,
    ReportTold,
    ReviewList,
    UntrackedEmail,
)
from bot.services.showing.card_models import (
    AccountCard,
    Brief,
    Coming,
    ContactLine,
    May,
    Nps,
    Progress,
    Takedown,
)
from bot.services.words.read_back import ReadBack, SaidAccount
from bot.slack.payloads import TouchRef
from bot.slack.views.account import account_blocks, account_words
from bot.slack.views.blocks import Block, Drawn
from bot.slack.views.brief import review_modal
from bot.slack.views.card import card_message, card_modal, choice_modal
from bot.slack.views.care import care_message
from bot.slack.views.change_modal import change_modal
from bot.slack.views.digest import ROWS_PER_PAGE, digest_message
from bot.slack.views.drafts import email_draft
from bot.slack.views.guarded_modals import confirm_site_down_modal, guarded_email_modal
from bot.slack.views.manager import manager_message
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.notices import account_choice
from bot.slack.views.read_back import read_back_message
from bot.slack.views.report_missing import report_missing_message
from bot.slack.views.result_modal import connected_modal, held_modal
from bot.slack.views.review_list import review_message
from bot.slack.views.touch_modals import defer_modal, keep_modal, more_modal, moved_modal

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("America/New_York"))
LOGGED_AT = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
URL = "https://app.hubspot.com/contacts/12345678/record/0-3/7"
NAMES = (
    "Acme Dental", "Evergreen Pest Control", "Harbor Lights Inn", "St. Mary's Preschool", "May", "Call Center",
    "Green Thumb Landscaping", "Prairie Wind Solar", "Northgate Dental", "Rosewood Weddings", "Monday Books",
    "Thistle Do Nicely Gifts",
)  # fmt: skip
STEPS = (
    Step.FOLLOW_UP_CALL, Step.REVIEW, Step.OPENING_CALL, Step.FOLLOW_UP_EMAIL, Step.CANCELLATION_EMAIL,
    Step.WEEKLY_CALL, Step.APPOINTMENT_OUTCOME, Step.FINAL_CALL, Step.CALLBACK, Step.APPOINTMENT_TODAY,
    Step.TAKEDOWN_CALL, Step.SECOND_CALL,
)  # fmt: skip
REF = TouchRef(7, "second_call", ON, 5).encode()


def touch(step: Step, days_late: int = 0, **more: Any) -> Touch:
    usual = {"slot": None, "of": None, "due_on": ON - timedelta(days=days_late), "not_before": None}
    return Touch(step, KIND_OF[step], **(usual | {"blocked": None} | more))


def line(account: str = NAMES[0], run_id: int = 7, **more: Any) -> AccountLine:
    usual = AccountLine(
        run_id=run_id,
        account=account,
        url=URL,
        playbook_day=6,
        state=State.OUTREACH,
        stage="open",
        price="1,199 USD/month",
        put_out_on=date(2026, 11, 18),
        expires_on=date(2026, 12, 14),
        hosts_site=True,
        contact_name="Jane Roe",
        contact_phone="+1 516-555-0140",
        contact_email="jane@acme.example",
        touches=(),
        move_out=None,
        owner="Maya Okafor",
        appointment_at=NOW.replace(hour=14, minute=0),
    )
    return replace(usual, **more)


def logged(fact_id: int = 31, **more: Any) -> LoggedLine:
    usual = LoggedLine(fact_id, "call", "no_answer", LOGGED_AT, "Maya Okafor", undoable=True, changeable=True)
    return replace(usual, **({"crm": "waiting"} | more))


def due(account: str, number: int) -> AccountLine:
    """An account with something to do; each is another case."""
    step = STEPS[number % len(STEPS)]
    touches = (
        touch(step, number % 3, slot=1, of=2) if step is Step.FOLLOW_UP_CALL else touch(step, number % 3),
    )
    if step is Step.REVIEW:
        touches += (touch(Step.OPENING_CALL, slot=1, of=2),)
    gate = MoveOut(date(2026, 11, 25), MoveOutStatus.PREVIEW, None) if number % 4 == 3 else None
    return line(account, number + 1, touches=touches, move_out=gate, playbook_day=number % 28 + 1)


def digest(names: tuple[str, ...], total: int, **more: Any) -> Digest:
    lines = tuple(due(names[n % len(names)], n) for n in range(min(total, ROWS_PER_PAGE)))
    usual = Digest(
        5, "digest", "Maya Okafor", ON, NOW, lines, 0, -(-total // ROWS_PER_PAGE), total, min(total, 1), 0
    )
    return replace(usual, **more)


def done(account: str) -> AccountLine:
    return line(account, 99, logged=(logged(30, kind="email", outcome=None), logged()))


def batch(kind: str, account: str, step: Step) -> Drawn:
    return digest_message(
        digest((account,), 1, kind=kind, lines=(line(account, touches=(touch(step),)),), late=0)
    )


def card(account: str, **more: Any) -> AccountCard:
    nps = Nps(Satisfaction.NOT_SATISFIED, 6, date(2026, 10, 12), "Too slow")
    told = ReportTold(44, ("Walter Hobbs",))
    usual = AccountCard(
        line=line(account, touches=(touch(Step.REVIEW, 3), touch(Step.FOLLOW_UP_CALL, 3, slot=1, of=2))),
        on=ON,
        now=NOW,
        may=May(work=True),
        own=True,
        coming=Coming(touch(Step.FOLLOW_UP_CALL, 3), ON, None, now=True),
        progress=Progress(1, 2, "day"),
        contacts=(ContactLine("Jane Roe", "+1 516-555-0140", "jane@acme.example"),),
        nps=nps,
        reports_url="https://reports.example/1",
        analytics_url=None,
        history=(
            logged(),
            logged(30, kind="email", outcome=None, changeable=False),
            logged(29, at=LOGGED_AT - timedelta(days=3), undoable=False, changeable=False, crm="arrived"),
        ),
        earlier=1,
        undocumented=False,
        brief=Brief(
            "1,199 USD/month", True, "https://reports.example/1", None, told, (), 0, nps, (Angle.LISTEN,)
        ),
    )
    return replace(usual, **more)


def manager(account: str, count: int) -> ManagerMorning:
    some = tuple(
        line(account, n, touches=(touch(Step.OPENING_CALL, 7, slot=1, of=2),)) for n in range(1, count + 1)
    )
    fates = tuple(MoveOutLine(one, ON, "no future appointment and not in negotiation") for one in some)
    return ManagerMorning(
        message_id=9,
        on=ON,
        now=NOW,
        team="East",
        overdue=tuple(
            RepGroup("Maya Okafor", (OverdueLine(one, one.touches[0], 5, "never called"),)) for one in some
        ),
        undocumented=some,
        previews=fates,
        move_outs=fates,
        cleared=count,
        moved=tuple(MovedLine(one, 40 + one.run_id, LOGGED_AT, None) for one in some),
        care_late=tuple(CareLine(one, date(2026, 11, 19)) for one in some),
        to_review=count,
        untracked=(UntrackedEmail(7, account, URL, "email", LOGGED_AT, "Maya Okafor"),) * count,
    )


def read_back(account: str, *choices: Any, what: str | None = None) -> ReadBack:
    accounts = {7: SaidAccount(account, "Maya Okafor", date(2026, 11, 18))}
    untouched: dict[str, Any] = {
        field.name: None for field in fields(ReadBack)
    }  # neither chosen, nor settled, nor over
    return ReadBack(
        **untouched | {"message_id": 12, "choices": choices, "what": what, "accounts": accounts, "now": NOW}
    )


def messages(account: str = NAMES[0]) -> dict[str, Drawn]:
    """Every kind of message that speaks of accounts, here of `account` alone."""
    one, report = line(account, touches=(touch(Step.FOLLOW_UP_CALL),)), ReportTold(44, ("Walter Hobbs",))
    entry = logged(44, kind="report_missing", outcome=None, told=report)
    heard = replace(entry, told=replace(report, acknowledged_at=LOGGED_AT, acknowledged_by="Walter Hobbs"))
    missing = MissingReport(5, one, "Maya Okafor", ON, NOW, 44, entry)
    call = Log(7, "no_answer", until=date(2026, 11, 26))
    several = digest((account,), 3, lines=(due(account, 0), due(account, 3), done(account)), done=1)
    return {
        "digest": digest_message(several),
        "digest_done": digest_message(digest((account,), 1, lines=(done(account),), done=1, late=0)),
        "digest_60": digest_message(digest((account,), 60, done=2)),
        "digest_500": digest_message(digest((account,), 500, page=3)),
        "second_calls": batch("second_calls", account, Step.SECOND_CALL),
        "new_runs": batch("new_runs", account, Step.OPENING_CALL),
        "returning": batch("returning", account, Step.CALLBACK),
        "reminder": batch("reminder", account, Step.FOLLOW_UP_CALL),
        "takedown": batch("takedown", account, Step.TAKEDOWN_CALL),
        "undocumented": batch("undocumented", account, Step.OPENING_CALL),
        "moved_out": digest_message(
            digest((account,), 1, kind="moved_out", lines=(line(account, stage="moved_out"),))
        ),
        "given_back": digest_message(digest((account,), 1, kind="moved_out", lines=(line(account),))),
        "account": Drawn(account_words(one, ON, NOW), account_blocks(one, ON, NOW, 5)),
        "account_done": Drawn(
            account_words(done(account), ON, NOW), account_blocks(done(account), ON, NOW, 5)
        ),
        "card": card_message(card(account), 5),
        "card_of_manager": card_message(
            card(account, may=May(work=True, decide=True), own=False, takedown=Takedown(ON, ON, None)), 5
        ),
        "card_blank": card_message(
            card(account, history=(), earlier=0, contacts=(), brief=None, undocumented=True), 5
        ),
        "choice": account_choice("log", "acme", [one, replace(one, run_id=8)], ON),
        "care": care_message(one, ON, NOW, 5),
        "care_done": care_message(one, ON, NOW, 5, logged()),
        "care_withdrawn": care_message(one, ON, NOW, 5, withdrawn=True),
        "report_missing": report_missing_message(missing),
        "report_acknowledged": report_missing_message(replace(missing, entry=heard)),
        "report_taken_back": report_missing_message(replace(missing, entry=None)),
        "manager": manager_message(manager(account, 1)),
        "manager_60": manager_message(manager(account, 60)),
        "manager_500": manager_message(replace(manager(account, 500), page=2)),
        "review_list": review_message(ReviewList(5, ON, NOW, "East", manager(account, 12).move_outs, 1)),
        "read_back_call": read_back_message(read_back(account, call)),
        "read_back_deferral": read_back_message(
            read_back(account, Defer(7, date(2027, 1, 15), "out_of_town", "Ski"))
        ),
        "read_back_reminder": read_back_message(read_back(account, Remind(7, NOW + timedelta(hours=3)))),
        "read_back_question": read_back_message(
            read_back(account, call, Log(7, "left_voicemail"), what="outcome")
        ),
    }


def empty_messages() -> dict[str, Drawn]:
    """What is shown when there is nothing."""
    return {
        "digest": digest_message(digest((), 0, next_working_day=date(2026, 11, 24), late=0)),
        "manager": manager_message(manager("", 0)),
        "card": messages()["card_blank"],
    }


def forms(account: str = NAMES[0]) -> dict[str, Block]:
    """Every form about an account."""
    one = line(account, touches=(touch(Step.SECOND_CALL),), logged=(logged(),))
    dates = GuardedSum(account, ON, ON, date(2026, 11, 16), date(2026, 11, 23), True)
    draft = email_draft(one, touch(Step.TAKEDOWN_EMAIL))
    later = {Later.HOUR: NOW + timedelta(hours=1), Later.AFTERNOON: NOW.replace(hour=14)}
    later[Later.MORNING] = NOW.replace(day=24, hour=9, minute=0)
    results = (None, "meeting_on", "call_back_on", "lost", "nothing_yet")
    connected = {f"connected_{one or 'open'}": connected_modal(account, REF, result=one) for one in results}
    return connected | {
        "held": held_modal(account, REF),
        "defer": defer_modal(account, REF),
        "defer_read_back": defer_modal(
            account, REF, read_back="Read as Fri 15 Jan 2027.", warning="Past day 30."
        ),
        "more": more_modal(one, REF, later=later),
        "moved": moved_modal(account, REF, meeting_on=date(2026, 11, 24)),
        "keep": keep_modal(account, "Maya Okafor", ON, REF),
        "guarded": guarded_email_modal(dates, Step.TAKEDOWN_EMAIL, draft, REF),
        "guarded_blocked": guarded_email_modal(
            replace(dates, blocked=("The dates disagree.",)), Step.TAKEDOWN_EMAIL, draft, REF
        ),
        "site_down": confirm_site_down_modal(account, REF),
        "change": change_modal(ToChange(7, account, "call", "no_answer", "Rang twice", {}), "x"),
        "review": review_modal(card(account), REF),
        "card": card_modal(card(account)),
        "choice": choice_modal([card(account)], "Which account?", 1),
        "notice": notice_modal(f"{account}: logged already by Ben Stone 10:03. Nothing was changed."),
    }
