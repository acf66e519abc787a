"""Reads HubSpot for the services: ids through the search, values by id, for the search index lags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from bot.config import HubSpotConfig
from bot.hubspot.activities import ACTIVITY_PROPERTIES, DISPOSITIONS, Links, Reading, read_activity
from bot.hubspot.batches import BATCH, SEARCH_PAGE, Batches, Linked, Listed, Properties
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.deals import (
    LinkedContact,
    StageMeta,
    company_properties,
    contact_properties,
    deal_properties,
    link_properties,
    read_deal,
)
from bot.hubspot.emails import TEXT_PROPERTIES, read_email_text
from bot.hubspot.meeting_links import first_link
from bot.hubspot.values import EPOCH, read_instant, text_of
from bot.services.crm import (
    ACTIVITY_TYPES,
    ActivityBatch,
    Changed,
    CrmActivity,
    CrmDeal,
    CrmOwner,
    DealBatch,
    DealLinks,
    EmailText,
    Page,
)
from bot.services.crm_errors import NotFound
from bot.services.runs.call_outcomes import LONGEST_ID

LIST_PAGES = 5  # of a list and
SEARCH_PAGES = 2  # of a search make one page of the book, so that the batches of what they link to are full
MERGED = "hs_merged_object_ids"
_CAN_MERGE = ("deals", "companies", "contacts")
_DEAL_LINKS = ("companies", "contacts")
_ACTIVITY_LINKS = ("deals", "companies", "contacts")


class HubSpotGateway:
    """The `CrmReader` of a HubSpot account. Owners and pipeline stages are read once, and again by
    `forget()`."""

    def __init__(self, client: HubSpotClient, config: HubSpotConfig) -> None:
        self.client = client
        self.config = config
        self._owners: tuple[CrmOwner, ...] | None = None
        # Those active, and those deactivated, when both were read the last time.
        self._last_owners: tuple[tuple[CrmOwner, ...], tuple[CrmOwner, ...]] | None = None
        self._stages: Mapping[str, StageMeta] | None = None
        self._batches = Batches(client)

    def forget(self, *, deactivated: bool = False) -> None:
        """Read owners and stages anew the next time they are needed.

        Who is deactivated is missing among the active ones, so those are read again only when these changed, or
        when told to.
        """
        self._owners = self._stages = None
        if deactivated:
            self._last_owners = None

    def owners(self) -> tuple[CrmOwner, ...]:
        """All owners, those deactivated last."""
        known = self._owners  # another thread may forget them meanwhile
        if known is None:
            active = tuple(_owner(raw, True) for raw in self._owner_pages(False))
            before = self._last_owners
            if before is not None and before[0] == active:
                known = active + before[1]
            else:
                gone = tuple(_owner(raw, False) for raw in self._owner_pages(True))
                self._last_owners, known = (active, gone), active + gone
            self._owners = known
        return known

    def stages(self) -> Mapping[str, StageMeta]:
        """The renewals pipeline's stages by id. Raises NotFound when the account has no such pipeline."""
        known = self._stages
        if known is None:
            for pipeline in self.client.pipelines().get("results", ()):
                if str(pipeline.get("id")) == self.config.pipeline:
                    known = self._stages = {
                        str(stage["id"]): _stage(stage) for stage in pipeline.get("stages", ())
                    }
                    break
            else:
                raise NotFound(
                    f"HubSpot has no deal pipeline {self.config.pipeline!r}: mend hubspot.pipeline."
                )
        return known

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

    def changed(self, object_type: str, since: datetime) -> Changed:
        """What changed at or after `since`, by a search paged by id."""
        # Contacts keep their change under another name; theirs under the usual one silently finds nothing.
        modified = "lastmodifieddate" if object_type == "contacts" else "hs_lastmodifieddate"
        millis = (since - EPOCH) // timedelta(milliseconds=1)
        later: Json = {"propertyName": modified, "operator": "GTE", "value": str(millis)}
        asked = (modified, MERGED) if object_type in _CAN_MERGE else (modified,)
        found: dict[str, datetime] = {}
        merged: list[str] = []
        for page in self._batches.search(object_type, [later], asked):
            for one in page:
                properties = one.get("properties") or {}
                found[str(one["id"])] = read_instant(text_of(properties, modified) or str(millis))
                merged += filter(None, (text_of(properties, MERGED) or "").split(";"))
        return Changed(found, tuple(merged))

    def deals(self, ids: Iterable[str]) -> DealBatch:
        """These deals as they are now, with company and contacts; unreadable values are problems of their
        deal."""
        wanted = tuple(dict.fromkeys(ids))
        raw = self._batches.read("deals", wanted, self._deal_properties)
        return DealBatch(self._with_links(self._linked_deals(raw)), frozenset(wanted) - raw.keys())

    def merged_into(self, ids: Iterable[str]) -> dict[str, str]:
        """Those of these deals, not there by their own ids, that are read as others: {deal: the one it is read as}.

        Most were deleted: a hundred of these are a single call.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            read = self._batches.read("deals", some, (MERGED,))
            if read and len(some) == 1:
                found[some[0]] = next(iter(read))
            elif read:
                half = len(some) // 2
                found |= self.merged_into(some[:half]) | self.merged_into(some[half:])
        return found

    def activities(self, object_type: str, ids: Iterable[str], *, links: bool = True) -> ActivityBatch:
        """These activities as they are now, with their links when asked for; one that cannot be read counts
        for nothing."""
        wanted = tuple(dict.fromkeys(ids))
        raw = self._batches.read(object_type, wanted, ACTIVITY_PROPERTIES[object_type])
        asked = _ACTIVITY_LINKS if links else ()
        sides = {to: self._batches.linked(object_type, to, tuple(raw)) for to in asked}
        listed = [
            Listed(one, raw[one], {to: side[one] for to, side in sides.items() if one in side}) for one in raw
        ]
        return ActivityBatch(self._read_activities(object_type, listed), frozenset(wanted) - raw.keys())

    def email_texts(self, ids: Iterable[str]) -> dict[str, EmailText]:
        """What these emails say: bodies are long, so that only those are asked for that somebody reads."""
        return {
            one: read_email_text(properties)
            for one, properties in self._batches.read("emails", ids, TEXT_PROPERTIES).items()
        }

    def meeting_links(self, user_ids: Iterable[str]) -> dict[str, str]:
        """Each user's default booking page, else their first; {user id: address}. Raises MissingScope."""
        found = {user_id: first_link(self._link_pages(user_id)) for user_id in dict.fromkeys(user_ids)}
        return {user_id: link for user_id, link in found.items() if link is not None}

    def _link_pages(self, user_id: str) -> Iterator[Json]:
        after: str | None = None
        while True:
            page = self.client.meeting_links(user_id, after=after)
            yield from page.get("results", ())
            after = ((page.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                return

    # -- the whole book ----------------------------------------------------------------------------------

    def count(self, object_type: str, *, renewals: bool = False) -> int:
        """How many records of a type there are, or of the renewals pipeline's deals only."""
        return self._batches.count(object_type, [self._in_pipeline] if renewals else ())

    def listed_deals(self, after: str | None) -> Page[CrmDeal]:
        """Deals of the renewals pipeline among the next 500 of all, in the order of ids."""
        found: list[Listed] = []
        read = 0
        for _ in range(LIST_PAGES):
            page, after = self._batches.listed("deals", self._deal_properties, _DEAL_LINKS, after)
            read += len(page)
            found += [one for one in page if text_of(one.properties, "pipeline") == self.config.pipeline]
            if after is None:
                break
        return Page(self._with_links(found), after, read)

    def searched_deals(self, after: str | None) -> Page[CrmDeal]:
        """The next 400 deals of the renewals pipeline in the order of ids."""
        raw: dict[str, Properties] = {}
        pages = self._batches.search("deals", [self._in_pipeline], self._deal_properties, after or "0")
        for page in islice(pages, SEARCH_PAGES):
            raw |= {str(one["id"]): one.get("properties") or {} for one in page}
        more = len(raw) == SEARCH_PAGES * SEARCH_PAGE
        return Page(self._with_links(self._linked_deals(raw)), max(raw, key=int) if more else None, len(raw))

    def listed_activities(self, object_type: str, after: str | None) -> Page[CrmActivity]:
        """The next 100 activities of a type with their links, in the order of ids."""
        page, after = self._batches.listed(
            object_type, ACTIVITY_PROPERTIES[object_type], _ACTIVITY_LINKS, after
        )
        return Page(self._read_activities(object_type, page), after, len(page))

    # -- what they have in common ------------------------------------------------------------------------

    @property
    def _in_pipeline(self) -> Json:
        return {"propertyName": "pipeline", "operator": "EQ", "value": self.config.pipeline}

    @property
    def _deal_properties(self) -> tuple[str, ...]:
        return (*deal_properties(self.config), *link_properties(self.config))

    def _linked_deals(self, raw: Mapping[str, Properties]) -> list[Listed]:
        """Deals that were read without their links."""
        sides = {to: self._batches.linked("deals", to, tuple(raw)) for to in _DEAL_LINKS}
        return [
            Listed(one, raw[one], {to: side[one] for to, side in sides.items() if one in side}) for one in raw
        ]

    def _with_links(self, listed: Sequence[Listed]) -> tuple[CrmDeal, ...]:
        """Deals with the companies and contacts that they are linked to."""
        company_of = {
            one.id: _first(one.linked["companies"]) for one in listed if one.linked.get("companies")
        }
        contacts_of = {one.id: one.linked.get("contacts", ()) for one in listed}
        companies = self._batches.read("companies", company_of.values(), company_properties(self.config))
        people = [contact for linked in contacts_of.values() for contact, _ in linked]
        contacts = self._batches.read("contacts", people, contact_properties(self.config))
        stages = self.stages()
        deals = []
        for one in listed:
            company_id = company_of.get(one.id, "")
            company = (company_id, companies[company_id]) if company_id in companies else None
            linked = [
                LinkedContact(contact, contacts[contact], primary)
                for contact, primary in contacts_of[one.id]
                if contact in contacts
            ]
            deals.append(read_deal(one.id, one.properties, self.config, stages, company, linked))
        return tuple(deals)

    def _read_activities(self, object_type: str, listed: Sequence[Listed]) -> tuple[CrmActivity, ...]:
        reading = Reading(
            self.config.call_outcomes, frozenset(owner.email for owner in self.owners() if owner.email)
        )
        found: list[CrmActivity] = []
        for one in listed:
            links = Links(*(tuple(i for i, _ in one.linked.get(to, ())) for to in _ACTIVITY_LINKS))
            try:
                found.append(read_activity(object_type, one.id, one.properties, links, reading))
            except ValueError as error:
                found.append(_unreadable(object_type, one.id, links, str(error)))
        return tuple(found)

    def activity_ids(
        self, deals: Iterable[DealLinks], object_types: Sequence[str] = ACTIVITY_TYPES
    ) -> Mapping[str, frozenset[str]]:
        """Activities linked to these deals, their companies or their contacts."""
        known = tuple(deals)
        sides = {
            "deals": [deal.deal_id for deal in known],
            "companies": [deal.company_id for deal in known if deal.company_id],
            "contacts": [contact_id for deal in known for contact_id in deal.contact_ids],
        }
        found: dict[str, frozenset[str]] = {}
        for object_type in object_types:
            ids: set[str] = set()
            for side, side_ids in sides.items():
                for linked in self._batches.linked(side, object_type, side_ids).values():
                    ids.update(one for one, _ in linked)
            found[object_type] = frozenset(ids)
        return found

    def archived(self, object_type: str, after: str | None) -> Page[str]:
        """The next hundred ids of the recycling bin, in the order of ids."""
        page = self.client.page(object_type, ("hs_object_id",), archived=True, limit=BATCH, after=after)
        ids = tuple(str(one["id"]) for one in page["results"])
        return Page(ids, ((page.get("paging") or {}).get("next") or {}).get("after"), len(ids))

    def erased_contacts(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these contacts who were deleted for good: not there, not merged, and in no recycling bin."""
        wanted = tuple(dict.fromkeys(ids))
        missing = set(wanted) - self._batches.read("contacts", wanted, ("hs_object_id",)).keys()
        return frozenset(
            one
            for one in missing
            # One that was merged is read as the contact that it was merged into.
            if not self._batches.read("contacts", [one], ("hs_object_id",))
            and not self.client.in_bin("contacts", one)
        )

    def _owner_pages(self, archived: bool) -> Iterator[Json]:
        after: str | None = None
        while True:
            page = self.client.owners(after=after, archived=archived)
            yield from page.get("results", ())
            after = ((page.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                return


def _first(linked: Linked) -> str:
    """The primary one, else the first."""
    return next((one for one, primary in linked if primary), linked[0][0])


def _owner(raw: Json, active: bool) -> CrmOwner:
    email = str(raw.get("email") or "").strip().lower()
    name = " ".join(str(raw.get(part) or "").strip() for part in ("firstName", "lastName")).strip()
    user_id = raw.get("userId")
    return CrmOwner(
        id=str(raw["id"]),
        email=email,
        name=(name or email or f"owner {raw['id']}")[:200],
        active=active,
        user_id=None if user_id is None else str(user_id),
    )


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
