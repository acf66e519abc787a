"""A hundred replies, written without looking at the reader: on which day each customer is called again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.hubspot.activities import Links, Reading, read_activity
from bot.plain_words.automatic_replies import read_away, there_again
from bot.playbook.calendar import WorkCalendar

MONDAY = date(2026, 11, 23)
CALENDAR = WorkCalendar(ZoneInfo("America/New_York"), frozenset(range(5)), time(17, 30))


def is_automatic(subject: str) -> bool:
    """Whether an email that came in with this subject is taken for an automatic answer, and not for a reply."""
    properties = {
        "hs_timestamp": datetime(2026, 11, 23, 15, tzinfo=UTC).isoformat(),
        "hs_email_direction": "INCOMING_EMAIL",
        "hs_email_subject": subject,
    }
    return read_activity("emails", "1", properties, Links(), Reading()).out_of_office is not None


def judged(reply: dict[str, Any]) -> tuple[str, str]:
    """Whether the reply is read right, safely (a form opens instead), or wrong; and as what."""
    if is_automatic(reply["subject"]) == ("human" in reply):
        return "wrong", f"wrong: {reply['subject']!r} is taken for what it is not"
    if "human" in reply:
        return "right", "an answer"
    said = read_away(reply["subject"], reply["text"], reply.get("received", MONDAY))
    day = there_again(said.says, said.day, CALENDAR) if said.day and said.sure else None
    wanted = reply.get("defer")
    verdict = "right" if day == wanted else "safe" if day is None else "wrong"
    return (
        verdict,
        f"{verdict}: {reply['text'][:70]!r} -> {said.says} {said.day} sure={said.sure}, not {wanted}",
    )


@pytest.mark.parametrize(("file", "number", "floor"), [("replies.yml", 40, 40), ("more_replies.yml", 60, 57)])
def test_no_reply_is_read_wrong_and_most_are_read_right(file: str, number: int, floor: int) -> None:
    replies = yaml.safe_load((Path(__file__).parent / file).read_text(encoding="utf-8"))
    found = [judged(reply) for reply in replies]
    counted = Counter(verdict for verdict, _ in found)
    print(dict(counted))  # noqa: T201
    assert len(replies) == number
    assert [why for verdict, why in found if verdict == "wrong"] == []
    assert counted["right"] >= floor, "\n".join(why for verdict, why in found if verdict != "right")


@pytest.mark.parametrize(
    "subject",
    ["Auto renewal terms", "Automobile fleet", "Re: Automatic reply: Your renewal", "Re: OOO next week?"],
)
def test_a_subject_that_only_looks_like_it_is_an_answer(subject: str) -> None:
    assert not is_automatic(subject)
