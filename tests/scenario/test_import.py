"""A team without HubSpot: an imported book, and the whole morning on it (issue, section 1)."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.services.incoming.book_rows import BookError, read_book
from bot.services.incoming.import_book import ImportReport, import_book
from bot.store.tables import Fact, RunRow
from tests.living import Living, email, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEADER = "id,account,put_out_on,expires_on,price,hosts_site,owner_email,phone,stage\n"
ACME = f"1,Acme Dental,2026-11-23,2026-12-13,140,yes,{email('ana')},+1 212 555 0101,\n"
BAY = f"2,Bay Bakery,2026-11-09,2026-11-29,90,no,{email('ana')},,\n"
OAK = f"3,Thirty One,2026-10-25,2026-11-14,90,no,{email('ben')},,\n"


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, hubspot=False) as found:
        yield found


def take(team: Living, folder: Path, text: str) -> ImportReport:
    file = folder / "book.csv"
    file.write_text(text, "utf-8")
    return import_book(team.assistant.work, read_book(file))


def runs(team: Living) -> list[RunRow]:
    with team.assistant.work.store.read() as session:
        return list(session.scalars(select(RunRow).order_by(RunRow.id)))


def count(team: Living, table: Any) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_whole_morning_on_an_imported_book_alone(team: Living, tmp_path: Path):
    report = take(team, tmp_path, HEADER + ACME + BAY + OAK)
    assert (report.new, report.unmatched_owners) == (3, [])
    team.go("2026-11-23 08:30")
    team.tick("sync", "mornings", "manager_mornings")
    text = team.seen("ana")
    assert text.index("Bay Bakery") < text.index("Acme Dental")
    assert "140 USD/month" in text and "+1 212 555 0101" in text and "HubSpot" not in text.split("Acme")[1]
    assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    assert "No answer 08:30 · Ana Reyes" in team.seen("ana") and "not yet in HubSpot" not in team.seen("ana")
    assert "Bay Bakery" in team.seen("maria", team.managers_channel)
    team.go("2026-11-23 17:30")
    team.tick("move_outs")
    assert "Thirty One" in team.messages("ben")[-1]["text"]
    assert [run.stage for run in runs(team)] == ["open", "open", "moved_out"]
    assert team.world.journal.entries(service="hubspot") == []


def test_again_updates_the_books_facts_and_never_what_was_logged(team: Living, tmp_path: Path):
    take(team, tmp_path, HEADER + ACME + BAY)
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "log_call:no_answer", "Acme")
    logged = count(team, Fact)
    again = take(
        team, tmp_path, HEADER + ACME.replace("140", "155").replace("Acme Dental", "Acme & Sons") + BAY
    )
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    assert (count(team, Fact), count(team, RunRow)) == (logged, 2)
    team.deliver()
    assert "Acme &amp; Sons" in team.seen("ana") and "155 USD/month" in team.seen("ana")
    assert "No answer 08:30" in team.seen("ana")


def test_a_stage_that_the_file_merely_repeats_does_not_undo_what_a_rep_logged(team: Living, tmp_path: Path):
    book = HEADER + ACME.replace(",\n", ",open\n")
    take(team, tmp_path, book)
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    team.submit("ana", result={"selected_option": {"value": "in_negotiation"}}, note={"value": "Likes it"})
    assert take(team, tmp_path, book).unchanged == 1
    assert runs(team)[0].stage == "negotiation"
    assert take(team, tmp_path, book.replace(",open\n", ",won\n")).changed == 1
    assert runs(team)[0].stage == "won"
    assert take(team, tmp_path, book).changed == 1  # and now it says something new
    assert runs(team)[0].stage == "open"


def test_rows_that_are_gone_are_listed_and_kept(team: Living, tmp_path: Path):
    take(team, tmp_path, HEADER + ACME + BAY)
    assert take(team, tmp_path, HEADER + BAY).gone == ["Acme Dental"]
    assert len(runs(team)) == 2
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    assert "Acme Dental" in team.seen("ana")


def test_nothing_is_half_imported_and_every_wrong_row_is_told(team: Living, tmp_path: Path):
    wrong = "4,,2026-13-01,,,,,,\n1,Twice,2026-11-23,,-5,maybe,nobody,,sold\n"
    with pytest.raises(BookError) as error:
        take(team, tmp_path, HEADER + ACME + BAY + wrong)
    assert runs(team) == []
    told = "\n".join(error.value.problems)
    for problem in (
        "row 4: account is missing",
        "row 4: put_out_on '2026-13-01' is no date: write it as 2026-11-02",
        "row 5: price '-5' is no price",
        "row 5: hosts_site 'maybe' is neither yes nor no",
        "row 5: owner_email 'nobody' is no e-mail address",
        "row 5: stage 'sold' is not one of open, negotiation",
        "the id '1' is there twice",
    ):
        assert problem in told, f"{problem}\nis not in\n{told}"


def test_a_cell_with_a_formula_or_a_mention_stays_text(team: Living, tmp_path: Path):
    evil = '=HYPERLINK("http://evil.example";"Open")'
    text = HEADER + f'1,"{evil.replace(chr(34), chr(34) * 2)}",2026-11-23,,,,{email("ana")},,\n'
    take(team, tmp_path, text + f"2,<!channel> Inn,2026-11-23,,,,{email('ana')},,\n")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    shown = team.seen("ana")
    assert evil in shown and "&lt;!channel&gt; Inn" in shown and "<!channel>" not in shown


def test_the_next_term_begins_anew_and_an_old_file_again_changes_the_old_one(team: Living, tmp_path: Path):
    take(team, tmp_path, HEADER + ACME.replace(",\n", ",won\n"))
    renewed = ACME.replace("2026-11-23", "2027-10-04").replace("2026-12-13", "2027-12-13")
    assert take(team, tmp_path, HEADER + renewed).new == 1
    assert [run.put_out_on for run in runs(team)] == [date(2026, 11, 23), date(2027, 10, 4)]
    take(team, tmp_path, HEADER + ACME)
    assert [run.put_out_on for run in runs(team)] == [date(2026, 11, 23), date(2027, 10, 4)]


def test_an_owner_who_comes_to_slack_later_is_met_there_in_their_zone(team: Living, tmp_path: Path):
    report = take(team, tmp_path, HEADER + ACME.replace(email("ana"), email("nora")))
    assert report.unmatched_owners == [email("nora")]
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    assert email("nora").split("@")[0] in team.seen("olga", team.managers_channel) + team.seen(
        "olga", team.others_channel
    )
    nora = team.world.slack.add_person("Nora Ito", email("nora"), "Asia/Tokyo").id
    team.ids["nora"] = nora
    team.tick("people")
    team.go("2026-11-24 08:30", "Asia/Tokyo")
    team.tick("mornings")
    assert "Acme Dental" in words(team.messages("nora")[-1])


def test_five_thousand_rows_are_taken_over_quickly_and_again(team: Living, tmp_path: Path):
    file = tmp_path / "book.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "account", "put_out_on", "price", "owner_email"])
        for number in range(5000):
            put_out = date(2026, 10, 1) + timedelta(days=number % 60)
            rows.writerow([number, f"Account {number}", put_out.isoformat(), 100, email("ana")])
    began = time.process_time()
    assert import_book(team.assistant.work, read_book(file)).new == 5000
    assert import_book(team.assistant.work, read_book(file)).unchanged == 5000
    assert time.process_time() - began < 20
