"""What a person entered: the state of elements, from the shown blocks and the person's input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.blockkit.blocks import interactive_elements
from sandbox.slack.blockkit.inputs import is_date, is_time
from sandbox.slack.blockkit.objects import options_of
from sandbox.slack.copies import copied
from sandbox.slack.model import Json

STATE_KEYS: dict[str, str] = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
INITIAL_KEYS = {
    "value": "initial_value",
    **{
        key: key.replace("selected", "initial")
        for key in set(STATE_KEYS.values())
        if key.startswith("selected")
    },
}


class NotShown(ValueError):
    """A person cannot do this: what they name is not on the screen, or not to be chosen."""


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block."""
    for block in blocks:
        for element in interactive_elements(block):
            if element.get("type") != "image":
                yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """The element by its ids, with its block. Raises NotShown."""
    for block, element in elements_of(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise NotShown(f"No element with block_id {block_id!r} and action_id {action_id!r} is shown here.")


def initial_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """The state of all elements that have one, with what they start with."""
    state: dict[str, dict[str, Json]] = {}
    for block, element in elements_of(blocks):
        key = STATE_KEYS.get(element["type"])
        if key is None:
            continue
        several = key in ("selected_options", "selected_users", "selected_conversations", "selected_channels")
        start = copied(element.get(INITIAL_KEYS[key], [] if several else None))
        state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], key: start}
    return state


def entered(element: Json, value: Mapping[str, Any]) -> Json:
    """The state of `element` after a person entered `value` (its state key, such as `selected_date`).

    Raises NotShown when the value is not of the element's kind or not among its options.
    """
    key = STATE_KEYS.get(element["type"])
    if key is None:
        raise NotShown(f"Nothing can be entered into a {element['type']}.")
    if key not in value:
        raise NotShown(f"A {element['type']} is filled by {key!r}, not by {sorted(value)}.")
    given = value[key]
    if key in ("selected_option", "selected_options"):
        wanted = [given] if key == "selected_option" else list(given or [])
        chosen = [_option(element, option) for option in wanted if option is not None]
        given = (chosen[0] if chosen else None) if key == "selected_option" else chosen
    elif element["type"] == "datepicker" and given is not None and not is_date(given):
        raise NotShown(f"A date picker gives a date as YYYY-MM-DD, not {given!r}.")
    elif element["type"] == "timepicker" and given is not None and not is_time(given):
        raise NotShown(f"A time picker gives a time as HH:mm, not {given!r}.")
    elif key == "value" and given is not None and not isinstance(given, str):
        raise NotShown(f"A {element['type']} gives text, not {given!r}.")
    if key == "value" and given == "":
        given = None
    return {"type": element["type"], key: given}


def problems_of(blocks: list[Json], state: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What the client says under a field before it sends a form, by block id."""
    problems: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = state.get(block["block_id"], {}).get(element["action_id"], {})
        problem = _problem(element, value.get(STATE_KEYS[element["type"]]), bool(block.get("optional")))
        if problem:
            problems[block["block_id"]] = problem
    return problems


def _problem(element: Json, given: Any, optional: bool) -> str | None:
    if given in (None, [], ""):
        return None if optional else "Please complete this required field."
    if isinstance(given, str) and element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(given) < least:
            return f"Please enter at least {least} characters."
        if len(given) > most:
            return f"Please enter at most {most} characters."
    if element["type"] == "number_input":
        return _number_problem(element, str(given))
    if element["type"] == "email_text_input" and "@" not in str(given):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and "://" not in str(given):
        return "Please enter a valid URL."
    return None


def _number_problem(element: Json, given: str) -> str | None:
    try:
        number = float(given)
    except ValueError:
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and number != int(number):
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _option(element: Json, wanted: Any) -> Json:
    if not isinstance(wanted, Mapping):
        raise NotShown(f"An option is an object with a value, not {wanted!r}.")
    if element["type"].endswith("external_select"):
        return dict(wanted)
    for option in options_of(element):
        if option["value"] == wanted.get("value"):
            return dict(option)
    raise NotShown(f"{wanted.get('value')!r} is not among the options shown.")
