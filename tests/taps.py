"""A rep's thumb, counted: acts through what Slack shows, by the words on it, and pays for each touch of the glass.

Each open, pick and submit is a tap: a button, a radio button, a tick, a link (coming back is none), sending a
message or a form. A select menu, a date and a time are two: open it and pick. Scrolling and putting the cursor
into a field are none. Typed characters are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.acting import wait_until, words
from tests.living import Living

TAPS = {
    "button": 1,
    "radio_buttons": 1,
    "checkboxes": 1,
    "static_select": 2,
    "datepicker": 2,
    "timepicker": 2,
    "plain_text_input": 0,
}
VALUE = {
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "plain_text_input": "value",
}


class Thumb:
    """One rep before the assistant's conversation. What is done within `doing` is put down to that action."""

    def __init__(self, team: Living, who: str) -> None:
        self.team, self.who = team, who
        self.counts: dict[str, tuple[int, int, int]] = {}  # action -> times, taps, characters
        self._action = ""
        self._entered: dict[str, dict[str, Any]] = {}

    @contextmanager
    def doing(self, action: str) -> Iterator[None]:
        """Do this once more; taps outside of it have no place in the table."""
        times, taps, typed = self.counts.get(action, (0, 0, 0))
        self.counts[action] = (times + 1, taps, typed)
        self._action = action
        yield
        self._action = ""

    @property
    def taps(self) -> int:
        return sum(taps for _, taps, _ in self.counts.values())

    @property
    def typed(self) -> int:
        return sum(typed for _, _, typed in self.counts.values())

    def table(self) -> str:
        """Action, how often, taps and characters, as a table of Markdown."""
        rows = [f"| {action} | {n} | {t} | {c} |" for action, (n, t, c) in self.counts.items()]
        return "\n".join(["| action | times | taps | typed |", "|---|---:|---:|---:|", *rows])

    # -- in the conversation -----------------------------------------------------------------------------

    def open_chat(self) -> None:
        """From the notification into the conversation."""
        self._pay(1)

    def tap(self, label: str, on: str) -> None:
        """The button of these words, under the account, in the newest message that shows it."""
        for message in reversed(self.team.messages(self.who)):
            found = _labelled(message, label, on)
            if found is None:
                continue
            block, element = found
            self._pay(TAPS[element["type"]])
            container = {"type": "message", "channel": self.team.dm(self.who), "ts": message["ts"]}
            answer = self.team.act(self.who, container, block["block_id"], element["action_id"])
            assert answer["acked"], answer
            return
        raise AssertionError(f"no {label!r} on {on!r}:\n{self.team.seen(self.who)}")

    def send(self, text: str) -> None:
        """Write to the assistant, and wait for its answer."""
        self._pay(1, len(text))
        self.team.say(self.who, text)

    # -- in a form ---------------------------------------------------------------------------------------

    def tap_in_form(self, label: str) -> None:
        """A button of the open form."""
        form = self.team.form(self.who)
        found = _labelled(form, label, "")
        assert found is not None, f"no {label!r} in {words(form)}"
        self._pay(TAPS[found[1]["type"]])
        container = {"type": "view", "view_id": form["id"]}
        self.team.act(self.who, container, found[0]["block_id"], found[1]["action_id"])

    def enter(self, label: str, value: str) -> None:
        """Fill in the field of this label: the words of an option, a date, a time, or text to type."""
        form = self.team.form(self.who)
        shown = [block for block in form["blocks"] if block["type"] == "input"]
        (block,) = [block for block in shown if block["label"]["text"] == label]
        element = block["element"]
        kind = element["type"]
        if kind in ("radio_buttons", "static_select"):
            (picked,) = [one["value"] for one in element["options"] if one["text"]["text"] == value]
            entered: dict[str, Any] = {VALUE[kind]: {"value": picked}}
        else:
            entered = {VALUE[kind]: value}
        self._pay(TAPS[kind], len(value) if kind == "plain_text_input" else 0)
        if block.get("dispatch_action") and kind != "plain_text_input":
            container = {"type": "view", "view_id": form["id"]}
            self.team.act(self.who, container, block["block_id"], element["action_id"], value=entered)
        self._entered[block["block_id"]] = entered

    def submit(self) -> None:
        """Send the form; it closes."""
        self._pay(1)
        entered, self._entered = self._entered, {}
        answer = self.team.submit(self.who, **entered)
        assert not (answer.get("response") or {}).get("errors"), answer
        wait_until(lambda: not self.team.http.get(f"/people/{self.team.ids[self.who]}/views").json())

    def _pay(self, taps: int, typed: int = 0) -> None:
        times, before, characters = self.counts[self._action]
        self.counts[self._action] = (times, before + taps, characters + typed)


def _labelled(view: dict[str, Any], label: str, on: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The block and button of these words, under the last section that names an account."""
    heading = ""
    for block in view.get("blocks", []):
        if block["type"] in ("section", "header") and ":logged" not in block["block_id"]:
            heading = (block.get("text") or {}).get("text", "")
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        for element in elements if on in heading else []:
            if element["type"] == "button" and element["text"]["text"] == label:
                return block, element
    return None
