"""What humans do in Slack, over HTTP: the routes that the page and the tests act by."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.slack import acts, forms
from sandbox.slack.acts import Act, NotAllowed
from sandbox.slack.errors import SlackError
from sandbox.slack.model import SLACKBOT_ID, Channel, Json, Message
from sandbox.slack.statuses import status_of
from sandbox.slack.values import NotShown
from sandbox.slack.wire import message_as_slack, view_as_slack
from sandbox.slack.workspace import Workspace

PAGE = 100
NOT_FOUND = {"user_not_found", "channel_not_found", "message_not_found", "not_found", "thread_not_found"}
Handler = Callable[[Workspace, Request], Awaitable[Any]]


class BadRequest(ValueError):
    """The request does not have the shape this route takes; the message says what is missing."""


def routes(workspace: Workspace) -> list[Route]:
    """Everything under /people."""
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/people", people),
        ("GET", "/people/commands", commands),
        ("GET", "/people/{user}/conversations", conversations),
        ("GET", "/people/{user}/conversations/{channel}", conversation),
        ("POST", "/people/{user}/conversations/{channel}/messages", write),
        ("GET", "/people/shortcuts", shortcuts),
        ("POST", "/people/{user}/commands", command),
        ("POST", "/people/{user}/shortcuts", shortcut),
        ("POST", "/people/{user}/actions", action),
        ("POST", "/people/{user}/suggestions", suggestion),
        ("GET", "/people/{user}/views", views),
        ("POST", "/people/{user}/views/{view_id}/submit", submit),
        ("POST", "/people/{user}/views/{view_id}/close", close),
        ("GET", "/people/{user}/home", home),
        ("POST", "/people/{user}/home/open", open_home),
    ]
    return [
        *(route(workspace, method, path, handler) for method, path, handler in table),
        Route("/people/{user}/events", _events(workspace), methods=["GET"]),
    ]


async def people(workspace: Workspace, request: Request) -> Any:  # noqa: ARG001 - every handler's shape
    """The members and the app, without Slackbot and closed accounts."""
    with workspace.lock:
        return [
            {
                "id": person.id,
                "name": person.name,
                "title": person.title,
                "tz": person.tz,
                "initials": person.initials,
                "color": person.color,
                "roles": list(person.roles),
                "is_bot": person.is_bot,
                "has_home": person.is_bot and workspace.manifest.home_tab,
                "status": asdict(status_of(workspace, person)),
            }
            for person in workspace.people.values()
            if person.id != SLACKBOT_ID and not person.deleted
        ]


async def commands(workspace: Workspace, request: Request) -> Any:  # noqa: ARG001
    """The app's slash commands, as the manifest names them."""
    return [command.as_json() for command in workspace.manifest.commands]


async def conversations(workspace: Workspace, request: Request) -> Any:
    """What the person has in the sidebar, the app's conversation first."""
    user = request.path_params["user"]
    with workspace.lock:
        workspace.person(user)
        mine = [channel for channel in workspace.channels.values() if user in channel.members]
        mine.sort(key=lambda channel: (channel.kind != "dm", channel.name))
        return [_in_sidebar(workspace, channel, user) for channel in mine]


async def conversation(workspace: Workspace, request: Request) -> Any:
    """The messages of a conversation or (`thread_ts`) of a thread, oldest first, and now read."""
    user, thread_ts = request.path_params["user"], request.query_params.get("thread_ts")
    limit = _whole_number(request.query_params.get("limit", str(PAGE)), "limit")
    with workspace.lock:
        channel = acts.joined(workspace, user, request.path_params["channel"])
        visible = [message for message in channel.visible_to(user) if _belongs(message, thread_ts)]
        if visible and thread_ts is None:
            channel.last_read[user] = max(visible[-1].ts, channel.last_read.get(user, ""))
        return {
            "messages": [_shown(workspace, message) for message in visible[max(0, len(visible) - limit) :]]
        }


async def write(workspace: Workspace, request: Request) -> Any:
    """Write a message; a text that starts with "/" is a slash command."""
    user, channel = request.path_params["user"], request.path_params["channel"]
    values = await body_of(request)
    text, thread_ts = _text(values, "text"), _optional_text(values, "thread_ts")
    if text.startswith("/"):
        name, _, rest = text.partition(" ")
        if thread_ts is not None:
            return acts.refuse_in_thread(workspace, user, channel, name)
        return await acts.command(workspace, user, channel, name, rest)
    return {"ts": acts.say(workspace, user, channel, text, thread_ts).ts}


async def command(workspace: Workspace, request: Request) -> Any:
    """Enter a slash command."""
    values = await body_of(request)
    user, channel, name = request.path_params["user"], _text(values, "channel"), _text(values, "command")
    if _optional_text(values, "thread_ts") is not None:
        return acts.refuse_in_thread(workspace, user, channel, name)
    return await acts.command(workspace, user, channel, name, str(values.get("text") or ""))


async def shortcuts(workspace: Workspace, request: Request) -> Any:  # noqa: ARG001
    """The shortcuts that the app has on messages, as the manifest names them."""
    return [one.as_json() for one in workspace.manifest.message_shortcuts]


