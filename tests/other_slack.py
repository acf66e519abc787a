"""Another Slack-compatible server, as small as one can be: thirteen methods, Socket Mode, and nothing more.

It does not echo `metadata`, sends no `response_url`, knows no threads, limits or signatures, and refuses every
other method. Written for these tests alone and without the sandbox, so that both cannot share a mistake.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

Json = dict[str, Any]
TEAM = "T0OTHER"
BOT = "U0BOT"


class Refused(Exception):
    """The call is answered with `ok: false`."""


class OtherSlack:
    """The workspace. `users`: user id -> (e-mail, name, zone). A context manager."""

    def __init__(self, users: dict[str, tuple[str, str, str]]) -> None:
        self.users = users
        self.messages: dict[str, list[Json]] = {}
        self.whispers: list[Json] = []
        self.views: dict[str, Json] = {}
        self.called: list[str] = []
        self.refused: list[str] = []
        self.loses_answers_to: str | None = None  # the next call of this method takes effect, unanswered
        self.lost = 0
        self.connections: list[ServerConnection] = []
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._acks: dict[str, Json] = {}
        self._answered = threading.Condition()
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": lambda _: {"team_id": TEAM, "team": "Other", "user_id": BOT, "bot_id": "B0BOT"},
            "apps.connections.open": lambda _: {"url": self._socket_url},
            "users.list": lambda _: {"members": [self._user(user) for user in self.users]},
            "users.info": lambda said: {"user": self._user(said["user"])},
            "users.lookupByEmail": self._by_email,
            "conversations.open": lambda said: {"channel": {"id": self.dm(said["users"])}},
            "conversations.history": lambda said: {"messages": self.messages.get(said["channel"], [])[::-1]},
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "views.open": self._open,
            "views.update": self._redraw,
            "views.publish": lambda said: {"view": said["view"]},
        }
        self._web = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._socket: Server = serve(self._serve_socket, "127.0.0.1", 0)
        self._socket_url = f"ws://127.0.0.1:{self._socket.socket.getsockname()[1]}/link"
        self.api_url = f"http://127.0.0.1:{self._web.server_address[1]}/api/"

    # -- what people see and do --------------------------------------------------------------------------

    def dm(self, user: str) -> str:
        return f"D{user[1:]}"

    def seen(self, channel: str) -> str:
        return json.dumps(self.messages.get(channel, []), ensure_ascii=False)

    def press(self, user: str, channel: str, action_id: str, on: str = "") -> Json:
        """Press the newest such button in the channel; answers what came with the acknowledgement."""
        for message in reversed(self.messages[channel]):
            under = ""
            for block in message["blocks"]:
                under = json.dumps(block) if block["type"] == "section" else under
                for element in [*block.get("elements", []), *filter(None, [block.get("accessory")])]:
                    if element.get("action_id") == action_id and on in under:
                        where = {"type": "message", "message_ts": message["ts"], "channel_id": channel}
                        return self._deliver(
                            "interactive", self._pressed(user, channel, where, block, element)
                        )
        raise AssertionError(f"no {action_id} in {self.seen(channel)}")

    @property
    def form(self) -> Json:
        """The newest form."""
        return list(self.views.values())[-1]

    def press_in_form(self, user: str, action_id: str) -> Json:
        for block in self.form["blocks"]:
            for element in block.get("elements", []):
                if element.get("action_id") == action_id:
                    where = {"type": "view", "view_id": self.form["id"]}
                    pressed = self._pressed(user, "", where, block, element)
                    return self._deliver("interactive", pressed | {"channel": None, "view": self.form})
        raise AssertionError(f"no {action_id} in {self.form}")

    def submit(self, user: str, **entered: Json) -> Json:
        """Submit the newest form; `entered`: block id -> the state of its element."""
        inputs = {
            block["block_id"]: block["element"] for block in self.form["blocks"] if block["type"] == "input"
        }
        values = {
            block_id: {
                element["action_id"]: {"type": element["type"], **entered.get(block_id, {"value": None})}
            }
            for block_id, element in inputs.items()
        }
        payload = self._payload(user, "view_submission")
        return self._deliver("interactive", payload | {"view": self.form | {"state": {"values": values}}})

    def command(self, user: str, text: str) -> Json:
        fields = {"command": "/renewal", "text": text, "team_id": TEAM, "user_id": user}
        return self._deliver(
            "slash_commands", fields | {"channel_id": self.dm(user), "trigger_id": self._id("t")}
        )

    def _pressed(self, user: str, channel: str, where: Json, block: Json, element: Json) -> Json:
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        action |= {"action_ts": f"{time.time():.6f}", "value": element.get("value")}
        payload = self._payload(user, "block_actions")
        return payload | {"container": where, "channel": {"id": channel}, "actions": [action]}

    def _payload(self, user: str, kind: str) -> Json:
        who = {"id": user, "username": user.lower(), "team_id": TEAM}
        return {"type": kind, "team": {"id": TEAM}, "user": who, "trigger_id": self._id("t")}

    def _deliver(self, kind: str, payload: Json) -> Json:
        envelope = self._id("e")
        sent = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        self.connections[-1].send(json.dumps(sent))
        with self._answered:
            assert self._answered.wait_for(lambda: envelope in self._acks, 3), "not acknowledged in 3 s"
            return self._acks[envelope]

    # -- the Web API -------------------------------------------------------------------------------------

    def _answer(self, method: str, said: Json) -> Json:
        with self._lock:
            self.called.append(method)
            if method not in self._methods:
                self.refused.append(method)
                return {"ok": False, "error": "unknown_method"}
            try:
                return {"ok": True, **self._methods[method](said)}
            except (KeyError, Refused) as error:
                return {"ok": False, "error": str(error.args[0])}

    def _loses_answer(self, method: str) -> bool:
        loses = method == self.loses_answers_to
        if loses:
            self.loses_answers_to, self.lost = None, self.lost + 1
        return loses

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def _user(self, user: str) -> Json:
        email, name, tz = self.users[user]
        return {"id": user, "name": name, "real_name": name, "tz": tz, "profile": {"email": email}}

    def _by_email(self, said: Json) -> Json:
        return {"user": next(self._user(user) for user, one in self.users.items() if one[0] == said["email"])}

    def _post(self, said: Json) -> Json:
        ts = f"{time.time():.6f}"
        message = {"ts": ts, "user": BOT, "text": said["text"], "blocks": said.get("blocks", [])}
        self.messages.setdefault(said["channel"], []).append(message)
        return {"channel": said["channel"], "ts": ts, "message": message}

    def _whisper(self, said: Json) -> Json:
        self.whispers.append(said)
        return {"message_ts": f"{time.time():.6f}"}

    def _update(self, said: Json) -> Json:
        for message in self.messages.get(said["channel"], []):
            if message["ts"] == said["ts"]:
                message.update(text=said["text"], blocks=said["blocks"], edited={"user": BOT})
                return {"channel": said["channel"], "ts": said["ts"]}
        raise Refused("message_not_found")

    def _open(self, said: Json) -> Json:
        view = said["view"] | {"id": self._id("V"), "hash": "1"}
        self.views[view["id"]] = view
        return {"view": view}

    def _redraw(self, said: Json) -> Json:
        self.views[said["view_id"]] = said["view"] | {"id": said["view_id"], "hash": "2"}
        return {"view": self.views[said["view_id"]]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer, loses_answer = self._answer, self._loses_answer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                if "json" in self.headers.get("Content-Type", ""):
                    said = json.loads(body or "{}")
                else:
                    said = {key: values[0] for key, values in parse_qs(body).items()}
                method = self.path.rpartition("/")[2].partition("?")[0]
                text = json.dumps(answer(method, said)).encode()
                if loses_answer(method):
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing to standard error."""

        return Handler

    def _serve_socket(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        connection.send(json.dumps({"type": "hello", "num_connections": len(self.connections)}))
        try:
            for text in connection:
                said = json.loads(text)
                with self._answered:
                    self._acks[said["envelope_id"]] = said.get("payload") or {}
                    self._answered.notify_all()
        except ConnectionClosed:
            pass

    def __enter__(self) -> Self:
        for serving in (self._web.serve_forever, self._socket.serve_forever):
            threading.Thread(target=serving, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown()
        self._web.shutdown()
        self._web.server_close()
