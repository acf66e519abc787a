"""The account review before the first call: five lines to know, a checklist, and a report that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana's morning with one account, satisfied, which was called twice in the year before."""
    with living(database_url) as found:
        deal = found.account("Acme Dental", MONDAY)
        contact = found.records("contacts")[0]["id"]
        survey = {
            "hs_feedback_last_nps_rating_number": "9",
            "hs_feedback_last_survey_date": "2026-10-12T12:00:00Z",
            "hs_feedback_last_nps_follow_up": "Fast & friendly",
        }
        found.world.hubspot.update("contacts", contact, survey)
        for day in ("2026-03-02", "2026-06-02", "2024-06-02"):
            call = {
                "hs_timestamp": f"{day}T15:00:00Z",
                "hs_call_direction": "OUTBOUND",
                "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
                "hubspot_owner_id": found.owners["ana"],
            }
            found.world.hubspot.create("calls", call, [("deals", deal)])
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def lines(form: dict[str, Any]) -> list[str]:
    brief = next(block for block in form["blocks"] if block["block_id"] == "brief")
    found: list[str] = brief["text"]["text"].splitlines()
    return found


def tick(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"value": value} for value in values]}


def test_five_lines_to_know_and_what_was_looked_at_is_written_down(team: Living) -> None:
    team.press("ana", "open_review", "Acme")
    value, reports, last, nps, angle = lines(team.form("ana"))
    assert value == "• *Value:* 140 USD/month, high-value"
    assert reports == "• *Reports:* no link known"
    assert last.startswith("• *Last touches:* Connected Tue 2 Jun 11:00 · Ana Reyes; Connected Mon 2 Mar")
    assert last.endswith("(2 contacts in the year before)")
    assert nps == "• *NPS:* 9 on Mon 12 Oct, satisfied: “Fast &amp; friendly”"
    assert angle == (
        "• *Suggested angle:* recall what was last agreed: they rarely heard from us;"
        " then thank them for the score and ask for the renewal, with an upsell."
    )
    answer = team.submit("ana", checked=tick("nps", "reports"))
    assert not answer.get("error"), answer
    assert "Account reviewed 08:30 · Ana Reyes · “Looked at: Reports, NPS and why”" in team.seen("ana")
    assert "Account review" not in words(team.messages("ana")[0]).split("Account reviewed")[0]
    team.let_undo_pass()
    (note,) = team.records("notes")
    assert "Looked at: Reports, NPS and why" in note["hs_note_body"]


def test_nothing_has_to_be_ticked(team: Living) -> None:
    team.press("ana", "open_review", "Acme")
    team.submit("ana")
    assert "Account reviewed 08:30 · Ana Reyes" in team.seen("ana")
    assert "Looked at" not in team.seen("ana")


def test_a_missing_report_is_told_from_within_and_its_answer_is_on_the_brief(team: Living) -> None:
    team.press("ana", "open_review", "Acme")
    team.press_in_form("ana", "report_missing")
    form = team.form("ana")
    assert "one is missing: told to Walt Dean, not acknowledged yet" in lines(form)[1]
    assert "get the missing report first" in lines(form)[4]
    assert "Report missing" not in [
        b["text"]["text"] for one in form["blocks"] for b in one.get("elements", [])
    ]
    assert len(team.messages("walt")) == 1

    team.go("2026-11-23 09:10")
    team.press("walt", "acknowledge_report")
    team.http.post(f"/people/{team.ids['ana']}/views/{form['id']}/close")
    team.press("ana", "open_review", "Acme")
    assert "told to Walt Dean, acknowledged 09:10" in lines(team.form("ana"))[1]


def test_a_review_that_is_done_meanwhile_is_said_so(team: Living) -> None:
    team.press("ana", "open_review", "Acme")
    team.press("ana", "log_review", "Acme")
    answer = team.submit("ana")
    assert "already logged by Ana Reyes" in words(answer["response"]["view"])
    team.let_undo_pass()
    assert len(team.records("notes")) == 1


def test_the_department_manager_acknowledges_on_the_card(team: Living) -> None:
    team.press("ana", "report_missing", "Acme")
    said = team.command("walt", "acme")
    assert "Acknowledge missing report" in said and "not acknowledged yet" in said
    team.press("walt", "acknowledge_report", channel=team.dm("walt"))
    assert "acknowledged 08:30" in team.seen("ana")