async def shortcut(workspace: Workspace, request: Request) -> Any:
    """Choose a shortcut on the message at `ts`."""
    values = await body_of(request)
    channel, ts = _text(values, "channel"), _text(values, "ts")
    user, callback_id = request.path_params["user"], _text(values, "callback_id")
    return await acts.shortcut(workspace, user, channel, ts, callback_id)


async def action(workspace: Workspace, request: Request) -> Any:
    """Press or choose an element."""
    return await acts.press(workspace, request.path_params["user"], _act(await body_of(request)))


async def suggestion(workspace: Workspace, request: Request) -> Any:
    """Type `query` into an external select; answers its options."""
    values = await body_of(request)
    query = str(values.get("query") or "")
    return await acts.suggest(workspace, request.path_params["user"], _act(values), query)


async def views(workspace: Workspace, request: Request) -> Any:
    """The open modals, bottom first."""
    user = request.path_params["user"]
    with workspace.lock:
        workspace.person(user)
        return [
            {"id": modal.id, "view": view_as_slack(workspace, modal)}
            for modal in workspace.screens[user].modals
        ]


async def submit(workspace: Workspace, request: Request) -> Any:
    """Submit the modal on top."""
    values = await body_of(request)
    entered = _form(values, "values")
    return await forms.submit(workspace, request.path_params["user"], request.path_params["view_id"], entered)


async def close(workspace: Workspace, request: Request) -> Any:
    """Close the modal on top."""
    return await forms.close(workspace, request.path_params["user"], request.path_params["view_id"])


async def home(workspace: Workspace, request: Request) -> Any:
    """The app's Home tab as it is."""
    user = request.path_params["user"]
    with workspace.lock:
        workspace.person(user)
        shown = workspace.screens[user].home
        return {"view": None if shown is None else view_as_slack(workspace, shown)}


async def open_home(workspace: Workspace, request: Request) -> Any:
    """Look at the Home tab: the app is told."""
    return {"view": forms.open_home(workspace, request.path_params["user"])}


def route(workspace: Workspace, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(workspace, request))
        except SlackError as refused:
            status = 404 if refused.code in NOT_FOUND else 400
            return JSONResponse({"error": refused.code, "messages": refused.messages}, status_code=status)
        except NotAllowed as refused:
            return JSONResponse({"error": str(refused)}, status_code=403)
        except (NotShown, BadRequest) as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=400)

    return Route(path, endpoint, methods=[method])


def _events(workspace: Workspace) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        user = request.path_params["user"]
        if user not in workspace.screens:
            return JSONResponse({"error": "user_not_found"}, status_code=404)
        return StreamingResponse(
            _stream(workspace, user),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    return endpoint


async def _stream(workspace: Workspace, user: str) -> AsyncIterator[str]:
    watcher = workspace.changes.watch(user)
    try:
        yield ": watching\n\n"
        while changes := await watcher.next_changes():
            for what, channel in changes:
                event = {"type": "changed", "what": what} | ({"channel": channel} if channel else {})
                yield f"data: {json.dumps(event)}\n\n"
    finally:
        workspace.changes.unwatch(watcher)


def _in_sidebar(workspace: Workspace, channel: Channel, user: str) -> Json:
    messages = list(channel.visible_to(user))
    read = channel.last_read.get(user, "")
    name = workspace.manifest.name if channel.kind == "dm" else channel.name
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": name,
        "archived": channel.archived,
        "unread": sum(message.ts > read and message.user != user for message in messages),
        "last_ts": messages[-1].ts if messages else None,
    }


def _belongs(message: Message, thread_ts: str | None) -> bool:
    if thread_ts is None:
        return message.thread_ts in (None, message.ts)
    return thread_ts in (message.ts, message.thread_ts)


def _shown(workspace: Workspace, message: Message) -> Json:
    shown = message_as_slack(workspace, message, with_metadata=True)
    return shown | {"ephemeral": message.ephemeral_to is not None}


def _act(values: Mapping[str, Any]) -> Act:
    return Act(
        place=_mapping(values, "container"),
        block_id=_text(values, "block_id"),
        action_id=_text(values, "action_id"),
        value=_mapping(values, "value"),
        state=_form(values, "state"),
        forge=values.get("forge") is True,
    )


async def body_of(request: Request) -> Mapping[str, Any]:
    try:
        values = json.loads(await request.body() or b"{}")
    except ValueError:
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(values, dict):
        raise BadRequest("The body is not a JSON object.")
    return values


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{key!r} is missing or not a text.")
    return value


def _optional_text(values: Mapping[str, Any], key: str) -> str | None:
    return None if values.get(key) is None else _text(values, key)


def _form(values: Mapping[str, Any], key: str) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What was entered, by block id and action id."""
    form = _mapping(values, key)
    if not all(
        isinstance(block, dict) and all(isinstance(entry, dict) for entry in block.values())
        for block in form.values()
    ):
        raise BadRequest(f"{key!r} is an object of block ids, each of action ids, each of what was entered.")
    return form


def _mapping(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = values.get(key) or {}
    if not isinstance(value, dict):
        raise BadRequest(f"{key!r} is not an object.")
    return value


def _whole_number(text: str, name: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise BadRequest(f"{name!r} is a whole number of 1 or more, not {text!r}.")
    return int(text)
