"""What humans do with what they write, over HTTP: share files, change and delete it, take what an agent offers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.people import BadRequest, Handler, body_of, route
from sandbox.slack import acts, forms, sayings
from sandbox.slack.sayings import SharedFile, files_as_slack
from sandbox.slack.workspace import Workspace


def routes(workspace: Workspace) -> list[Route]:
    """Everything under /people about one's own messages and the app's Messages tab."""
    message = "/people/{user}/conversations/{channel}/messages/{ts}"
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/people/{user}/conversations/{channel}/files", share),
        ("PATCH", message, edit),
        ("DELETE", message, delete),
        ("POST", "/people/{user}/messages/open", open_messages),
        ("GET", "/people/{user}/conversations/{channel}/prompts", prompts),
    ]
    return [route(workspace, method, path, handler) for method, path, handler in table]


async def share(workspace: Workspace, request: Request) -> Any:
    """Share `files`, each with a name and a size, with words or without."""
    values = await body_of(request)
    where, thread_ts = request.path_params, values.get("thread_ts")
    if thread_ts is not None and not isinstance(thread_ts, str):
        raise BadRequest("'thread_ts' is not a text.")
    words = str(values.get("text") or "")
    with workspace.lock:
        files = files_as_slack(workspace, where["user"], _files(values.get("files")))
        return {"ts": acts.say(workspace, where["user"], where["channel"], words, thread_ts, files).ts}


async def edit(workspace: Workspace, request: Request) -> Any:
    """Change the words of one's own message."""
    where, text = request.path_params, (await body_of(request)).get("text")
    if not isinstance(text, str):
        raise BadRequest("'text' is missing or not a text.")
    return {"ts": sayings.edit(workspace, where["user"], where["channel"], where["ts"], text).ts}


async def delete(workspace: Workspace, request: Request) -> Any:
    """Delete one's own message."""
    where = request.path_params
    sayings.delete(workspace, where["user"], where["channel"], where["ts"])
    return {}


async def open_messages(workspace: Workspace, request: Request) -> Any:
    """Look at the app's Messages tab: the app is told."""
    forms.open_messages(workspace, request.path_params["user"])
    return {}


async def prompts(workspace: Workspace, request: Request) -> Any:
    """What the agent offers to be asked in its conversation; nothing where the app is none."""
    where = request.path_params
    with workspace.lock:
        channel = acts.joined(workspace, where["user"], where["channel"])
        offers = workspace.manifest.agent_view and channel.kind == "dm"
        found = (channel.prompts or workspace.manifest.prompts) if offers else ()
        return {
            "title": channel.prompts_title,
            "prompts": [{"title": prompt.title, "message": prompt.message} for prompt in found],
        }


def _files(values: Any) -> list[SharedFile]:
    if not isinstance(values, list) or not values:
        raise BadRequest("'files' is a list of objects with a name and a size.")
    try:
        return [SharedFile(str(one["name"]), int(one["size"])) for one in values]
    except (KeyError, TypeError, ValueError):
        raise BadRequest("A file has a name and a size in bytes.") from None
