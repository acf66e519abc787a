"""Forty automatic replies, written before the reader: on which day each customer is called again."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.plain_words.automatic_replies import read_away, there_again
from bot.playbook.calendar import WorkCalendar

MONDAY = date(2026, 11, 23)
FLOOR = 40
CALENDAR = WorkCalendar(ZoneInfo("America/New_York"), frozenset(range(5)), time(17, 30))


def judged(reply: dict[str, Any]) -> tuple[str, str]:
    """Whether the reply is read right, safely (a form opens instead), or wrong; and as what."""
    said = read_away(reply["subject"], reply["text"], reply.get("received", MONDAY))
    day = there_again(said.says, said.day, CALENDAR) if said.day and said.sure else None
    wanted = reply.get("defer")
    verdict = "right" if day == wanted else "safe" if day is None else "wrong"
    return (
        verdict,
        f"{verdict}: {reply['text'][:70]!r} -> {said.says} {said.day} sure={said.sure}, not {wanted}",
    )


def test_no_reply_is_read_wrong_and_most_are_read_right() -> None:
    replies = yaml.safe_load((Path(__file__).parent / "replies.yml").read_text(encoding="utf-8"))
    found = [judged(reply) for reply in replies]
    counted = Counter(verdict for verdict, _ in found)
    print(dict(counted))  # noqa: T201
    assert len(replies) == 40
    assert [why for verdict, why in found if verdict == "wrong"] == []
    assert counted["right"] >= FLOOR, "\n".join(why for verdict, why in found if verdict != "right")
