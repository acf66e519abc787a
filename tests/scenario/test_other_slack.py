"""Another Slack-compatible server, an imported book, no HubSpot: the day works the same, and what that server
lacks is a log line (issue "The morning", section 5).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import scheduler
from bot.bootstrap import Assistant, build
from bot.cli.run import at_work
from bot.clock import SystemClock
from bot.config import Config, Office, Team
from bot.services.incoming.book_rows import read_book
from bot.services.incoming.import_book import import_book
from bot.services.runs.go_live import approve
from bot.settings import Settings
from bot.store.tables import Fact, OutboxRow
from tests.living import wait_until
from tests.other_slack import OtherSlack

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW_YORK = ZoneInfo("America/New_York")
ANA, MARIA, OLGA = "U0ANA", "U0MARIA", "U0OLGA"
CHANNEL = "C0MANAGERS"


BOOK = """id,account,put_out_on,expires_on,price,hosts_site,owner_email,contact,phone
1,Acme Dental,2026-11-23,2026-12-31,140,yes,ana@team.example,Carl Customer,+1 212 555 0101
2,Bay Bakery,2026-11-09,2026-12-31,90,no,ana@team.example,Bea Baker,+1 212 555 0102
"""


class Hand:
    """Business time as the test's hand sets it."""

    def __init__(self, local: str) -> None:
        self.set(local)

    def set(self, local: str) -> None:
        self.at = datetime.fromisoformat(local).replace(tzinfo=NEW_YORK)

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Elsewhere:
    """The assistant at work in that workspace."""

    slack: OtherSlack
    assistant: Assistant
    hand: Hand

    def morning(self, local: str) -> None:
        self.hand.set(local)
        for job in ("sync", "mornings", "manager_mornings", "during_day"):
            assert scheduler.run_job(self.assistant, job)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is left that may leave."""
        wanted = select(OutboxRow.id).where(OutboxRow.state.in_(("pending", "sending", "unknown"))).limit(1)

        def quiet() -> bool:
            with self.assistant.work.store.read() as session:
                return session.scalar(wanted) is None

        wait_until(quiet)

    def said_to(self, user: str) -> str:
        self.settle()
        return self.slack.seen(self.slack.dm(user))

    def facts(self) -> list[str]:
        with self.assistant.work.store.read() as session:
            return list(session.scalars(select(Fact.kind).order_by(Fact.id)))


@pytest.fixture
def elsewhere(database_url: str, tmp_path: Path) -> Iterator[Elsewhere]:
    """Live, with a book of two accounts, at eight in the morning."""
    people = {ANA: "ana", MARIA: "maria", OLGA: "olga"}
    users = {user: (f"{name}@team.example", name.title(), NEW_YORK.key) for user, name in people.items()}
    team = Team("East", CHANNEL, ("maria@team.example",), ("ana@team.example",))
    hand = Hand("2026-11-23 08:00")
    (tmp_path / "book.csv").write_text(BOOK)
    with OtherSlack(users) as slack:
        settings = Settings(
            slack_bot_token="xoxb-other",
            slack_app_token="xapp-other",
            slack_api_url=slack.api_url,
            database_url=database_url,
            config=Config(teams=(team,), offices=(Office("office"),)),
        )
        assistant = build(settings, clock=SystemClock(now=hand.now))
        approve(assistant.work, date(2026, 1, 1), "test", hand.now())
        with at_work(assistant):
            import_book(assistant.work, read_book(tmp_path / "book.csv"))
            wait_until(lambda: slack.connections)
            yield Elsewhere(slack, assistant, hand)


def test_a_day_works_the_same(elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture) -> None:
    slack, dm = elsewhere.slack, elsewhere.slack.dm(ANA)
    with caplog.at_level(logging.INFO, "renewals"):
        elsewhere.morning("2026-11-23 08:30")
    (message,) = slack.messages[dm]
    assert message["text"].startswith("Bay Bakery: final call, late since Mon 9 Nov")
    assert "Acme Dental" in slack.seen(dm) and "140 USD/month" in slack.seen(dm)
    assert "Bay Bakery" in slack.seen(CHANNEL) and "1 overdue" in slack.seen(CHANNEL)
    said = [record.getMessage() for record in caplog.records]
    assert said.count("action=slack.metadata_not_echoed instead=block_id") == 1

    # A tap, and its undo.
    slack.press(ANA, dm, "log_call:no_answer", "Acme")
    assert "No answer 08:30" in elsewhere.said_to(ANA) and "First email (2 of 2)" in elsewhere.said_to(ANA)
    slack.press(ANA, dm, "undo_fact")
    assert "No answer 08:30" not in elsewhere.said_to(ANA)
    assert elsewhere.facts() == ["call", "withdrawn"]

    # A form that becomes another one, and is filled in with a mistake at first.
    slack.press(ANA, dm, "open_more", "Acme")
    slack.press_in_form(ANA, "open_defer")
    entered: dict[str, Any] = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "when": {"value": "wednesday"},
    }
    assert "note" in slack.submit(ANA, **entered)["errors"]
    assert slack.submit(ANA, **entered, note={"value": "Back on Wednesday"}) == {}
    assert "Wed 25 Nov" in elsewhere.said_to(ANA)
    assert elsewhere.facts() == ["call", "withdrawn", "deferral"]

    # Words, and a stranger's press.
    assert "Bay Bakery" in json.dumps(slack.command(ANA, "log bay voicemail"))
    assert elsewhere.facts()[-1] == "call"
    elsewhere.settle()
    slack.press(OLGA, dm, "open_guarded_email", "Bay")
    elsewhere.settle()
    assert slack.whispers[-1]["user"] == OLGA and "Bay" not in json.dumps(slack.whispers[-1]["blocks"])

    elsewhere.morning("2026-11-24 08:30")
    assert len(slack.messages[dm]) == 2 and len(slack.messages[CHANNEL]) == 2
    assert slack.refused == []


def test_a_lost_answer_is_found_again_without_metadata(elsewhere: Elsewhere) -> None:
    """The key stands in a block id too, so what may have arrived is looked up there."""
    slack = elsewhere.slack
    slack.loses_answers_to = "chat.postMessage"
    elsewhere.hand.set("2026-11-23 08:30")
    assert scheduler.run_job(elsewhere.assistant, "mornings")
    wait_until(lambda: slack.lost == 1)
    elsewhere.settle()
    assert len(slack.messages[slack.dm(ANA)]) == 1
    assert "conversations.history" in slack.called
