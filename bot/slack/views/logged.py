"""What was logged on a run today: "No answer 10:05 · Ana · saved, not yet in HubSpot", with Undo."""

from __future__ import annotations

from datetime import datetime

from bot.services.models import AccountLine, LoggedLine, ReportTold, Tracked
from bot.services.not_taken import NotTaken
from bot.slack import ids
from bot.slack.payloads import FactRef
from bot.slack.text import day_words, escaped, moment_words, plain
from bot.slack.views.blocks import Block, Element, actions, button, confirmation, section
from bot.slack.words import ACTIVITIES, APPOINTMENTS, STAGES, outcome_words

MOST_SHOWN = 2
LONGEST_TERMS = 120
LONGEST_REMARK = 40
LONGEST_REASON = 120
DROP = (
    "Drop this entry?",
    "It stays in the assistant and counts there. HubSpot will not have it.",
    "Drop it",
)

_CRM_WORDS = {
    "waiting": "saved, not yet in HubSpot",
    "arrived": "in HubSpot",
    "failed": "saved; HubSpot did not take it",
    "kept_here": "only here: HubSpot will not have it",
}


def logged_blocks(
    line: AccountLine, now: datetime, message_id: int | None, most: int = MOST_SHOWN
) -> list[Block]:
    """The newest entries, each with its Undo while it can be undone; older ones are counted.

    *Change…* is not among them, or the list would be half as long again: *More…* and the card have it.
    """
    shown = _in_order(line)[-most:]
    stuck = [entry for entry in _in_order(line) if entry.not_taken is not None]
    if stuck:  # what somebody has to decide stands in the place of the others
        return _stuck_blocks(line, stuck[0], now, message_id)
    earlier = len(line.logged) - len(shown)
    blocks = []
    for place, entry in enumerate(shown):
        words = logged_words(entry, now)
        if earlier and place == 0:
            words += f" (+{earlier:,} more)"
        undo = undo_button(line, entry, message_id) if entry.undoable else None
        block_id = ids.run_block(line.run_id, f"logged:{entry.fact_id}")
        blocks.append(section(f":white_check_mark: {words}", block_id, undo))
    return blocks


def _stuck_blocks(line: AccountLine, entry: LoggedLine, now: datetime, message_id: int | None) -> list[Block]:
    """The oldest entry that is not in HubSpot, and what can be done; the others of the day are counted."""
    more = f" (+{len(line.logged) - 1:,} more)" if len(line.logged) > 1 else ""
    words = f":warning: {logged_words(entry, now)}{more}"
    ways = decide_buttons(line, entry, message_id)
    if entry.undoable and entry.at.date() == now.date():
        ways.append(undo_button(line, entry, message_id))
    block_id = ids.run_block(line.run_id, f"logged:{entry.fact_id}")
    return [section(words, block_id), actions(ways, ids.run_block(line.run_id, f"decide:{entry.fact_id}"))]


def decide_buttons(line: AccountLine, entry: LoggedLine, message_id: int | None) -> list[Element]:
    """What can be done about an entry that is not in HubSpot; nothing for one that is."""
    if entry.not_taken is None:
        return []
    ref, of = FactRef(entry.not_taken.fact_id, message_id or None).encode(), _about(line, entry)
    if entry.not_taken.contest is not None:
        return [
            button("Keep HubSpot's", ids.KEEP_THEIRS, ref, about=of),
            button("Write mine", ids.WRITE_MINE, ref, about=of),
        ]
    return [
        button("Try again", ids.TRY_AGAIN, ref, about=of),
        button("Drop", ids.DROP_ENTRY, ref, about=of, confirm=confirmation(*DROP)),
    ]


def undo_button(line: AccountLine, entry: LoggedLine, message_id: int | None) -> Element:
    """Takes the entry back with one tap."""
    ref = FactRef(entry.fact_id, message_id or None).encode()
    return button("Undo", ids.UNDO_FACT, ref, about=_about(line, entry))


def change_button(line: AccountLine, entry: LoggedLine, message_id: int | None) -> Element:
    """Opens the form that says the entry anew."""
    ref = FactRef(entry.fact_id, message_id or None).encode()
    return button("Change…", ids.OPEN_CHANGE, ref, about=_about(line, entry))


def newest_changeable(line: AccountLine) -> LoggedLine | None:
    """What was logged last today, if it can be said anew."""
    return next((entry for entry in reversed(_in_order(line)) if entry.changeable), None)


