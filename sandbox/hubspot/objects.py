"""The calls on CRM records: list, read, create, change, delete, and search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sandbox.hubspot import search
from sandbox.hubspot.calls import Answer, Call, Endpoint, properties_of
from sandbox.hubspot.errors import invalid, not_found
from sandbox.hubspot.kinds import Kind, kind_of, link_between, target_of
from sandbox.hubspot.records import Record
from sandbox.hubspot.sources import API

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal

AREA = "/crm/objects"
READ, WRITE = "crm.objects.{kind}.read", "crm.objects.{kind}.write"
PAGE, LARGEST_PAGE, LARGEST_PAGE_WITH_HISTORY = 10, 100, 50


def list_records(portal: Portal, call: Call) -> Answer:
    """One page in the order of ids; `after` is the id to go on from."""
    kind, archived = call.kind(), call.flag("archived")
    most = LARGEST_PAGE_WITH_HISTORY if call.names("propertiesWithHistory") else LARGEST_PAGE
    limit = call.whole("limit", PAGE, most)
    after = call.query.get("after", "0")
    if not after.isdigit():
        raise invalid(f"after {after} is not a paging mark", field="after")
    fitting = (
        record
        for record in portal.records.all(kind)
        if record.archived is archived and int(record.id) >= int(after)
    )
    page = list(islice(fitting, limit + 1))
    body: dict[str, Any] = {"results": [_full(portal, record, call) for record in page[:limit]]}
    if len(page) > limit:
        body["paging"] = {"next": {"after": page[limit].id, "link": f"?after={page[limit].id}"}}
    return Answer(body)


def read_record(portal: Portal, call: Call) -> Answer:
    """One record, by id or by a unique property."""
    record = find_by(
        portal, call.kind(), call.path["id"], call.query.get("idProperty"), call.flag("archived")
    )
    return Answer(_full(portal, record, call))


def create_record(portal: Portal, call: Call) -> Answer:
    """A new record with its associations."""
    call.require("properties", "associations")
    record = create_from(portal, call.kind(), call.body)
    return Answer(record.as_json(list(call.properties())), 201, [record.id])


def update_record(portal: Portal, call: Call) -> Answer:
    """Change properties of one record, found by id or by a unique property."""
    call.require("properties")
    kind = call.kind()
    record_id = call.path["id"]
    if "idProperty" in call.query:
        record_id = find_by(portal, kind, record_id, call.query["idProperty"]).id
    record = portal.update(kind.name, record_id, call.properties(), source=API)
    return Answer(record.as_json(list(call.properties())), wrote=[record.id])


def archive_record(portal: Portal, call: Call) -> Answer:
    """Delete one record; deleting again is no error."""
    portal.archive(call.kind().name, call.path["id"])
    return Answer(status=204, wrote=[call.path["id"]])


def search_records(portal: Portal, call: Call) -> Answer:
    """What fits the filters, as the delayed index sees it."""
    kind = call.kind()
    known = portal.schema.of(kind)
    return Answer(search.run(search.read_query(call.body, kind, known), portal.index, kind, known))


def find_by(
    portal: Portal, kind: Kind, value: str, id_property: str | None, archived: bool = False
) -> Record:
    """A record by its id, or by a unique property's value. Raises ApiError 400 or 404."""
    if id_property is None or id_property == "hs_object_id":
        return portal.get(kind.name, value, archived=archived)
    require_unique(portal, kind, id_property)
    record = portal.records.holder(kind, id_property, value)
    if record is None or archived:
        raise not_found(value, kind.name)
    return record


def require_unique(portal: Portal, kind: Kind, name: str) -> None:
    """Raises ApiError 400 unless `name` is a property of the type with unique values."""
    definition = portal.schema.of(kind).get(name)
    if definition is None:
        raise invalid(f"Property {name} does not exist", code="PROPERTY_DOESNT_EXIST")
    if not definition.unique:
        raise invalid(f"Property {name} of {kind.name} is not a unique property", field="idProperty")


def create_from(portal: Portal, kind: Kind, body: Mapping[str, Any]) -> Record:
    """Create a record from a create body or a batch input. Raises ApiError 400, 404 or 409."""
    targets = read_associations(kind, body.get("associations"))
    return portal.create(kind.name, properties_of(body), targets, source=API)


def read_associations(kind: Kind, given: Any) -> list[tuple[str, str]]:
    """(type, id) of what a new record is to be associated with. Raises ApiError 400."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise invalid("associations must be a list.", field="associations")
    targets = []
    for one in given:
        try:
            target_id = str(one["to"]["id"])
            types = [(spec["associationCategory"], spec["associationTypeId"]) for spec in one["types"]]
        except (KeyError, TypeError) as wrong:
            raise invalid(
                "Each association needs to.id and types with associationCategory and associationTypeId.",
                field="associations",
            ) from wrong
        if not types:
            raise invalid("An association needs at least one type.", field="associations")
        for category, type_id in types:
            if category != "HUBSPOT_DEFINED":
                raise invalid(f"This portal has no association types of category {category}.")
            targets.append((target_of(kind, type_id).name, target_id))
    return list(dict.fromkeys(targets))


def _full(portal: Portal, record: Record, call: Call) -> dict[str, Any]:
    body = record.as_json(call.names("properties"), call.names("propertiesWithHistory"))
    linked: dict[str, Any] = {}
    for name in call.names("associations"):
        target = kind_of(name)
        link = link_between(record.kind, target)
        results = [
            {
                "id": other_id,
                "type": link.name
                if type_id == link.primary_id or link.primary_id is None
                else f"{link.name}_unlabeled",
            }
            for other_id, type_ids in portal.associations.of(record.kind, record.id, target).items()
            for type_id in type_ids
        ]
        if results:
            linked[target.name] = {"results": results}
    return body | {"associations": linked} if linked else body


ENDPOINTS = (
    Endpoint("GET", AREA, "/{kind}", list_records, READ),
    Endpoint("POST", AREA, "/{kind}", create_record, WRITE),
    Endpoint("POST", AREA, "/{kind}/search", search_records, READ, is_search=True),
    Endpoint("GET", AREA, "/{kind}/{id}", read_record, READ),
    Endpoint("PATCH", AREA, "/{kind}/{id}", update_record, WRITE),
    Endpoint("DELETE", AREA, "/{kind}/{id}", archive_record, WRITE),
)
