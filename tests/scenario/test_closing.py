"""Closing a renewal: what is asked, what HubSpot gets, what follows, and how it is taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.acts.acting import Click, TouchAt
from bot.services.acts.closing import close_lost, close_won
from bot.services.acts.leave import take_leave
from bot.services.errors import NotAllowed, NotYours
from bot.services.people.roles import Who
from bot.services.runs.new_deals import Terms
from bot.store.tables import NewDeal, OutboxRow, Person, Refusal, RunChange, RunRow
from sandbox.hubspot.kinds import kind_of
from tests.living import Living, living, words

MONDAY = date(2026, 11, 23)
ACCOUNTS = (
    "Acme Dental",
    "Bay & Sons",
    "Cove Cafe",
    "Dune Decor",
    "Echo Eyes",
    "Fox Films",
    "Gale Gym",
    "Hill Hats",
)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """Eight accounts of Ana's, put out today, which expire on Sunday 13 December; one process, one database."""
    path = tmp_path_factory.mktemp("closing") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}") as found:
        for number, name in enumerate(ACCOUNTS):
            found.account(name, MONDAY, email=f"c{number}@customer.example")
        found.account("Loch Lamps", MONDAY, owner="ben")
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def deals(team: Living, *of: str) -> list[dict[str, str]]:
    return [deal for deal in team.records("deals") if any(name in deal["dealname"] for name in of)]


def run_of(team: Living, name: str, *, stage: str | None = None) -> RunRow:
    with team.assistant.work.store.read() as session:
        wanted = select(RunRow).where(RunRow.account == name).order_by(RunRow.id)
        found = list(session.scalars(wanted if stage is None else wanted.where(RunRow.stage == stage)))
        session.expunge_all()
    return found[0]


def runs_of(team: Living, name: str) -> list[tuple[str, date, date | None]]:
    with team.assistant.work.store.read() as session:
        found = session.scalars(select(RunRow).where(RunRow.account == name).order_by(RunRow.id))
        return [(run.stage, run.put_out_on, run.expires_on) for run in found]


def close_forms(team: Living, who: str = "ana") -> None:
    for _ in team.http.get(f"/people/{team.ids[who]}/views").json():
        form = team.form(who)
        team.http.post(f"/people/{team.ids[who]}/views/{form['id']}/close").raise_for_status()


def close(team: Living, who: str, at: TouchAt, terms: Terms | None, key: str | None = None) -> None:
    """What a form sends that somebody made up, or kept from when it was theirs: won with terms, else lost."""
    person = Who(team.world.slack.team_id, team.ids[who])
    click = Click(person, key or f"forged-{who}-{at.run_id}-{terms is None}", "form")
    if terms is not None:
        close_won(team.assistant.work, click, at, terms)
    else:
        close_lost(team.assistant.work, click, at, "price", "Too dear")


def person_id(team: Living, who: str) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(Person.id).where(Person.slack_user_id == team.ids[who])).one()


def win(team: Living, name: str, **typed: dict[str, Any]) -> dict[str, Any]:
    """*Connected…*, *Won*, *Log call*: three taps where nothing differs from what is proposed."""
    team.press("ana", "open_connected", name)
    team.choose("ana", "result", "result_chosen", "won")
    return team.submit("ana", **typed)


def pick(team: Living, day: str) -> None:
    """Another last day of a term of 24 months."""
    container = {"type": "view", "view_id": team.form("ana")["id"]}
    value = {"selected_date": day}
    team.act("ana", container, "new_expires:24", "expires_chosen", value=value)


def test_won_proposes_the_terms_and_reads_the_new_expiration_back(team: Living) -> None:
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "won")
    said = words(team.form("ana"))
    assert "Amount, USD a month" in said and "Contract until now: Sunday 13 December 2026." in said
    assert "New term until *Monday 13 December 2027*, put out on Saturday 13 November 2027" in said

    team.choose("ana", "term", "term_chosen", "24")
    assert "*Wednesday 13 December 2028*" in words(team.form("ana"))
    wrong = {"new_expires:24": {"selected_date": "2026-12-13"}}
    refused = team.submit("ana", **wrong)["response"]
    assert "the new expiration has to be later" in refused["errors"]["new_expires:24"]
    assert run_of(team, "Acme Dental").stage == "open"

    # A slip in the year is read back as one, and nothing beyond the longest term is taken.
    pick(team, "2029-12-13")
    assert "A term of 24 months would end on Wednesday 13 December 2028." in words(team.form("ana"))
    pick(team, "2127-12-13")
    assert "is too far ahead: Saturday 13 December 2031 at the latest" in words(team.form("ana"))
    refused = team.submit("ana", **{"new_expires:24": {"selected_date": "2031-12-14"}})["response"]
    assert "Saturday 13 December 2031 at the latest" in refused["errors"]["new_expires:24"]
    assert run_of(team, "Acme Dental").stage == "open"
    close_forms(team)


