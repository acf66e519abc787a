"""Closing in portals that are laid out otherwise: dates on the company, next terms made by a workflow, term prices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.config import Config, HubSpotProperties
from bot.store.tables import OutboxRow
from sandbox.faults import FaultRule
from sandbox.hubspot.kinds import KINDS
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
ON_COMPANY = HubSpotProperties(company_expires_on="contract_end", company_put_out_on="ofl_date")
SCOPE = {
    "status": "error",
    "category": "MISSING_SCOPES",
    "message": "This app lacks scopes.",
    "errors": [
        {"message": "lacking", "context": {"requiredGranularScopes": ["crm.objects.companies.write"]}}
    ],
}


@contextmanager
def portal(database_url: str, **laid_out: Any) -> Iterator[Living]:
    """Acme, put out today, expires on Sunday 13 December; its company says the same where it has such properties."""

    def config(_: Living, usual: Config) -> Config:
        return replace(usual, hubspot=replace(usual.hubspot, **laid_out))

    with living(database_url, config=config) as team:
        for name in ("contract_end", "ofl_date"):
            kind = {"name": name, "label": name, "type": "date", "fieldType": "date"}
            client = team.assistant.hubspot_client
            assert client is not None
            client.create_property("companies", kind | {"groupName": "companyinformation"})
        team.account("Acme Dental", MONDAY, email="a@customer.example")
        team.world.hubspot.update("companies", company(team)["id"], {"contract_end": "2026-12-13"})
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        yield team


def company(team: Living) -> dict[str, str]:
    with team.world.hubspot.lock:
        (found,) = team.world.hubspot.records.all(KINDS["companies"])
        return {**found.properties, "id": found.id}


def dates(team: Living) -> tuple[str | None, str | None]:
    found = company(team)
    return found.get("contract_end"), found.get("ofl_date")


def win(team: Living, **typed: Any) -> str:
    """`/renewal won acme`; what the second form says."""
    team.command("ana", "won acme")
    said = words(team.submit("ana", **typed)["response"]["view"])
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
    return said


def outbox(team: Living, kind: str) -> list[tuple[str, str | None]]:
    with team.assistant.work.store.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == kind))
        return [(row.state, row.reason) for row in rows]


def test_the_new_dates_are_on_the_company_too_and_leave_it_with_the_close(database_url: str) -> None:
    with portal(database_url, properties=ON_COMPANY) as team:
        win(team)
        assert dates(team) == ("2026-12-13", None)  # Undo still has its seconds
        team.let_undo_pass()
        assert dates(team) == ("2027-12-13", "2027-11-13")
        team.tick("sync")
        team.command("ana", "acme")
        team.press("ana", "undo_fact", "")
        team.let_undo_pass()
        assert dates(team) == ("2026-12-13", None)
        assert {state for state, _ in outbox(team, "company_update") + outbox(team, "company_restore")} == {
            "sent"
        }


def test_the_next_term_agrees_with_its_company_when_its_emails_are_due(database_url: str) -> None:
    """Else its cancellation email would be blocked until somebody confirms what nobody has changed."""
    with portal(database_url, properties=ON_COMPANY) as team:
        win(team)
        team.let_undo_pass()
        team.tick("sync")
        team.go("2027-11-29 08:30")
        team.tick("sync", "mornings")
        team.command("ana", "log acme no answer")
        team.command("ana", "acme")
        team.press("ana", "open_guarded_email", "")
        said = words(team.form("ana"))
        assert "Mon 13 Dec 2027" in said and "on the company" not in said


def test_what_somebody_set_on_the_company_meanwhile_stays(database_url: str) -> None:
    with portal(database_url, properties=ON_COMPANY) as team:
        win(team)
        team.go("2026-11-23 08:31")
        team.world.hubspot.update("companies", company(team)["id"], {"contract_end": "2028-01-31"})
        team.let_undo_pass()
        assert dates(team) == ("2028-01-31", "2027-11-13")


def test_a_token_that_may_not_write_companies_holds_up_nothing_else(database_url: str) -> None:
    with portal(database_url, properties=ON_COMPANY) as team:
        rule = {"status": 403, "body": SCOPE, "times": 1}
        method = "POST /crm/objects/companies/batch/update"
        team.world.faults.add(FaultRule(service="hubspot", method=method, **rule))
        win(team)
        team.let_undo_pass()
        ((state, reason),) = outbox(team, "company_update")
        assert state == "dead" and "crm.objects.companies.write" in str(reason)
        assert len(team.records("deals")) == 2 and dates(team) == ("2026-12-13", None)


def test_where_a_workflow_makes_the_next_term_the_assistant_makes_none_and_asks_for_none(
    database_url: str,
) -> None:
    with portal(database_url, properties=ON_COMPANY, next_term="leave") as team:
        team.command("ana", "won acme")
        form = words(team.form("ana"))
        assert "New term until *Monday 13 December 2027*." in form and "put out on" not in form
        team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
        assert "is made by HubSpot's own workflow" in win(team, amount={"value": "150"})
        team.let_undo_pass()
        (deal,) = team.records("deals")
        assert (deal["dealstage"], deal["renewal_monthly_price"]) == ("renewal_closed_won", "150")
        assert dates(team) == ("2027-12-13", None)  # when it is put out, the workflow decides

        team.account("Bay Bakery", MONDAY, email="b@customer.example")
        team.tick("sync")
        bay = next(one for one in team.records("deals") if one["dealname"] == "Bay Bakery")
        team.world.hubspot.update("deals", bay["id"], {"dealstage": "renewal_closed_won"})
        team.go("2026-11-24 08:30")
        team.tick("sync", "mornings")
        assert "what is the next term?" not in words(team.messages("ana")[-1])
        assert "Next term…" not in team.command("ana", "bay")


def test_a_price_for_the_term_is_worth_its_own_months_a_month(database_url: str) -> None:
    """2,160 for 24 months are 90 a month, and no high value; for a year they would be 180."""
    with portal(database_url, price_period="term") as team:
        team.command("ana", "won acme")
        assert "Amount, USD for the whole term" in words(team.form("ana"))
        team.choose("ana", "term", "term_chosen", "24")
        team.submit("ana", amount={"value": "2160"})
        team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
        team.let_undo_pass()
        made = next(deal for deal in team.records("deals") if "renewal 2028" in deal["dealname"])
        assert (made["amount"], made["renewal_monthly_price"]) == ("2160", "2160")
        team.account(
            "Bay Bakery", date(2028, 11, 13), renewal_monthly_price="2160", email="b@customer.example"
        )
        team.tick("sync")
        team.go("2028-11-13 08:30")
        team.tick("sync", "mornings")
        low, high = review(team, "acme"), review(team, "bay")
        assert "self-serve" in low and "high-value" in high


def review(team: Living, account: str) -> str:
    team.command("ana", account)
    team.press("ana", "open_review", "")
    said = words(team.form("ana"))
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close")
    return said
