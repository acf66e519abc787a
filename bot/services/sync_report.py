"""What a sync did and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class SyncReport:
    """Counts, and sentences for `renewals sync` and `renewals check`.

    `problems`: per deal or activity, what is missing or cannot be read. `unmatched_owners`: e-mails of
    owners of
    open renewals who are no known person. `away`: (run id, activity id, words) of automatic answers, for a
    person to decide on a deferral. `stopped`: why the sync ended before its end; nothing is lost, the next
    one
    takes up from the same place.
    """

    deals_read: int = 0
    runs_new: int = 0
    runs_changed: int = 0
    runs_gone: int = 0
    facts_new: int = 0
    facts_changed: int = 0
    facts_withdrawn: int = 0
    emails_matched: int = 0
    first_import: bool = False
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unmatched_owners: tuple[str, ...] = ()
    away: list[tuple[int, str, str]] = field(default_factory=list)
    stopped: str | None = None

    def restore(self, earlier: SyncReport) -> None:
        """Be as `earlier` again: what was counted since then was rolled back."""
        for one in fields(self):
            setattr(self, one.name, getattr(earlier, one.name))

    @property
    def touched(self) -> int:
        """How many things changed here."""
        runs = self.runs_new + self.runs_changed + self.runs_gone
        return runs + self.facts_new + self.facts_changed + self.facts_withdrawn
