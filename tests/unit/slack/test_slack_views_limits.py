"""Whatever is shown, with the longest of everything, stays inside Slack's limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playbook.assessment import KIND_OF, MoveOut, MoveOutStatus, State, Step, Touch
from bot.playbook.run import Stage
from bot.playbook.stage_signs import ANSWERED_TWICE, HELD, SAID_NO, Fitting
from bot.services.acts.reminders import Later
from bot.services.crm_changes import CrmChange
from bot.services.models import (
    AccountLine,
    AwayOffer,
    CareLine,
    Digest,
    GuardedSum,
    LoggedLine,
    ManagerMorning,
    MovedLine,
    MoveOutLine,
    NewOwner,
    OverdueLine,
    RepGroup,
    ReviewList,
    UntrackedEmail,
)
from bot.services.not_taken import Contest, NotTaken
from bot.slack import ids
from bot.slack.gateway import keyed
from bot.slack.payloads import TouchRef
from bot.slack.text import length
from bot.slack.views.account import (
    MOST_BLOCKS_PER_ACCOUNT,
    MOST_CHARACTERS_PER_ACCOUNT,
    account_blocks,
)
from bot.slack.views.blocks import MOST_CHARACTERS, Block, Drawn
from bot.slack.views.care import care_message
from bot.slack.views.digest import ROWS_PER_PAGE, digest_message
from bot.slack.views.drafts import email_draft
from bot.slack.views.guarded_modals import confirm_site_down_modal, guarded_email_modal
from bot.slack.views.manager import manager_message
from bot.slack.views.notices import account_choice, help_message, sentence_message, unexpected_message
from bot.slack.views.result_modal import connected_modal, held_modal
from bot.slack.views.review_list import review_message
from bot.slack.views.touch_modals import defer_modal, keep_modal, more_modal, moved_modal
from bot.slack.views.untracked import MOST_CHARACTERS_UNTRACKED, REP_MENDS, untracked_blocks
from bot.slack.words import RESULTS
from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.blockkit.size import characters

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
LONG = ("&<é😀" * 200)[:500]
UNTRACKED = (
    UntrackedEmail(2**63 - 1, LONG, "https://app.hubspot.com/" + "x" * 500, "cancellation_email", NOW, LONG),
) * 99
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
quick = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

texts = st.text(max_size=40) | st.sampled_from(
    [LONG, "&" * 500, "😀" * 500, "<!channel>", "\u202e\u2066", "a\ud83d\x00"]
)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
steps = st.sampled_from(list(Step))


@st.composite
def touches(draw: Any) -> Touch:
    step = draw(steps)
    slot = draw(st.none() | st.integers(1, 2))
    return Touch(
        step,
        KIND_OF[step],
        slot,
        2 if slot else None,
        draw(days),
        draw(st.none() | instants),
        draw(st.none() | st.sampled_from(["expires_on_missing", "something_else"])),
        draw(st.none() | st.booleans()),
    )


logged_lines = st.builds(
    LoggedLine,
    fact_id=st.integers(1, 2**63 - 1),
    kind=st.sampled_from(["call", "email", "deferral", "appointment", "stage", "kept", "note", "other_kind"]),
    outcome=st.none() | st.sampled_from(["no_answer", "scheduled", "won"]) | texts,
    at=instants,
    actor=texts,
    until=st.none() | days,
    starts_at=st.none() | instants,
    note=st.none() | texts,
    undoable=st.booleans(),
    changeable=st.booleans(),
    changed=st.booleans(),
    crm=st.sampled_from(["none", "waiting", "arrived", "failed"]),
)
lines = st.builds(
    AccountLine,
    run_id=st.integers(1, 2**63 - 1),
    account=texts,
    url=st.none() | st.just("https://app.hubspot.com/contacts/12345678/record/0-3/123456789012") | texts,
    playbook_day=st.none() | st.integers(1, 400),
    state=st.sampled_from(list(State)),
    stage=st.sampled_from(["open", "negotiation", "won", "lost", "moved_out"]),
    price=st.none() | texts,
    put_out_on=days,
    expires_on=st.none() | days,
    hosts_site=st.booleans(),
    contact_name=st.none() | texts,
    contact_phone=st.none() | texts | st.just("+49 (0)30 12345678901 ext. 1234567890 " + "9" * 40),
    contact_email=st.none() | texts | st.just("j@x.example"),
    touches=st.lists(touches(), max_size=7).map(tuple),
    move_out=st.none() | st.builds(MoveOut, days, st.sampled_from(list(MoveOutStatus)), st.none()),
    deferred_until=st.none() | days,
    returning=st.booleans(),
    logged=st.lists(logged_lines, max_size=4, unique_by=lambda one: one.fact_id).map(tuple),
    owner=st.none() | texts,
    appointment_at=st.none() | instants,
    gone=st.none() | texts,
    fits=st.none()
    | st.builds(
        Fitting, st.sampled_from([Stage.NEGOTIATION, Stage.LOST]), days, st.sampled_from([HELD, SAID_NO])
    ),
    lags=st.booleans(),
    next_term_missing=st.booleans(),
)


@lru_cache
def longest_line(run_id: int = 1) -> AccountLine:
    """The most that a run can have to say at once."""
    due = date(2024, 9, 25)
    most = (
        Step.TAKEDOWN_EMAIL_NOTICE,
        Step.REVIEW,
        Step.CHECK_IN,
        Step.FOLLOW_UP_EMAIL,
        Step.CANCELLATION_EMAIL,
    )
    return AccountLine(
        run_id=2**63 - run_id,
        account=LONG,
        url="https://app.hubspot.com/" + "x" * 76,
        playbook_day=3000,
        state=State.OUTREACH,
        stage="negotiation",
        price="&" * 200,
        put_out_on=due,
        expires_on=due,
        hosts_site=True,
        contact_name=LONG,
        contact_phone="+" + "9" * 19 + "x" + "&" * 100,
        contact_email="x" * 240 + "@x.example",
        touches=tuple(
            Touch(step, KIND_OF[step], 1, 2, due, None, "expires_on_missing" if n == 4 else None)
            for n, step in enumerate(most)
        ),
        move_out=MoveOut(due, MoveOutStatus.PREVIEW, None),
        owner=LONG,
        fits=Fitting(Stage.LOST, due, ANSWERED_TWICE),
        lags=True,
        logged=tuple(
            LoggedLine(
                2**63 - n,
                "call",
                "connected",
                NOW - timedelta(days=900),
                LONG,
                note=LONG,
                undoable=True,
                crm="failed",
                then=(
                    LoggedLine(n, "appointment", "scheduled", NOW, LONG, starts_at=NOW + timedelta(days=900)),
                ),
            )
            for n in range(1, 9)
        ),
    )


def size_of(blocks: list[Block]) -> int:
    """All texts in UTF-16 units, at worst as many as Slack counts."""
    found = 0
    for part in _objects(blocks):
        if isinstance(part.get("text"), str):
            found += length(part["text"])
    return found


def _objects(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [found for member in part for found in _objects(member)]
    if isinstance(part, dict):
        return [part, *(found for member in part.values() for found in _objects(member))]
    return []


def require_message(drawn: Drawn) -> None:
    blocks = keyed(drawn.blocks, "k" * 240)
    assert check_blocks(blocks) == []
    assert size_of(blocks) <= MOST_CHARACTERS
    assert characters(blocks) <= MOST_CHARACTERS
    assert 0 < len(drawn.text) <= 3000
    for part in [*_objects(blocks), {"type": "mrkdwn", "text": drawn.text, "verbatim": True}]:
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            assert "<!" not in part["text"]
            assert "<@" not in part["text"]
    str([drawn.text, blocks]).encode()


def require_modal(view: Block) -> None:
    assert check_view(view, surface="modal") == []


@quick
@given(st.lists(lines, max_size=ROWS_PER_PAGE, unique_by=lambda line: line.run_id), st.data())
def test_any_digest_fits(shown: list[AccountLine], data: st.DataObject) -> None:
    kinds = ["digest", "second_calls", "new_runs", "returning", "takedown", "undocumented", "today"]
    pages = data.draw(st.integers(1, 60))
    page = data.draw(st.integers(0, pages - 1))
    total = max(len(shown), pages * ROWS_PER_PAGE if pages > 1 else 0)
    digest = Digest(
        data.draw(st.integers(0, 9)), data.draw(st.sampled_from(kinds)), "Ana", ON, NOW, tuple(shown), page,
        pages, total, data.draw(st.integers(0, total)), data.draw(st.integers(0, total)), ON,
    )  # fmt: skip
    require_message(digest_message(digest))


def test_a_page_of_the_longest_accounts_fits(a_digest: Callable[..., Digest]) -> None:
    full = tuple(longest_line(n) for n in range(1, ROWS_PER_PAGE + 1))
    for total in (1, 60, 500):
        of_page = full[: min(total, ROWS_PER_PAGE)]
        pages = -(-total // ROWS_PER_PAGE)
        digest = a_digest(*of_page, total=total, late=total, done=total, pages=pages, page=pages // 2)
        drawn = digest_message(replace(digest, untracked=UNTRACKED))
        require_message(drawn)
        assert size_of(drawn.blocks) + length(drawn.text) <= MOST_CHARACTERS


def test_emails_not_found_are_as_long_as_the_pages_allow_for() -> None:
    assert size_of(untracked_blocks(UNTRACKED, NOW, REP_MENDS)) <= MOST_CHARACTERS_UNTRACKED


def test_the_longest_account_is_as_long_as_the_pages_allow_for() -> None:
    blocks = account_blocks(longest_line(), ON, NOW, 2**63 - 1)
    assert len(blocks) == MOST_BLOCKS_PER_ACCOUNT
    assert 0.8 * MOST_CHARACTERS_PER_ACCOUNT < size_of(blocks) <= MOST_CHARACTERS_PER_ACCOUNT


def test_an_automatic_answer_has_its_place_in_the_longest_account() -> None:
    offer = AwayOffer(
        2**63 - 1, LONG, "last", ON, sure=False, until=date(2027, 12, 31), one_tap=True, quote=LONG
    )
    for found in (offer, replace(offer, one_tap=False), replace(offer, day=None, until=None)):
        blocks = account_blocks(replace(longest_line(), away=found), ON, NOW, 2**63 - 1)
        assert len(blocks) <= MOST_BLOCKS_PER_ACCOUNT
        assert size_of(blocks) <= MOST_CHARACTERS_PER_ACCOUNT


def test_what_hubspot_changed_or_did_not_take_has_its_place_in_the_longest_account() -> None:
    line, then = longest_line(), NOW - timedelta(days=900)
    changes = tuple(CrmChange(what, "&" * 200, "&" * 200, then, LONG) for what in ("owner", "stage", "price"))
    contest = NotTaken(2**63 - 1, LONG, Contest("value", "&" * 200, "&" * 200, then, then))
    for not_taken in (NotTaken(2**63 - 1, "&" * 500), contest):
        logged = tuple(replace(entry, not_taken=not_taken) for entry in line.logged)
        for found in (replace(line, changes=changes), replace(line, changes=changes, logged=logged)):
            blocks = account_blocks(found, ON, NOW, 2**63 - 1)
            assert len(blocks) <= MOST_BLOCKS_PER_ACCOUNT
            assert size_of(blocks) <= MOST_CHARACTERS_PER_ACCOUNT


@quick
@given(lines)
def test_any_account_is_as_long_as_the_pages_allow_for(line: AccountLine) -> None:
    blocks = account_blocks(line, ON, NOW, 5)
    assert len(blocks) <= MOST_BLOCKS_PER_ACCOUNT
    assert size_of(blocks) <= MOST_CHARACTERS_PER_ACCOUNT


def manager_morning(count: int, page: int = 0) -> ManagerMorning:
    some = [longest_line(n) for n in range(1, count + 1)]
    overdue = [OverdueLine(line, line.touches[0], 10_000, LONG) for line in some]
    fates = tuple(MoveOutLine(replace(line, deferred_until=ON), ON, LONG, ON, LONG) for line in some)
    groups = tuple(RepGroup(LONG, tuple(overdue[start : start + 7])) for start in range(0, count, 7))
    return ManagerMorning(
        2**63 - 1,
        ON,
        NOW,
        LONG,
        groups,
        tuple(some),
        fates,
        fates,
        10**6,
        (LONG,) * count,
        page,
        99,
        moved=tuple(MovedLine(line, 2**63 - 1, NOW, LONG) for line in some),
        care_late=tuple(CareLine(line, ON) for line in some),
        lagging=tuple(some),
        to_review=10**6,
        untracked=UNTRACKED,
        new_owners=tuple(NewOwner(LONG, LONG, LONG) for _ in range(9)),
    )


def test_the_longest_manager_message_fits() -> None:
    for count in (1, 5, 60, 500):
        for page in (0, 1, 30):
            require_message(manager_message(manager_morning(count, page)))


def test_the_longest_list_to_review_fits() -> None:
    morning = manager_morning(60)
    fates = morning.move_outs
    for page in (0, 1, 30):
        require_message(
            review_message(ReviewList(2**63 - 1, ON, NOW, LONG, fates, 10**6, page, fates, morning.moved))
        )


def test_one_overdue_account_for_each_of_many_reps_fits() -> None:
    morning = manager_morning(60)
    entries = [entry for group in morning.overdue for entry in group.overdue]
    require_message(
        manager_message(replace(morning, overdue=tuple(RepGroup(LONG, (one,)) for one in entries)))
    )


@quick
@given(lines, st.sampled_from([None, *RESULTS, "forged"]), texts)
def test_any_form_fits(line: AccountLine, result: str | None, sentence: str) -> None:
    metadata = TouchRef(line.run_id, "second_call", ON, 5, ON).encode()
    require_modal(connected_modal(line.account, metadata, result=result, meeting_on=ON))
    require_modal(held_modal(line.account, metadata, result=result))
    require_modal(defer_modal(line.account, metadata))
    told = f"Read as {sentence}"
    require_modal(defer_modal(line.account, metadata, read_back=told, warning=told))
    later = dict.fromkeys(Later, NOW)
    require_modal(more_modal(line, metadata, later=later))
    own = {f"own_{n}": f"{sentence}{n}" for n in range(200)}
    require_modal(more_modal(line, metadata, later=later, own=own))
    require_modal(moved_modal(line.account, metadata, meeting_on=ON))
    require_modal(keep_modal(line.account, line.owner, ON, metadata))
    require_modal(confirm_site_down_modal(line.account, metadata))


@quick
@given(lines, touches(), st.lists(texts, max_size=7))
def test_any_guarded_email_fits(line: AccountLine, touch: Touch, blocked: list[str]) -> None:
    why = tuple(sentence or "missing" for sentence in blocked)
    dates = GuardedSum(line.account, ON, ON, line.expires_on, line.deferred_until, True, why)
    draft = email_draft(line, touch)
    assert len(draft.url) <= 3000
    for step in (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL):
        view = guarded_email_modal(dates, step, draft, TouchRef(line.run_id, step.value, ON, 5).encode())
        require_modal(view)
        assert ("submit" in view) is (not why)


@quick
@given(st.lists(lines, min_size=1, max_size=15, unique_by=lambda line: line.run_id), texts, logged_lines)
def test_any_answer_fits(shown: list[AccountLine], typed: str, logged: LoggedLine) -> None:
    require_message(account_choice("log", typed, shown, ON))
    require_message(account_choice("defer", typed, shown, ON))
    require_message(sentence_message(typed or "Saved."))
    require_message(sentence_message("x" * 10_000))
    require_message(care_message(shown[0], ON, NOW, 5))
    require_message(care_message(shown[0], ON, NOW, 5, logged))
    require_message(help_message())
    require_message(unexpected_message("a1b2"))


def test_the_ids_of_a_redraw_are_those_of_the_message() -> None:
    line = longest_line()
    before = account_blocks(line, ON, NOW, 5)
    after = account_blocks(replace(line, logged=()), ON, NOW + timedelta(hours=1), 5)
    shared = [block["block_id"] for block in after]
    assert shared == [block["block_id"] for block in before][: len(shared)]
    assert shared[0] == ids.run_block(line.run_id)
