"""Keeping house: keys of old interactions are forgotten, rows past their use are dropped with that reason."""

from __future__ import annotations

from datetime import timedelta

from bot.services.work import Work
from bot.store.outbox import expire
from bot.store.received import forget

# Slack delivers again within minutes; a week covers a host that slept.
REMEMBERED = timedelta(days=7)


def keep_house(work: Work) -> int:
    """Drop what nobody needs any more and forget interactions of more than a week ago; answers how many."""
    expire(work.store, work.clock)
    with work.store.write() as session:
        return forget(session, before=work.elapsed() - REMEMBERED)
