"""Short answers to one person: through the outbox like everything else, dropped when nobody waits any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.services.redraws import redraw_message
from bot.services.roles import Who
from bot.services.work import Work
from bot.store.outbox import enqueue
from bot.store.tables import Message

STILL_OF_USE = timedelta(minutes=10)


def tell(work: Work, who: Who, channel: str, text: str, key: str) -> None:
    """Show a sentence to one person in a channel, only visible to them; once per `key`."""
    with work.store.write() as session:
        enqueue(
            session,
            service="slack",
            kind="ephemeral",
            recipient=f"user:{who.user_id}",
            slot=key[-90:],
            target=f"user:{who.user_id}",
            now=work.now(),
            elapsed=work.elapsed(),
            payload={"channel": channel, "user": who.user_id, "text": text},
            useful_until=work.now() + STILL_OF_USE,
        )
    work.wake()


def show_fresh(work: Work, message_id: int, response_url: str | None = None) -> None:
    """Draw a message again because somebody pressed something stale on it."""
    with work.store.write() as session:
        message = session.get(Message, message_id)
        if message is not None:
            redraw_message(work, session, message, response_url)
    work.wake()


def answer_message(
    work: Work, channel: str, key: str, thread_ts: str | None, answer: Mapping[str, object]
) -> None:
    """Answer a message in its own conversation, once however often the message is delivered.

    `answer`: text, blocks and, where it is kept up to date, message_id.
    """
    with work.store.write() as session:
        enqueue(
            session,
            service="slack",
            kind="answer",
            recipient=f"channel:{channel}",
            slot=key[-90:],
            target=f"answer:{channel}",
            now=work.now(),
            elapsed=work.elapsed(),
            payload={"channel": channel, "thread_ts": thread_ts, **answer},
            useful_until=work.now() + STILL_OF_USE,
        )
    work.wake()
