"""The account's card and its review, with the longest of everything: inside Slack's limits, as message and modal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playbook.assessment import KIND_OF, MoveOut, MoveOutStatus, State, Step, Touch
from bot.playbook.review_angle import Angle
from bot.playbook.run import Stage
from bot.playbook.satisfaction import Satisfaction
from bot.playbook.stage_signs import ANSWERED_TWICE, Fitting
from bot.services.models import AccountLine, LoggedLine, MissingReport, ReportTold
from bot.services.showing.card_models import (
    AccountCard,
    Brief,
    Coming,
    ContactLine,
    May,
    Nps,
    Progress,
    StageJump,
    Takedown,
)
from bot.slack import ids
from bot.slack.gateway import keyed
from bot.slack.payloads import TouchRef
from bot.slack.views.brief import ANGLES, SATISFACTIONS, links_words, review_modal
from bot.slack.views.card import card_blocks, card_message, card_modal, choice_blocks, choice_modal
from bot.slack.views.report_missing import report_missing_message
from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.blockkit.size import characters

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
LONG = ("&<é😀" * 500)[:2000]
URL = "https://reports.example/" + "x&y" * 90  # as long as one may be written
MOST = 13_000
TEXTS = st.text(max_size=40) | st.sampled_from([LONG, "<!channel>", "<@U1>", "\u202e", "a\ud83d\x00", "|>"])
quick = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def touch(step: Step) -> Touch:
    return Touch(step, KIND_OF[step], 1, 2, ON - timedelta(days=400), None, None)


def told(text: str) -> ReportTold:
    return ReportTold(2**62, (text or "x",) * 9, (text or "x",) * 9, NOW - timedelta(days=900), text)


def entry(number: int, text: str) -> LoggedLine:
    at = NOW - timedelta(minutes=number)
    return LoggedLine(
        2**62 + number,
        "report_missing",
        None,
        at,
        text,
        note=text,
        undoable=True,
        changeable=True,
        changed=True,
        crm="failed",
        told=told(text),
    )


def card(
    text: str = LONG, *, step: Step = Step.REVIEW, gone: str | None = None, count: int = 30
) -> AccountCard:
    """As full as a card can be."""
    steps = (Step.TAKEDOWN_EMAIL_NOTICE, step, Step.CHECK_IN, Step.FOLLOW_UP_EMAIL, Step.CANCELLATION_EMAIL)
    line = AccountLine(
        run_id=2**63 - 1,
        account=text,
        url="https://app.hubspot.com/" + "x" * 76,
        playbook_day=3000,
        state=State.NEGOTIATION,
        stage="negotiation",
        price=text,
        put_out_on=ON,
        expires_on=ON,
        hosts_site=True,
        contact_name=text,
        contact_phone=text,
        contact_email="x" * 240 + "@x.example",
        touches=tuple(map(touch, steps)),
        move_out=MoveOut(ON, MoveOutStatus.DUE, None),
        owner=text,
        gone=gone,
        fits=Fitting(Stage.LOST, ON, ANSWERED_TWICE),
        lags=True,
    )
    contact = ContactLine(text, "+" + "9" * 19 + text, "&" * 100 + "@x.example")
    nps = Nps(Satisfaction.UNDECIDED, 8, ON - timedelta(days=400), text)
    history = tuple(entry(number, text) for number in range(min(count, 5)))
    return AccountCard(
        line=line,
        on=ON,
        now=NOW,
        own=False,
        may=May(
            work=True, decide=True, confirm_down=True, acknowledge=2**62, close=("won", "lost"), reopen=True
        ),
        coming=Coming(touch(step), ON, None, now=True),
        progress=Progress(1_000_000, 5, "week"),
        contacts=(contact,) * count,
        nps=nps,
        reports_url=URL,
        analytics_url=URL,
        history=history,
        earlier=max(0, count - 5),
        undocumented=True,
        takedown=Takedown(ON, ON, None),
        brief=Brief(text, True, URL, URL, told(text), history[:2], 10**6, nps, tuple(Angle)),
        move_out_fact=2**62,
        set_in_hubspot=StageJump("moved_out", "negotiation", ON),
    )


def require_message(blocks: list[dict[str, Any]]) -> None:
    shown = keyed(blocks, "k" * 240)
    assert check_blocks(shown) == []
    assert characters(shown) <= MOST
    for part in _mrkdwn(shown):  # a plain heading shows everything as it is
        assert part["verbatim"] is True
        assert "<!" not in part["text"] and "<@" not in part["text"]
    str(shown).encode()


def _mrkdwn(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [found for member in part for found in _mrkdwn(member)]
    if isinstance(part, dict):
        own = [part] if part.get("type") == "mrkdwn" else []
        return own + [found for member in part.values() for found in _mrkdwn(member)]
    return []


@pytest.mark.parametrize("count", [0, 1, 60, 500])
def test_the_fullest_card_fits_as_message_and_as_modal(count: int) -> None:
    full = card(count=count)
    drawn = card_message(full, 2**63 - 1, LONG)
    require_message(drawn.blocks)
    assert len(drawn.text) <= 3000
    assert check_view(card_modal(full, LONG), surface="modal") == []


@quick
@given(TEXTS, st.sampled_from(list(Step)), st.none() | TEXTS, st.integers(0, 7))
def test_any_card_fits(text: str, step: Step, gone: str | None, count: int) -> None:
    one = card(text, step=step, gone=gone or None, count=count)
    require_message(card_blocks(one, None))
    assert check_view(card_modal(one, text or None), surface="modal") == []
    ref = TouchRef(1, "review", ON, 5).encode()
    assert check_view(review_modal(one, ref, text or None), surface="modal") == []
    report = MissingReport(5, one.line, text, ON, NOW, 2**62, entry(1, text) if count else None)
    require_message(report_missing_message(report).blocks)


@pytest.mark.parametrize("count", [1, 8])
def test_a_choice_of_the_longest_fits(count: int) -> None:
    some = [card()] * count
    require_message(choice_blocks(_apart(some), LONG[:300].replace("<", "").replace("&", ""), 492))


@pytest.mark.parametrize("count", [1, 40])
def test_a_choice_in_a_modal_fits(count: int) -> None:
    assert check_view(choice_modal(_apart([card()] * count), "Which?", 460), surface="modal") == []


def _apart(some: list[AccountCard]) -> list[AccountCard]:
    return [replace(one, line=replace(one.line, run_id=number)) for number, one in enumerate(some, 1)]


def test_a_card_that_is_gone_tells_nothing_else() -> None:
    (block,) = card_blocks(card("Acme", gone="moved to Ben"), 5)
    assert block["text"]["text"] == "~Acme~ · moved to Ben"
    assert block["block_id"] == ids.run_block(2**63 - 1)


def test_a_link_that_is_too_long_is_told_instead() -> None:
    assert len(links_words(URL, None) or "") > 600
    assert (
        links_words("https://x.example/" + "y" * 1900, None)
        == "Reports: the link is too long here, see HubSpot"
    )


def test_every_angle_and_every_satisfaction_has_its_words() -> None:
    assert set(ANGLES) == set(Angle)
    assert set(SATISFACTIONS) == set(Satisfaction)
