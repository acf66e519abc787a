"""What somebody has to know because the assistant cannot do its work: told once, by another way (FAULTS 7, 22, 23).

Derived from the tables at each tick. What Slack itself refuses altogether can only be read in the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.config import Team
from bot.services.people.teams import MANAGER_MORNING
from bot.services.people.user_groups import known_problems, named_groups, people_named
from bot.services.runs.not_taken import contest_of, set_aside
from bot.services.sync_state import load_state
from bot.services.work import Work
from bot.store.outbox import enqueue, pauses
from bot.store.settling import LOOKED_FOR
from bot.store.tables import Message, MessageRun, OutboxRow, Person, RunRow

DIGEST = "digest"
NEWS = timedelta(days=1)
NAMES = {"hubspot": "HubSpot", "slack": "Slack"}
NAMED = 4  # accounts of a rep who was not told; the rest is counted


@dataclass(frozen=True, slots=True)
class Alarm:
    """A sentence for some people and channels; the same `key` is told once, or once in a day while it lasts."""

    key: str
    text: str
    people: tuple[str, ...] = ()  # e-mails and handles of groups, as the configuration names them
    channel: str | None = None
    daily: bool = False


def raise_alarms(work: Work) -> int:
    """Tell what is new; answers how many notes that were."""
    told = 0
    with work.store.write() as session:
        for alarm in (
            *_of_hubspot(work, session),
            *_of_user_groups(work, session),
            *_of_unanswered(work, session),
            *_of_not_taken(work, session),
            *_of_no_service(work, session),
            *_of_refused_messages(work, session),
        ):
            told += sum(_tell(work, session, alarm, *to) for to in _addressed(session, alarm))
    if told:
        work.wake()
    return told


def _of_hubspot(work: Work, session: Session) -> Iterator[Alarm]:
    """HubSpot takes nothing from us, or has no calls left for today: admins hear, once a day while it lasts."""
    state = load_state(session)
    reasons = [pause.reason for pause in pauses(session) if pause.service == "hubspot" and pause.halted]
    refused = next(iter(reasons), state.refused)
    if refused is not None:
        text = f"{refused} What is logged is kept, and goes to HubSpot after the mend."
        yield Alarm("hubspot refuses", text, work.config.admins, daily=True)
    until = state.paused_until
    if until is not None and until > work.elapsed():
        text = (
            f"HubSpot's daily limit of calls is reached. Nothing is read from it until {until:%H:%M} UTC;"
            " mornings go on from what is known."
        )
        yield Alarm(f"hubspot daily limit {until.date().isoformat()}", text, work.config.admins)


def _of_user_groups(work: Work, session: Session) -> Iterator[Alarm]:
    """A group that is named and names nobody: admins hear, once a day; the channels, where no admin is left."""
    problems = known_problems(session) if named_groups(work.config) else ()
    if not problems:
        return
    key, text = "user groups", " ".join(problems)
    to_admins = Alarm(key, text, work.config.admins, daily=True)
    if _addressed(session, to_admins):
        yield to_admins
    else:
        yield from (Alarm(key, text, channel=team.manager_channel, daily=True) for team in work.config.teams)


def _of_unanswered(work: Work, session: Session) -> Iterator[Alarm]:
    """What was looked for so often without an answer that it was set aside: admins decide, told once a day."""
    lately = OutboxRow.settled_at > work.elapsed() - NEWS
    given_up = select(OutboxRow.service, func.count()).where(
        OutboxRow.state == "dead", OutboxRow.reason.contains(LOOKED_FOR), lately
    )
    for service, count in session.execute(given_up.group_by(OutboxRow.service)):
        what = "1 entry" if count == 1 else f"{count:,} entries"
        text = (
            f"{NAMES.get(service, service)} never said whether {what} arrived. Set aside: `renewals outbox` lists"
            " them; look there, then send again (`--retry ID`) or leave it at that (`--drop ID`)."
        )
        yield Alarm(f"unanswered {service}", text, work.config.admins, daily=True)


def _of_not_taken(work: Work, session: Session) -> Iterator[Alarm]:
    """What HubSpot refused of what people logged, by reason: admins hear, once a day; who logged it reads it there."""
    lately = OutboxRow.settled_at > work.elapsed() - NEWS
    rows = select(OutboxRow).where(*set_aside(), lately).order_by(OutboxRow.id)
    reasons = Counter(
        row.reason or "no reason"
        for row in session.scalars(rows)
        if contest_of(row) is None and LOOKED_FOR not in (row.reason or "")
    )
    if not reasons:
        return
    count = sum(reasons.values())
    named = [f"{reason[:120]} ({number:,})" for reason, number in reasons.most_common(NAMED)]
    more = f"; and {len(reasons) - NAMED:,} other reasons" if len(reasons) > NAMED else ""
    text = (
        f"HubSpot did not take {'1 entry' if count == 1 else f'{count:,} entries'} in the last day: {'; '.join(named)}"
        f"{more}. Whoever logged them reads it on the entry and can try again or drop it there; `renewals outbox`"
        " lists them."
    )
    yield Alarm("not taken", text, work.config.admins, daily=True)


def _of_no_service(work: Work, session: Session) -> Iterator[Alarm]:
    """HubSpot has failed so often in a row that it is no hiccup: admins hear, once a day while it lasts."""
    for pause in pauses(session):
        if pause.service != "hubspot" or pause.halted or pause.failures < work.config.outbox_tries:
            continue
        waiting = select(func.count()).where(
            OutboxRow.service == "hubspot", OutboxRow.state.in_(("pending", "sending", "unknown"))
        )
        text = (
            f"HubSpot has not taken anything for {pause.failures:,} tries ({pause.reason}). {session.scalar(waiting):,}"
            " entries wait and leave by themselves when it answers; `renewals outbox` lists them."
        )
        yield Alarm("hubspot fails", text, work.config.admins, daily=True)


def _of_refused_messages(work: Work, session: Session) -> Iterator[Alarm]:
    """A rep's morning, or a channel's, that Slack refused: the manager hears of what would have stood there."""
    refused = select(OutboxRow).where(
        OutboxRow.kind.in_((DIGEST, MANAGER_MORNING)),
        OutboxRow.state == "dead",
        OutboxRow.created_at > work.now() - NEWS,
    )
    for row in session.scalars(refused):
        message = session.scalar(
            select(Message).where(
                Message.kind == row.kind, Message.recipient == row.recipient, Message.slot == row.slot
            )
        )
        if message is None:
            continue
        key = f"refused {row.id}"
        if row.kind == MANAGER_MORNING:
            yield from _channel_refused(work, key, message, row.reason or "")
        else:
            rep = session.get(Person, message.person_id)
            if rep is not None:
                due = _accounts(session, message)
                text = f"{rep.name} could not be told this morning: {row.reason}." + (
                    due and f" Due there: {due}"
                )
                team = work.config.team_of(rep.email)
                people = () if team.manager_channel else (*team.managers, *work.config.admins)
                yield Alarm(key, text, people, team.manager_channel)


def _channel_refused(work: Work, key: str, message: Message, reason: str) -> Iterator[Alarm]:
    for team in _teams_named(work.config.teams, message.data.get("team")):
        text = f"The manager channel of {team.name} could not be told this morning: {reason}."
        yield Alarm(key, text, (*team.managers, *work.config.admins))


def _teams_named(teams: Iterable[Team], name: object) -> list[Team]:
    return [team for team in teams if team.name == name]


def _accounts(session: Session, message: Message) -> str:
    """The first accounts of a message, the rest counted."""
    wanted = (
        select(RunRow.account)
        .join(MessageRun, MessageRun.run_id == RunRow.id)
        .where(MessageRun.message_id == message.id)
        .order_by(MessageRun.place)
    )
    found = list(session.scalars(wanted))
    more = f", +{len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(account[:60] for account in found[:NAMED]) + more


def _addressed(session: Session, alarm: Alarm) -> list[tuple[str, dict[str, str]]]:
    """Whom the alarm reaches: outbox recipient, and the address in Slack."""
    reached = [one for one in people_named(session, alarm.people) if one.active and one.slack_user_id]
    found = [(f"person:{one.id}", {"user": one.slack_user_id or ""}) for one in reached]
    return found + ([(f"channel:{alarm.channel}", {"channel": alarm.channel})] if alarm.channel else [])


def _tell(work: Work, session: Session, alarm: Alarm, recipient: str, to: dict[str, str]) -> bool:
    slot = alarm.key
    if alarm.daily:
        if _told_lately(work, session, alarm.key, recipient):
            return False
        slot = f"{alarm.key} {work.elapsed().isoformat(timespec='minutes')}"
    queued = enqueue(
        session,
        service="slack",
        kind="note",
        recipient=recipient,
        slot=slot,
        target=recipient,
        now=work.now(),
        elapsed=work.elapsed(),
        payload={"text": alarm.text, **to},
        useful_until=work.now() + NEWS,
    )
    return queued is not None


def _told_lately(work: Work, session: Session, key: str, recipient: str) -> bool:
    """Whether it was told within a day: at midnight a new date begins, and nothing has changed."""
    told = select(OutboxRow.id).where(
        OutboxRow.kind == "note",
        OutboxRow.recipient == recipient,
        OutboxRow.slot.startswith(f"{key} ", autoescape=True),
        OutboxRow.created_at > work.now() - NEWS,
    )
    return session.scalar(told.limit(1)) is not None