def test_won_is_one_outcome_in_hubspot_with_the_next_term_s_deal_and_comes_back_once(team: Living) -> None:
    answer = win(team, "Acme", amount={"value": "150.50"}, note={"value": "Signed today"})
    form = team.form("ana")
    again = f"/people/{team.ids['ana']}/views/{form['id']}/submit"
    assert "Did more come of it?" in words(answer["response"]["view"])
    assert deals(team, "Acme Dental - renewal") == []  # Undo still has its seconds
    team.let_undo_pass()

    won = next(deal for deal in deals(team, "Acme Dental") if deal["dealstage"] == "renewal_closed_won")
    assert (won["amount"], won["renewal_monthly_price"]) == ("1806", "150.50")
    assert won["closedate"].startswith("2026-11-23T13:3") and won["renewal_expiration_date"] == "2026-12-13"
    (made,) = deals(team, "Acme Dental - renewal 2027")
    assert made["pipeline"] == "renewals" and made["dealstage"] == "renewal_put_out"
    assert (made["renewal_put_out_date"], made["renewal_expiration_date"]) == ("2027-11-13", "2027-12-13")
    assert (made["renewal_monthly_price"], made["amount"]) == ("150.50", "1806")
    assert made["hubspot_owner_id"] == team.owners["ana"] and made["renewals_key"].endswith(":renewal")
    portal = team.world.hubspot
    old, new = portal.get("deals", won["id"]), portal.get("deals", made["id"])
    for kind in ("companies", "contacts"):
        linked = [one.id for one in portal.associated(new, kind)]
        assert linked and linked == [one.id for one in portal.associated(old, kind)]

    team.http.post(again, json={"values": {}})
    for _ in range(3):
        team.tick("sync")
    assert runs_of(team, "Acme Dental") == [
        ("won", MONDAY, date(2026, 12, 13)),
        ("open", date(2027, 11, 13), date(2027, 12, 13)),
    ]
    with team.assistant.work.store.read() as session:
        changes = [
            (c.old, c.new, c.source) for c in session.scalars(select(RunChange)) if c.field == "price_cents"
        ]
    assert changes == [("14000", "15050", "slack")]  # our own echo is no news


def test_after_won_an_upsell_is_two_fields_and_a_new_customer_is_no_contact_of_this_one(team: Living) -> None:
    form = team.form("ana")
    assert form["callback_id"] == "new_deal_form" and form["close"]["text"] == "No, thanks"
    refused = team.submit("ana", deal_name={"value": "More pages"}, amount={"value": "free"})["response"]
    assert set(refused["errors"]) == {"amount"}
    said = team.submit("ana", deal_name={"value": "More pages"}, amount={"value": "1,200"})
    assert "the deal “More pages” is saved" in words(said["response"]["view"])
    close_forms(team)
    team.let_undo_pass()
    (upsell,) = deals(team, "More pages")
    assert (upsell["pipeline"], upsell["dealstage"]) == ("default", "appointmentscheduled")
    assert (upsell["amount"], upsell["dealtype"]) == ("1200", "existingbusiness")
    assert team.world.hubspot.associated(team.world.hubspot.get("deals", upsell["id"]), "companies")


def test_undo_takes_the_close_back_before_it_left(team: Living) -> None:
    win(team, "Bay", note={"value": "Signed"})
    close_forms(team)
    team.press("ana", "undo_fact", "Bay")
    team.let_undo_pass()
    (deal,) = deals(team, "Bay")
    assert deal["dealstage"] == "renewal_put_out" and "closedate" not in deal
    assert run_of(team, "Bay & Sons").stage == "open"


