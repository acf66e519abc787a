"""Property definitions: what a type's records can hold, and what a write may put there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.hubspot.errors import ApiError, PropertyProblem, invalid, missing_fields
from sandbox.hubspot.kinds import KINDS, Kind
from sandbox.hubspot.rules import Rule
from sandbox.hubspot.values import canonical

TYPES: Mapping[str, tuple[str, ...]] = {
    "string": ("text", "textarea", "html", "phonenumber", "file", "calculation_equation"),
    "number": ("number", "calculation_equation"),
    "date": ("date",),
    "datetime": ("date",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "bool": ("booleancheckbox", "calculation_equation"),
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
LONGEST_VALUE = 65_536
MOST_UNIQUE = 10


@dataclass(frozen=True)
class Option:
    """One choice of an enumeration; `value` is what records hold."""

    label: str
    value: str
    hidden: bool = False


@dataclass(frozen=True)
class Property:
    """One property definition. `external_options`: its choices are the owners or the pipeline's stages."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    unique: bool = False
    read_only: bool = False
    external_options: bool = False
    hubspot_defined: bool = True
    description: str = ""
    rules: tuple[Rule, ...] = ()

    def check(self, text: str) -> str:
        """`text` as it will be kept. Raises PropertyProblem when the property does not take it."""
        kept = self._read(text)
        for rule in self.rules:
            rule.check(self.name, kept)
        return kept

    def _read(self, text: str) -> str:
        if len(text) > LONGEST_VALUE:
            raise PropertyProblem(
                self.name,
                "INVALID_LENGTH",
                f'Property "{self.name}" has {len(text)} characters, more than the {LONGEST_VALUE} allowed',
            )
        if self.type == "enumeration" and not self.external_options:
            return self._check_options(text)
        try:
            return canonical(text, self.type)
        except (ValueError, OverflowError) as wrong:
            code = {"number": "INVALID_NUMBER", "bool": "INVALID_OPTION"}.get(self.type, "INVALID_DATE")
            raise PropertyProblem(
                self.name, code, f"{text[:200]} was not a valid {self.type}. {wrong}"
            ) from wrong

    def _check_options(self, text: str) -> str:
        known = {option.value for option in self.options}
        chosen = text.split(";") if self.field_type == "checkbox" else [text]
        if any(choice not in known for choice in chosen):
            raise PropertyProblem(
                self.name,
                "INVALID_OPTION",
                f"{text[:200]} was not one of the allowed options: [{', '.join(sorted(known))}]",
            )
        return text

    def as_json(self) -> dict[str, Any]:
        """The definition as the properties API returns it."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": [
                {
                    "label": option.label,
                    "value": option.value,
                    "displayOrder": place,
                    "hidden": option.hidden,
                }
                for place, option in enumerate(self.options)
            ],
            "displayOrder": -1,
            "calculated": False,
            "externalOptions": self.external_options,
            "archived": False,
            "hasUniqueValue": self.unique,
            "hidden": False,
            "hubspotDefined": self.hubspot_defined,
            "modificationMetadata": {
                "archivable": not self.hubspot_defined,
                "readOnlyDefinition": self.hubspot_defined,
                "readOnlyValue": self.read_only,
            },
            "formField": False,
        }


class Schema:
    """The definitions of all types, and their property groups."""

    def __init__(self, definitions: Mapping[str, Iterable[Property]]) -> None:
        self._by_kind = {
            name: {definition.name: definition for definition in definitions.get(name, ())} for name in KINDS
        }
        self._groups = {
            name: {definition.group for definition in known.values()} | {f"{KINDS[name].singular}information"}
            for name, known in self._by_kind.items()
        }

    def of(self, kind: Kind) -> Mapping[str, Property]:
        """The type's definitions by property name."""
        return self._by_kind[kind.name]

    def unique_names(self, kind: Kind) -> list[str]:
        """Properties that no two records of the type may share a value of."""
        return [name for name, definition in self.of(kind).items() if definition.unique]

    def add(self, kind: Kind, body: Mapping[str, Any]) -> Property:
        """Define a custom property from an API body. Raises ApiError 400 or 409."""
        wanted = self._read(kind, body)
        if wanted.name in self.of(kind):
            raise ApiError(409, "OBJECT_ALREADY_EXISTS", f"A property named '{wanted.name}' already exists.")
        self._by_kind[kind.name][wanted.name] = wanted
        return wanted

    def add_rule(self, kind: Kind, name: str, rule: Rule) -> None:
        """An admin puts a validation rule on a property."""
        known = self._by_kind[kind.name]
        known[name] = replace(known[name], rules=(*known[name].rules, rule))

    def add_group(self, kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a property group. Raises ApiError 400 or 409."""
        missing = [key for key in ("name", "label") if not isinstance(body.get(key), str)]
        if missing:
            raise missing_fields(missing)
        if body["name"] in self._groups[kind.name]:
            raise ApiError(
                409, "OBJECT_ALREADY_EXISTS", f"A property group named '{body['name']}' already exists."
            )
        self._groups[kind.name].add(body["name"])
        return {
            "name": body["name"],
            "label": body["label"],
            "displayOrder": body.get("displayOrder", -1),
            "archived": False,
        }

    def _read(self, kind: Kind, body: Mapping[str, Any]) -> Property:
        required = ("name", "label", "groupName", "type", "fieldType")
        missing = [key for key in required if not isinstance(body.get(key), str)]
        if missing:
            raise missing_fields(missing)
        name, value_type, field_type = body["name"], body["type"], body["fieldType"]
        unique = body.get("hasUniqueValue") is True
        if not NAME.fullmatch(name):
            raise invalid(
                f"Property name {name!r} must be lower-case letters, digits and underscores, "
                "begin with a letter and have at most 100 characters.",
                code="INVALID_PROPERTY_NAME",
            )
        if field_type not in TYPES.get(value_type, ()):
            raise invalid(f"The field type {field_type} does not go with the property type {value_type}.")
        if body["groupName"] not in self._groups[kind.name]:
            raise invalid(
                f"The property group {body['groupName']} does not exist.", code="GROUP_DOES_NOT_EXIST"
            )
        if unique and value_type not in ("string", "number"):
            raise invalid("Only text and number properties can have unique values.")
        if unique and sum(known.unique for known in self.of(kind).values()) >= MOST_UNIQUE:
            raise invalid(f"An object type has at most {MOST_UNIQUE} properties with unique values.")
        return Property(
            name,
            body["label"],
            value_type,
            field_type,
            body["groupName"],
            options=_read_options(body, value_type),
            unique=unique,
            hubspot_defined=False,
            description=str(body.get("description", "")),
        )


def _read_options(body: Mapping[str, Any], value_type: str) -> tuple[Option, ...]:
    given = body.get("options") or []
    if value_type in ("enumeration", "bool") and not given:
        raise invalid(f"A property of type {value_type} needs options.")
    if not all(isinstance(one, Mapping) and one.get("label") and "value" in one for one in given):
        raise invalid("Each option needs a label and a value.")
    values = [str(one["value"]) for one in given]
    if len(set(values)) != len(values):
        raise invalid("Two options have the same value.", code="DUPLICATE_OPTION")
    return tuple(Option(str(one["label"]), str(one["value"]), one.get("hidden") is True) for one in given)
