"""Reads HubSpot for the services: ids through the search, values by id, for the search index lags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.config import HubSpotConfig
from bot.hubspot.activities import ACTIVITY_PROPERTIES, DISPOSITIONS, Links, Reading, read_activity
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.deals import (
    CONTACT_PROPERTIES,
    LinkedContact,
    StageMeta,
    company_properties,
    deal_properties,
    link_properties,
    read_deal,
)
from bot.hubspot.values import EPOCH, read_instant, text_of
from bot.services.call_outcomes import LONGEST_ID
from bot.services.crm import (
    ACTIVITY_TYPES,
    ActivityBatch,
    Changed,
    CrmActivity,
    CrmDeal,
    CrmOwner,
    DealBatch,
)
from bot.services.crm_errors import NotFound

BATCH = 100
SEARCH_PAGE = 200


class HubSpotGateway:
    """The `CrmReader` of a HubSpot account. Owners and pipeline stages are read once, and again by
    `forget()`."""

    def __init__(self, client: HubSpotClient, config: HubSpotConfig) -> None:
        self.client = client
        self.config = config
        self._owners: tuple[CrmOwner, ...] | None = None
        self._stages: Mapping[str, StageMeta] | None = None

    def forget(self) -> None:
        """Read owners and stages anew the next time they are needed."""
        self._owners = self._stages = None

    def owners(self) -> tuple[CrmOwner, ...]:
        """All owners, those deactivated last."""
        if self._owners is None:
            self._owners = tuple(_owner(raw, True) for raw in self._owner_pages(False)) + tuple(
                _owner(raw, False) for raw in self._owner_pages(True)
            )
        return self._owners

    def stages(self) -> Mapping[str, StageMeta]:
        """The renewals pipeline's stages by id. Raises NotFound when the account has no such pipeline."""
        if self._stages is None:
            for pipeline in self.client.pipelines().get("results", ()):
                if str(pipeline.get("id")) == self.config.pipeline:
                    self._stages = {str(stage["id"]): _stage(stage) for stage in pipeline.get("stages", ())}
                    break
            else:
                raise NotFound(
                    f"HubSpot has no deal pipeline {self.config.pipeline!r}: mend hubspot.pipeline."
                )
        return self._stages

    def call_outcomes(self) -> dict[str, str]:
        """The call outcomes that the account added to HubSpot's six, {id: name}; those it hides left out."""
        return {
            str(option["value"]): str(option.get("label") or option["value"])
            for definition in self.client.properties("calls").get("results", ())
            if definition.get("name") == "hs_call_disposition"
            for option in definition.get("options") or ()
            if str(option["value"]).lower() not in DISPOSITIONS
            and len(str(option["value"])) <= LONGEST_ID
            and not option.get("hidden")
        }

    def changed(self, object_type: str, since: datetime | None) -> Changed:
        """Ids changed at or after `since`, by a search paged by id.

        Paging by id has no end at 10,000 and does not stumble over equal times or over records that are
        edited
        meanwhile: an id never moves.
        """
        # Contacts keep their change under another name; theirs under the usual one silently finds nothing.
        modified = "lastmodifieddate" if object_type == "contacts" else "hs_lastmodifieddate"
        fixed: list[Json] = []
        if since is not None:
            millis = (since - EPOCH) // timedelta(milliseconds=1)
            fixed.append({"propertyName": modified, "operator": "GTE", "value": str(millis)})
        elif object_type == "deals":
            fixed.append({"propertyName": "pipeline", "operator": "EQ", "value": self.config.pipeline})
        ids: list[str] = []
        latest: datetime | None = None
        for found in self._search(object_type, fixed, modified):
            ids.append(str(found["id"]))
            changed = text_of(found.get("properties") or {}, modified)
            if changed is not None:
                instant = read_instant(changed)
                latest = instant if latest is None else max(latest, instant)
        return Changed(tuple(ids), latest)

    def deals(self, ids: Iterable[str]) -> DealBatch:
        """These deals as they are now, with company and contacts; unreadable values are problems of their
        deal."""
        wanted = tuple(dict.fromkeys(ids))
        links = link_properties(self.config)
        raw = self._read("deals", wanted, (*deal_properties(self.config), *links))
        there = tuple(raw)
        stages = self.stages()
        company_of = {
            deal: _first(linked) for deal, linked in self._linked("deals", "companies", there).items()
        }
        contacts_of = self._linked("deals", "contacts", there)
        companies = self._read(
            "companies", [c for c, _ in company_of.values()], company_properties(self.config)
        )
        people = [contact for linked in contacts_of.values() for contact, _ in linked]
        contacts = self._read("contacts", people, CONTACT_PROPERTIES)
        deals = []
        for deal_id in there:
            company_id = company_of[deal_id][0] if deal_id in company_of else None
            company = (company_id, companies[company_id]) if company_id in companies else None
            linked = [
                LinkedContact(contact, contacts[contact], primary)
                for contact, primary in contacts_of.get(deal_id, ())
                if contact in contacts
            ]
            deals.append(read_deal(deal_id, raw[deal_id], self.config, stages, company, linked))
        return DealBatch(tuple(deals), frozenset(wanted) - raw.keys())

    def activities(self, object_type: str, ids: Iterable[str]) -> ActivityBatch:
        """These activities as they are now, with their links; one that cannot be read counts for nothing."""
        wanted = tuple(dict.fromkeys(ids))
        raw = self._read(object_type, wanted, ACTIVITY_PROPERTIES[object_type])
        there = tuple(raw)
        deals, companies, contacts = (
            self._linked(object_type, to, there) for to in ("deals", "companies", "contacts")
        )
        reading = Reading(
            self.config.call_outcomes, frozenset(owner.email for owner in self.owners() if owner.email)
        )
        found: list[CrmActivity] = []
        for one in there:
            links = Links(*(tuple(i for i, _ in side.get(one, ())) for side in (deals, companies, contacts)))
            try:
                found.append(read_activity(object_type, one, raw[one], links, reading))
            except ValueError as error:
                found.append(_unreadable(object_type, one, links, str(error)))
        return ActivityBatch(tuple(found), frozenset(wanted) - raw.keys())

    def activity_ids(self, deals: Iterable[CrmDeal]) -> Mapping[str, frozenset[str]]:
        """Activities linked to these deals, their companies or their contacts."""
        known = tuple(deals)
        sides = {
            "deals": [deal.id for deal in known],
            "companies": [deal.company_id for deal in known if deal.company_id],
            "contacts": [deal.contact.id for deal in known if deal.contact],
        }
        found: dict[str, frozenset[str]] = {}
        for object_type in ACTIVITY_TYPES:
            ids: set[str] = set()
            for side, side_ids in sides.items():
                for linked in self._linked(side, object_type, side_ids).values():
                    ids.update(one for one, _ in linked)
            found[object_type] = frozenset(ids)
        return found

    def lately_archived(self, object_type: str) -> frozenset[str]:
        """Ids on the first page of archived records."""
        page = self.client.page(object_type, ("hs_lastmodifieddate",), archived=True, limit=BATCH)
        return frozenset(str(one["id"]) for one in page.get("results", ()))

    # -- pages and batches -------------------------------------------------------------------------------

    def _search(self, object_type: str, fixed: Sequence[Json], modified: str) -> Iterator[Json]:
        last = "0"
        while True:
            beyond = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
            page = self.client.search(
                object_type,
                {
                    "filterGroups": [{"filters": [*fixed, beyond]}],
                    "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                    "properties": [modified],
                    "limit": SEARCH_PAGE,
                    "after": "0",
                },
            )
            results = page.get("results", [])
            yield from results
            if len(results) < SEARCH_PAGE:
                return
            last = str(results[-1]["id"])

    def _read(
        self, object_type: str, ids: Iterable[str], properties: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]:
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(wanted), BATCH):
            answer = self.client.batch_read(object_type, wanted[start : start + BATCH], properties)
            for one in answer.get("results", ()):
                # A merged record answers under its new id: the old one is gone, as far as we are concerned.
                found[str(one["id"])] = one.get("properties") or {}
        return found

    def _linked(
        self, from_type: str, to_type: str, ids: Sequence[str]
    ) -> dict[str, tuple[tuple[str, bool], ...]]:
        """{id: ((linked id, is it the primary one), ...)}"""
        found: dict[str, tuple[tuple[str, bool], ...]] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), BATCH):
            answer = self.client.linked(from_type, to_type, wanted[start : start + BATCH])
            for one in answer.get("results", ()):
                key = str(one["from"]["id"])
                more = tuple((str(to["toObjectId"]), _is_primary(to)) for to in one.get("to", ()))
                found[key] = found.get(key, ()) + more
        return found

    def _owner_pages(self, archived: bool) -> Iterator[Json]:
        after: str | None = None
        while True:
            page = self.client.owners(after=after, archived=archived)
            yield from page.get("results", ())
            after = ((page.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                return


def _first(linked: Sequence[tuple[str, bool]]) -> tuple[str, bool]:
    """The primary one, else the first."""
    return next((one for one in linked if one[1]), linked[0])


def _is_primary(to: Json) -> bool:
    return any("primary" in str(kind.get("label") or "").lower() for kind in to.get("associationTypes", ()))


def _owner(raw: Json, active: bool) -> CrmOwner:
    email = str(raw.get("email") or "").strip().lower()
    name = " ".join(str(raw.get(part) or "").strip() for part in ("firstName", "lastName")).strip()
    return CrmOwner(str(raw["id"]), email, (name or email or f"owner {raw['id']}")[:200], active)


def _stage(raw: Json) -> StageMeta:
    meta = raw.get("metadata") or {}
    try:
        probability = float(meta["probability"])
    except (KeyError, TypeError, ValueError):
        probability = None
    return StageMeta(str(raw.get("label") or ""), str(meta.get("isClosed")).lower() == "true", probability)


def _unreadable(object_type: str, object_id: str, links: Links, why: str) -> CrmActivity:
    return CrmActivity(
        object_type=object_type,
        id=object_id,
        at=EPOCH,
        facts=(),
        deal_ids=links.deals,
        company_ids=links.companies,
        contact_ids=links.contacts,
        problems=(why,),
    )
