"""What people do in messages and by commands: say, press, choose, command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack import payloads, posting, responses
from sandbox.slack.blockkit.findings import Findings
from sandbox.slack.blockkit.objects import check_option_groups, check_options
from sandbox.slack.delivery import Outcome
from sandbox.slack.errors import SlackError
from sandbox.slack.model import SLACKBOT_ID, Channel, Json, Message, Person, State, View
from sandbox.slack.posting import Content
from sandbox.slack.response_urls import ReturnAddress
from sandbox.slack.text import clean, escape, mention_handles, typed
from sandbox.slack.values import STATE_KEYS, NotShown, entered, find_element, initial_state
from sandbox.slack.workspace import Workspace

PRESSED = ("button", "overflow")


class NotAllowed(Exception):
    """The person cannot do this here; the message says why, as Slack's client would."""


@dataclass(frozen=True)
class Act:
    """One press or choice. `place` is {"type": "message", channel, ts} or {"type": "view", view_id}.

    `value`: what was chosen, by the element's key. `state`: what else stands in the form by now.
    `forge`: send exactly these ids and values, shown or not.
    """

    place: Mapping[str, Any]
    block_id: str
    action_id: str
    value: Mapping[str, Any]
    state: Mapping[str, Mapping[str, Mapping[str, Any]]]
    forge: bool = False


def acting(workspace: Workspace, user: str) -> Person:
    """The person `user` with an open account. Raises SlackError `user_not_found` or NotAllowed."""
    person = workspace.person(user)
    if user not in workspace.screens:
        raise SlackError("user_not_found")
    if person.deleted:
        raise NotAllowed("This account is deactivated.")
    return person


def joined(workspace: Workspace, user: str, channel_id: str) -> Channel:
    """A conversation the person is in. Raises SlackError `channel_not_found`."""
    channel = workspace.channel(channel_id)
    if user not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def say(
    workspace: Workspace,
    user: str,
    channel_id: str,
    text: str,
    thread_ts: str | None,
    files: list[Json] | None = None,
) -> Message:
    """Write a message; one that shares a file needs no words. Raises NotAllowed or SlackError."""
    person = acting(workspace, user)
    channel = joined(workspace, user, channel_id)
    if not text.strip() and not files:
        raise SlackError("no_text")
    if channel.archived:
        raise NotAllowed("This conversation is archived.")
    manifest = workspace.manifest
    if channel.kind == "dm" and not (manifest.messages_tab and manifest.messages_writable):
        raise NotAllowed("Sending messages to this app has been turned off.")
    if thread_ts is not None and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    words = typed(clean(text))
    return posting.say(workspace, channel, person.id, words, thread_ts=thread_ts, files=files)


async def press(workspace: Workspace, user: str, act: Act) -> Json:
    """Press or choose what is shown. Raises NotAllowed, NotShown or SlackError."""
    with workspace.lock:
        person = acting(workspace, user)
        payload = payloads.act(workspace, "block_actions", person)
        where, action, view_id = _where_and_what(workspace, user, act)
        payload |= where | {"trigger_id": workspace.triggers.issue(user, view_id), "actions": [action]}
    return await _interact(workspace, payload)


async def suggest(workspace: Workspace, user: str, act: Act, query: str) -> Json:
    """Type into an external select; answers its options. Raises NotAllowed, NotShown or SlackError."""
    with workspace.lock:
        person = acting(workspace, user)
        where, blocks, _, _ = _place(workspace, user, act.place)
        _, element = find_element(blocks, act.block_id, act.action_id)
        if not element["type"].endswith("external_select"):
            raise NotShown(f"A {element['type']} does not look up its options.")
        where.pop("state", None)
        payload = payloads.act(workspace, "block_suggestion", person) | where
        payload |= {"block_id": act.block_id, "action_id": act.action_id, "value": query}
    outcome = await workspace.dispatcher.deliver("interactive", payload)
    answer = _answered(outcome)
    response = outcome.response if isinstance(outcome.response, dict) else {}
    findings = Findings()
    if "option_groups" in response:
        check_option_groups(response["option_groups"], "/option_groups", findings)
        return answer | {"option_groups": response["option_groups"], "problems": findings.messages}
    check_options(response.get("options", []), "/options", findings, least=0)
    return answer | {"options": response.get("options", []), "problems": findings.messages}


async def command(workspace: Workspace, user: str, channel_id: str, name: str, text: str) -> Json:
    """Enter a slash command outside of threads. Raises NotAllowed or SlackError."""
    with workspace.lock:
        person = acting(workspace, user)
        channel = joined(workspace, user, channel_id)
        known = workspace.manifest.command(name)
        if known is None:
            refusal = f'`{name}` is not a valid command. In Slack, all messages that start with the "/" '
            _slackbot(workspace, channel, user, refusal + "character are interpreted as commands.")
            return {"acked": False, "ms": 0.0, "error": "invalid_command"}
        given = escape(clean(text.strip()))
        if known.should_escape:
            handles = {person.handle: person.id for person in workspace.people.values()}
            given = mention_handles(given, handles)
        response_id = workspace.response_urls.issue(user, channel.id)
        payload = payloads.command(
            workspace,
            person,
            channel,
            name,
            given,
            trigger_id=workspace.triggers.issue(user),
            response_url=f"{workspace.base_url}/slack/response/{response_id}",
        )
    outcome = await workspace.dispatcher.deliver("slash_commands", payload)
    return _command_answer(workspace, channel, user, name, outcome)


