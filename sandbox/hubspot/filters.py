"""The operators of a search filter."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.hubspot.errors import invalid
from sandbox.hubspot.properties import Property
from sandbox.hubspot.values import comparable

Values = Mapping[str, str]
Predicate = Callable[[Values], bool]
ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda held, given: bool(held == given),
    "LT": lambda held, given: bool(held < given),
    "LTE": lambda held, given: bool(held <= given),
    "GT": lambda held, given: bool(held > given),
    "GTE": lambda held, given: bool(held >= given),
}
WORD = re.compile(r"[^\s,;]+")


def compile_filter(one: Mapping[str, Any], known: Mapping[str, Property]) -> Predicate:
    """A test on a record's properties. Raises ApiError 400 for what HubSpot refuses."""
    name, operator = one.get("propertyName"), one.get("operator")
    if not isinstance(name, str) or not isinstance(operator, str):
        raise invalid("Each filter needs propertyName and operator.")
    definition = known.get(name)
    if definition is None:
        raise invalid(f"Property {name} does not exist", code="PROPERTY_DOESNT_EXIST")
    if operator == "HAS_PROPERTY":
        return lambda values: name in values
    if operator == "NOT_HAS_PROPERTY":
        return lambda values: name not in values
    if operator in ("IN", "NOT_IN"):
        return _membership(definition, operator, one)
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        return _tokens(definition, operator, one)
    if operator == "BETWEEN":
        low, high = _read(definition, one, "value"), _read(definition, one, "highValue")
        return lambda values: name in values and low <= comparable(values[name], definition.type) <= high
    given = _read(definition, one, "value") if operator in (*ORDERINGS, "NEQ") else None
    if operator == "NEQ":
        return lambda values: name not in values or comparable(values[name], definition.type) != given
    compare = ORDERINGS.get(operator)
    if compare is None:
        raise invalid(f"The operator {operator} is not one that search knows.", code="INVALID_OPERATOR")
    return lambda values: name in values and compare(comparable(values[name], definition.type), given)


def _read(definition: Property, one: Mapping[str, Any], member: str) -> Any:
    text = one.get(member)
    if not isinstance(text, str) or not text:
        raise invalid(f"The filter on {definition.name} with {one['operator']} needs {member}, a string.")
    try:
        return comparable(text, definition.type)
    except ValueError as wrong:
        raise invalid(
            f"{member} {text} of the filter on {definition.name} is not a {definition.type}."
        ) from wrong


def _membership(definition: Property, operator: str, one: Mapping[str, Any]) -> Predicate:
    given = one.get("values")
    if not isinstance(given, list) or not given or not all(isinstance(value, str) for value in given):
        raise invalid(f"The filter on {definition.name} with {operator} needs values, a list of strings.")
    wanted: set[float | str]
    if definition.type in ("string", "enumeration", "bool"):
        # HubSpot keeps strings in lower case here and compares the given values as they are.
        wanted = set(given)
        is_text = definition.type == "string"

        def held(values: Values) -> float | str:
            return values[definition.name].lower() if is_text else values[definition.name]
    else:
        wanted = {_read(definition, {**one, "value": value}, "value") for value in given}

        def held(values: Values) -> float | str:
            return comparable(values[definition.name], definition.type)

    if operator == "IN":
        return lambda values: definition.name in values and held(values) in wanted
    return lambda values: definition.name not in values or held(values) not in wanted


def _tokens(definition: Property, operator: str, one: Mapping[str, Any]) -> Predicate:
    pattern = str(_read(definition, {**one, "operator": operator}, "value")).casefold()
    wanted = [re.compile(fnmatch.translate(word)) for word in WORD.findall(pattern)]
    if not wanted:
        raise invalid(f"The filter on {definition.name} with {operator} needs a word.")

    def contains(values: Values) -> bool:
        words = WORD.findall(values.get(definition.name, "").casefold())
        return all(any(token.match(word) for word in words) for token in wanted)

    if operator == "CONTAINS_TOKEN":
        return contains
    return lambda values: not contains(values)
