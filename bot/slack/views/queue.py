"""For an admin's Home: what waits for HubSpot and Slack, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.services.outgoing.queue import Queue
from bot.slack.text import escaped, moment_words
from bot.slack.views.blocks import Block, context, section

NAMES: Final = {"hubspot": "HubSpot", "slack": "Slack"}


def queue_blocks(queues: Sequence[Queue], now: datetime) -> list[Block]:
    """A line for each service; `now` in the reader's zone."""
    lines = [f"{NAMES.get(one.service, one.service)}: {_words(one, now)}" for one in queues]
    where = "`renewals outbox` lists them with their reasons; `--retry` and `--drop` decide."
    return [section("\n".join(["*On the way*", *lines]), "queue"), context(where, "queue:more")]


def _words(queue: Queue, now: datetime) -> str:
    parts = []
    if queue.waiting:
        since = f", the oldest since {moment_words(queue.oldest, now)}" if queue.oldest is not None else ""
        parts.append(f"{queue.waiting:,} waiting{since}")
    if queue.unknown:
        parts.append(f"{queue.unknown:,} being looked for")
    if queue.set_aside:
        parts.append(f":warning: *{queue.set_aside:,} set aside*")
    if queue.paused is not None:
        parts.append(f"nothing leaves: {escaped(queue.paused, 200)}")
    return " · ".join(parts) or "nothing waits"
