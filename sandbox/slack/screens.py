"""Modals and Home tabs: opening, pushing, updating, publishing, closing."""

from __future__ import annotations

from typing import Any

from sandbox.slack.blockkit import check_view
from sandbox.slack.blockkit.views import is_too_large
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json, View
from sandbox.slack.posting import with_ids
from sandbox.slack.text import clean_values
from sandbox.slack.values import initial_state
from sandbox.slack.workspace import Workspace

STACK = 3


def checked_view(view: Any, *, surface: str) -> Json:
    """A copy of `view`. Raises SlackError `invalid_arguments` or `view_too_large`."""
    problems = check_view(view, surface=surface)
    if problems:
        raise SlackError("invalid_arguments", problems)
    if is_too_large(view):
        raise SlackError("view_too_large")
    kept: Json = clean_values(view)
    return kept


def open_modal(workspace: Workspace, trigger_id: str, view: Any, *, push: bool = False) -> View:
    """Show a modal for a trigger: the first, or (from within a modal) one more on top.

    Raises SlackError for a view Slack refuses, a spent trigger, `push_limit_reached` beyond three.
    """
    with workspace.lock:
        content = checked_view(view, surface="modal")
        user, origin = workspace.triggers.exchange(trigger_id)
        if push and origin is None:
            raise SlackError("not_found")
        return put_on_stack(workspace, user, content)


def put_on_stack(workspace: Workspace, user: str, content: Json) -> View:
    """Put a checked modal on top of what `user` has open. Raises SlackError `push_limit_reached`."""
    with workspace.lock:
        stack = workspace.screens[user].modals
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        _refuse_taken_external_id(workspace, content, None)
        view_id = workspace.ids.draw("V")
        modal = View(
            id=view_id,
            user=user,
            content=_with_block_ids(workspace, content),
            hash=new_hash(workspace),
            root_view_id=stack[0].id if stack else view_id,
            previous_view_id=stack[-1].id if stack else None,
        )
        modal.state = initial_state(modal.blocks)
        stack.append(modal)
        workspace.changes.tell("views", user=user)
        return modal


def update_view(workspace: Workspace, shown: View, view: Any, hash_seen: str | None) -> View:
    """Redraw an open view; what a person filled in stays where block and action ids stay.

    Raises SlackError `hash_conflict` when `hash_seen` is not the current one.
    """
    with workspace.lock:
        surface = shown.content["type"]
        content = checked_view(view, surface=surface)
        if hash_seen is not None and hash_seen != shown.hash:
            raise SlackError("hash_conflict")
        _refuse_taken_external_id(workspace, content, shown)
        shown.content = _with_block_ids(workspace, content)
        shown.hash = new_hash(workspace)
        shown.state = _carried_over(shown.state, initial_state(shown.blocks))
        workspace.changes.tell("home" if surface == "home" else "views", user=shown.user)
        return shown


def publish_home(workspace: Workspace, user: str, view: Any, hash_seen: str | None) -> View:
    """Show `view` as the Home tab of `user`.

    Raises SlackError `not_enabled`, `user_not_found`, `hash_conflict`.
    """
    with workspace.lock:
        if not workspace.manifest.home_tab:
            raise SlackError("not_enabled")
        if workspace.person(user).is_bot or user not in workspace.screens:
            raise SlackError("user_not_found")
        shown = workspace.screens[user].home
        if shown is not None:
            return update_view(workspace, shown, view, hash_seen)
        content = checked_view(view, surface="home")
        view_id = workspace.ids.draw("V")
        home = View(view_id, user, _with_block_ids(workspace, content), new_hash(workspace), view_id)
        home.state = initial_state(home.blocks)
        workspace.screens[user].home = home
        workspace.changes.tell("home", user=user)
        return home


def close_view(workspace: Workspace, view: View, *, whole_stack: bool = False) -> list[View]:
    """Take `view` (or the whole stack) away; answers what was taken, top first."""
    with workspace.lock:
        stack = workspace.screens[view.user].modals
        taken = list(reversed(stack)) if whole_stack else [view]
        workspace.screens[view.user].modals = [modal for modal in stack if modal not in taken]
        workspace.changes.tell("views", user=view.user)
        return taken


def new_hash(workspace: Workspace) -> str:
    """A view's hash after a change."""
    return f"{workspace.next_ts()}.{workspace.ids.draw('', 8)}"


def _with_block_ids(workspace: Workspace, content: Json) -> Json:
    return content | {"blocks": with_ids(workspace.ids, content["blocks"])}


def _carried_over(
    old: dict[str, dict[str, Json]], new: dict[str, dict[str, Json]]
) -> dict[str, dict[str, Json]]:
    return {
        block_id: {
            action_id: _same_kind(old.get(block_id, {}).get(action_id), value)
            for action_id, value in values.items()
        }
        for block_id, values in new.items()
    }


def _same_kind(old: Json | None, new: Json) -> Json:
    return old if old is not None and old["type"] == new["type"] else new


def _refuse_taken_external_id(workspace: Workspace, content: Json, own: View | None) -> None:
    external_id = content.get("external_id")
    if not external_id:
        return
    for screens in workspace.screens.values():
        for view in (*screens.modals, screens.home):
            if view is not None and view is not own and view.content.get("external_id") == external_id:
                raise SlackError("duplicate_external_id")
