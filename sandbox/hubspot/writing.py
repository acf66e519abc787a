"""What a write must satisfy before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.hubspot.errors import ApiError, PropertyProblem, invalid_properties
from sandbox.hubspot.kinds import Kind
from sandbox.hubspot.records import Record

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal

DEFAULT_PIPELINE = "default"


def check_values(
    portal: Portal,
    kind: Kind,
    properties: Mapping[str, Any],
    record: Record | None = None,
    unique: bool = True,
) -> dict[str, str]:
    """The values as they will be kept ("" clears). Raises ApiError 400 with every problem, or 409.

    `record` is the one being changed, None for a new one. `unique`: whether to look for other holders too.
    """
    known = portal.schema.of(kind)
    kept: dict[str, str] = {}
    problems: list[PropertyProblem] = []
    for name, given in properties.items():
        text = _as_text(given)
        definition = known.get(name)
        if definition is None:
            problems.append(
                PropertyProblem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
            )
        elif definition.read_only:
            problems.append(
                PropertyProblem(
                    name, "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.'
                )
            )
        elif not text:
            kept[name] = ""
        else:
            try:
                kept[name] = definition.check(text)
            except PropertyProblem as problem:
                problems.append(problem)
    problems += _outside_choices(portal, kind, kept, record)
    if problems:
        raise invalid_properties(problems)
    if unique:
        _check_unique(portal, kind, kept, record)
    return kept


def require_on_create(kind: Kind, values: Mapping[str, str]) -> None:
    """Raises ApiError 400 when a new record lacks what its type cannot be without."""
    needed = {
        "deals": ("dealname", "dealstage"),
        "contacts": (),
        "companies": (),
        "tickets": ("subject", "hs_pipeline_stage"),
    }.get(kind.name, ("hs_timestamp",))
    missing = [name for name in needed if not values.get(name)]
    one_of = {"contacts": ("email", "firstname", "lastname"), "companies": ("name", "domain")}.get(
        kind.name, ()
    )
    if one_of and not any(values.get(name) for name in one_of):
        missing.append(" or ".join(one_of))
    if missing:
        label = kind.singular.upper()
        raise ApiError(
            400,
            "VALIDATION_ERROR",
            f"Error creating {label}. Some required properties were not set.",
            errors=[
                {
                    "message": f"Required property {name} was not set",
                    "code": "REQUIRED_PROPERTY",
                    "context": {"properties": [name]},
                }
                for name in missing
            ],
            context={"properties": missing},
        )


def derived_values(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    """What HubSpot itself fills in from other properties of a write."""
    if kind.name != "emails" or not values.get("hs_email_headers"):
        return {}
    try:
        headers = json.loads(values["hs_email_headers"])
        return {
            "hs_email_from_email": str(headers["from"]["email"]),
            "hs_email_from_firstname": str(headers["from"].get("firstName", "")),
            "hs_email_from_lastname": str(headers["from"].get("lastName", "")),
            "hs_email_to_email": ";".join(str(one["email"]) for one in headers["to"]),
        }
    except (ValueError, KeyError, TypeError):
        return {}


def _as_text(given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given)


def _outside_choices(
    portal: Portal, kind: Kind, kept: Mapping[str, str], record: Record | None
) -> list[PropertyProblem]:
    """Owners and pipeline stages: choices that are not options of the property."""
    problems = []
    owner = kept.get("hubspot_owner_id")
    if owner and owner not in portal.owners:
        problems.append(
            PropertyProblem("hubspot_owner_id", "INVALID_OWNER_ID", f"Owner {owner} does not exist")
        )
    if kind.name != "deals" or not ({"pipeline", "dealstage"} & kept.keys()):
        return problems
    before = record.properties if record is not None else {}
    pipeline_id = kept.get("pipeline") or before.get("pipeline", DEFAULT_PIPELINE)
    pipeline = portal.pipeline(pipeline_id)
    if pipeline is None:
        problems.append(
            PropertyProblem("pipeline", "INVALID_OPTION", f"{pipeline_id} was not one of the allowed options")
        )
        return problems
    stage = kept.get("dealstage", before.get("dealstage", ""))
    if stage and pipeline.stage(stage) is None:
        allowed = ", ".join(one.id for one in pipeline.stages)
        problems.append(
            PropertyProblem(
                "dealstage", "INVALID_OPTION", f"{stage} was not one of the allowed options: [{allowed}]"
            )
        )
    return problems


def _check_unique(portal: Portal, kind: Kind, kept: Mapping[str, str], record: Record | None) -> None:
    for name in portal.schema.unique_names(kind):
        value = kept.get(name, "")
        holder = portal.records.holder(kind, name, value) if value else None
        if holder is None or holder is record:
            continue
        if kind.name == "contacts" and name == "email":
            raise ApiError(409, "CONFLICT", f"Contact already exists. Existing ID: {holder.id}")
        raise invalid_properties(
            [
                PropertyProblem(
                    name,
                    "CONFLICTING_UNIQUE_VALUE",
                    f"Cannot set PropertyValueCoordinates{{objectTypeId={kind.type_id}, propertyName={name}, "
                    f"value={value}}} on a record. {holder.id} already has that value.",
                )
            ]
        )
