"""A wire into Bolt that is quick and can say anything, for acts that are named in `routes.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from slack_bolt import App, BoltRequest
from sqlalchemy import delete, select

import handlers
from bot.slack.bolt import create_app
from bot.store.tables import Message, OutboxRow
from tests.acting import words
from tests.faults.routes import FORMS, SHORTCUTS, Route
from tests.living import Living

ANSWERS = ("ephemeral", "redraw", "answer")  # what tells and shows, and changes nothing
OWN = "own"
NOTICES = ("notice", "account_card")  # say a sentence, if need be above the account's fresh card
AT_HOME = ("word", "home", "book", "own", "leave")
TYPED = {
    "result_chosen": "in_negotiation",
    "when_typed": "in 2 weeks",
    "happened": "call:busy",
    "several_outcome": "no_answer",
    "choose_several:all": "all",
}


@dataclass(frozen=True)
class Answer:
    """What came of one act: what Slack heard, what the person was told, and what was opened before them."""

    status: int
    told: str
    opened: str
    errors: dict[str, str]


class Wire:
    """The team's assistant, heard without sockets; what is opened is kept instead of being sent.

    `digest_at` is the channel and time of the message on which things are pressed; `runs` are by account.
    """

    digest_at: Any
    runs: dict[str, int]

    def __init__(self, team: Living) -> None:
        self.team = team
        self.opened: list[dict[str, Any]] = []
        self.work = team.assistant.work
        gateway = team.assistant.slack
        gateway.identity()
        for name in ("open_view", "push_view", "update_view", "publish_home"):
            setattr(gateway, name, self._keep)
        self.app: App = create_app(team.settings, gateway)
        handlers.register(self.app, team.assistant)
        self._number = count(1)
        self._last: dict[str, Any] = {}

    def name(self, route: Route) -> str:
        """The account of a row."""
        raise NotImplementedError

    def _keep(self, *what: Any) -> str:
        self.opened.append(json.loads(json.dumps(what[1])))
        return "V1"

    def act(
        self,
        route: Route,
        who: str,
        value: str,
        *,
        workspace: str | None = None,
        sent: dict[str, tuple[str, dict[str, Any]]] | None = None,
    ) -> Answer:
        """Let somebody do it: `who` by their short name, or a Slack user id. `sent` are the fields of a form."""
        user, number = self.team.ids.get(who, who), next(self._number)
        own = workspace or self.team.world.slack.team_id
        shared = {
            "user": {"id": user, "team_id": own},
            "team": {"id": own},
            "trigger_id": f"{number}.1.a",
            "api_app_id": "A1",
            "token": "t",
        }
        self._last = shared | self._body(route, value, number, route.sent if sent is None else sent)
        return self.again()

    def again(self) -> Answer:
        """The last act once more, as Slack delivers a copy of it."""
        self.opened.clear()
        with self.work.store.write() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.kind.in_(ANSWERS)))
        answer = self.app.dispatch(BoltRequest(mode="socket_mode", body=json.loads(json.dumps(self._last))))
        with self.work.store.read() as session:
            rows = session.scalars(
                select(OutboxRow.payload).where(OutboxRow.kind.in_(("ephemeral", "answer")))
            )
            told = [str(row.get("text")) for row in rows]
        reply = json.loads(answer.body) if answer.body else {}
        if "errors" in reply:
            told += reply["errors"].values()
        views = [*self.opened, *([reply["view"]] if "view" in reply else [])]
        told += [words(view) for view in views if view.get("callback_id", "notice") in NOTICES]
        forms = [words(view) for view in views if view.get("callback_id", "notice") not in NOTICES]
        return Answer(answer.status, "\n".join(told), "\n".join(forms), reply.get("errors", {}))

    def _body(
        self, route: Route, value: str, number: int, sent: dict[str, tuple[str, dict[str, Any]]]
    ) -> dict[str, Any]:
        channel, ts = self.digest_at
        where = {"channel": {"id": channel}, "message_ts": ts}
        state: dict[str, dict[str, Any]] = {}
        if route.ref == "own_several" and sent:
            run_id = self.runs[self.name(route)]
            ticked = {"type": "checkboxes", "selected_options": [{"value": str(run_id)}]}
            sent = {"accounts:0:0": ("field", ticked)} | sent
        for block, (action_id, entered) in sent.items():
            state[block] = {action_id: entered}
        view = {"id": f"V{number}", "type": "modal", "hash": "h", "blocks": [], "state": {"values": state}}
        if route in SHORTCUTS:
            message = {"ts": ts, "text": "Umbra Cafe"}
            return where | {
                "type": "message_action",
                "callback_id": route.id,
                "message": message,
                "action_ts": str(number),
            }
        if route in FORMS:
            view |= {"callback_id": route.id, "private_metadata": value}
            return {"type": "view_submission", "view": view}
        pressed: dict[str, Any] = {
            "type": "button",
            "block_id": "b",
            "action_id": route.id,
            "value": value,
            "action_ts": str(number),
        }
        body: dict[str, Any] = {"type": "block_actions", "actions": [pressed]}
        if route.within is not None:
            metadata = OWN if route.ref == "leave_id" else value
            if route.id in TYPED:
                pressed["value"] = TYPED[route.id]
            return body | {"view": view | {"callback_id": route.within, "private_metadata": metadata}}
        if route.ref in AT_HOME:
            return body | {"view": view | {"type": "home"}}
        place = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
        return body | where | {"container": place, "response_url": "https://hooks.invalid/1"}

    def _say(self, text: str) -> int:
        """Ana writes to the assistant; the message that reads it back."""
        number = next(self._number)
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": self.digest_at[0],
            "user": self.team.ids["ana"],
            "text": text,
            "ts": f"{number}.0",
        }
        body = {
            "type": "event_callback",
            "event_id": f"E{number}",
            "team_id": self.team.world.slack.team_id,
            "event": event,
        }
        self.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        with self.work.store.read() as session:
            newest = (
                select(Message.id).where(Message.kind == "read_back").order_by(Message.id.desc()).limit(1)
            )
            return session.scalars(newest).one()
