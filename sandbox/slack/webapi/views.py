"""views.*: modals and Home tabs."""

from __future__ import annotations

from typing import Any

from sandbox.slack import screens
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json, View
from sandbox.slack.webapi.call import Call
from sandbox.slack.wire import view_as_slack


def open_(call: Call) -> Json:
    """views.open: a modal for a trigger."""
    return _shown(call, screens.open_modal(call.workspace, call.text("trigger_id"), _view(call)))


def push(call: Call) -> Json:
    """views.push: one more modal on top, for a trigger from within a modal."""
    return _shown(call, screens.open_modal(call.workspace, call.text("trigger_id"), _view(call), push=True))


def update(call: Call) -> Json:
    """views.update: by view_id or external_id, guarded by `hash`."""
    shown = _find(call)
    return _shown(call, screens.update_view(call.workspace, shown, _view(call), call.optional_text("hash")))


def publish(call: Call) -> Json:
    """views.publish: a person's Home tab."""
    view = screens.publish_home(call.workspace, call.text("user_id"), _view(call), call.optional_text("hash"))
    return _shown(call, view)


def _view(call: Call) -> Any:
    view = call.structure("view", malformed="invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return view


def _find(call: Call) -> View:
    view_id, external_id = call.optional_text("view_id"), call.optional_text("external_id")
    if view_id is not None:
        return call.workspace.view(view_id)
    if external_id is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id or external_id"])
    for shown in call.workspace.screens.values():
        for view in (*shown.modals, shown.home):
            if view is not None and view.content.get("external_id") == external_id:
                return view
    raise SlackError("not_found")


def _shown(call: Call, view: View) -> Json:
    return {"ok": True, "view": view_as_slack(call.workspace, view)}
