"""Reads a text: every way to explain it competes, and where two of them are complete, the person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from bot.plain_words.covers import Cover, covers
from bot.plain_words.meaning import meaning
from bot.plain_words.names import Name
from bot.plain_words.pieces import Kind, pieces_of
from bot.plain_words.reading import Account, Ask, Defer, Doing, Log, Open, Reading, Refused, Show
from bot.plain_words.said import MOST_CHOICES, Setting
from bot.plain_words.tokens import MOST_WORDS, split
from bot.playbook.calendar import WorkCalendar

SAME_PRICE = 0.3
SAY_NOTHING = frozenset({Kind.FILLER, Kind.UNKNOWN, Kind.CALL, Kind.QUESTION, Kind.FUTURE})


def read(
    text: str,
    accounts: Sequence[Account],
    *,
    now: datetime,
    calendar: WorkCalendar,
    thread: Sequence[int] = (),
) -> Reading:
    """What a person means. `accounts`: those they may work; `now`: aware, in their zone.

    `thread`: the accounts that the message shows in whose thread it was written. Never raises for any text; a
    reading's date is always later than today, its instants later than now.
    """
    words = split(text)
    if not words.words:
        return Refused("empty")
    if len(words.words) > MOST_WORDS:
        return Refused("too_long")
    known = tuple(dict.fromkeys(run_id for run_id in thread if any(one.run_id == run_id for one in accounts)))
    setting = Setting(words, now, known)
    ways = covers(pieces_of(words, accounts, now.date(), calendar), len(words.words))
    return _settled([(cover, meaning(cover, setting)) for cover in ways])


def _settled(ways: Sequence[tuple[Cover, Reading]]) -> Reading:
    """The one complete reading of the cheapest ways; several of them, or none, are a question."""
    complete = _different([said for _, said in ways if not isinstance(said, Ask | Refused)])
    first = ways[0][1]
    if (
        isinstance(first, Ask)
        and complete
        and not any(_as_cheap(cover, ways[0][0]) for cover in _saying(complete, ways))
    ):
        # The likeliest reading is open; a less likely one that is complete does not overrule it.
        return first if first.choices else replace(first, choices=tuple(complete[:MOST_CHOICES]))
    if len(complete) == 1 and not _may_be_words(complete[0], ways):
        return complete[0]
    if complete:
        return _between(complete)
    asked = [said for _, said in ways if isinstance(said, Ask)]
    refused = [said for _, said in ways if isinstance(said, Refused)]
    if any(said.why == "guarded" for said in refused):
        return Refused("guarded")
    return (asked or refused)[0]


def _saying(complete: Sequence[Doing], ways: Sequence[tuple[Cover, Reading]]) -> list[Cover]:
    return [cover for cover, said in ways if said in complete]


def _as_cheap(cover: Cover, cheapest: Cover) -> bool:
    return sum(piece.cost for piece in cover) <= sum(piece.cost for piece in cheapest) + SAME_PRICE


def _may_be_words(said: Doing, ways: Sequence[tuple[Cover, Reading]]) -> bool:
    """Whether an account is shown only because of common words that say something else as well."""
    if not isinstance(said, Show) or said.topic != "account":
        return False
    named = [cover for cover, meant in ways if meant == said and _names(cover)]
    if not named or any(piece.kind is Kind.SHOW for cover in named for piece in cover):
        return False
    common = all(name.common for cover in named for name in _names(cover))
    return common and any(_moves_something(cover) for cover, _ in ways if not _names(cover))


def _names(cover: Cover) -> list[Name]:
    return [piece.value for piece in cover if isinstance(piece.value, Name)]


def _moves_something(cover: Cover) -> bool:
    return any(piece.kind not in SAY_NOTHING for piece in cover)


def _different(complete: Sequence[Doing]) -> list[Doing]:
    """Without repetitions, the cheapest first; why something is deferred makes no difference of its own.

    Only to be shown something is no rival of what would be written down and is the likelier reading.
    """
    found: dict[Doing, Doing] = {}
    if complete and not isinstance(complete[0], Show):
        complete = [said for said in complete if not isinstance(said, Show)]
    for said in complete:
        found.setdefault(replace(said, reason="") if isinstance(said, Log | Defer) else said, said)
    return list(found.values())


def _between(complete: Sequence[Doing]) -> Ask:
    clear = {getattr(choice, "run_id", None) for choice in complete}
    run_id = clear.pop() if len(clear) == 1 else None
    return Ask(_difference(complete), tuple(complete[:MOST_CHOICES]), None, run_id)


def _difference(complete: Sequence[Doing]) -> Open:
    """What the complete readings differ in."""
    if len({type(one) for one in complete}) > 1 or len(complete) == 1:
        return "what"
    differing = {
        field.name for field in fields(complete[0]) if len({getattr(one, field.name) for one in complete}) > 1
    }
    if "run_id" in differing:
        return "account"
    if "outcome" in differing:
        return "outcome"
    return "date" if differing & {"until", "at", "remind_at", "starts_at"} else "what"