def _in_order(line: AccountLine) -> list[LoggedLine]:
    return sorted(line.logged, key=lambda entry: (entry.at, entry.fact_id))


def _about(line: AccountLine, entry: LoggedLine) -> str:
    """ "No answer, Acme Dental": which of its entries."""
    if entry.kind == "call" and entry.outcome:
        return f"{plain(outcome_words(entry.outcome), 30)}, {line.account}"
    return line.account


def logged_words(entry: LoggedLine, now: datetime) -> str:
    """One entry as mrkdwn: what, when, who, and whether HubSpot has it."""
    parts = [f"{_all_of(entry, now)} {moment_words(entry.at, now)}", escaped(entry.actor, 30)]
    if entry.told is not None and entry.told.acknowledged_at is not None:
        parts[0] += f", acknowledged {moment_words(entry.told.acknowledged_at, now)}"
    if entry.changed:
        parts[0] += ", changed"
    if entry.note and not _explains(entry) and not _says_terms(entry):
        parts.append(f"“{escaped(entry.note, LONGEST_REMARK)}”")
    if entry.not_taken is not None:
        parts.append(_not_taken(entry.not_taken, now))
    elif entry.tracked is not None:
        parts.append(tracked_words(entry.tracked, entry.at))
    elif entry.crm in _CRM_WORDS:
        parts.append(_CRM_WORDS[entry.crm])
    return " · ".join(parts)


def tracked_words(tracked: Tracked, logged_at: datetime) -> str:
    """ "tracked in HubSpot 10:07, opened 2 times (unreliable)", or that it is not there yet; the date where it is
    not the entry's own."""
    if tracked.at is None:
        return "not tracked yet"
    words = f"tracked in HubSpot {moment_words(tracked.at, logged_at)}"
    said = [
        f"{what} {'once' if count == 1 else f'{count:,} times'}"
        for what, count in (("opened", tracked.opens), ("clicked", tracked.clicks))
        if count
    ]
    return f"{words}, {' and '.join(said)} (unreliable)" if said else words


def _all_of(entry: LoggedLine, now: datetime) -> str:
    """ "Connected: in negotiation": what was logged in one go is one thing to its reader."""
    said = [_what(one, now) for one in (entry, *entry.then)][_explains(entry) :]
    return ": ".join([said[0], *(words[0].lower() + words[1:] for words in said[1:])])


def _explains(entry: LoggedLine) -> bool:
    """Whether the entry is only the note in HubSpot that says why what was logged with it happened."""
    return entry.kind == "note" and bool(entry.then)


def _says_terms(entry: LoggedLine) -> bool:
    """Whether its note begins with what was agreed: "140 USD/month for 12 months, until ..."."""
    return entry.kind == "stage" and entry.outcome == "won" and bool(entry.note)


def _what(entry: LoggedLine, now: datetime) -> str:
    if entry.kind == "call" and entry.outcome:
        return escaped(outcome_words(entry.outcome), 40)
    if entry.kind == "reply" and entry.outcome == "call":
        return "Customer called in"
    if _says_terms(entry):
        terms = (entry.note or "").partition("\n")[0].removesuffix(".")
        return f"{STAGES['won']}: {escaped(terms, LONGEST_TERMS)}; logged"
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


def _not_taken(found: NotTaken, now: datetime) -> str:
    contest = found.contest
    if contest is None:
        return f"*HubSpot did not take it:* {escaped(found.reason, LONGEST_REASON)}"
    ours, theirs = (_side(contest.what, value, now) for value in (contest.ours, contest.theirs))
    since = f" since {moment_words(contest.at, now)}" if contest.at is not None else ""
    return (
        f"*Changed in HubSpot, too.* Here: {ours}. In HubSpot{since}: {theirs}. Choose by"
        f" {moment_words(contest.until, now)}: after that HubSpot's stays"
    )


def _side(what: str, value: str | None, now: datetime) -> str:
    """One side's value: a stage, an outcome, a start, or as HubSpot writes it."""
    if not value:
        return "nothing"
    if what == "starts_at":
        starts = datetime.fromisoformat(value)
        return f"{day_words(starts.date(), now.date())} at {starts:%H:%M}"
    words = STAGES.get(value) if what == "stage" else APPOINTMENTS.get(value)
    return words or escaped(outcome_words(value), 40)


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
