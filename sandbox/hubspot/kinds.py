"""The object types of the CRM and the association types between them."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.hubspot.errors import ApiError, invalid


@dataclass(frozen=True)
class Kind:
    """One object type. `modified` and `created` name the properties that carry its two dates."""

    name: str
    singular: str
    type_id: str
    created: str
    modified: str
    defaults: tuple[str, ...]
    """What is returned beside the id and the dates when no properties are asked for."""

    @property
    def is_engagement(self) -> bool:
        """Calls, emails, meetings, notes and tasks: what stands on a record's timeline."""
        return self.name in ENGAGEMENTS


ENGAGEMENTS = ("calls", "emails", "meetings", "notes", "tasks")


def _record(name: str, singular: str, type_id: str, *defaults: str, modified: str) -> Kind:
    return Kind(name, singular, type_id, "createdate", modified, defaults)


def _engagement(name: str, singular: str, type_id: str) -> Kind:
    return Kind(name, singular, type_id, "hs_createdate", "hs_lastmodifieddate", ())


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _record("contacts", "contact", "0-1", "email", "firstname", "lastname", modified="lastmodifieddate"),
        _record("companies", "company", "0-2", "domain", "name", modified="hs_lastmodifieddate"),
        _record(
            "deals",
            "deal",
            "0-3",
            *("amount", "closedate", "dealname", "dealstage", "pipeline"),
            modified="hs_lastmodifieddate",
        ),
        _record(
            "tickets",
            "ticket",
            "0-5",
            *("content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "subject"),
            modified="hs_lastmodifieddate",
        ),
        _engagement("tasks", "task", "0-27"),
        _engagement("notes", "note", "0-46"),
        _engagement("meetings", "meeting", "0-47"),
        _engagement("calls", "call", "0-48"),
        _engagement("emails", "email", "0-49"),
    )
}

_BY_ALIAS = {alias: kind for kind in KINDS.values() for alias in (kind.name, kind.singular, kind.type_id)}


def kind_of(named: str) -> Kind:
    """The type called `named` (plural, singular or type id). Raises ApiError 400 for another name."""
    kind = _BY_ALIAS.get(named.lower())
    if kind is None:
        raise invalid(f"Unable to infer object type from: {named}")
    return kind


# HubSpot's own numbers, both directions: {(from, to): (default type id, primary type id or None)}.
_PAIRS: dict[tuple[str, str], tuple[int, int | None]] = {
    ("deals", "contacts"): (3, None),
    ("contacts", "deals"): (4, None),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("calls", "contacts"): (194, None),
    ("contacts", "calls"): (193, None),
    ("calls", "companies"): (182, None),
    ("companies", "calls"): (181, None),
    ("calls", "deals"): (206, None),
    ("deals", "calls"): (205, None),
    ("emails", "contacts"): (198, None),
    ("contacts", "emails"): (197, None),
    ("emails", "companies"): (186, None),
    ("companies", "emails"): (185, None),
    ("emails", "deals"): (210, None),
    ("deals", "emails"): (209, None),
    ("meetings", "contacts"): (200, None),
    ("contacts", "meetings"): (199, None),
    ("meetings", "companies"): (188, None),
    ("companies", "meetings"): (187, None),
    ("meetings", "deals"): (212, None),
    ("deals", "meetings"): (211, None),
    ("notes", "contacts"): (202, None),
    ("contacts", "notes"): (201, None),
    ("notes", "companies"): (190, None),
    ("companies", "notes"): (189, None),
    ("notes", "deals"): (214, None),
    ("deals", "notes"): (213, None),
    ("tasks", "contacts"): (204, None),
    ("contacts", "tasks"): (203, None),
    ("tasks", "companies"): (192, None),
    ("companies", "tasks"): (191, None),
    ("tasks", "deals"): (216, None),
    ("deals", "tasks"): (215, None),
    ("tickets", "contacts"): (16, None),
    ("contacts", "tickets"): (15, None),
    ("tickets", "companies"): (339, 26),
    ("companies", "tickets"): (340, 25),
    ("tickets", "deals"): (28, None),
    ("deals", "tickets"): (27, None),
}


@dataclass(frozen=True)
class Link:
    """The default association from one type to another, and the primary one where there is one."""

    source: str
    target: str
    type_id: int
    primary_id: int | None

    @property
    def name(self) -> str:
        """HubSpot's name of it in an object's `associations`, such as deal_to_company."""
        return f"{KINDS[self.source].singular}_to_{KINDS[self.target].singular}"


_LINKS = {pair: Link(*pair, type_id, primary) for pair, (type_id, primary) in _PAIRS.items()}
_TARGETS = {
    (source, type_id): target
    for (source, target), numbers in _PAIRS.items()
    for type_id in numbers
    if type_id is not None
}


def link_between(source: Kind, target: Kind) -> Link:
    """The default link. Raises ApiError 400 when HubSpot has none between the two types."""
    link = _LINKS.get((source.name, target.name))
    if link is None:
        raise ApiError(
            400,
            "VALIDATION_ERROR",
            f"No default association type exists between {source.singular} and {target.singular}",
        )
    return link


def target_of(source: Kind, type_id: int) -> Kind:
    """Which type the association `type_id` leads to. Raises ApiError 400 for a number that does not fit."""
    target = _TARGETS.get((source.name, type_id))
    if target is None:
        raise ApiError(
            400,
            "VALIDATION_ERROR",
            f"Association type id {type_id} is not defined from object type {source.type_id}",
        )
    return KINDS[target]
