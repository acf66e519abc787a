"""Which messages speak of a run, and asking for them to be drawn again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import CompoundSelect, Select, or_, select, union_all
from sqlalchemy.orm import Session

from bot.services.outgoing.homes import HOME, concerns, is_looked_at, pause_before
from bot.services.work import Work
from bot.store.outbox import enqueue
from bot.store.tables import Message, MessageRun, RunRow

# Longer than any zone is from UTC: a message of an earlier date than this is nobody's today.
ONE_DAY = timedelta(days=1)
# What waits for an answer stays open until it is given, however long that takes.
LASTING = ("care_request", "past_day_30", "report_missing")
# A whole channel's message is drawn at most this often, however many reps log at once.
CHANNEL_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press: the message that the button's value names, where it was pressed, and the address to answer at."""

    message_id: int | None
    channel: str | None
    ts: str | None
    response_url: str | None

    def address_of(self, message: Message) -> str | None:
        """Where `message` may be drawn anew because it was pressed: only if it is what stands in that place.

        A value may be forged (FAULTS 28), and what only one person sees has no place but its channel.
        """
        if message.id != self.message_id:
            return None
        if message.data.get("private"):
            return self.response_url if message.data.get("channel") == self.channel else None
        here = message.ts is not None and (message.channel, message.ts) == (self.channel, self.ts)
        return self.response_url if here else None


def redraw_runs(
    work: Work,
    session: Session,
    run_ids: Iterable[int],
    pressed: Pressed | None = None,
) -> None:
    """Ask for every current message that shows one of these runs, and every open Home that counts it."""
    run_ids, since = tuple(run_ids), work.now().date() - ONE_DAY
    shown = select(MessageRun.message_id).where(MessageRun.run_id.in_(run_ids))
    showing: CompoundSelect[int] = union_all(shown, _homes_since(work))
    wanted = select(Message).where(
        Message.id.in_(showing), or_(Message.on >= since, Message.kind.in_(LASTING))
    )
    homes = []
    for message in session.scalars(wanted):
        if message.kind == HOME:
            homes.append(message)
            continue
        address = pressed.address_of(message) if pressed is not None else None
        redraw_message(work, session, message, address)
    if homes := [home for home in homes if is_looked_at(work, home)]:
        owners = session.scalars(select(RunRow.owner_id).where(RunRow.id.in_(run_ids)))
        _redraw_homes(work, session, homes, {owner for owner in owners if owner is not None}, run_ids)


def redraw_books(work: Work, session: Session, owner_ids: Collection[int]) -> None:
    """Ask for every open Home that counts the book of one of these people."""
    found = session.scalars(select(Message).where(Message.id.in_(_homes_since(work)))).all()
    homes = [home for home in found if is_looked_at(work, home)]
    _redraw_homes(work, session, homes, owner_ids, ())


def _homes_since(work: Work) -> Select[int]:
    return select(Message.id).where(Message.kind == HOME, Message.on >= work.now().date() - ONE_DAY)


def _redraw_homes(
    work: Work,
    session: Session,
    homes: Iterable[Message],
    owner_ids: Collection[int],
    run_ids: Collection[int],
) -> None:
    for home in homes:
        if concerns(home, owner_ids, run_ids):
            redraw_message(work, session, home, wait=pause_before(work, home))


def redraw_message(
    work: Work,
    session: Session,
    message: Message,
    response_url: str | None = None,
    wait: timedelta | None = None,
) -> None:
    """Ask for one message; what it will show is read when it is sent, so the newest state wins.

    `response_url` is that of a press on this very message (`Pressed.address_of`). `wait`: for what else happens;
    None: as long as this kind of message does.
    """
    if wait is None:
        wait = CHANNEL_PAUSE if message.person_id is None else timedelta()
    payload: dict[str, object] = {"message_id": message.id}
    if response_url is not None:
        payload |= {"response_url": response_url, "pressed_message_id": message.id}
    enqueue(
        session,
        service="slack",
        kind="redraw",
        recipient=f"message:{message.id}",
        slot=None,
        # What is posted already is drawn in an order of its own: when Slack puts redraws off for a minute, the
        # next morning's list does not wait behind them. Before that it follows its own post.
        target=message.recipient if message.ts is None else f"message:{message.id}",
        now=work.now(),
        elapsed=work.elapsed(),
        payload=payload,
        wait=wait,
        coalesce_key=coalesced(message),
    )


def coalesced(message: Message) -> str:
    """The key of all redraws of a message: one that has not left yet stands for those that follow."""
    return f"message:{message.id}"
