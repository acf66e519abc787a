"""What every use case works with: the store, the clock, the team's configuration and its playbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.playbook.policy import Policy
from bot.services.ports import Clock
from bot.store.session import Store


def _nobody_listens() -> None:
    """Without a sender in the process, rows wait for the next one that polls."""


@dataclass(frozen=True, slots=True)
class Work:
    """Handed to each use case. `wake` tells the sender that rows were committed."""

    store: Store
    clock: Clock
    config: Config
    policy: Policy
    deal_url: Callable[[str], str | None]  # a deal's page in HubSpot, or None on an imported book
    book: str = "hubspot"  # hubspot | import: where the runs come from
    wake: Callable[[], None] = field(default=_nobody_listens)

    @property
    def makes_next_terms(self) -> bool:
        """Whether we make a won renewal's next deal: a portal's workflow may, and a file has no deals."""
        return self.book == "hubspot" and self.config.hubspot.next_term == "create"

    def now(self) -> datetime:
        """Business time, aware UTC."""
        return self.clock.now()

    def elapsed(self) -> datetime:
        """The machine's own time, aware UTC."""
        return self.clock.elapsed()


def local_date(instant: datetime, tz: str) -> date:
    """The date in zone `tz` at an aware instant."""
    return instant.astimezone(ZoneInfo(tz)).date()