def test_undo_takes_the_close_back_after_it_arrived_with_the_unused_next_term(team: Living) -> None:
    before = deals(team, "Cove")[0]
    win(team, "Cove", amount={"value": "99"})
    close_forms(team)
    team.let_undo_pass()
    assert len(deals(team, "Cove")) == 2
    team.tick("sync")

    team.press("ana", "undo_fact", "Cove")
    team.let_undo_pass()
    team.tick("sync")
    (deal,) = deals(team, "Cove")
    wanted = ("dealstage", "renewal_monthly_price", "renewal_expiration_date")
    assert [deal[name] for name in wanted] == [before[name] for name in wanted]
    assert not deal.get("amount") and not deal.get("closedate")
    assert runs_of(team, "Cove Cafe")[0] == ("open", MONDAY, date(2026, 12, 13))
    assert run_of(team, "Cove Cafe").price_cents == 14_000
    with team.assistant.work.store.read() as session:
        made = [row for row in session.scalars(select(NewDeal)) if "Cove" in row.name]
    assert [row.taken_back_at is not None for row in made] == [True]


def test_a_next_term_in_use_stays_and_is_taken_up_by_the_next_close(team: Living) -> None:
    win(team, "Cove", amount={"value": "99"})
    close_forms(team)
    team.let_undo_pass()
    made = next(deal for deal in deals(team, "Cove") if "renewal" in deal["dealname"])
    stamp = {"hs_timestamp": team.clock.now().isoformat(), "hs_note_body": "Prepared"}
    team.world.hubspot.create("notes", stamp, [("deals", made["id"])])
    team.world.hubspot.update("deals", made["id"], {"dealstage": "renewal_in_negotiation"})
    team.tick("sync")

    team.press("ana", "undo_fact", "Cove")
    team.let_undo_pass()
    assert made["id"] in [deal["id"] for deal in deals(team, "Cove")]
    win(team, "Cove", amount={"value": "101"})
    close_forms(team)
    team.let_undo_pass()
    found = [deal for deal in deals(team, "Cove") if "renewal" in deal["dealname"]]
    assert [(deal["id"], deal["renewal_monthly_price"]) for deal in found] == [(made["id"], "101")]


def test_lost_needs_reason_and_note_and_hubspot_gets_both(team: Living) -> None:
    team.command("ana", "lost dune")
    refused = team.submit("ana", lost_reason={"selected_option": {"value": "price"}}, note={"value": "  "})
    assert set(refused["response"]["errors"]) == {"note"}
    team.submit(
        "ana", lost_reason={"selected_option": {"value": "competitor"}}, note={"value": "Went to <Zap>"}
    )
    close_forms(team)
    team.let_undo_pass()
    (deal,) = deals(team, "Dune")
    assert deal["dealstage"] == "renewal_closed_lost" and deal["closedate"]
    assert deal["closed_lost_reason"] == "Competitor: Went to <Zap>"
    assert "closed already: lost" in team.command("ana", "won dune")


def test_only_the_owner_the_cover_or_a_manager_closes(team: Living) -> None:
    for stranger in ("ben", "olga", "cara", "adam"):
        assert "No account in your book" in team.command(stranger, "won echo")
    # Whatever is sent in spite of that: the door itself refuses, and keeps who tried it.
    at, terms = TouchAt(run_of(team, "Echo Eyes").id, None, MONDAY), Terms(14_000, 12, date(2027, 12, 13))
    for stranger in ("ben", "olga", "cara", "adam"):
        for result in ("won", "lost"):
            with pytest.raises(NotYours):
                close(team, stranger, at, terms if result == "won" else None)
    with team.assistant.work.store.read() as session:
        refused = session.execute(
            select(Refusal.slack_user_id, Refusal.action).where(Refusal.run_id == at.run_id)
        )
        tried = [team.ids[who] for who in ("ben", "olga", "cara", "adam") for _ in range(2)]
        assert refused.all() == [(who, "close") for who in tried]
    assert run_of(team, "Echo Eyes").stage == "open"
    assert not deals(team, "Echo Eyes")[0].get("closedate")
    team.command("maria", "won echo")
    team.submit("maria", amount={"value": "140"})
    close_forms(team, "maria")
    assert run_of(team, "Echo Eyes").stage == "won"


