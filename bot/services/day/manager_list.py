"""What the manager's message says of each run, read whenever it is drawn: an entry disappears as it is cleared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.assessment import MoveOutStatus, State, Touch
from bot.playbook.calendar import WorkCalendar
from bot.playbook.policy import Policy
from bot.playbook.stage_signs import lags
from bot.services.acts.care import asked_on
from bot.services.incoming.tracking import still_missing
from bot.services.models import (
    AccountLine,
    CareLine,
    ManagerMorning,
    MovedLine,
    MoveOutLine,
    NewOwner,
    OverdueLine,
    RepGroup,
)
from bot.services.people.teams import manager_of
from bot.services.runs.crm_changes import new_owners
from bot.services.runs.go_live import live_from, to_review, undocumented
from bot.services.runs.kept import kept_fact, moved_out_fact
from bot.services.runs.lines import Reader, Seen
from bot.services.runs.stage_fit import fitting_of
from bot.services.work import Work
from bot.store.book import FactRow, load_runs
from bot.store.tables import Message, MessageRun, Person, RunRow

NOTHING_EXEMPTS = "no future appointment and not in negotiation"
NAMED = 4  # accounts of one rep who is not told; the rest is counted
WORKED = frozenset(
    {"call", "email", "cancellation_email", "takedown_email", "reply", "review", "note", "deferral"}
)


@dataclass(frozen=True, slots=True)
class Window:
    """What a message speaks of: news after `since`, up to `at`; `on` is the manager's date, `start` going live."""

    start: date | None
    since: datetime
    at: datetime
    on: date
    policy: Policy

    def care_is_late(self, asked_at: datetime, calendar: WorkCalendar, policy: Policy) -> bool:
        """Whether Customer Care has had its working days, that of the request itself not counted."""
        asked = calendar.local_date(asked_at)
        return calendar.add_working_days(asked, policy.care_answer_working_days) <= self.on


