"""The calls on associations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.hubspot.batches import batch_answer
from sandbox.hubspot.calls import Answer, Call, Endpoint
from sandbox.hubspot.errors import ApiError, invalid
from sandbox.hubspot.kinds import Kind, Link, link_between

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal

MOST_LINKS = 500  # of one record on a page

READ, WRITE = "crm.objects.{from_kind}.read", "crm.objects.{from_kind}.write"


def associate_default(portal: Portal, call: Call) -> Answer:
    """Associate two records; again is no error."""
    source, target = call.kind("from_kind"), call.kind("to_kind")
    pair = {"from": {"id": call.path["id"]}, "to": {"id": call.path["to_id"]}}
    answer = batch_answer(portal, _associate(portal, source, target, pair), [])
    return Answer(answer.body, answer.status, [call.path["id"], call.path["to_id"]])


def associate_batch(portal: Portal, call: Call) -> Answer:
    """Associate many pairs; those of records that are not there fail alone."""
    source, target = call.kind("from_kind"), call.kind("to_kind")
    results: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for pair in call.inputs("from", "to"):
        try:
            results += _associate(portal, source, target, pair)
        except ApiError as problem:
            if problem.status != 404:
                raise
            context = {"fromObjectId": [str(pair["from"]["id"])], "toObjectId": [str(pair["to"]["id"])]}
            errors.append(
                {
                    "status": "error",
                    "category": problem.category,
                    "message": problem.message,
                    "context": context,
                }
            )
    answer = batch_answer(portal, results, errors)
    return Answer(answer.body, answer.status, [one["from"]["id"] for one in results])


def read_links(portal: Portal, call: Call) -> Answer:
    """What is associated with each record; one without any is named as an error (207), as HubSpot does."""
    source, target = call.kind("from_kind"), call.kind("to_kind")
    link = link_between(source, target)
    results: list[dict[str, Any]] = []
    errors = []
    for one in call.inputs("id"):
        record_id = portal.records.survivor_id(source, str(one["id"]))
        found = portal.associations.of(source, record_id, target)
        if found:
            results.append({"from": {"id": str(one["id"])}, **_page(link, found, one.get("after"))})
        else:
            errors.append(_none_found(source, target, str(one["id"])))
    return batch_answer(portal, results, errors)


def _page(link: Link, found: Mapping[str, list[int]], after: Any) -> dict[str, Any]:
    """Up to MOST_LINKS of a record's associations in the order of ids, from the id `after` on."""
    ordered = sorted(found.items(), key=lambda pair: int(pair[0]))
    if after is not None:
        if not str(after).isdigit():
            raise invalid(f"after {after} is not a paging mark", field="after")
        ordered = [pair for pair in ordered if int(pair[0]) >= int(after)]
    page: dict[str, Any] = {"to": [_linked(link, *pair) for pair in ordered[:MOST_LINKS]]}
    if len(ordered) > MOST_LINKS:
        mark = ordered[MOST_LINKS][0]
        page["paging"] = {"next": {"after": mark, "link": f"?after={mark}"}}
    return page


def _associate(portal: Portal, source: Kind, target: Kind, pair: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        source_id, target_id = str(pair["from"]["id"]), str(pair["to"]["id"])
    except (KeyError, TypeError) as wrong:
        raise invalid("Each input needs from.id and to.id.", field="inputs") from wrong
    link, back = link_between(source, target), link_between(target, source)
    portal.associate(source.name, source_id, target.name, target_id)
    return [
        _made(source_id, target_id, link.type_id),
        _made(target_id, source_id, back.type_id),
    ]


def _made(source_id: str, target_id: str, type_id: int) -> dict[str, Any]:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"from": {"id": source_id}, "to": {"id": target_id}, "associationSpec": spec}


def _linked(link: Link, other_id: str, type_ids: list[int]) -> dict[str, Any]:
    return {
        "toObjectId": other_id,
        "associationTypes": [
            {
                "category": "HUBSPOT_DEFINED",
                "typeId": type_id,
                "label": "Primary" if type_id == link.primary_id else None,
            }
            for type_id in type_ids
        ],
    }


def _none_found(source: Kind, target: Kind, record_id: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {target.singular} is associated with {source.singular} {record_id}.",
        "context": {
            "fromObjectId": [record_id],
            "fromObjectType": [source.singular],
            "toObjectType": [target.singular],
        },
    }


_PUT = "/{from_kind}/{id}/associations/default/{to_kind}/{to_id}"
_BATCH = "/{from_kind}/{to_kind}/batch"

ENDPOINTS = (
    Endpoint("PUT", "/crm/objects", _PUT, associate_default, WRITE, older="v4"),
    Endpoint("POST", "/crm/associations", f"{_BATCH}/read", read_links, READ, older="v4"),
    Endpoint("POST", "/crm/associations", f"{_BATCH}/associate/default", associate_batch, WRITE, older="v4"),
)
