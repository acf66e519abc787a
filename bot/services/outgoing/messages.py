"""Messages that are kept up to date: opening one writes what it shows and its outbox row together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.outgoing.redraws import Pressed
from bot.services.people.roles import Who
from bot.services.ports import Delivery, Parcel, Sent
from bot.services.work import Work
from bot.store.inserts import insert_row
from bot.store.outbox import enqueue
from bot.store.tables import Message, MessageRun, Person


def open_message(
    work: Work,
    session: Session,
    *,
    kind: str,
    recipient: str,
    slot: str,
    on: date,
    run_ids: Sequence[int],
    person: Person | None = None,
    useful_until: datetime | None = None,
    data: dict[str, Any] | None = None,
) -> Message | None:
    """A new message, on its way; None when this (kind, recipient, slot) exists already, whoever raced."""
    queued = enqueue(
        session,
        service="slack",
        kind=kind,
        recipient=recipient,
        slot=slot,
        target=recipient,
        now=work.now(),
        elapsed=work.elapsed(),
        payload={},
        useful_until=useful_until,
    )
    if queued is None:
        return None
    message = Message(
        kind=kind,
        recipient=recipient,
        slot=slot,
        person_id=person.id if person else None,
        on=on,
        data=data or {},
    )
    session.add(message)
    session.flush()
    session.add_all(
        MessageRun(message_id=message.id, run_id=run_id, place=place) for place, run_id in enumerate(run_ids)
    )
    session.flush()
    return message


def keep_message(
    session: Session,
    person: Person,
    *,
    kind: str,
    slot: str,
    on: date,
    data: dict[str, Any],
    lock: bool = False,
) -> tuple[Message, bool]:
    """A message that its caller sends, and whether it is new: the same act, delivered to two processes at once,
    keeps one. `lock`: nobody else changes it before this transaction ends.
    """
    key: dict[str, Any] = {"kind": kind, "recipient": f"person:{person.id}", "slot": slot}
    wanted = select(Message).filter_by(**key)
    wanted = wanted.with_for_update() if lock else wanted
    if (message := session.scalar(wanted)) is not None:
        return message, False
    is_new = insert_row(session, Message, {**key, "person_id": person.id, "on": on, "data": data}) is not None
    return session.scalars(wanted).one(), is_new


def locked_message(session: Session, message_id: int | None) -> Message | None:
    """A message as it is now, whose `data` nobody else changes before this transaction ends."""
    wanted = select(Message).where(Message.id == message_id).with_for_update(key_share=True)
    return session.scalar(wanted, execution_options={"populate_existing": True})


@dataclass(frozen=True, slots=True)
class MessageState:
    """A message and where it stands: `channel` and `ts` once it is sent, `user` when it goes to a person.

    `private`: only its reader sees it, so it can be changed through the address of their last press alone.
    """

    id: int
    kind: str
    user: str | None
    channel: str | None
    ts: str | None
    private: bool
    last_press: str | None = None


def message_by_id(work: Work, message_id: int) -> MessageState | None:
    """A message as it stands, or None."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        return None if message is None else _state(session, message)


def message_of_row(work: Work, kind: str, recipient: str, slot: str) -> MessageState | None:
    """The message of an outbox row: both carry the same key."""
    wanted = select(Message).where(Message.kind == kind, Message.recipient == recipient, Message.slot == slot)
    with work.store.read() as session:
        message = session.scalar(wanted)
        return None if message is None else _state(session, message)


def note_sent(session: Session, parcel: Parcel, delivery: Delivery) -> None:
    """Keep where a message stands, in the transaction that settles its row."""
    if not isinstance(delivery, Sent) or parcel.service != "slack":
        return
    message_id, ts = delivery.result.get("message_id"), delivery.result.get("ts")
    message = session.get(Message, message_id) if message_id and ts else None
    if message is not None and message.ts is None:
        message.channel, message.ts = delivery.result["channel"], ts


def note_press(work: Work, who: Who, pressed: Pressed) -> None:
    """Keep the address of a press on a private message: what follows from it later is drawn there, too."""
    with work.store.write() as session:
        message = locked_message(session, pressed.message_id)
        person = session.get(Person, message.person_id) if message and message.person_id else None
        mine = person is not None and (person.slack_team_id, person.slack_user_id) == (
            who.team_id,
            who.user_id,
        )
        if message is not None and mine and message.data.get("private") and pressed.address_of(message):
            message.data = message.data | {"last_press": pressed.response_url}


def _state(session: Session, message: Message) -> MessageState:
    person = session.get(Person, message.person_id) if message.person_id is not None else None
    place, _, channel = message.recipient.partition(":")
    asked_in = message.data.get("channel")
    return MessageState(
        id=message.id,
        kind=message.kind,
        user=person.slack_user_id if person is not None and person.active else None,
        channel=message.channel or asked_in or (channel if place == "channel" else None),
        ts=message.ts,
        private=bool(message.data.get("private")),
        last_press=message.data.get("last_press"),
    )