def read_manager_morning(work: Work, message_id: int) -> ManagerMorning | None:
    """The message as it stands now; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        if message is None:
            return None
        reader = Reader(work, session)
        tz = ZoneInfo(message.data["tz"])
        window = _window_of(work, session, message)
        care = frozenset(message.data.get("care", ()))
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
        seen = sorted((reader.see(one) for one in load_runs(session, RunRow.id.in_(shown))), key=oldest_first)
        untracked = still_missing(work, session, message, tz)
        without = {email.run_id for email in untracked}
        under = {one.loaded.row.id: sections(one, window, care, without) for one in seen}
        lines = {one.loaded.row.id: reader.line(one, tz.key, {}) for one in seen}

        def those(section: str) -> list[Seen]:
            return [one for one in seen if section in under[one.loaded.row.id]]

        return ManagerMorning(
            message_id=message.id,
            on=message.on,
            now=work.now().astimezone(tz),
            team=message.data["team"],
            overdue=_by_rep(reader, those("overdue"), lines),
            undocumented=tuple(lines[one.loaded.row.id] for one in those("undocumented")),
            previews=move_out_lines(reader, those("preview"), lines),
            move_outs=move_out_lines(reader, those("due"), lines),
            cleared=sum(not found for found in under.values()),
            unreachable=tuple(_untold(reader, message, those("untold"))),
            page=message.page,
            moved=moved_lines(reader, those("moved"), lines, tz),
            kept=move_out_lines(reader, those("kept"), lines),
            care_late=_care_late(session, those("care"), lines, tz),
            moves_at=_moves_at(work, session, reader, message),
            to_review=int(message.data.get("to_review", 0)),
            untracked=untracked,
            new_owners=_new_owners(work, session, reader, message, window),
            lagging=tuple(lines[one.loaded.row.id] for one in those("lagging")),
        )


def sections(
    one: Seen, window: Window, care: Collection[int], untracked: Collection[int] = ()
) -> frozenset[str]:
    """Under which headings a run stands now; one of before going live only where somebody has to act on it.

    `care` and `untracked`: runs whose takedown Customer Care has not answered, or with an email that HubSpot
    never saw.
    """
    found = set()
    said, row = one.assessment, one.loaded.row
    if row.gone_at is not None:
        return frozenset()
    moved = moved_out_fact(one.loaded)
    if moved is not None and moved.recorded_at > window.since:
        found.add("moved")
    kinds = {fact.kind for fact in one.loaded.facts}
    if row.id in care and "takedown_email" in kinds and "site_down" not in kinds:
        found.add("care")
    if row.id in untracked:
        found.add("untracked")
    if _is_untold(one):
        found.add("untold")
    if one.owner is None or to_review(one.loaded, window.start):
        return frozenset(found)
    if oldest_late(one) is not None:
        found.add("overdue")
    if _stage_lags(one, window):
        found.add("lagging")
    blank_since = one.calendar.end_of_day(one.calendar.roll(row.put_out_on))
    if undocumented(one, window.start) and window.since < blank_since <= window.at:
        found.add("undocumented")
    status = said.move_out.status if said.move_out else None
    kept = kept_fact(one.loaded, said.on)
    if kept is not None and kept.recorded_at > window.since:
        found.add("kept")
    elif status is MoveOutStatus.PREVIEW:
        found.add("preview")
    if status is MoveOutStatus.DUE and kept is None:
        found.add("due")
    return frozenset(found)


def _stage_lags(one: Seen, window: Window) -> bool:
    """Whether the rep was told a working day ago that the stage lags behind, and it still does."""
    fits = fitting_of(one.loaded, one.calendar, window.at, window.policy)
    return fits is not None and lags(fits, one.calendar, one.assessment.on, window.policy, more_days=1)


def oldest_late(one: Seen) -> Touch | None:
    """The touch that is overdue for longest."""
    late = [touch for touch in one.assessment.touches if touch.overdue(one.assessment.on)]
    return min(late, key=lambda touch: touch.due_on, default=None)


def oldest_first(one: Seen) -> tuple[date, int]:
    """The order of the list."""
    touch = oldest_late(one)
    return (touch.due_on if touch else date.max, one.loaded.row.id)


def move_out_line(reader: Reader, one: Seen, line: AccountLine) -> MoveOutLine:
    """A run about to move, or to be decided on. It has a move-out gate."""
    gate, kept = one.assessment.move_out, kept_fact(one.loaded, one.assessment.on)
    return MoveOutLine(
        line=line,
        moves_on=gate.on if gate is not None else one.assessment.on,
        why=f"{NOTHING_EXEMPTS} · {_last_done(reader, one)}",
        kept_until=kept.until if kept else None,
        kept_because=kept.note if kept else None,
    )


def _new_owners(
    work: Work, session: Session, reader: Reader, message: Message, window: Window
) -> tuple[NewOwner, ...]:
    """Accounts that somebody gave to or took from one of the team, in HubSpot."""
    by_owner = {person.crm_owner_id: person for person in reader.people.values() if person.crm_owner_id}
    return tuple(
        NewOwner(run.account, before.name if before else None, after.name if after else None)
        for run, before, after in new_owners(session, window.since, window.at, by_owner)
        if any(
            work.config.team_of(one.email).name == message.data["team"]
            for one in (before, after)
            if one is not None
        )
    )


def _moves_at(work: Work, session: Session, reader: Reader, message: Message) -> datetime | None:
    """The end of the manager's working day, at which moves what nobody kept; None with `move_out = "confirm"`."""
    team = next((team for team in work.config.teams if team.name == message.data["team"]), None)
    if team is None or work.policy.move_out != "auto":
        return None
    calendar = reader.calendars.of(manager_of(session, team))
    return calendar.end_of_day(message.on).astimezone(calendar.tz)


def _window_of(work: Work, session: Session, message: Message) -> Window:
    return Window(
        start=live_from(work, session),
        since=datetime.fromisoformat(message.data["since"]),
        at=datetime.fromisoformat(message.data["at"]),
        on=message.on,
        policy=work.policy,
    )


def _is_untold(one: Seen) -> bool:
    """Whether something is due on a run of which no rep hears."""
    if one.owner is None:
        return one.assessment.state not in (State.CLOSED, State.NOT_STARTED)
    return bool(one.assessment.touches) and not _reachable(one.worker or one.owner)


def _reachable(person: Person) -> bool:
    return person.active and person.slack_user_id is not None


