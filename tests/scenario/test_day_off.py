"""A date on which nobody works is taken, and read back with what follows: a call then comes on the next working day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import LeaveDays, Person
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
THANKSGIVING = "Thu 26 Nov 2026 is a holiday, so the call comes on Fri 27 Nov 2026."
SATURDAY = "Sat 28 Nov 2026 is not a working day, so the call comes on Mon 30 Nov 2026."


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana has Acme Dental, put out on Monday; it is 10:00 of that day in New York, and her list is sent."""
    with living(database_url) as found:
        found.account("Acme Dental", MONDAY)
        found.tick("sync")
        found.go("2026-11-23 10:00")
        found.tick("mornings")
        yield found


def submitted(team: Living, until: str) -> dict[str, Any]:
    values: dict[str, dict[str, Any]] = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "note": {"value": "Away"},
        "until": {"selected_date": until},
    }
    return team.submit("ana", **values)


@pytest.mark.parametrize(
    ("until", "said"), [("2026-11-26", THANKSGIVING), ("2026-11-28", SATURDAY), ("2026-11-27", None)]
)
def test_the_form_says_it_also_where_a_message_stands_behind_it(
    team: Living, until: str, said: str | None
) -> None:
    team.press("ana", "open_more", "Acme")
    team.press_in_form("ana", "open_defer")
    answer = submitted(team, until)
    if said is None:
        assert "is a holiday" not in str(answer) and "is not a working day" not in str(answer)
    else:
        assert said in str(answer)


def test_the_form_says_it_already_under_the_words(team: Living) -> None:
    team.command("ana", "defer Acme")
    place = {"type": "view", "view_id": team.form("ana")["id"]}
    team.act("ana", place, "when", "when_typed", value={"value": "thursday"})
    assert f"Read as Thu 26 Nov 2026. {THANKSGIVING}" in words(team.form("ana"))
    team.act("ana", place, "when", "when_typed", value={"value": "friday"})
    assert "holiday" not in words(team.form("ana"))


def test_the_command_says_it(team: Living) -> None:
    said = team.command("ana", "defer Acme until thursday: Away")
    assert f"is deferred until Thu 26 Nov 2026. {THANKSGIVING}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acme is out until thursday", THANKSGIVING),
        ("acme no answer, try again saturday", SATURDAY),
        ("acme meeting booked thursday 2pm", "Thu 26 Nov 2026 is a holiday: no list reminds you"),
    ],
)
def test_the_read_back_of_plain_words_says_it_before_it_is_logged(team: Living, text: str, said: str) -> None:
    team.say("ana", text)
    assert said in words(team.messages("ana")[-1])


def test_on_a_working_day_nothing_is_added(team: Living) -> None:
    team.say("ana", "acme is out until friday")
    shown = words(team.messages("ana")[-1])
    assert "Fri 27 Nov 2026" in shown and "holiday" not in shown and "working day" not in shown


def test_leave_of_the_rep_is_named_too(team: Living) -> None:
    with team.assistant.work.store.write() as session:
        ana = session.scalars(select(Person).where(Person.email == "ana@team.example")).one()
        session.add(LeaveDays(person_id=ana.id, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2)))
    said = team.command("ana", "defer Acme until 1 Dec: Away")
    assert "Tue 1 Dec 2026 is a day of leave, so the call comes on Thu 3 Dec 2026." in said
