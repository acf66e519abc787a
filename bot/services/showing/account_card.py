"""One account for one reader: where it stands, what is known of the customer, and what this person may do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.assessment import TAKEDOWN_CONTACT, State, Step
from bot.playbook.next_touch import next_touch
from bot.playbook.run import EMAIL_KINDS, Stage
from bot.playbook.stages import CLOSED, may_reopen, moves_from
from bot.services.acts.acting import GONE, Click
from bot.services.acts.care import asked_on
from bot.services.errors import NotYours
from bot.services.models import LoggedLine
from bot.services.people.roles import audit_refusal, known_person, manages, may_work
from bot.services.people.user_groups import is_named
from bot.services.runs.kept import moved_out_fact
from bot.services.runs.lines import Reader, Seen, log_facts
from bot.services.runs.report_told import unanswered_reports
from bot.services.runs.run_details import read_contacts, read_details
from bot.services.showing.card_models import AccountCard, Coming, ContactLine, May, Progress, Takedown
from bot.services.showing.kept import shown_run
from bot.services.showing.review_brief import read_brief, read_nps
from bot.services.showing.shown import why_gone
from bot.services.showing.stage_jump import stage_jump
from bot.services.work import Work
from bot.store.book import load_runs, to_run
from bot.store.tables import Message, MessageRun, Person, RunRow

ACCOUNT_CARD = "account_card"
RECENT = 5
CHANGES_SHOWN = timedelta(days=7)  # in HubSpot; as long as a changed date has to be confirmed (PLAYBOOK 6)
LAST_DAILY, LAST_WEEKLY = 7, 28  # playbook days (PLAYBOOK 2)
WEEK = 7


def read_account_card(work: Work, click: Click, run_id: int) -> AccountCard:
    """The card for the person who asks. Raises UnknownPerson, NotYours (audited) for whom it is not to be seen."""
    try:
        with work.store.read() as session:
            person = known_person(session, click.who)
            found = load_runs(session, RunRow.id == run_id)
            if not found:
                raise NotYours(GONE)
            reader = Reader(work, session)
            seen = reader.see(found[0])
            if not may_see(reader, person, seen):
                raise NotYours("This account is not in your book, so it is not shown.")
            return _card(session, reader, person, seen)
    except NotYours:
        with work.store.write() as session:
            audit_refusal(session, click.who, run_id, "open_card", "not_yours", work.now())
        raise


def read_kept_account_card(work: Work, message_id: int) -> AccountCard | None:
    """The card of a message as it stands now, for its reader; None when there is no such message."""
    with work.store.read() as session:
        shown = shown_run(work, session, message_id)
        return None if shown is None else _card(session, *shown)


def runs_shown_in(work: Work, click: Click, channel: str, ts: str) -> list[int]:
    """The runs that a message of ours shows, in its order, of those that the person may see.

    Raises UnknownPerson. None when the message is not ours.
    """
    with work.store.read() as session:
        person = known_person(session, click.who)
        message = session.scalar(select(Message).where(Message.channel == channel, Message.ts == ts))
        if message is None:
            return []
        places = select(MessageRun.run_id, MessageRun.place).where(MessageRun.message_id == message.id)
        place_of = {row.run_id: row.place for row in session.execute(places)}
        reader = Reader(work, session)
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
        found = [
            reader.see(one) for one in load_runs(session, RunRow.id.in_(shown), RunRow.gone_at.is_(None))
        ]
        seen = [one.loaded.row.id for one in found if may_see(reader, person, one)]
        return sorted(seen, key=lambda run_id: place_of[run_id])


def may_see(reader: Reader, person: Person, seen: Seen) -> bool:
    """Whoever may work the run, and Customer Care once the takedown email went out."""
    config = reader.work.config
    if may_work(config, person, seen.owner, reader.covers):
        return True
    return is_named(person, config.customer_care) and "takedown_email" in _kinds(seen)


def _card(session: Session, reader: Reader, person: Person, seen: Seen) -> AccountCard:
    zone, row = ZoneInfo(person.tz), seen.loaded.row
    gone = why_gone(seen, person, theirs=may_see(reader, person, seen))
    details = read_details(session, row.id)
    log = log_facts(seen.loaded)
    crm = reader.crm_states([seen])
    reader.tell_changes({row.id: max(seen.with_worker_since, reader.now - CHANGES_SHOWN)}, zone)
    tracked = reader.tracked(log, zone)
    history = [
        replace(entry, tracked=tracked.get(entry.fact_id))
        for entry in reader.entries(seen.loaded, log, zone, crm)
    ]
    first = ContactLine(row.contact_name, row.contact_phone, row.contact_email)
    further = (ContactLine(one.name, one.phone, one.email) for one in read_contacts(session, row.id))
    moved = moved_out_fact(seen.loaded)
    review = any(touch.step is Step.REVIEW for touch in seen.assessment.touches)
    return AccountCard(
        line=reader.with_offer(reader.line(seen, person.tz, crm, gone), seen),
        on=seen.assessment.on,
        now=reader.now.astimezone(zone),
        may=May() if gone else _may(reader, person, seen),
        own=seen.owner is not None and seen.owner.id == person.id,
        coming=_coming(reader, seen, zone),
        progress=_progress(reader, seen),
        contacts=tuple(one for one in (first, *further) if one.name or one.phone or one.email),
        nps=read_nps(reader, seen, details),
        reports_url=details.reports_url,
        analytics_url=details.analytics_url,
        history=(shown := _recent(history)),
        earlier=len(history) - len(shown),
        undocumented=seen.assessment.undocumented_put_out,
        takedown=_takedown(session, seen),
        brief=read_brief(session, reader, seen, details, zone) if review else None,
        move_out_fact=moved.id if moved is not None else None,
        set_in_hubspot=None if gone else stage_jump(session, seen, reader.work.policy),
    )


def _recent(history: Sequence[LoggedLine]) -> tuple[LoggedLine, ...]:
    """The last entries, newest first, and every older one that somebody has to decide about."""
    newest = tuple(reversed(history))
    return newest[:RECENT] + tuple(entry for entry in newest[RECENT:] if entry.not_taken is not None)


def _may(reader: Reader, person: Person, seen: Seen) -> May:
    config, kinds = reader.work.config, _kinds(seen)
    missing = unanswered_reports(seen.loaded)
    return May(
        work=may_work(config, person, seen.owner, reader.covers),
        decide=manages(config, person, seen.owner),
        confirm_down=is_named(person, config.customer_care)
        and "takedown_email" in kinds
        and "site_down" not in kinds,
        close=_closes(reader, person, seen),
        reopen=_may_reopen(reader, person, seen),
        acknowledge=missing[-1].id if missing and is_named(person, config.department_managers) else None,
    )


def _closes(reader: Reader, person: Person, seen: Seen) -> tuple[str, ...]:
    """The closes that the playbook allows from here."""
    allowed = moves_from(Stage(seen.loaded.row.stage), reader.work.policy)
    may = may_work(reader.work.config, person, seen.owner, reader.covers)
    return tuple(stage.value for stage in (Stage.WON, Stage.LOST) if stage in allowed) if may else ()


def _may_reopen(reader: Reader, person: Person, seen: Seen) -> bool:
    """A manager, what is closed; what day 30 has moved is given back instead."""
    stage = Stage(seen.loaded.row.stage)
    open_again = stage in CLOSED and may_reopen(stage, reader.work.policy)
    return (
        open_again and manages(reader.work.config, person, seen.owner) and moved_out_fact(seen.loaded) is None
    )


def _kinds(seen: Seen) -> set[str]:
    return {fact.kind for fact in seen.loaded.facts}


def _coming(reader: Reader, seen: Seen, zone: ZoneInfo) -> Coming | None:
    """What is due now, else the next appointment, else the first touch of a coming day."""
    said = seen.assessment
    if said.touches:
        touch = said.touches[0]
        waits = touch.not_before is not None and reader.now < touch.not_before
        at = touch.not_before.astimezone(zone) if touch.not_before and waits else None
        return Coming(touch, said.on, at, now=not waits)
    if said.state is State.APPOINTMENT:
        starts = [
            fact.starts_at
            for fact in seen.loaded.facts
            if fact.kind == "appointment" and fact.outcome == "scheduled" and fact.starts_at is not None
        ]
        ahead = [at for at in starts if at > reader.now]
        if ahead:
            at = min(ahead).astimezone(zone)
            return Coming(None, at.date(), at)
    found = next_touch(to_run(seen.loaded), seen.calendar, reader.now, reader.work.policy)
    return Coming(found[1], found[0]) if found is not None else None


def _progress(reader: Reader, seen: Seen) -> Progress:
    """Attempts of the day, or the week's days with a call, against what the rhythm asks for."""
    said, policy = seen.assessment, reader.work.policy
    day = said.playbook_day or 0
    outreach = said.state is State.OUTREACH
    if outreach and LAST_DAILY < day <= LAST_WEEKLY:
        first = seen.loaded.row.put_out_on + timedelta(days=(day - 1) // WEEK * WEEK)
        week = [first + timedelta(days=number) for number in range(WEEK)]
        called = {seen.calendar.local_date(fact.at) for fact in seen.loaded.facts if fact.kind == "call"}
        wanted = min(policy.calls_per_week, sum(map(seen.calendar.is_working_day, week)))
        return Progress(len(called.intersection(week)), wanted, "week")
    attempts = [
        fact
        for fact in seen.loaded.facts
        if (fact.kind == "call" or fact.kind in EMAIL_KINDS) and seen.calendar.local_date(fact.at) == said.on
    ]
    rhythm = outreach and day <= LAST_DAILY and seen.calendar.is_working_day(said.on)
    return Progress(len(attempts), policy.contacts_per_day if rhythm else None, "day")


def _takedown(session: Session, seen: Seen) -> Takedown | None:
    def newest(kind: str) -> datetime | None:
        return max((fact.at for fact in seen.loaded.facts if fact.kind == kind), default=None)

    def local(instant: datetime | None) -> date | None:
        return None if instant is None else seen.calendar.local_date(instant)

    sent, down = newest("takedown_email"), newest("site_down")
    if sent is None and down is None:
        return None
    asked = asked_on(session, [seen.loaded.row.id]).get(seen.loaded.row.id) if down is None else None
    waiting = any(touch.step in TAKEDOWN_CONTACT for touch in seen.assessment.touches)
    return Takedown(local(sent), local(asked), local(down), reached=down is not None and not waiting)
