"""A rep's day counted in taps: at most 2.5 for each touch, and at its end each thing is in HubSpot once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from bot.store.tables import Fact, RunRow
from sandbox.hubspot.kinds import kind_of
from tests.living import Living, words
from tests.taps import Thumb

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MOST_TAPS_PER_TOUCH = 2.5
TOUCHES = 26  # 7 no-answers, 7 emails, 4 voicemails, 4 connected, 2 deferrals, 1 meeting result, 1 review
WEDNESDAY = date(2026, 12, 2)
NEW, SECOND_CALL, WEEK_TWO, TALKING = (
    date(2026, 12, 2),
    date(2026, 11, 28),
    date(2026, 11, 25),
    date(2026, 11, 9),
)
NOBODY_THERE = (
    "Abbey Hotel",
    "Bridge Cafe",
    "Cedar Clinic",
    "Dune Surf",
    "Elm Books",
    "Fern Spa",
    "Gable Inn",
)
VOICEMAIL = ("Harbor Yoga", "Iris Florist")  # in negotiation, to check in with
SECOND_VOICEMAIL = ("Juniper Vets", "Kite School")
REACHED = ("Lotus Garden", "Maple Motors", "North Dental", "Olive Kitchen")
AWAY = ("Pine Lodge", "Quartz Gym")
MET = "Raven Music"
CONVERSATIONS = {
    "Lotus Garden": ("Nothing yet: next step next working day", "Liked the report, asks her partner"),
    "Maple Motors": ("Call back on…", "In the workshop, call again"),
    "North Dental": ("In negotiation", "Wants ten percent off"),
    "Olive Kitchen": ("Meeting on…", "Wants to see the analytics"),
}
SAID_IN_HUBSPOT = {"calls": "hs_call_disposition", "meetings": "hs_meeting_outcome", "notes": "hs_note_body"}
DISPOSITIONS = {
    "no_answer": "73a0d17f-1163-4015-bdd5-ec830791da20",
    "left_voicemail": "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "connected": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
}

LEFT_VOICEMAIL = (*VOICEMAIL, *SECOND_VOICEMAIL)
# What the day leaves behind: account, kind, and what it says.
HERE: list[tuple[str, str, str | None]] = [
    *((name, "call", "no_answer") for name in NOBODY_THERE),
    *((name, "email", None) for name in NOBODY_THERE),
    *((name, "call", "left_voicemail") for name in LEFT_VOICEMAIL),
    *((name, "call", "connected") for name in REACHED),
    ("Maple Motors", "deferral", None),
    ("North Dental", "stage", "negotiation"),
    ("Olive Kitchen", "appointment", "scheduled"),
    *((name, "deferral", None) for name in AWAY),
    (MET, "appointment", "held"),
    (MET, "stage", "negotiation"),
    (NOBODY_THERE[0], "review", None),
]
THERE = [
    *((name, "calls", DISPOSITIONS[outcome or ""]) for name, kind, outcome in HERE if kind == "call"),
    *((name, "tasks", "") for name, kind, _ in HERE if kind == "deferral"),
    ("Olive Kitchen", "meetings", "SCHEDULED"),
    (NOBODY_THERE[0], "notes", "Account review done"),
    # The emails are HubSpot's own, tracked: the assistant writes none.
]


def in_hubspot(team: Living, kind: str, deal: str, at: str, **properties: str) -> None:
    """What was done in HubSpot itself, by Ana."""
    values = {"hs_timestamp": at, "hubspot_owner_id": team.owners["ana"], **properties}
    body = {"type": kind, "properties": values, "deal_id": deal}
    team.http.post("/control/crm/engagements", json=body).raise_for_status()


def call(team: Living, deal: str, at: str) -> None:
    nobody = {"hs_call_disposition": DISPOSITIONS["no_answer"], "hs_call_direction": "OUTBOUND"}
    in_hubspot(team, "calls", deal, at, **nobody)


def lay_out(team: Living) -> dict[str, str]:
    """The book, so that these touches are due on Wednesday and no others; the deal of each account."""
    deals = {name: team.account(name, SECOND_CALL) for name in SECOND_VOICEMAIL}
    team.go("2026-12-01 08:30")
    team.tick("sync", "mornings")
    for name in SECOND_VOICEMAIL:  # reviewed on Tuesday
        team.press("ana", "log_review", name)
        call(team, deals[name], "2026-12-01T21:00:00Z")
    team.let_undo_pass()
    deals |= {name: team.account(name, WEEK_TWO) for name in (*NOBODY_THERE[1:], *REACHED, *AWAY, MET)}
    deals |= {name: team.account(name, TALKING, dealstage="renewal_in_negotiation") for name in VOICEMAIL}
    for name in set(deals) - set(SECOND_VOICEMAIL):
        call(team, deals[name], "2026-11-30T15:00:00Z" if name not in VOICEMAIL else "2026-11-20T15:00:00Z")
    start = "2026-12-01T15:00:00Z"
    meeting = {"hs_meeting_start_time": start, "hs_meeting_title": "Renewal"}
    in_hubspot(team, "meetings", deals[MET], start, **meeting)
    deals[NOBODY_THERE[0]] = team.account(NOBODY_THERE[0], NEW)
    # The first call of those who are called twice a day was made before the morning's message.
    team.go("2026-12-02 08:10")
    for name in SECOND_VOICEMAIL:
        call(team, deals[name], "2026-12-02T13:05:00Z")
    team.tick("sync")
    return deals


def no_answer(thumb: Thumb, name: str) -> None:
    with thumb.doing("no answer"):
        thumb.tap("No answer", name)


def email(thumb: Thumb, name: str) -> None:
    with thumb.doing("its email: open the draft, sent"):
        thumb.tap("Open draft", name)
        thumb.tap("Sent", name)


def voicemail(thumb: Thumb, name: str) -> None:
    with thumb.doing("left voicemail"):
        thumb.tap("Left voicemail", name)


def reached(thumb: Thumb, name: str) -> None:
    """A conversation, with its note; each of the four ends in another next step."""
    result, note = CONVERSATIONS[name]
    with thumb.doing(f"connected, note: {result.rstrip('…').lower()}"):
        thumb.tap("Connected…", name)
        thumb.enter("What came of it?", result)
        if result == "Meeting on…":
            thumb.enter("When?", "Monday 14:30")
        elif result == "Call back on…":
            thumb.enter("Call back when?", "Friday")
        thumb.enter("Note", note)
        thumb.submit()


def defer(thumb: Thumb, name: str) -> None:
    with thumb.doing("deferral with reason, date and note"):
        thumb.tap("More…", name)
        thumb.tap_in_form("Defer…")
        thumb.enter("Why?", "Customer is out of town")
        thumb.enter("Back when?", "in 2 weeks")
        thumb.enter("Note", "Back on the 16th, says the front desk")
        thumb.submit()


def met(thumb: Thumb, name: str) -> None:
    with thumb.doing("meeting held, with its result"):
        thumb.tap("Held…", name)
        thumb.enter("What came of it?", "In negotiation")
        thumb.enter("Note", "Wants the two-year price")
        thumb.submit()


def review(thumb: Thumb, name: str) -> None:
    with thumb.doing("account review done"):
        thumb.tap("Review done", name)


def wrong_tap(thumb: Thumb, name: str) -> None:
    with thumb.doing("a wrong tap, undone"):
        thumb.tap("Left voicemail", name)
        thumb.tap("Undo", name)


def plan() -> dict[str, tuple[Callable[[Thumb, str], None], ...]]:
    """What the rep does on each account, in this order."""
    steps = dict.fromkeys(NOBODY_THERE, (no_answer, email))
    steps[NOBODY_THERE[0]] = (review, no_answer, email)
    steps[NOBODY_THERE[1]] = (wrong_tap, no_answer, email)
    steps |= dict.fromkeys((*VOICEMAIL, *SECOND_VOICEMAIL), (voicemail,))
    return steps | dict.fromkeys(REACHED, (reached,)) | dict.fromkeys(AWAY, (defer,)) | {MET: (met,)}


def said(action: str, text: str, *then: str) -> Callable[[Thumb, str], None]:
    """Write it with the account's first word, and press what the answer asks for."""

    def do(thumb: Thumb, name: str) -> None:
        with thumb.doing(action):
            thumb.send(text.format(name.split()[0].lower()))
            for label in then or ("Log it",):
                thumb.tap(label, "")

    return do


