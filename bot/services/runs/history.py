"""How the facts of a run speak of each other: what was logged in one go, what changed another, what is final."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.book import FactRow
from bot.store.tables import Fact

# A site that is down is told to the customer; a mistake there is mended by Customer Care, not by a button.
FINAL = frozenset({"care_confirmed", "site_down", "dates_confirmed"})
# The reason of a fact that only puts back what an undone one had changed; it is no entry of the day.
UNDONE = "undone"
# The end of the key of what was changed in a form.
CHANGE = ":change"


def too_late(kind: str, facts: Sequence[FactRow]) -> bool:
    """Whether an undo would deny what followed: a takedown email without which the site would not be down."""
    return kind == "takedown_email" and any(fact.kind == "site_down" for fact in facts)


def one_go(fact: Fact | FactRow) -> str:
    """What the facts of one interaction have in common: their keys differ in the number behind `#` only."""
    batch, sign, _ = fact.key.rpartition("#")
    return batch if sign else fact.key


def is_change(fact: Fact | FactRow) -> bool:
    """Whether a fact says anew what another had said."""
    return one_go(fact).endswith(CHANGE)
