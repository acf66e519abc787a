"""An account that moves out, is kept or has moved: what is said of it, and the manager's buttons beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.services.models import AccountLine, MovedLine, MoveOutLine
from bot.slack import ids
from bot.slack.payloads import FactRef, TouchRef
from bot.slack.text import day_words, escaped, moment_words, name
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Block, actions, button, context, section
from bot.slack.views.decisions import both_decisions
from bot.slack.views.listing import further, of_page

LONGEST_WHY: Final = 60
LONGEST_FATE: Final = 85


def to_decide(entry: MoveOutLine, on: date, message_id: int) -> list[Block]:
    """An account with the two decisions about it."""
    run_id = entry.line.run_id
    ref = TouchRef(run_id, None, on, message_id or None).encode()
    return [
        section(fate_words(entry, on), ids.run_block(run_id)),
        actions(both_decisions(entry.kept_until, ref, entry.line.account), ids.run_block(run_id, "actions")),
    ]


def kept_blocks(kept: Sequence[MoveOutLine], page: int, on: date, message_id: int) -> list[Block]:
    """What was kept, until when and why, each with the way back."""
    shown = of_page(kept, page)
    if not shown:
        return []
    blocks: list[Block] = [section("*Kept*", "kept")]
    for entry in shown:
        until = day_words(entry.kept_until, on) if entry.kept_until else ""
        why = f" · {escaped(entry.kept_because, LONGEST_WHY)}" if entry.kept_because else ""
        ref = FactRef(entry.line.kept_fact or 0, message_id or None).encode()
        back = button("Do not keep", ids.TAKE_BACK_KEEP, ref, about=entry.line.account)
        words = f"{whose(entry.line)} · until {until}{why}"
        blocks.append(section(words, ids.run_block(entry.line.run_id, "kept"), back))
    if more := further(kept, page):
        blocks.append(context(more, "kept:more"))
    return blocks


def moved_blocks(moved: Sequence[MovedLine], page: int, now: datetime, message_id: int) -> list[Block]:
    """What moved out, the newest first, each with the way back; `now` in the reader's zone."""
    shown = of_page(moved[::-1], page)
    if not shown:
        return []
    blocks: list[Block] = [section("*Moved out*", "moved")]
    for entry in shown:
        who = f"by {escaped(entry.by, 40)}" if entry.by else "nobody kept it"
        words = f"{whose(entry.line)} · {moment_words(entry.at, now)} · {who}"
        ref = FactRef(entry.fact_id, message_id or None).encode()
        back = button("Give back", ids.TAKE_BACK_MOVE_OUT, ref, about=entry.line.account)
        blocks.append(section(words, ids.run_block(entry.line.run_id, "moved"), back))
    if more := further(moved, page):
        blocks.append(context(more, "moved:more"))
    return blocks


def fate_words(entry: MoveOutLine, on: date) -> str:
    """Whose it is, when day 30 is, why nothing exempts it, and until when it is deferred or kept."""
    price = f" · {escaped(entry.line.price, 20)}" if entry.line.price else ""
    words = f"{whose(entry.line)}{price} · {_day_30(entry.moves_on, on)} · {escaped(entry.why, LONGEST_FATE)}"
    if entry.line.deferred_until is not None:
        words += f" · deferred until {day_words(entry.line.deferred_until, on)}"
    if entry.kept_until is not None:
        why = f" ({escaped(entry.kept_because, LONGEST_WHY)})" if entry.kept_because else ""
        words += f" · *kept until {day_words(entry.kept_until, on)}*{why}"
    return words


def _day_30(day: date, on: date) -> str:
    """Day 30 counts in the calendar; an account moves on the manager's next working day from then."""
    if day == on:
        return "day 30 is today"
    return f"day 30 {'is' if day > on else 'was'} {day_words(day, on)}"


def whose(line: AccountLine) -> str:
    """The account, linked, and its rep."""
    owner = f" · {name(line.owner, 30)}" if line.owner else ""
    return f"{linked_name(line)}{owner}"


def said_of(line: AccountLine, rep: str | None = None) -> str:
    """ "Acme Dental (Ana)", short: many stand in one notification."""
    owner = rep or line.owner
    return f"{name(line.account, 40)}{f' ({name(owner, 20)})' if owner else ''}:"
