"""What was logged on a run today: "No answer 10:05 · Ana · saved, not yet in HubSpot", with Undo."""

from __future__ import annotations

from datetime import datetime

from bot.services.models import LoggedLine, ReportTold
from bot.slack import ids
from bot.slack.payloads import FactRef
from bot.slack.text import day_words, escaped, moment_words
from bot.slack.views.blocks import Block, actions, button, section
from bot.slack.words import ACTIVITIES, APPOINTMENTS, STAGES, outcome_words

MOST_SHOWN = 2
LONGEST_REMARK = 45

_CRM_WORDS = {
    "waiting": "saved, not yet in HubSpot",
    "arrived": "in HubSpot",
    "failed": "saved; HubSpot did not take it",
}


def logged_blocks(
    run_id: int, logged: tuple[LoggedLine, ...], now: datetime, message_id: int | None, most: int
) -> list[Block]:
    """The newest entries, each with its Undo while it can be undone; older ones are counted.

    `most` blocks: where there is room, the newest that can be changed has its button; the card has all of them.
    """
    shown = sorted(logged, key=lambda entry: (entry.at, entry.fact_id))[-MOST_SHOWN:]
    earlier = len(logged) - len(shown)
    blocks = []
    for place, entry in enumerate(shown):
        words = logged_words(entry, now)
        if earlier and place == 0:
            words += f" (+{earlier:,} more)"
        undo = None
        if entry.undoable:
            ref = FactRef(entry.fact_id, message_id or None).encode()
            undo = button("Undo", ids.UNDO_FACT, ref)
        block_id = ids.run_block(run_id, f"logged:{entry.fact_id}")
        blocks.append(section(f":white_check_mark: {words}", block_id, undo))
    newest = next((place for place in reversed(range(len(shown))) if shown[place].changeable), None)
    if newest is not None and len(blocks) < most:
        blocks.insert(newest + 1, change_block(run_id, shown[newest], message_id))
    return blocks


def change_block(run_id: int, entry: LoggedLine, message_id: int | None) -> Block:
    """The way to change an entry."""
    ref = FactRef(entry.fact_id, message_id or None).encode()
    change = button("Change…", ids.OPEN_CHANGE, ref)
    return actions([change], ids.run_block(run_id, f"change:{entry.fact_id}"))


def logged_words(entry: LoggedLine, now: datetime) -> str:
    """One entry as mrkdwn: what, when, who, and whether HubSpot has it."""
    parts = [f"{_all_of(entry, now)} {moment_words(entry.at, now)}", escaped(entry.actor, 30)]
    if entry.told is not None and entry.told.acknowledged_at is not None:
        parts[0] += f", acknowledged {moment_words(entry.told.acknowledged_at, now)}"
    if entry.changed:
        parts[0] += ", changed"
    if entry.note and not _explains(entry):
        parts.append(f"“{escaped(entry.note, LONGEST_REMARK)}”")
    if entry.crm in _CRM_WORDS:
        parts.append(_CRM_WORDS[entry.crm])
    return " · ".join(parts)


def _all_of(entry: LoggedLine, now: datetime) -> str:
    """ "Connected: in negotiation": what was logged in one go is one thing to its reader."""
    said = [_what(one, now) for one in (entry, *entry.then)][_explains(entry) :]
    return ": ".join([said[0], *(words[0].lower() + words[1:] for words in said[1:])])


def _explains(entry: LoggedLine) -> bool:
    """Whether the entry is only the note in HubSpot that says why what was logged with it happened."""
    return entry.kind == "note" and bool(entry.then)


def _what(entry: LoggedLine, now: datetime) -> str:
    if entry.kind == "call" and entry.outcome:
        return escaped(outcome_words(entry.outcome), 40)
    if entry.kind == "reply" and entry.outcome == "call":
        return "Customer called in"
    if entry.kind == "stage" and entry.outcome:
        return STAGES.get(entry.outcome, escaped(entry.outcome, 40))
    if entry.kind == "deferral" and entry.until:
        return f"Deferred until {day_words(entry.until, now.date())}; logged"
    if entry.kind == "appointment":
        words = APPOINTMENTS.get(entry.outcome or "scheduled", "Appointment")
        if entry.outcome == "scheduled" and entry.starts_at:
            local = entry.starts_at.astimezone(now.tzinfo)
            words += f" on {day_words(local.date(), now.date())} at {local:%H:%M}; logged"
        return words
    if entry.kind == "kept" and entry.until:
        return f"Kept until {day_words(entry.until, now.date())}; logged"
    if entry.told is not None:
        return _told(entry.told)
    return ACTIVITIES.get(entry.kind, escaped(entry.kind.replace("_", " "), 40))


def _told(told: ReportTold) -> str:
    """ "Report missing told to Dana Lee", naming whom it did not reach."""
    words = "Report missing"
    if told.to:
        words += f" told to {_names(told.to)}"
    if told.untold:
        words += f" (did not reach {_names(told.untold)})"
    return words


def _names(names: tuple[str, ...]) -> str:
    """The first name in full, the others counted."""
    return escaped(names[0], 30) + (f" and {len(names) - 1:,} more" if len(names) > 1 else "")
