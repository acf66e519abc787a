"""Email touches: a filled-in draft in Outlook or the rep's mail program, in the team's words, logged with one tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.config import Config
from bot.playbook.email_templates import Emails, EmailTemplate
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
OWN = {
    "opening_email": EmailTemplate(
        "{account}: renewal", "Dear {contact},\n\nyours until {expires_on}. {rep}\n"
    )
}


@pytest.fixture
def emails() -> Emails:
    return Emails("mail_client", OWN)


@pytest.fixture
def team(database_url: str, emails: Emails) -> Iterator[Living]:
    def config(_: Living, usual: Config) -> Config:
        return replace(usual, emails=emails)

    with living(database_url, config=config) as team:
        team.account("<Acme> & Sons {rep}", MONDAY, email="carl@acme.example")
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        yield team


def text_of(team: Living) -> str:
    return str(team.form("ana")["blocks"])


def test_in_a_mail_program_the_draft_is_seen_opened_and_logged_with_one_tap(team: Living):
    team.press("ana", "log_call:no_answer")
    team.press("ana", "open_email")
    shown = text_of(team)
    assert (
        "*To:* carl@acme.example" in shown
        and "Dear Carl Customer,\\n\\nyours until Sun 13 Dec 2026." in shown
    )
    assert (
        "<mailto:carl@acme.example?subject=%3CAcme%3E%20%26%20Sons%20%7Brep%7D%3A%20renewal&amp;body="
        in shown
    )
    assert "*Subject:* &lt;Acme&gt; &amp; Sons {rep}: renewal" in shown  # filled in once, and inert
    team.submit("ana")
    assert "Email sent 08:30" in team.seen("ana")
    team.let_undo_pass()
    assert team.records("emails") == []  # the tracked record is the customer's mail program's to make


@pytest.mark.parametrize("emails", [Emails("outlook", OWN)])
def test_in_outlook_it_is_a_button_and_sent_is_one_tap(team: Living):
    team.press("ana", "log_call:no_answer")
    shown = str(team.messages("ana")[0]["blocks"])
    assert (
        "https://outlook.office.com/mail/deeplink/compose?to=carl%40acme.example&subject=%3CAcme%3E" in shown
    )
    team.press("ana", "log_email")
    assert "Email sent 08:30" in team.seen("ana")


@pytest.mark.parametrize("emails", [Emails()])
def test_after_a_conversation_the_card_has_a_summary_and_a_confirmation(team: Living):
    def draft() -> str:
        team.command("ana", "acme")
        team.press("ana", "open_email")
        return text_of(team)

    team.press("ana", "open_connected")
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    team.submit("ana")
    assert "Our conversation about your renewal" in draft()
    team.submit("ana")
    assert "Email sent 08:30" in team.seen("ana")
    team.command("ana", "acme")
    team.press("ana", "open_meeting")
    team.submit("ana", starts={"value": "wed 14:00"})
    assert "As agreed we talk" in draft() and "on Wed 25 Nov 2026 at 14:00." in text_of(team)


def test_another_person_cannot_open_the_draft_nor_a_guarded_one_go_round_its_guard(team: Living):
    team.press("ana", "log_call:no_answer")
    message = team.messages("ana")[0]
    value = next(
        element["value"]
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "open_email"
    )
    forged = {"type": "button", "value": value.replace("opening_email", "cancellation_email")}
    place = {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}
    for who, given in (("ana", forged), ("ben", {"type": "button", "value": value})):
        team.act(who, place, "x", "open_email", value=given, forge=True)
        assert team.http.get(f"/people/{team.ids[who]}/views").json() == []
