"""Many records in few calls: batches of 100 ids, searches and lists in their largest pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.hubspot.client import HubSpotClient, Json
from bot.services.crm_errors import ServerTrouble

BATCH = 100
SEARCH_PAGE = 200

Properties = Mapping[str, Any]
Linked = tuple[tuple[str, bool], ...]  # (id, is it the primary one) in HubSpot's order


@dataclass(frozen=True, slots=True)
class Listed:
    """One record of a list: its properties, and what it is linked to by object type."""

    id: str
    properties: Properties
    linked: Mapping[str, Linked]


class Batches:
    """Reads of many records. Raises `CrmError`s."""

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client

    def read(self, object_type: str, ids: Iterable[str], properties: Sequence[str]) -> dict[str, Properties]:
        """{id: properties}; those that are not there are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Properties] = {}
        for start in range(0, len(wanted), BATCH):
            answer = self._client.batch_read(object_type, wanted[start : start + BATCH], properties)
            for one in answer.get("results", ()):
                # A merged record answers under its new id: the old one is gone, as far as we are concerned.
                found[str(one["id"])] = one.get("properties") or {}
        return found

    def linked(self, from_type: str, to_type: str, ids: Sequence[str]) -> dict[str, Linked]:
        """{id: what it is linked to}; those without a link are left out."""
        found: dict[str, Linked] = {}
        asked: list[Json] = [{"id": one} for one in dict.fromkeys(ids)]
        while asked:
            answer = self._client.linked(from_type, to_type, asked[:BATCH])
            asked = asked[BATCH:]
            for one in answer.get("results", ()):
                key = str(one["from"]["id"])
                more = tuple((str(to["toObjectId"]), _says_primary(to)) for to in one.get("to", ()))
                found[key] = found.get(key, ()) + more
                if rest := _after(one):  # a company of many years has more than one page of emails
                    asked.append({"id": key, "after": rest})
        return found

    def search(
        self, object_type: str, fixed: Sequence[Json], properties: Sequence[str], after: str = "0"
    ) -> Iterator[list[Json]]:
        """Pages of all that fits the filters, from the id `after` on.

        Paging by id has no end at 10,000 and does not stumble over equal times or over records that are
        edited meanwhile: an id never moves.
        """
        while True:
            page = self._client.search(object_type, _search(fixed, properties, after, SEARCH_PAGE))
            results = page.get("results", [])
            ids = [int(one["id"]) for one in results]
            if ids != sorted(ids):
                raise ServerTrouble(
                    "HubSpot answered a search out of order; going on from here could miss records"
                )
            yield results
            if len(results) < SEARCH_PAGE:
                return
            after = str(results[-1]["id"])

    def count(self, object_type: str, fixed: Sequence[Json] = ()) -> int:
        """How many records fit the filters, as the search index has it."""
        total = self._client.search(object_type, _search(fixed, ("hs_object_id",), "0", 1)).get("total")
        return int(total) if isinstance(total, int) else 0

    def listed(
        self, object_type: str, properties: Sequence[str], links: Sequence[str], after: str | None
    ) -> tuple[list[Listed], str | None]:
        """One page of a type's records with their links, and the mark of the next; None at the end."""
        page = self._client.page(
            object_type, properties, archived=False, limit=BATCH, links=links, after=after
        )
        found = [Listed(str(one["id"]), one.get("properties") or {}, _links(one)) for one in page["results"]]
        # A record with very many links has only the first of them in a list.
        for to_type in links:
            cut = [str(one["id"]) for one in page["results"] if _is_cut(one, to_type)]
            if cut:
                whole = self.linked(object_type, to_type, cut)
                found = [
                    Listed(one.id, one.properties, {**one.linked, to_type: whole[one.id]})
                    if one.id in whole
                    else one
                    for one in found
                ]
        return found, _after(page)


def _search(fixed: Sequence[Json], properties: Sequence[str], after: str, limit: int) -> Json:
    beyond = {"propertyName": "hs_object_id", "operator": "GT", "value": after}
    return {
        "filterGroups": [{"filters": [*fixed, beyond]}],
        "sorts": ["hs_object_id"],
        "properties": list(properties),
        "limit": limit,
        "after": "0",
    }


def _links(one: Json) -> dict[str, Linked]:
    """In a list each kind of link is an entry of its own, named by its type: {type: ((id, primary), ...)}."""
    found: dict[str, Linked] = {}
    for to_type, side in (one.get("associations") or {}).items():
        primary: dict[str, bool] = {}
        for link in side.get("results", ()):
            linked = str(link["id"])
            primary[linked] = primary.get(linked, False) or _is_primary(str(link.get("type") or ""))
        found[str(to_type)] = tuple(primary.items())
    return found


def _is_cut(one: Json, to_type: str) -> bool:
    side = (one.get("associations") or {}).get(to_type) or {}
    return _after(side) is not None


def _after(page: Json) -> str | None:
    """The mark of the next page; None on the last."""
    mark = ((page.get("paging") or {}).get("next") or {}).get("after")
    return None if mark is None else str(mark)


def _is_primary(link_type: str) -> bool:
    """Whether a link's type is that of the primary company, whose plain link is called "unlabeled"."""
    return "primary" in link_type or link_type.endswith("_to_company")


def _says_primary(to: Json) -> bool:
    return any("primary" in str(kind.get("label") or "").lower() for kind in to.get("associationTypes", ()))
