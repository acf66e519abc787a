"""What journal and database hold after a test: the evidence that the checker reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from bot.slack.ids import SEVERAL_PLAN_FORM
from bot.slack.payloads import MessageRef
from bot.store.tables import Fact, OutboxRow, Person, Received, RunRow
from sandbox.journal import Entry
from tests.living import Living

Finding = tuple[str, str]


@dataclass(frozen=True)
class Evidence:
    """What is left behind, read once."""

    team: Living
    deliveries: list[Entry]
    posts: list[Entry]
    rows: list[OutboxRow]
    facts: list[Fact]
    people: Mapping[int, Person]
    runs: Mapping[int, RunRow]
    received: frozenset[str]

    @classmethod
    def of(cls, team: Living) -> Evidence:
        journal = team.world.journal
        unread = defer(OutboxRow.payload)  # it may be what cannot be read
        with team.assistant.work.store.read() as session:
            return cls(
                team=team,
                deliveries=journal.entries(service="slack", kind="delivery"),
                posts=[e for e in journal.entries(service="slack", method="chat.postMessage") if e.accepted],
                rows=list(session.scalars(select(OutboxRow).order_by(OutboxRow.id).options(unread))),
                facts=list(session.scalars(select(Fact).order_by(Fact.id))),
                people={person.id: person for person in session.scalars(select(Person))},
                runs={run.id: run for run in session.scalars(select(RunRow))},
                received=frozenset(session.scalars(select(Received.key))),
            )

    @property
    def effective(self) -> list[Fact]:
        """Facts that nothing superseded, undos left out."""
        superseded = {fact.supersedes_id for fact in self.facts}
        return [fact for fact in self.facts if fact.id not in superseded and fact.kind != "withdrawn"]


def key_of(entry: Entry) -> str | None:
    """What tells this act from every other, however often it is delivered; None for what is no act."""
    payload: Any = (entry.body or {}).get("payload") or {}
    if entry.method == "slash_commands":
        return f"command:{payload['trigger_id']}"
    if entry.method == "events_api":
        event = payload.get("event") or {}
        by_a_person = event.get("type") == "message" and not (event.get("subtype") or event.get("bot_id"))
        return f"event:{payload['event_id']}" if by_a_person and event.get("channel_type") == "im" else None
    if entry.method != "interactive":
        return None
    if payload.get("type") == "view_submission":
        return f"view:{payload['view']['id']}"
    if payload.get("type") == "block_actions":
        return f"press:{payload['trigger_id']}:{payload['actions'][0]['action_ts']}"
    return None


def user_of(entry: Entry) -> str:
    """Who acted, as Slack says."""
    payload: Any = entry.body["payload"]
    return str((payload.get("user") or {}).get("id") or payload.get("user_id") or payload["event"]["user"])


def plan_of(entry: Entry) -> str | None:
    """The plan for several accounts that an act confirms or takes back, as its facts' keys name it."""
    payload: Any = (entry.body or {}).get("payload") or {}
    view = payload.get("view") or {}
    if entry.method != "interactive" or view.get("callback_id") != SEVERAL_PLAN_FORM:
        return None
    return f"bulk:{MessageRef.decode(view['private_metadata']).message_id}"
