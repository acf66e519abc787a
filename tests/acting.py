"""What people see and do in Slack, as their clients would: over HTTP, with what is shown to them."""

from __future__ import annotations

from typing import Any

import httpx

from sandbox.server import World
from tests.unhurried import wait_until

__all__ = ["People", "wait_until", "words"]


class People:
    """The people of a team by their short names. `deliver` follows each act, so that its effects are seen."""

    world: World
    http: httpx.Client
    ids: dict[str, str]
    carries: bool  # whether what people do is carried at once, or by other processes

    def deliver(self) -> None:
        """Carry what is in the outbox."""
        raise NotImplementedError

    def _after_an_act(self) -> None:
        if self.carries:
            self.deliver()

    def dm(self, who: str) -> str:
        return self.world.slack.dm_of(self.ids[who]).id

    def messages(self, who: str, channel: str | None = None) -> list[dict[str, Any]]:
        """What a person sees in a channel (their DM with the assistant), oldest first."""
        path = f"/people/{self.ids[who]}/conversations/{channel or self.dm(who)}"
        found: list[dict[str, Any]] = self.http.get(path).raise_for_status().json()["messages"]
        return found

    def seen(self, who: str, channel: str | None = None) -> str:
        """All the text a person sees there."""
        return "\n".join(words(message) for message in self.messages(who, channel))

    def press(self, who: str, action_id: str, on: str = "", channel: str | None = None) -> dict[str, Any]:
        """Press the newest such button; `on` is a part of the account's name. Answers what Slack heard back."""
        for message in reversed(self.messages(who, channel)):
            block = _block_with(message, action_id, on)
            if block is not None:
                container = {"type": "message", "channel": channel or self.dm(who), "ts": message["ts"]}
                return self.act(who, container, block["block_id"], action_id)
        raise AssertionError(f"{who} sees no {action_id} on {on!r}:\n{self.seen(who, channel)}")

    def act(
        self, who: str, container: dict[str, Any], block_id: str, action_id: str, **more: Any
    ) -> dict[str, Any]:
        body = {"container": container, "block_id": block_id, "action_id": action_id, **more}
        answer: dict[str, Any] = self.http.post(f"/people/{self.ids[who]}/actions", json=body).json()
        self._after_an_act()
        return answer

    def form(self, who: str) -> dict[str, Any]:
        """The form on top of a person's screen."""
        stack = self.http.get(f"/people/{self.ids[who]}/views").json()
        assert stack, f"{who} has no form open"
        top: dict[str, Any] = stack[-1]["view"] | {"id": stack[-1]["id"]}
        return top

    def press_in_form(self, who: str, action_id: str) -> dict[str, Any]:
        """Press a button of the open form."""
        form = self.form(who)
        block = _block_with(form, action_id, "")
        assert block is not None, f"no {action_id} in {form}"
        return self.act(who, {"type": "view", "view_id": form["id"]}, block["block_id"], action_id)

    def choose(self, who: str, block_id: str, action_id: str, value: str) -> None:
        """Choose an option of an input that redraws the form."""
        form = self.form(who)
        container = {"type": "view", "view_id": form["id"]}
        self.act(who, container, block_id, action_id, value={"selected_option": {"value": value}})

    def submit(self, who: str, **values: dict[str, Any]) -> dict[str, Any]:
        """Fill in and submit the open form: block id -> the element's value."""
        form = self.form(who)
        filled = {
            block["block_id"]: {
                block["element"]["action_id"]: {"type": block["element"]["type"], **values[block["block_id"]]}
            }
            for block in form["blocks"]
            if block["type"] == "input" and block["block_id"] in values
        }
        path = f"/people/{self.ids[who]}/views/{form['id']}/submit"
        answer: dict[str, Any] = self.http.post(path, json={"values": filled}).json()
        self._after_an_act()
        return answer

    def command(self, who: str, text: str, channel: str | None = None) -> str:
        """`/renewal TEXT`; answers what it said."""
        body = {"channel": channel or self.dm(who), "command": "/renewal", "text": text}
        answer = self.http.post(f"/people/{self.ids[who]}/commands", json=body).json()
        self._after_an_act()
        return words(answer.get("answer") or {}) or str(answer)

    def say(self, who: str, text: str) -> None:
        """Write to the assistant."""
        path = f"/people/{self.ids[who]}/conversations/{self.dm(who)}/messages"
        before = len(self.messages(who))
        self.http.post(path, json={"text": text}).raise_for_status()

        def answered() -> bool:
            self.deliver()
            return len(self.messages(who)) > before + 1

        wait_until(answered)


def words(message: dict[str, Any]) -> str:
    """All the text of a message's blocks, buttons included, else its plain text."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "text" and isinstance(value, str):
                    found.append(value)
                elif key not in ("value", "private_metadata", "metadata"):
                    walk(value)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(message.get("blocks") or {"text": message.get("text", "")})
    return "\n".join(found)


def _block_with(message: dict[str, Any], action_id: str, on: str) -> dict[str, Any] | None:
    """The block with such a button, under the last section that names the account."""
    heading = ""
    for block in message.get("blocks", []):
        if block["type"] in ("section", "header"):
            text = (block.get("text") or {}).get("text", "")
            heading = text if not block["block_id"].count(":logged") else heading
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if on in heading and any(element.get("action_id") == action_id for element in elements):
            return dict(block)
    return None
