"""The stage follows what happened: the fitting move with one tap, what is not allowed, and what lags is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.tables import RunRow
from tests.living import Living, living, words

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """Seven accounts of Ana's, put out on a Monday; a team whose playbook closes only what was negotiated."""
    path = tmp_path_factory.mktemp("stages") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    policy = {"moves_from_open": ("negotiation", "lost", "moved_out")}
    with living(f"sqlite:///{path}", policy=policy) as found:
        for number, name in enumerate(("Acme", "Bay", "Cove", "Dune", "Echo", "Fox", "Gale")):
            found.account(f"{name} Ltd", MONDAY, email=f"s{number}@customer.example")
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings", "manager_mornings")
        yield found


def stage(team: Living, name: str) -> str:
    with team.assistant.work.store.read() as session:
        return str(session.scalar(select(RunRow.stage).where(RunRow.account == f"{name} Ltd")))


def in_hubspot(team: Living, name: str) -> dict[str, str]:
    return next(deal for deal in team.records("deals") if deal["dealname"] == f"{name} Ltd")


def replied(team: Living, name: str, note: str) -> None:
    team.press("ana", "open_more", name)
    team.choose("ana", "choice", "happened", "replied")
    team.submit("ana", note={"value": note})


def test_a_reply_with_interest_offers_negotiation_with_one_tap_and_no_new_message(team: Living) -> None:
    before = len(team.messages("ana"))
    replied(team, "Acme", "Wants a quote for two years")
    assert "Move to In negotiation" in team.seen("ana")
    team.press("ana", "move_stage", "Acme")
    assert stage(team, "Acme") == "negotiation" and len(team.messages("ana")) == before
    assert "Move to In negotiation" not in team.seen("ana")
    team.let_undo_pass()
    assert in_hubspot(team, "Acme")["dealstage"] == "renewal_in_negotiation"


def test_a_no_offers_to_close_as_lost_and_the_form_asks_why(team: Living) -> None:
    replied(team, "Bay", "They will not renew")
    team.press("ana", "open_close:lost", "Bay")
    assert "Why is it lost?" in words(team.form("ana"))
    team.submit("ana", lost_reason={"selected_option": {"value": "price"}}, note={"value": "Too dear"})
    assert stage(team, "Bay") == "lost"
    team.let_undo_pass()
    assert in_hubspot(team, "Bay")["closed_lost_reason"] == "Price: Too dear"


def test_a_move_that_the_playbook_does_not_have_is_refused_with_the_reason_by_every_way(team: Living) -> None:
    sentence = (
        "Cove Ltd is open. From there your team's playbook allows in negotiation, lost or moved out, not won."
    )
    team.press("ana", "open_connected", "Cove")
    team.choose("ana", "result", "result_chosen", "won")
    assert sentence in words(team.submit("ana", amount={"value": "140"})["response"]["view"])
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
    team.command("ana", "won cove")
    assert sentence in words(team.submit("ana", amount={"value": "140"})["response"]["view"])
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
    assert stage(team, "Cove") == "open"
    team.let_undo_pass()
    assert in_hubspot(team, "Cove")["dealstage"] == "renewal_put_out"
    team.command("ana", "cove")
    assert "Won…" not in words(team.messages("ana")[-1]) and "Lost…" in words(team.messages("ana")[-1])


def test_a_manager_opens_again_what_is_closed_and_a_rep_cannot(team: Living) -> None:
    team.command("ana", "bay")
    assert "Reopen" not in words(team.messages("ana")[-1])
    team.command("maria", "bay")
    team.press("maria", "reopen", "")
    assert stage(team, "Bay") == "open"
    team.let_undo_pass()
    deal = in_hubspot(team, "Bay")
    assert deal["dealstage"] == "renewal_put_out" and not deal.get("closedate")


def test_a_stage_that_lags_is_told_to_the_rep_and_a_working_day_later_to_the_manager(team: Living) -> None:
    replied(team, "Dune", "Asked for a discount")
    replied(team, "Echo", "Asked for a discount")
    team.go("2026-11-24 08:30")
    team.tick("mornings", "manager_mornings")
    assert "Still open" not in words(team.messages("ana")[-1])

    team.go("2026-11-25 08:30")
    team.tick("mornings", "manager_mornings")
    digest = words(team.messages("ana")[-1])
    assert digest.count("Still open since the note of Mon 23 Nov") == 2 and "Stage is right" in digest
    assert "Stage behind" not in team.seen("maria", team.managers_channel)
    team.press("ana", "keep_stage", "Echo")
    assert words(team.messages("ana")[-1]).count("Still open") == 1
    assert stage(team, "Echo") == "open"

    team.go("2026-11-26 08:30")  # Thanksgiving: nobody works
    team.tick("mornings", "manager_mornings")
    team.go("2026-11-27 08:30")
    team.tick("mornings", "manager_mornings")
    list_of_managers = words(team.messages("maria", team.managers_channel)[-1])
    assert "*Stage behind what happened:* Dune Ltd (Ana Reyes) since Mon 23 Nov" in list_of_managers
    assert "Echo Ltd (Ana Reyes) since" not in list_of_managers
    team.press("ana", "move_stage", "Dune")
    team.let_undo_pass()
    list_of_managers = words(team.messages("maria", team.managers_channel)[-1])
    assert "Stage behind what happened" not in list_of_managers


def test_a_jump_in_hubspot_is_taken_over_and_said(team: Living) -> None:
    team.world.hubspot.update("deals", in_hubspot(team, "Fox")["id"], {"dealstage": "renewal_closed_won"})
    team.tick("sync")
    assert stage(team, "Fox") == "won"
    team.command("ana", "fox")
    said = words(team.messages("ana")[-1])
    assert "Set in HubSpot on Fri 27 Nov: Open to Won. The playbook has no such move; it stands." in said


def test_won_in_hubspot_seeds_nothing_by_itself_and_is_asked_about_once(team: Living) -> None:
    team.let_undo_pass()
    assert [deal for deal in team.records("deals") if "renewal 20" in deal["dealname"]] == []
    team.go("2026-11-30 08:30")
    team.tick("sync", "mornings")
    assert "Won in HubSpot: what is the next term?" in words(team.messages("ana")[-1])
    digest = team.messages("ana")[-1]["ts"]
    team.go("2026-12-01 08:30")
    team.tick("sync", "mornings")
    assert team.messages("ana")[-1]["ts"] != digest and "Fox Ltd" not in words(team.messages("ana")[-1])

    team.command("ana", "fox")
    team.press("ana", "open_next_term", "")
    team.submit("ana", amount={"value": "150"})
    team.let_undo_pass()
    (made,) = [deal for deal in team.records("deals") if "renewal 20" in deal["dealname"]]
    assert made["dealname"] == "Fox Ltd - renewal 2027" and made["renewal_expiration_date"] == "2027-12-13"
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
    team.command("ana", "fox")
    assert "Next term…" not in words(team.messages("ana")[-1])