def plan_in_words() -> dict[str, tuple[Callable[[Thumb, str], None], ...]]:
    """The same day, typed; what words do not take (a link) and what is shown anyway is pressed."""
    no_one = said("no answer", "{} no answer")
    steps: dict[str, tuple[Callable[[Thumb, str], None], ...]] = dict.fromkeys(NOBODY_THERE, (no_one, email))
    steps[NOBODY_THERE[0]] = (said("account review done", "{} review done"), no_one, email)
    steps[NOBODY_THERE[1]] = (said("a wrong tap, undone", "{} left vm", "Log it", "Undo"), no_one, email)
    steps |= dict.fromkeys((*VOICEMAIL, *SECOND_VOICEMAIL), (said("left voicemail", "{} left vm"),))
    lotus, maple, north, olive = REACHED
    steps[lotus] = (said("connected, note: nothing yet", "spoke to {}, liked the report, asks her partner"),)
    steps[maple] = (
        said("connected, note: call back on", "connected with {}, call back friday: in the workshop"),
    )
    steps[north] = (reached,)
    steps[olive] = (reached,)
    away = said(
        "deferral with reason, date and note", "{} is out of town until the 16th, says the front desk"
    )
    return steps | dict.fromkeys(AWAY, (away,)) | {MET: (met,)}