def test_the_cover_closes_for_a_colleague_on_leave_and_the_deals_stay_with_the_owner(team: Living) -> None:
    from_ben = TouchAt(run_of(team, "Loch Lamps").id, None, MONDAY)
    with pytest.raises(NotYours):
        close(team, "ana", from_ben, Terms(14_000, 12, date(2027, 12, 13)))
    take_leave(
        team.assistant.work,
        Click(Who(team.world.slack.team_id, team.ids["ben"]), "leave", "form"),
        MONDAY,
        MONDAY,
        person_id(team, "ana"),
        None,
    )
    team.command("ana", "won loch")
    team.submit("ana", amount={"value": "170"})
    close_forms(team)
    team.let_undo_pass()
    assert run_of(team, "Loch Lamps").stage == "won"
    assert {deal["hubspot_owner_id"] for deal in deals(team, "Loch Lamps")} == {team.owners["ben"]}
    assert len(deals(team, "Loch Lamps")) == 2


def test_of_two_who_close_at_once_one_does_and_the_other_is_told(team: Living) -> None:
    at, terms = TouchAt(run_of(team, "Fox Films").id, None, MONDAY), Terms(14_000, 12, date(2027, 12, 13))
    together = Barrier(4)

    def closing(number: int) -> str:
        together.wait()
        try:
            close(
                team, ("ana", "maria")[number % 2], at, terms if number < 2 else None, key=f"at-once-{number}"
            )
        except NotAllowed as refused:
            return refused.sentence
        return ""

    with ThreadPoolExecutor(4) as people:
        told = list(people.map(closing, range(4)))
    stage = run_of(team, "Fox Films").stage
    assert stage in ("won", "lost") and told.count("") == 1
    assert all(f"Fox Films is {stage}" in sentence for sentence in told if sentence)
    team.let_undo_pass()
    assert len(deals(team, "Fox Films")) == (2 if stage == "won" else 1)


def test_a_close_by_mistake_is_a_manager_s_to_open_again_on_another_day(team: Living) -> None:
    """Undo is of the same day; afterwards a manager reopens, and what the close made goes with it."""
    win(team, "Gale", amount={"value": "1400"}, note={"value": "Meant 140"})
    close_forms(team)
    team.let_undo_pass()
    (won, made) = sorted(deals(team, "Gale"), key=lambda deal: deal["dealname"])
    assert won["closed_won_reason"] == (
        "1,400 USD/month for 12 months, until Monday 13 December 2027.\nMeant 140"
    )
    team.go("2026-11-24 08:30")
    team.tick("sync", "mornings")
    team.command("ana", "gale")
    card = words(team.messages("ana")[-1])
    assert "won: 1,400 USD/month for 12 months, until Monday 13 December 2027; logged Mon 23 Nov" in card
    assert "Undo" not in card and "Reopen" not in card
    team.command("maria", "gale")
    team.press("maria", "reopen", "")
    team.let_undo_pass()
    team.tick("sync")
    (deal,) = deals(team, "Gale")
    assert deal["dealstage"] == "renewal_put_out" and deal["renewal_monthly_price"] == "140"
    assert not deal.get("closedate") and not deal.get("closed_won_reason") and made["id"] != deal["id"]
    assert run_of(team, "Gale Gym").price_cents == 14_000


def test_a_short_term_is_not_put_out_in_the_past(team: Living) -> None:
    team.command("ana", "won hill")
    team.choose("ana", "term", "term_chosen", "1")
    said = words(team.form("ana"))
    assert "New term until *Wednesday 13 January 2027*, put out on Monday 14 December 2026." in said
    day = {"new_expires:1": {"selected_date": "2026-12-20"}}
    team.submit("ana", amount={"value": "140"}, **day)
    close_forms(team)
    team.let_undo_pass()
    (made,) = deals(team, "Hill Hats - renewal")
    assert (made["renewal_put_out_date"], made["renewal_expiration_date"]) == ("2026-11-25", "2026-12-20")


def test_outbox_has_nothing_left_over(team: Living) -> None:
    team.let_undo_pass()
    with team.assistant.work.store.read() as session:
        rows = [(row.kind, row.state, row.reason) for row in session.scalars(select(OutboxRow))]
    left = [row for row in rows if row[1] in ("pending", "unknown", "dead") and row[0] != "redraw"]
    assert left == []
    archived = [one for one in team.world.hubspot.records.all(kind_of("deals")) if one.archived]
    with team.assistant.work.store.read() as session:
        back = [
            deal.deal_id for deal in session.scalars(select(NewDeal)) if deal.taken_back_at and deal.deal_id
        ]
    assert sorted(one.id for one in archived) == sorted(back)
