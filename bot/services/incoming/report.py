"""What a sync did and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

MOST_PROBLEMS = 1_000


@dataclass(slots=True)
class SyncReport:
    """Counts, and sentences for `renewals sync` and `renewals check`.

    `problems`: per deal or activity, what is missing or cannot be read. `unmatched_owners`: e-mails of
    owners of
    open renewals who are no known person. `away`: automatic answers that were read, for a person to decide
    on a deferral. `stopped`: why the sync ended before its end; nothing is lost, the next
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
    contacts_erased: int = 0
    first_import: bool = False
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unmatched_owners: tuple[str, ...] = ()
    away: int = 0
    stopped: str | None = None

    def note_problems(self, record: str, problems: tuple[str, ...]) -> None:
        """Keep what is wrong with a record; of very many the first ones, as a big book may have as many."""
        if record in self.problems or len(self.problems) < MOST_PROBLEMS:
            self.problems[record] = problems

    def restore(self, earlier: SyncReport) -> None:
        """Be as `earlier` again: what was counted since then was rolled back."""
        for one in fields(self):
            setattr(self, one.name, getattr(earlier, one.name))

    def failed_of(self, what: str) -> tuple[str, ...]:
        """The ids of the deals ("deal"), or of the activities of a type, that could not be taken over."""
        return tuple(name.partition(" ")[2] for name in self.failed if name.startswith(f"{what} "))

    @property
    def touched(self) -> int:
        """How many things changed here."""
        runs = self.runs_new + self.runs_changed + self.runs_gone
        return runs + self.facts_new + self.facts_changed + self.facts_withdrawn
