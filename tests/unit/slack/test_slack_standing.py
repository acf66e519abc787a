"""Where a renewal stands, in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.playbook.assessment import KIND_OF, MoveOut, MoveOutStatus, State, Step, Touch
from bot.playbook.satisfaction import Satisfaction
from bot.services.models import AccountLine
from bot.services.showing.card_models import AccountCard, Coming, May, Nps, Progress
from bot.slack.views.standing import standing_words

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def touch(step: Step, due_on: date = ON, not_before: datetime | None = None, **more: Any) -> Touch:
    return Touch(step, KIND_OF[step], 1, 2, due_on, not_before, **more)


def card(
    *touches: Touch, coming: Coming | None = None, progress: Progress | None = None, **line: Any
) -> AccountCard:
    about = {
        "run_id": 1, "account": "Acme", "url": None, "playbook_day": 6, "state": State.OUTREACH, "stage": "open",
        "price": None, "put_out_on": date(2026, 11, 18), "expires_on": None, "hosts_site": False,
        "contact_name": None, "contact_phone": None, "contact_email": None, "move_out": None,
    }  # fmt: skip
    shown = AccountLine(**(about | {"touches": touches} | line))
    now = touches[0].not_before is None or touches[0].not_before <= NOW if touches else False
    next_one = coming or (
        Coming(touches[0], ON, None if now else touches[0].not_before, now=now) if touches else None
    )
    return AccountCard(
        shown, ON, NOW, May(), True, next_one, progress or Progress(0, 2, "day"), (),
        Nps(Satisfaction.UNKNOWN), None, None, (), 0, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (card(touch(Step.FOLLOW_UP_CALL)), "Day 6 of 30, 0 of 2 contacts today, follow-up call now"),
        (
            card(touch(Step.SECOND_CALL, not_before=NOW + timedelta(hours=3)), progress=Progress(1, 2, "day")),
            "Day 6 of 30, 1 of 2 contacts today, second call from 13:30",
        ),
        (
            card(touch(Step.SECOND_CALL, not_before=NOW), progress=Progress(1, 2, "day")),
            "Day 6 of 30, 1 of 2 contacts today, second call now",
        ),
        (
            card(coming=Coming(touch(Step.CALLBACK), date(2026, 11, 25)), deferred_until=date(2026, 11, 25),
                 state=State.DEFERRED, progress=Progress(1, None, "day")),
            "Day 6 of 30, deferred, 1 contact today, call back Wed 25 Nov",
        ),
        (
            card(touch(Step.WEEKLY_CALL), touch(Step.CANCELLATION_EMAIL, date(2026, 11, 20)),
                 playbook_day=17, progress=Progress(1, 3, "week")),
            "Day 17 of 30, 1 of 3 calls this week, call of this week now, cancellation email late since Fri 20 Nov",
        ),
        (
            card(touch(Step.REVIEW), touch(Step.OPENING_CALL), playbook_day=1),
            "Day 1 of 30, 0 of 2 contacts today, account review and first call now",
        ),
        (
            card(coming=Coming(None, date(2027, 1, 4), datetime(2027, 1, 4, 9, 0, tzinfo=UTC)),
                 state=State.APPOINTMENT, progress=Progress(0, None, "day")),
            "Day 6 of 30, appointment Mon 4 Jan 2027 at 09:00",
        ),
        (
            card(touch(Step.CANCELLATION_EMAIL, blocked="expires_on_missing"), progress=Progress(0, None, "day")),
            "Day 6 of 30, cancellation email blocked",
        ),
        (
            card(playbook_day=29, progress=Progress(0, None, "day"),
                 move_out=MoveOut(date(2026, 11, 24), MoveOutStatus.PREVIEW, None)),
            "Day 29 of 30, nothing due, moves out Tue 24 Nov",
        ),
        (
            card(playbook_day=41, progress=Progress(0, None, "day"), kept_until=ON),
            "Day 41, nothing due, kept until Mon 23 Nov",
        ),
        (card(state=State.CLOSED, stage="won"), "Won"),
        (
            card(touch(Step.TAKEDOWN_CALL), state=State.CLOSED, stage="lost"),
            "Lost, call to the customer whose site is down now",
        ),
        (
            card(state=State.NOT_STARTED, playbook_day=None, put_out_on=date(2026, 11, 30),
                 coming=Coming(touch(Step.REVIEW), date(2026, 11, 30))),
            "Put out on Mon 30 Nov, account review Mon 30 Nov",
        ),
        (card(gone="moved to Ben"), "Moved to Ben"),
    ],
)  # fmt: skip
def test_one_sentence_says_where_it_stands(shown: AccountCard, sentence: str) -> None:
    assert standing_words(shown) == sentence


def test_a_negotiation_is_said_once() -> None:
    shown = card(touch(Step.CHECK_IN), state=State.NEGOTIATION, progress=Progress(0, None, "day"))
    assert standing_words(shown) == "Day 6 of 30, in negotiation, check-in call now"
    assert "customer" not in standing_words(replace(shown, coming=None))