async def shortcut(workspace: Workspace, user: str, channel_id: str, ts: str, callback_id: str) -> Json:
    """Choose a shortcut in the menu of a message. Raises NotAllowed, NotShown or SlackError."""
    with workspace.lock:
        person = acting(workspace, user)
        channel = joined(workspace, user, channel_id)
        message = workspace.message(channel.id, ts, user)
        if workspace.manifest.message_shortcut(callback_id) is None:
            raise NotShown(f"The app has no message shortcut {callback_id!r}.")
        if message.ephemeral_to is not None:
            raise NotShown("A message that only you see has no shortcuts.")
        response_id = workspace.response_urls.issue(user, channel.id)
        payload = payloads.message_shortcut(
            workspace,
            person,
            channel,
            message,
            callback_id,
            action_ts=workspace.next_ts(),
            trigger_id=workspace.triggers.issue(user),
            response_url=f"{workspace.base_url}/slack/response/{response_id}",
        )
    return await _interact(workspace, payload)


def refuse_in_thread(workspace: Workspace, user: str, channel_id: str, name: str) -> Json:
    """Slack's word on a slash command in a thread."""
    channel = joined(workspace, user, channel_id)
    _slackbot(workspace, channel, user, f"`{name}` is not supported in threads. Sorry!")
    return {"acked": False, "ms": 0.0, "error": "not_supported_in_threads"}


def merged(blocks: list[Json], state: State, values: Mapping[str, Any]) -> State:
    """`state` with `values` entered into the shown elements. Raises NotShown."""
    result = {block_id: dict(members) for block_id, members in state.items()}
    for block_id, members in values.items():
        for action_id, value in members.items():
            _, element = find_element(blocks, block_id, action_id)
            result.setdefault(block_id, {})[action_id] = entered(element, value)
    return result


def failure(outcome: Outcome) -> str:
    """What Slack tells the person about a delivery that was not acknowledged."""
    return "operation_timeout" if outcome.error in ("timeout", "no_connection") else "dispatch_failed"


def _where_and_what(workspace: Workspace, user: str, act: Act) -> tuple[Json, Json, str | None]:
    where, blocks, message, view = _place(workspace, user, act.place)
    if act.forge:
        element = {"type": act.value.get("type", "button"), "action_id": act.action_id}
    else:
        _, element = find_element(blocks, act.block_id, act.action_id)
    value = dict(act.value) if act.forge else _value(element, act.value)
    if not act.forge:
        state = _state_after(act, blocks, element, message, view, user)
        if message is not None:
            message.entered[user] = state
        elif view is not None:
            view.state = state
        where, _, _, _ = _place(workspace, user, act.place)
    if message is not None:
        channel_id = act.place["channel"]
        response_id = workspace.response_urls.issue(user, channel_id, message.ts, message.thread_ts)
        where["response_url"] = f"{workspace.base_url}/slack/response/{response_id}"
    action = payloads.action(element, act.block_id, value, workspace.next_ts())
    is_modal = view is not None and view.content["type"] == "modal"
    return where, action, view.id if view is not None and is_modal else None


def _place(
    workspace: Workspace, user: str, place: Mapping[str, Any]
) -> tuple[Json, list[Json], Message | None, View | None]:
    if place.get("type") == "message":
        channel = joined(workspace, user, str(place.get("channel")))
        message = workspace.message(channel.id, str(place.get("ts")), user)
        return payloads.in_message(workspace, channel, message, user), message.blocks, message, None
    if place.get("type") == "view":
        view = workspace.view(str(place.get("view_id")))
        if view.user != user:
            raise NotShown("This view is open for somebody else.")
        return payloads.in_view(workspace, view), view.blocks, None, view
    raise NotShown('A container is of type "message" or "view".')


def _value(element: Json, given: Mapping[str, Any]) -> Json:
    if element["type"] == "button":
        return {}
    if element["type"] == "overflow":
        choice = entered({**element, "type": "static_select"}, given)
        return {"selected_option": choice["selected_option"]}
    return entered(element, given)


def _state_after(
    act: Act, blocks: list[Json], element: Json, message: Message | None, view: View | None, user: str
) -> State:
    before = view.state if view is not None else {}
    if message is not None:
        before = message.entered.get(user) or initial_state(blocks)
    values = {block_id: dict(members) for block_id, members in act.state.items()}
    if element["type"] in STATE_KEYS:
        values.setdefault(act.block_id, {})[act.action_id] = act.value
    return merged(blocks, before, values)


async def _interact(workspace: Workspace, payload: Json) -> Json:
    if not workspace.manifest.interactive:
        raise NotAllowed("This app is not configured to handle interactive responses.")
    return _answered(await workspace.dispatcher.deliver("interactive", payload))


def _answered(outcome: Outcome) -> Json:
    answer: Json = {"acked": outcome.acked, "ms": outcome.ms}
    if not outcome.acked:
        answer["error"] = failure(outcome)
    return answer


def _command_answer(workspace: Workspace, channel: Channel, user: str, name: str, outcome: Outcome) -> Json:
    answer = _answered(outcome)
    if not outcome.acked:
        _slackbot(workspace, channel, user, f'{name} failed with the error "{answer["error"]}"')
        return answer
    said = outcome.response
    if isinstance(said, str):
        said = {"text": said}
    if not isinstance(said, dict) or not (said.get("text") or said.get("blocks")):
        return answer
    try:
        responses.answer_command(workspace, ReturnAddress(user, channel.id, None, workspace.elapsed()), said)
    except SlackError as refused:
        _slackbot(workspace, channel, user, f'{name} failed with the error "{refused.code}"')
        return answer | {"error": refused.code, "problems": refused.messages}
    return answer | {"answer": said}


def _slackbot(workspace: Workspace, channel: Channel, user: str, text: str) -> None:
    posting.whisper(workspace, channel, user, Content(text, None), author=SLACKBOT_ID)
