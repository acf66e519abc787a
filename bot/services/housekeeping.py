"""Keeping house: keys of old interactions are forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot.services.work import Work
from bot.store.received import forget

# Slack delivers again within minutes; a week covers a host that slept.
REMEMBERED = timedelta(days=7)


def keep_house(work: Work) -> int:
    """Forget interactions handled more than a week ago; answers how many."""
    with work.store.write() as session:
        return forget(session, before=work.elapsed() - REMEMBERED)
