"""Signs that mean something to Slack, in names and notes: text stays text, everywhere it is shown (FAULTS 26)."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest

from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
FORTNIGHT_AGO = date(2026, 11, 9)
# A mention of a channel, one of a person, a foreign link, an entity, right to left, zero width.
NASTY = "<!channel> <@U1> <https://evil.example|invoice> &lt;b&gt; \u202etxt.exe\u202c a\u200bb *x* `y`"
CONTROL = re.compile(r"<(?P<what>[^<>]*)>")


def controls(sent: Any) -> set[str]:
    """Everything in angle brackets in texts that Slack reads as markup."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "mrkdwn":
                found.update(match["what"] for match in CONTROL.finditer(node["text"]))
            for key, value in node.items():
                # A message's own text is markup too; a plain_text object's is not.
                if key == "text" and isinstance(value, str) and "type" not in node:
                    found.update(match["what"] for match in CONTROL.finditer(value))
                walk(value)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(sent)
    return found


def everything_sent(team: Living) -> list[Any]:
    """What left for Slack: the bodies of calls, and what was answered to forms and commands."""
    entries = team.world.journal.entries(service="slack")
    return [entry.body for entry in entries if entry.body]


def test_a_day_with_an_account_that_is_named_to_do_harm(team: Living) -> None:
    team.account(NASTY, FORTNIGHT_AGO)
    team.account("Acme Dental", MONDAY)
    (contact, _) = team.records("contacts")
    team.world.hubspot.update(
        "contacts", contact["id"], {"firstname": NASTY, "lastname": "", "phone": "<tel:666|1>"}
    )
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    shown_to_all = [team.seen("ana"), team.seen("maria", team.managers_channel)]
    team.press("ana", "log_call:no_answer", "channel")
    team.press("ana", "open_guarded_email", "channel")
    shown = json.dumps(team.form("ana"), ensure_ascii=False)
    assert "evil.example" in shown
    team.press("ana", "open_connected", "Acme")
    team.press("ana", "open_more", "Acme")
    team.command("ana", f"log {NASTY}")
    team.say("ana", f"log {NASTY}")
    team.command("ana", f"defer acme until friday: {NASTY}")
    team.let_undo_pass()

    sent = [*everything_sent(team), *[message for who in ("ana", "maria") for message in team.messages(who)]]
    sent += team.messages("maria", team.managers_channel)
    bad = {what for body in sent for what in controls(body)}
    ours = re.compile(r"(tel:\+?[0-9]+\|.*|https://app\.hubspot\.com/.*|!date\^.*)")
    assert {what for what in bad if not ours.fullmatch(what)} == set()

    for text in shown_to_all:
        assert "<!channel> <@U1> <https://evil.example|invoice>" in html.unescape(text)
    (task,) = team.records("tasks")
    assert html.escape(NASTY, quote=False) in task["hs_task_body"]
