"""After a fault and a quiet time: do journal, CRM and database tell the same story? (FAULTS, I1 to I8)

It reads the evidence by itself, from keys alone, and asks none of the services that it checks - but for what
a message would show now, which only the product can say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.clock import SystemClock
from bot.services.ports import NotNeeded, Parcel
from bot.slack.renderer import Renderer
from bot.store.tables import Message, OutboxRow
from sandbox.journal import Entry
from tests.faults.checker_crm import records, stages
from tests.faults.left_behind import Evidence, Finding, key_of, plan_of, user_of
from tests.living import Living

LISTS = ("lost", "doubled", "unexpected", "wrong_recipient", "unauthorised", "stale", "late")
# What a press on these does is done when Slack hears of it: a form opens, a link is followed.
ONLY_SHOWS = ("open_", "result_chosen", "when_typed", "choose_account:", "choose_several", "several_outcome")
# Facts that are HubSpot records of their own; an email is tracked there by HubSpot itself.
RECORDED = {
    "call": "calls",
    "note": "notes",
    "review": "notes",
    "deferral": "tasks",
    "appointment": "meetings",
}
POSTS = ("redraw", "ephemeral", "note")  # for Slack, but no message that is found by its key


def findings(
    team: Living, *, mornings: Collection[date] = (), set_aside: Collection[int] = ()
) -> dict[str, list[str]]:
    """The lists that are not empty; {} when all is well.

    `mornings`: local dates on which every rep must have a digest or a reason. `set_aside`: ids of outbox rows
    that are meant to be dead.
    """
    seen = Evidence.of(team)
    found: dict[str, list[str]] = defaultdict(list)
    parts = (
        _acts(seen),
        _facts(seen),
        _settled(seen, set_aside),
        _messages(seen),
        _mornings(seen, mornings),
        records(seen, set_aside),
        stages(seen),
        _shown(seen),
    )
    for part in parts:
        for kind, sentence in part:
            assert kind in LISTS
            found[kind].append(sentence)
    return dict(found)


def _acts(seen: Evidence) -> Iterator[Finding]:
    """Every acknowledged act was done or answered."""
    answered = {row.slot for row in seen.rows if row.kind in ("ephemeral", "answer")}
    for entry in seen.deliveries:
        key = key_of(entry)
        if entry.method == "ack_late":
            yield "late", f"an acknowledgement after {entry.fields['ms']} ms"
        if key is None or not entry.accepted or _only_shows(entry):
            continue
        body: Any = entry.body
        if key.startswith("command:") or (key.startswith("view:") and body.get("response")):
            continue  # answered in the acknowledgement itself
        if key not in seen.received and key[-90:] not in answered:
            yield "lost", f"acknowledged, and nothing came of it: {key}"


def _only_shows(entry: Entry) -> bool:
    payload: Any = (entry.body or {}).get("payload") or {}
    action = str((payload.get("actions") or [{}])[0].get("action_id", ""))
    return action.startswith(ONLY_SHOWS)


def _facts(seen: Evidence) -> Iterator[Finding]:
    """Every fact of a person comes from an act of that person, who may work the run; each outcome once."""
    users = {key: user_of(entry) for entry in seen.deliveries if (key := key_of(entry)) is not None}
    users |= {plan: user_of(entry) for entry in seen.deliveries if (plan := plan_of(entry)) is not None}
    config = seen.team.settings.config
    for fact in seen.facts:
        if fact.source != "slack":
            continue
        act = fact.key.removeprefix("slack:").rpartition("#")[0]
        if act.startswith("bulk:"):  # of one plan there is a fact for each account
            act = ":".join(act.split(":")[:2])
        actor = seen.people.get(fact.actor_id or 0)
        if act not in users:
            yield "unexpected", f"fact {fact.id} ({fact.kind}) that nobody caused"
        elif actor is None or users[act] != actor.slack_user_id:
            yield "unauthorised", f"fact {fact.id} in the name of somebody else"
        owner = seen.people.get(seen.runs[fact.run_id].owner_id or 0)
        if actor is not None and owner is not None and actor.id != owner.id:
            bosses = {
                *config.team_of(owner.email).managers,
                *config.department_managers,
                *config.customer_care,
            }
            if actor.email not in bosses:
                yield "unauthorised", f"fact {fact.id} by {actor.email} on a run of {owner.email}"
    answers = Counter(
        (fact.run_id, fact.step, fact.kind, fact.at.date())
        for fact in seen.effective
        if fact.source == "slack" and fact.step is not None
    )
    for answer, times in answers.items():
        if times > 1:
            yield "doubled", f"{times} outcomes of one touch: {answer}"


def _settled(seen: Evidence, set_aside: Collection[int]) -> Iterator[Finding]:
    """Every row has a final state, and one that did not arrive says why."""
    for row in seen.rows:
        name = f"row {row.id} ({row.kind} to {row.recipient})"
        if row.state not in ("sent", "dead", "dropped"):
            yield "lost", f"{name} is still {row.state}: {row.reason}"
        elif row.state == "dead" and row.id not in set_aside:
            yield "lost", f"{name} was set aside: {row.reason}"
        elif row.state != "sent" and not row.reason:
            yield "lost", f"{name} was {row.state} without a reason"


def _messages(seen: Evidence) -> Iterator[Finding]:
    """Every row that was sent is one message, where it belongs; every message has a row."""
    rows = {
        f"{row.kind}|{row.recipient}|{row.slot}": row
        for row in seen.rows
        if row.service == "slack" and row.kind not in POSTS
    }
    posted: dict[str, list[Entry]] = defaultdict(list)
    for entry in seen.posts:
        body: Any = entry.body
        key = ((body.get("metadata") or {}).get("event_payload") or {}).get("key")
        if key is not None and not key.startswith("note|"):
            posted[key].append(entry)
        elif key is None:
            yield "unexpected", f"a message without a key in {body.get('channel')}"
    for key, entries in posted.items():
        row = rows.get(key)
        if row is None or row.state != "sent":
            yield "unexpected", f"a message for a row that is {row.state if row else 'not there'}: {key}"
            continue
        if len(entries) > 1:
            yield "doubled", f"{len(entries)} messages: {key}"
        for entry in entries:
            if row.useful_until is not None and entry.business_time > row.useful_until:
                yield (
                    "late",
                    f"posted at {entry.business_time:%H:%M}, of use until {row.useful_until:%H:%M}: {key}",
                )
            if entry.fields["channel"] not in _channels(seen, row):
                yield "wrong_recipient", f"in {entry.fields['channel']}: {key}"
    for key, row in rows.items():
        if (
            row.state == "sent"
            and key not in posted
            and not row.result.get("private")
            and row.kind != "today"
        ):
            yield "lost", f"said to be sent, and is not there: {key}"


def _channels(seen: Evidence, row: OutboxRow) -> set[str]:
    place, _, name = row.recipient.partition(":")
    if place == "channel":
        return {name}
    person = seen.people[int(name)]
    return {seen.team.world.slack.dm_of(person.slack_user_id or "").id}


def _mornings(seen: Evidence, mornings: Collection[date]) -> Iterator[Finding]:
    reps = {email for team in seen.team.settings.config.teams for email in team.reps}
    for person in seen.people.values():
        for on in mornings if person.email in reps else ():
            decided = [
                row
                for row in seen.rows
                if (row.kind, row.recipient, row.slot) == ("digest", f"person:{person.id}", on.isoformat())
            ]
            if not decided:
                yield "lost", f"no digest and no reason for {person.email} on {on}"


def _shown(seen: Evidence) -> Iterator[Finding]:
    """What can be pressed in a message of today is what could be pressed if it were drawn now."""
    work, slack = seen.team.assistant.work, seen.team.world.slack
    renderer = Renderer(work)
    with work.store.read() as session:
        messages = [message for message in session.scalars(select(Message)) if message.ts is not None]
    redraw = {"service": "slack", "kind": "redraw"}
    for message in messages:
        if message.on != work.now().date() or message.data.get("private"):
            continue
        drawn = renderer(_parcel(message, redraw))
        shown = slack.channels[message.channel or ""].messages.get(message.ts or "")
        if isinstance(drawn, NotNeeded) or shown is None:
            yield "stale", f"message {message.id} ({message.kind}) cannot be drawn or is gone"
        elif _buttons(drawn.blocks) != _buttons(shown.blocks):
            yield "stale", f"message {message.id} ({message.kind}) shows other buttons than it should"


def _parcel(message: Message, values: dict[str, str]) -> Parcel:
    now = SystemClock().elapsed()
    return Parcel(
        id=0,
        recipient=message.recipient,
        slot="",
        target="",
        payload={"message_id": message.id},
        fact_id=None,
        attempts=1,
        created_at=now,
        lease_token="",
        lease_until=now,
        **values,
    )


def _buttons(blocks: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    elements = [
        element for block in blocks for element in block.get("elements", []) if "action_id" in element
    ]
    return [(element["action_id"], element.get("value")) for element in elements]
