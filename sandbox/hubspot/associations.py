"""Which records belong together. Every association stands in both directions."""

from __future__ import annotations

from sandbox.hubspot.kinds import Kind, Link, link_between
from sandbox.hubspot.records import Record


class Associations:
    """Links between records by type and id, in the order in which they were made."""

    def __init__(self) -> None:
        self._links: dict[tuple[str, str, str], dict[str, list[int]]] = {}

    def add(self, source: Record, target: Record) -> Link:
        """Associate two records by the default type; again is harmless.

        The first company of a deal, contact or ticket is its primary one, as HubSpot has it.
        Raises ApiError 400 when there is no default type between them.
        """
        link = link_between(source.kind, target.kind)
        if target.id not in self.of(source.kind, source.id, target.kind):
            back = link_between(target.kind, source.kind)
            child = source if target.kind.name == "companies" else target
            company = target if child is source else source
            is_first = not self.of(child.kind, child.id, company.kind)
            self._put(source, target, link, primary=is_first)
            self._put(target, source, back, primary=is_first)
        return link

    def of(self, kind: Kind, record_id: str, target: Kind) -> dict[str, list[int]]:
        """Ids of the associated records of type `target`, each with its association type ids."""
        return self._links.get((kind.name, record_id, target.name), {})

    def forget(self, record: Record, kinds: dict[str, Kind]) -> None:
        """Remove all associations of the record."""
        for target in kinds.values():
            for other in self._links.pop((record.kind.name, record.id, target.name), {}):
                self._links.get((target.name, other, record.kind.name), {}).pop(record.id, None)

    def _put(self, source: Record, target: Record, link: Link, primary: bool) -> None:
        type_ids = [link.type_id]
        if primary and link.primary_id is not None:
            type_ids.insert(0, link.primary_id)
        self._links.setdefault((source.kind.name, source.id, target.kind.name), {})[target.id] = type_ids