def _by_rep(reader: Reader, late: Sequence[Seen], lines: dict[int, AccountLine]) -> tuple[RepGroup, ...]:
    """Overdue runs by rep, the rep with the oldest one first."""
    groups: dict[str, list[OverdueLine]] = {}
    for one in late:
        touch = oldest_late(one)
        if touch is not None and one.owner is not None:
            groups.setdefault(one.owner.name, []).append(
                OverdueLine(
                    lines[one.loaded.row.id],
                    touch,
                    _working_days_late(one, touch),
                    _why_late(reader, one, touch),
                )
            )
    return tuple(RepGroup(rep, tuple(entries)) for rep, entries in groups.items())


def _working_days_late(one: Seen, touch: Touch) -> int:
    days = (one.assessment.on - touch.due_on).days
    return sum(one.calendar.is_working_day(touch.due_on + timedelta(days=n)) for n in range(days))


def _why_late(reader: Reader, one: Seen, touch: Touch) -> str:
    """What the rep has done last, or that nothing was done."""
    if touch.step == "appointment_outcome":
        return "the appointment's result is not logged"
    return _last_done(reader, one)


def _last_done(reader: Reader, one: Seen) -> str:
    """What the rep has done last, with its date."""
    last = _last_activity(one)
    if last is None:
        return "nothing logged yet"
    day = one.calendar.local_date(last.at)
    said = (reader.outcome_of(last) or last.kind).replace("_", " ")
    return f"last: {said}, {day:%a} {day.day} {day:%b}"


def _last_activity(one: Seen) -> FactRow | None:
    done = [
        fact
        for fact in one.loaded.facts
        if fact.kind in WORKED and one.calendar.local_date(fact.at) >= one.loaded.row.put_out_on
    ]
    return max(done, key=lambda fact: (fact.at, fact.id), default=None)


def move_out_lines(
    reader: Reader, seen: Sequence[Seen], lines: dict[int, AccountLine]
) -> tuple[MoveOutLine, ...]:
    """Runs about to move, to be decided on, or kept, by their day 30."""
    found = [move_out_line(reader, one, lines[one.loaded.row.id]) for one in seen]
    return tuple(sorted(found, key=lambda entry: (entry.moves_on, entry.line.account)))


def moved_lines(
    reader: Reader, seen: Sequence[Seen], lines: dict[int, AccountLine], tz: ZoneInfo
) -> tuple[MovedLine, ...]:
    """Those of the runs that moved out, in that order, with who decided it; times in the manager's zone."""
    found = []
    for one in seen:
        fact = moved_out_fact(one.loaded)
        if fact is not None:
            by = reader.people.get(fact.actor_id) if fact.actor_id is not None else None
            line = lines[one.loaded.row.id]
            found.append(MovedLine(line, fact.id, fact.at.astimezone(tz), by.name if by else None))
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.line.account)))


def _care_late(
    session: Session, seen: Sequence[Seen], lines: dict[int, AccountLine], tz: ZoneInfo
) -> tuple[CareLine, ...]:
    asked = asked_on(session, [one.loaded.row.id for one in seen])
    return tuple(
        CareLine(lines[run_id], at.astimezone(tz).date())
        for run_id, at in sorted(asked.items(), key=lambda entry: (entry[1], entry[0]))
    )


def _untold(reader: Reader, message: Message, seen: Sequence[Seen]) -> list[str]:
    """Who could not be told and why, with what is due there."""
    said = []
    for person_id in message.data.get("unreachable", ()):
        rep = reader.people.get(person_id)
        if rep is not None and not _reachable(rep):
            why = rep.inactive_reason or "has no Slack account that matches"
            due = _names([one for one in seen if one.owner is not None and one.owner.id == rep.id])
            said.append(f"{rep.name}: {why}" + (f". Due there: {due}" if due else ""))
    ownerless = _names([one for one in seen if one.owner is None])
    if ownerless:
        said.append(f"No owner whom we know in Slack, so name one in HubSpot: {ownerless}")
    return said


def _names(seen: Sequence[Seen]) -> str:
    more = f", +{len(seen) - NAMED} more" if len(seen) > NAMED else ""
    return ", ".join(one.loaded.row.account[:60] for one in seen[:NAMED]) + more
