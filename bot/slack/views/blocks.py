"""The few Block Kit pieces that the views are made of.

All mrkdwn is `verbatim`: Slack then links nothing but what we link ourselves (FAULTS 26).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.slack.text import LONGEST_NAME, length, plain

Block = dict[str, Any]
Element = dict[str, Any]

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_000
BUTTON_LABEL = 75
OPTION_LABEL = 75
MOST_OPTIONS = 100  # of a select


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as it is sent: blocks, and the text of its notification.

    `message_id`: the message of ours that it is, where its buttons keep it up to date.
    """

    text: str
    blocks: list[Block]
    message_id: int | None = None


def characters(part: Any) -> int:
    """How much text blocks hold, of what a message may hold altogether: MOST_CHARACTERS."""
    if isinstance(part, Mapping):
        own = part.get("text")
        return length(own) if isinstance(own, str) else characters(list(part.values()))
    return sum(map(characters, part)) if isinstance(part, list) else 0


def mrkdwn(text: str) -> Element:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, limit: int = LONGEST_NAME) -> Element:
    return {"type": "plain_text", "text": plain(text, limit), "emoji": True}


def section(text: str, block_id: str | None = None, accessory: Element | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _named(block, block_id)


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, 150)}


def context(text: str, block_id: str | None = None) -> Block:
    return _named({"type": "context", "elements": [mrkdwn(text)]}, block_id)


def actions(elements: Sequence[Element], block_id: str) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    about: str | None = None,
    style: str | None = None,
    confirm: Element | None = None,
) -> Element:
    """`about` is what the press is about, usually the account: a screen reader says it after the label."""
    element: Element = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label, BUTTON_LABEL),
        "value": value,
    }
    _spoken(element, label, about)
    if style is not None:
        element["style"] = style
    if confirm is not None:
        element["confirm"] = confirm
    return element


def link_button(label: str, action_id: str, url: str, *, about: str | None = None) -> Element:
    """Opens a page; Slack reports the press as well, which is only acknowledged. `about` as of a button."""
    text = plain_text(label, BUTTON_LABEL)
    element: Element = {"type": "button", "action_id": action_id, "text": text, "url": url}
    _spoken(element, label, about)
    return element


def confirmation(title: str, text: str, confirm: str, *, danger: bool = False) -> Element:
    """A question before a press counts; `text` is plain."""
    dialog: Element = {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(confirm, 30),
        "deny": plain_text("Back", 30),
    }
    if danger:
        dialog["style"] = "danger"
    return dialog


def option(label: str, value: str) -> Element:
    return {"text": plain_text(label, OPTION_LABEL), "value": value}


def options(labels: Mapping[str, str]) -> list[Element]:
    """Options of {value: label}."""
    return [option(label, value) for value, label in labels.items()]


def select(action_id: str, offered: Sequence[Element]) -> Element:
    """A menu of which one is chosen."""
    return {"type": "static_select", "action_id": action_id, "options": list(offered)}


def chosen(element: Element, value: str | None) -> Element:
    """A select or radio buttons with the option of this value chosen, if there is one."""
    found = next((one for one in element["options"] if one["value"] == value), None)
    return element if found is None else element | {"initial_option": found}


def input_block(
    label: str,
    block_id: str,
    element: Element,
    *,
    optional: bool = False,
    hint: str | None = None,
    dispatch: bool = False,
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain_text(hint, 300)
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(
    action_id: str,
    longest: int,
    *,
    multiline: bool = False,
    placeholder: str | None = None,
    initial: str | None = None,
) -> Element:
    element: Element = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": longest,
    }
    if placeholder is not None:
        element["placeholder"] = plain_text(placeholder, 150)
    if initial:
        element["initial_value"] = initial[:longest]
    return element


def date_picker(action_id: str, initial: date | None = None) -> Element:
    element: Element = {"type": "datepicker", "action_id": action_id}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return element


def time_picker(action_id: str, initial: time | None = None) -> Element:
    element: Element = {"type": "timepicker", "action_id": action_id}
    if initial is not None:
        element["initial_time"] = f"{initial:%H:%M}"
    return element


def tick(label: str, action_id: str) -> Element:
    """One checkbox; its option is `checked`."""
    return {"type": "checkboxes", "action_id": action_id, "options": [option(label, "checked")]}


def modal(
    title: str,
    callback_id: str,
    blocks: Sequence[Block],
    private_metadata: str,
    *,
    submit: str | None = "Save",
) -> Block:
    """A form; without `submit` there is nothing to send."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, 24),
        "close": plain_text("Cancel" if submit else "Close", 24),
        "private_metadata": private_metadata,
        "blocks": list(blocks),
    }
    if submit is not None:
        view["submit"] = plain_text(submit, 24)
    return view


def _spoken(element: Element, label: str, about: str | None) -> None:
    """Twelve "No answer" in one message sound alike: "No answer, Acme Dental" says which."""
    if about is not None:
        element["accessibility_label"] = plain(f"{label}, {about}", BUTTON_LABEL)


def _named(block: Block, block_id: str | None) -> Block:
    if block_id is not None:
        block["block_id"] = block_id
    return block
