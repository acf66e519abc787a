"""What people do with modals and the Home tab: submit, close, open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack import events, payloads, screens
from sandbox.slack.acts import NotAllowed, acting, failure, merged
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json, View
from sandbox.slack.values import NotShown, problems_of
from sandbox.slack.workspace import Workspace


async def submit(workspace: Workspace, user: str, view_id: str, values: Mapping[str, Any]) -> Json:
    """Submit the top modal with `values` entered. Raises NotAllowed, NotShown or SlackError `not_found`."""
    with workspace.lock:
        person = acting(workspace, user)
        modal = _top_modal(workspace, user, view_id)
        if modal.content.get("submit") is None:
            raise NotAllowed("This form has no submit button.")
        modal.state = merged(modal.blocks, modal.state, values)
        problems = problems_of(modal.blocks, modal.state)
        if problems:
            # The real client marks the fields and sends nothing.
            return {"acked": False, "ms": 0.0, "error": "incomplete", "errors": problems}
        trigger_id = workspace.triggers.issue(user, modal.id)
        payload = payloads.submission(workspace, person, modal, trigger_id)
    outcome = await workspace.dispatcher.deliver("interactive", payload)
    if not outcome.acked:
        return {"acked": False, "ms": outcome.ms, "error": failure(outcome)}
    response = outcome.response if isinstance(outcome.response, dict) else {}
    answer: Json = {"acked": True, "ms": outcome.ms, "response": response}
    try:
        with workspace.lock:
            _act_on(workspace, modal, response)
    except SlackError as refused:
        return answer | {"error": refused.code, "problems": refused.messages}
    return answer


async def close(workspace: Workspace, user: str, view_id: str) -> Json:
    """Close the top modal. Raises NotAllowed or SlackError `not_found`."""
    with workspace.lock:
        person = acting(workspace, user)
        modal = _top_modal(workspace, user, view_id)
        whole_stack = bool(modal.content.get("clear_on_close"))
        taken = screens.close_view(workspace, modal, whole_stack=whole_stack)
        told = [
            payloads.closing(workspace, person, view, is_cleared=whole_stack)
            for view in taken
            if view.content.get("notify_on_close")
        ]
    answer: Json = {"acked": True, "ms": 0.0}
    for payload in told:
        outcome = await workspace.dispatcher.deliver("interactive", payload)
        answer = {"acked": outcome.acked, "ms": outcome.ms}
    return answer


def open_home(workspace: Workspace, user: str) -> Json | None:
    """Look at the app's Home tab; the app hears of it. Answers what is shown, if anything.

    Raises NotAllowed when the app has no Home tab.
    """
    with workspace.lock:
        acting(workspace, user)
        if not workspace.manifest.home_tab:
            raise NotAllowed("This app has no Home tab.")
        home = workspace.screens[user].home
        events.app_home_opened(workspace, user, "home", home)
        return None if home is None else payloads.in_view(workspace, home)["view"]


def open_messages(workspace: Workspace, user: str) -> None:
    """Look at the app's Messages tab; the app hears of it. Raises NotAllowed when the app has none."""
    with workspace.lock:
        acting(workspace, user)
        if not workspace.manifest.messages_tab:
            raise NotAllowed("This app has no Messages tab.")
        events.app_home_opened(workspace, user, "messages", None)


def _top_modal(workspace: Workspace, user: str, view_id: str) -> View:
    view = workspace.view(view_id)
    stack = workspace.screens[user].modals
    if view.user != user or not stack or stack[-1] is not view:
        raise NotShown("Only the modal on top can be used.")
    return view


def _act_on(workspace: Workspace, modal: View, response: Mapping[str, Any]) -> None:
    action = response.get("response_action")
    if modal not in workspace.screens[modal.user].modals:
        return
    if action is None:
        if response:
            raise SlackError("invalid_response_action")
        screens.close_view(workspace, modal)
    elif action == "clear":
        screens.close_view(workspace, modal, whole_stack=True)
    elif action == "errors":
        _check_errors(modal, response.get("errors"))
    elif action == "update":
        screens.update_view(workspace, modal, response.get("view"), None)
    elif action == "push":
        content = screens.checked_view(response.get("view"), surface="modal")
        screens.put_on_stack(workspace, modal.user, content)
    else:
        raise SlackError("invalid_response_action")


def _check_errors(modal: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in modal.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors", ["[ERROR] missing required field: errors"])
    unknown = sorted(set(errors) - inputs)
    if unknown:
        raise SlackError("invalid_errors", [f"[ERROR] not an input block: {', '.join(unknown)}"])
