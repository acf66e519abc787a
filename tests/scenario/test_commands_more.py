"""`/renewal week | team | remind | won | lost`, and accounts that are called like a command; one team for all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.tables import Fact, RunRow
from tests.living import Living, living, wait_until, words

MONDAY = date(2026, 11, 23)
ACCOUNTS = (
    "Acme Dental",
    "Acme Garage",
    "Bay & Sons",
    "Delta Dry",
    "Echo Eyes",
    "Fox Films",
    "Won Ton House",
    "Week End Rentals",
    "Kilo Friday",
    "Old Mill",
)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """One team for all cases, each on accounts of its own, on Monday 23 Nov 2026, 08:30 in New York."""
    path = tmp_path_factory.mktemp("commands") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}") as found:
        for name in ACCOUNTS:
            found.account(name, MONDAY)
        found.account("Foreign Foods", MONDAY, owner="ben")
        found.tick("sync")
        found.go("2026-11-23 08:30")
        yield found


def facts_of(team: Living, account: str) -> list[Fact]:
    """What was logged on an account, oldest first."""
    with team.assistant.work.store.read() as session:
        wanted = select(Fact).join(RunRow, RunRow.id == Fact.run_id).where(RunRow.account == account)
        found = list(session.scalars(wanted.order_by(Fact.id)))
        session.expunge_all()
        return found


def say(team: Living, text: str, who: str = "ana") -> str:
    """Write in the DM; what the newest answer says."""
    before = len(team.messages(who))
    path = f"/people/{team.ids[who]}/conversations/{team.dm(who)}/messages"
    team.http.post(path, json={"text": text}).raise_for_status()

    def answered() -> bool:
        team.deliver()
        return len(team.messages(who)) > before + 1

    wait_until(answered)
    return words(team.messages(who)[-1])


def close_forms(team: Living, who: str = "ana") -> None:
    for view in reversed(team.http.get(f"/people/{team.ids[who]}/views").raise_for_status().json()):
        team.http.post(f"/people/{team.ids[who]}/views/{view['id']}/close", json={}).raise_for_status()


def test_the_command_alone_is_today(team: Living) -> None:
    assert "accounts are due today:" in team.command("ana", "")


def test_the_week_lists_what_comes_later_with_a_way_to_open_it(team: Living) -> None:
    assert "Nothing else comes up this week." in team.command("ana", "week")
    team.command("ana", "defer delta until wednesday: painting")
    said = team.command("ana", "week")
    assert "Later this week: 1 account" in said
    assert "Delta Dry" in said and "Deferred until Wed 25 Nov" in said
    assert "due today: `/renewal today`" in said
    team.command("ana", "defer echo until next monday: away")
    assert "Echo Eyes" not in team.command("ana", "week")
    (answer,) = [one for one in team.messages("ana") if "Later this week" in words(one)][-1:]
    assert answer["ephemeral"]
    assert "Delta Dry" not in team.command("ben", "week")
    team.press("ana", "open_card", "Delta Dry")
    assert "Delta Dry" in words(team.form("ana"))
    close_forms(team)
    assert "Delta Dry" in say(team, "what's due this week?")


def test_the_board_is_for_managers(team: Living) -> None:
    said = team.command("maria", "team")
    assert "Your team, Mon 23 Nov" in said and "Ana Reyes" in said and "Ben Stone" in said
    assert "1 open" in said.split("Ben Stone")[1]
    assert all(one["ephemeral"] for one in team.messages("maria") if "Your team" in words(one))
    for who in ("ana", "cara"):
        assert "The team board is for managers." in team.command(who, "team")
    assert "No rep of yours" in team.command("olga", "team")
    assert "Ana Reyes" in say(team, "how is my team doing?", "maria")


def test_won_and_lost_open_the_form_with_that_result(team: Living) -> None:
    team.command("ana", "won bay")
    assert "*Bay &amp; Sons* is won." in words(team.form("ana"))
    answer = team.submit("ana")
    assert "*Bay &amp; Sons*: saved." in words(answer["response"]["view"])
    assert [fact.kind for fact in facts_of(team, "Bay & Sons")] == ["stage"]  # no call that nobody made
    assert "closed already" in team.command("ana", "lost bay")
    close_forms(team)
    team.command("ana", "lost fox")
    form = team.form("ana")
    assert form["submit"]["text"] == "Close as lost" and "Why is it lost?" in words(form)
    close_forms(team)
    team.command("ana", "won acme")
    team.press("ana", "choose_account:won", "Garage")
    assert "*Acme Garage* is won." in words(team.form("ana"))
    close_forms(team)
    for typed in ("won", "lost"):
        assert f"/renewal {typed} ACCOUNT" in team.command("ana", typed)
    assert "No account in your book" in team.command("ana", "won foreign foods")


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("won fox films", "won"),
        ("fox films signed", "won"),
        ("fox films won't renew", "lost"),
        ("lost fox films", "lost"),
    ],
)
def test_in_a_message_won_and_lost_stand_as_a_button_that_opens_the_form(
    team: Living, typed: str, result: str
) -> None:
    said = say(team, typed)
    asks = {"won": "amount, term and new expiration", "lost": "a reason and a note"}[result]
    assert f"Is *Fox Films* {result}? Closing asks for {asks}." in said
    (first, *_) = [block for block in team.messages("ana")[-1]["blocks"] if block["type"] == "actions"]
    assert [one["action_id"] for one in first["elements"]] == [f"open_close:{result}"]
    team.press("ana", f"open_close:{result}", "")
    assert f"*Fox Films* is {result}." in words(team.form("ana"))
    close_forms(team)
    assert facts_of(team, "Fox Films") == []


def test_signed_without_an_account_asks_which(team: Living) -> None:
    assert "Which account is won?" in say(team, "signed!")


def test_an_account_may_be_called_like_a_command(team: Living) -> None:
    assert "Won Ton House" in team.command("ana", "won ton")
    assert "Week End Rentals" in team.command("ana", "week end")
    assert "Kilo Friday" in team.command("ana", "kilo")


def test_a_typo_gets_the_nearest_of_all_commands(team: Living) -> None:
    for typed, meant in (
        ("weeek", "week"),
        ("remnd acme", "remind"),
        ("losst acme", "lost"),
        ("teem", "team"),
    ):
        assert f"Did you mean `{meant}`?" in team.command("ana", typed)


def test_help_names_every_command(team: Living) -> None:
    said = team.command("ana", "help")
    for verb in ("today", "week", "log", "defer", "remind", "won", "lost", "team", "help"):
        assert f"/renewal {verb}" in said


def test_remind_reads_the_time_and_asks_where_it_may_be_a_name(team: Living) -> None:
    for typed, comes in (
        ("old mill in 1 hour", "again at 09:30"),
        ("old mill this afternoon", "again at 14:00"),
        ("old mill 14:30", "again at 14:30"),
        ("old mill tomorrow 9:00", "again on Tue 24 Nov at 09:00"),
        ("old mill friday", "again on Fri 27 Nov at 09:00"),
    ):
        assert f"Old Mill {comes}. No date moves." in team.command("ana", f"remind {typed}"), typed
    for typed, said in (
        ("old mill at 8", "morning or in the evening"),
        ("old mill 8:00", "08:00 is past by now"),
        ("nobody in 1 hour", "No account in your book"),
        ("foreign foods in 1 hour", "No account in your book"),
        ("echo in 1 hour", "nothing will be due then"),
        ("", "/renewal remind ACCOUNT WHEN"),
    ):
        assert said in team.command("ana", f"remind {typed}"), typed
    assert "choose in the form" in team.command("ana", "remind kilo friday")
    assert "Tomorrow, 9:00" in words(team.form("ana"))
    close_forms(team)
    assert "Acme Garage: reminder today at 09:30" in team.command("ana", "remind acme in 1 hour")


def test_what_was_asked_for_comes_at_its_hours(team: Living) -> None:
    def reminders() -> int:
        team.tick("reminders")
        return sum("You asked to be reminded" in words(one) for one in team.messages("ana"))

    counts = []
    for at in ("23 09:29", "23 09:31", "23 14:00", "23 14:30", "24 09:00", "27 09:00"):
        team.go(f"2026-11-{at}")
        counts.append(reminders())
    assert counts == [0, 1, 2, 3, 4, 5]


def test_in_a_channel_every_answer_is_for_the_asker_alone(team: Living) -> None:
    """Nobody else in the channel sees that anything was asked."""
    team.go("2026-11-23 08:50")
    before = len(team.messages("ben", team.managers_channel))
    asked = {
        "ana": (
            *("", "today", "week", "help", "bulk", "old mill", "log old mill", "log old mill no answer"),
            *(
                "defer old mill until friday: away",
                "remind old mill in 2 hours",
                "won old mill",
                "lost old mill",
            ),
            *("team", "old mill replied", "whats due?", "zebra", "wek"),
        ),
        "maria": ("team", "today", "old mill"),
    }
    for who, texts in asked.items():
        for text in texts:
            team.command(who, text, team.managers_channel)
            close_forms(team, who)
        told = [one for one in team.messages(who, team.managers_channel) if one.get("bot_id")]
        assert told and all(one["ephemeral"] for one in told), who
    assert len(team.messages("ben", team.managers_channel)) == before
