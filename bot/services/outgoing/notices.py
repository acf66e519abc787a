"""Short answers to one person: through the outbox like everything else, dropped when nobody waits any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.services.outgoing.redraws import Pressed, redraw_message
from bot.services.people.roles import Who
from bot.services.work import Work
from bot.store.outbox import enqueue
from bot.store.tables import Message

STILL_OF_USE = timedelta(minutes=10)


def tell(work: Work, who: Who, channel: str, text: str, key: str, stale: Pressed | None = None) -> None:
    """Show a sentence to one person in a channel, only visible to them; once per `key`.

    With the message that was `stale` when they pressed on it, which is drawn again.
    """
    user = f"user:{who.user_id}"
    said: dict[str, object] = {"channel": channel, "user": who.user_id, "text": text}
    with work.store.write() as session:
        _once(work, session, kind="ephemeral", recipient=user, target=user, key=key, payload=said)
        if stale is not None:
            _draw_again(work, session, stale)
    work.wake()


def show_fresh(work: Work, stale: Pressed) -> None:
    """Draw a message again because somebody pressed something stale on it."""
    with work.store.write() as session:
        _draw_again(work, session, stale)
    work.wake()


def _draw_again(work: Work, session: Session, stale: Pressed) -> None:
    message = session.get(Message, stale.message_id)
    if message is not None:
        redraw_message(work, session, message, stale.address_of(message))


def answer_message(
    work: Work, channel: str, key: str, thread_ts: str | None, answer: Mapping[str, object]
) -> None:
    """Answer a message in its own conversation, once however often the message is delivered.

    `answer`: text, blocks and, where it is kept up to date, message_id.
    """
    said = {"channel": channel, "thread_ts": thread_ts, **answer}
    to, place = f"channel:{channel}", f"answer:{channel}"
    with work.store.write() as session:
        _once(work, session, kind="answer", recipient=to, target=place, key=key, payload=said)
    work.wake()


def _once(
    work: Work,
    session: Session,
    *,
    kind: str,
    recipient: str,
    target: str,
    key: str,
    payload: dict[str, object],
) -> None:
    enqueue(
        session,
        service="slack",
        kind=kind,
        recipient=recipient,
        slot=key[-90:],
        target=target,
        now=work.now(),
        elapsed=work.elapsed(),
        payload=payload,
        useful_until=work.now() + STILL_OF_USE,
    )
