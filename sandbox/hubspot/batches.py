"""The batch calls on CRM records: 100 inputs at most, and 207 when some of them failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sandbox.hubspot.calls import Answer, Call, Endpoint, properties_of
from sandbox.hubspot.errors import ApiError, invalid, missing_fields
from sandbox.hubspot.kinds import Kind
from sandbox.hubspot.objects import (
    AREA,
    READ,
    WRITE,
    create_from,
    find_by,
    read_associations,
    require_unique,
)
from sandbox.hubspot.sources import API
from sandbox.hubspot.values import instant_text
from sandbox.hubspot.writing import check_values

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal

TRACE = "objectWriteTraceId"


def read_batch(portal: Portal, call: Call) -> Answer:
    """Records by id or unique property; those that are not there are named in one error."""
    call.require("properties", "propertiesWithHistory")
    kind, id_property, archived = call.kind(), call.body.get("idProperty"), call.flag("archived")
    found: dict[str, dict[str, Any]] = {}
    missing: list[str] = []
    for one in call.inputs("id"):
        try:
            record = find_by(portal, kind, str(one["id"]), id_property, archived)
        except ApiError as problem:
            if problem.status != 404:
                raise
            missing.append(str(one["id"]))
        else:
            found[record.id] = record.as_json(
                _names(call.body["properties"]), _names(call.body["propertiesWithHistory"])
            )
    return batch_answer(portal, list(found.values()), [_not_there(kind, missing)] if missing else [])


def create_batch(portal: Portal, call: Call) -> Answer:
    """New records, all or none; with a trace id on every input, as many as can be."""
    kind = call.kind()
    inputs = call.inputs("properties", "associations")

    def create(one: Mapping[str, Any]) -> dict[str, Any]:
        return create_from(portal, kind, one).as_json(list(properties_of(one)))

    if not _traced(inputs):
        for one in inputs:
            targets = read_associations(kind, one["associations"])
            portal.check_new(kind.name, properties_of(one), targets)
    return _write_each(portal, inputs, create, status=201)


def update_batch(portal: Portal, call: Call) -> Answer:
    """Changes by id or unique property; ids that are not there fail alone."""
    kind = call.kind()
    inputs = call.inputs("id", "properties")
    _refuse_repeated(inputs)

    def update(one: Mapping[str, Any]) -> dict[str, Any]:
        record = find_by(portal, kind, str(one["id"]), one.get("idProperty"))
        changed = portal.update(kind.name, record.id, properties_of(one), source=API)
        return changed.as_json(list(properties_of(one)))

    if not _traced(inputs):
        for one in inputs:
            record = portal.records.find(kind, str(one["id"])) if not one.get("idProperty") else None
            check_values(portal, kind, properties_of(one), record, unique=False)
    return _write_each(portal, inputs, update)


def upsert_batch(portal: Portal, call: Call) -> Answer:
    """Change or create by a unique property; carries no associations."""
    kind = call.kind()
    inputs = call.inputs("id", "properties")
    _refuse_repeated(inputs)
    for place, one in enumerate(inputs):
        if not one.get("idProperty"):
            raise missing_fields([f"inputs[{place}].idProperty"])
        require_unique(portal, kind, str(one["idProperty"]))

    def upsert(one: Mapping[str, Any]) -> dict[str, Any]:
        name, value = str(one["idProperty"]), str(one["id"])
        properties = {name: value, **properties_of(one)}
        held = portal.records.holder(kind, name, value)
        if held is None:
            record = portal.create(kind.name, properties, source=API)
        else:
            record = portal.update(kind.name, held.id, properties, source=API)
        return record.as_json(list(properties)) | {"new": held is None}

    if not _traced(inputs):
        for one in inputs:
            check_values(portal, kind, properties_of(one), unique=False)
    return _write_each(portal, inputs, upsert)


def archive_batch(portal: Portal, call: Call) -> Answer:
    """Delete by id; ids that are not there are no error."""
    ids = [str(one["id"]) for one in call.inputs("id")]
    for record_id in ids:
        portal.archive(call.kind().name, record_id)
    return Answer(status=204, wrote=ids)


def batch_answer(
    portal: Portal, results: Sequence[Any], errors: Sequence[Mapping[str, Any]], status: int = 200
) -> Answer:
    """HubSpot's envelope of a batch: 207 as soon as one input failed."""
    now = instant_text(portal.clock.now())
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if errors:
        body |= {"numErrors": len(errors), "errors": errors}
    wrote = [one["id"] for one in results if "id" in one]
    return Answer(body, 207 if errors else status, wrote)


def _write_each(
    portal: Portal,
    inputs: Sequence[Mapping[str, Any]],
    write: Callable[[Mapping[str, Any]], dict[str, Any]],
    status: int = 200,
) -> Answer:
    results: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for one in inputs:
        trace = {TRACE: str(one[TRACE])} if TRACE in one else {}
        try:
            results.append(write(one) | trace)
        except ApiError as problem:
            context = dict(problem.context or {}) | {name: [value] for name, value in trace.items()}
            if "id" in one:
                context.setdefault("ids", [str(one["id"])])
            errors.append(
                {
                    "status": "error",
                    "category": problem.category,
                    "message": problem.message,
                    "context": context,
                    "errors": problem.errors,
                }
            )
    return batch_answer(portal, results, errors, status)


def _traced(inputs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the caller asked for answers per input; else one invalid input refuses the whole batch."""
    return all(TRACE in one for one in inputs)


def _refuse_repeated(inputs: Sequence[Mapping[str, Any]]) -> None:
    ids = [str(one["id"]) for one in inputs]
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    if repeated:
        raise invalid(f"Duplicate IDs found in batch input: [{', '.join(repeated)}]. IDs must be unique.")


def _not_there(kind: Kind, ids: Sequence[str]) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        "context": {"ids": list(ids)},
    }


def _names(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise invalid("properties and propertiesWithHistory must be lists of property names.")
    return given


ENDPOINTS = (
    Endpoint("POST", AREA, "/{kind}/batch/read", read_batch, READ),
    Endpoint("POST", AREA, "/{kind}/batch/create", create_batch, WRITE),
    Endpoint("POST", AREA, "/{kind}/batch/update", update_batch, WRITE),
    Endpoint("POST", AREA, "/{kind}/batch/upsert", upsert_batch, WRITE),
    Endpoint("POST", AREA, "/{kind}/batch/archive", archive_batch, WRITE),
)