def facts(team: Living) -> Counter[tuple[str, str, str | None]]:
    """What was logged in Slack on Wednesday and stands: account, kind, outcome."""
    since = team.clock.now().replace(hour=0, minute=0)
    undone = select(Fact.supersedes_id).where(Fact.supersedes_id.is_not(None))
    wanted = select(RunRow.account, Fact.kind, Fact.outcome).join(Fact, Fact.run_id == RunRow.id)
    wanted = wanted.where(Fact.source == "slack", Fact.recorded_at >= since)
    wanted = wanted.where(Fact.kind != "withdrawn", Fact.id.not_in(undone))
    with team.assistant.work.store.read() as session:
        return Counter(tuple(row) for row in session.execute(wanted))


def in_hubspot_now(team: Living) -> Counter[tuple[str, str, str]]:
    """What stands in HubSpot since Wednesday morning, at whichever deal: account, kind, and what it says."""
    portal, said = team.world.hubspot, SAID_IN_HUBSPOT
    names = {deal["id"]: deal["dealname"] for deal in team.records("deals")}
    found: Counter[tuple[str, str, str]] = Counter()
    for kind in ("calls", "emails", "meetings", "tasks", "notes"):
        for record in team.records(kind):
            at = [str(one) for one in portal.associations.of(kind_of(kind), record["id"], kind_of("deals"))]
            assert len(at) == 1 and record["hubspot_owner_id"] == team.owners["ana"], record
            if record["hs_createdate"] >= "2026-12-02T13:30":
                found[names[at[0]], kind, record.get(said.get(kind, ""), "")] += 1
    return found


def work_the_day(team: Living, steps: dict[str, tuple[Callable[[Thumb, str], None], ...]]) -> Thumb:
    """The rep goes through the morning's message page by page, and later through the second calls."""
    thumb, steps = Thumb(team, "ana"), dict(steps)
    between = "to the message, and from page to page"
    team.go("2026-12-02 08:30")
    team.tick("mornings")
    (morning,) = [one for one in team.messages("ana") if words(one).startswith("Wed 2 Dec")]
    with thumb.doing(between):
        thumb.open_chat()
    while True:
        (shown,) = [words(one) for one in team.messages("ana") if one["ts"] == morning["ts"]]
        for name in [name for name in steps if name in shown and name not in SECOND_VOICEMAIL]:
            for do in steps.pop(name):
                do(thumb, name)
        if "\nNext" not in shown:
            break
        with thumb.doing(between):
            thumb.tap("Next", "")
    team.go("2026-12-02 11:15")
    team.tick("during_day")
    with thumb.doing(between):
        thumb.open_chat()
    for name in SECOND_VOICEMAIL:
        for do in steps.pop(name):
            do(thumb, name)
    team.let_undo_pass()
    assert steps == {}
    return thumb


@pytest.mark.parametrize("how", ["buttons and forms", "plain words"])
def test_a_day_of_26_touches(team: Living, how: str) -> None:
    lay_out(team)
    thumb = work_the_day(team, plan() if how == "buttons and forms" else plan_in_words())
    assert thumb.taps <= MOST_TAPS_PER_TOUCH * TOUCHES, thumb.table()
    sys.stdout.write(
        f"\n{how}: {thumb.taps} taps for {TOUCHES} touches, {thumb.typed} typed\n{thumb.table()}\n"
    )
    # Each thing stands once, here and there, also after HubSpot was read again; and the day has nothing left.
    team.tick("sync")
    assert facts(team) == Counter(HERE)
    assert in_hubspot_now(team) == Counter(THERE)
    assert [one["hs_meeting_outcome"] for one in team.records("meetings")] == ["COMPLETED", "SCHEDULED"]
    assert "Nothing is due now" in team.command("ana", "today")
