"""Canaries in every secret and every customer's text: none is in a log line above DEBUG, whatever goes wrong
(FAULTS 31, I9).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest

import scheduler
from bot.cli.output import log_to_stderr
from bot.cli.run import at_work
from tests.cable import Cable
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
ACCOUNT = "Canary-Account Ltd"
CUSTOMER = {
    "account": ACCOUNT,
    "contact": "Canaria",
    "email": "canary-contact@customer.example",
    "phone": "+1 212 555 9876",
    "note": "canary-note about their divorce",
}


@pytest.fixture
def log_of_run() -> StringIO:
    """What `renewals run` would write to standard error, with logging as it sets it up."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    log_to_stderr()
    (added,) = (handler for handler in root.handlers if handler not in handlers)
    assert isinstance(added, logging.StreamHandler)
    written = StringIO()
    added.setStream(written)
    return written


def a_day(team: Living) -> None:
    for job in scheduler.JOBS:
        scheduler.run_job(team.assistant, job)
    team.deliver()
    for account in (ACCOUNT, "Acme"):
        for text in (
            f"log {account} no answer",
            f"defer {account} until friday: {CUSTOMER['note']}",
            f"log {account}",
        ):
            team.command("ana", text)
    said = {"text": f"log {ACCOUNT} voicemail"}
    team.http.post(f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}/messages", json=said)
    team.clock.let_pass(timedelta(minutes=3))
    team.deliver()


def test_no_canary_in_the_log_of_a_bad_day(
    log_of_run: StringIO,
    team: Living,
    strike: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team.account(ACCOUNT, MONDAY, email=CUSTOMER["email"])
    team.account("Acme Dental", MONDAY)
    for contact in team.records("contacts"):
        changes = {"firstname": CUSTOMER["contact"], "phone": CUSTOMER["phone"]}
        team.world.hubspot.update("contacts", contact["id"], changes)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    a_day(team)
    assert team.press("ana", "undo_fact")["acked"]

    # Everything fails, in ways that carry what was sent back in their answers.
    secrets = {key: str(getattr(team.settings, key)) for key in ("slack_bot_token", "slack_app_token")}
    secrets |= {
        "signing": team.settings.slack_signing_secret,
        "hubspot": str(team.settings.hubspot_access_token),
    }
    echo = " ".join([*secrets.values(), *CUSTOMER.values()])
    for number, answer in enumerate(
        (
            {"status": 500, "body": echo},
            {
                "status": 200,
                "body": {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": [echo]}},
            },
            {"status": 400, "body": {"status": "error", "message": echo}},
            {"status": 401, "body": {"status": "error", "message": echo}},
            {"status": 200, "body": f"<html>{echo}"},
        ),
        24,
    ):
        faults = [strike(service, **answer) for service in ("slack", "hubspot")]
        team.go(f"2026-11-{number} 08:30")
        a_day(team)
        for fault in faults:
            team.world.faults.remove(fault)
    with Cable(team.server.url) as cable:
        team.settings = replace(
            team.settings, slack_api_url=f"{cable.url}/slack/api/", hubspot_api_url=f"{cable.url}/hubspot"
        )
        cable.pull()
        team.assistant = team.another_assistant()
        with at_work(team.assistant):
            a_day(team)
        team.assistant = team.processes[0]
    # Our own mistake, with a customer's text in the exception.

    def slips(*_: object) -> None:
        raise KeyError(echo)

    with monkeypatch.context() as patch:
        patch.setattr("handlers.actions.undo", slips)
        patch.setattr("scheduler.jobs.send_mornings", slips)
        a_day(team)
        team.press("ana", "undo_fact")

    logged = log_of_run.getvalue()
    assert logged.count("action=") > 30 and " ERROR " in logged
    for name, canary in {**secrets, **CUSTOMER}.items():
        assert canary not in logged, name
    for expected in ("press.failed", "job.failed", "outbox.halted", "outbox.refused", "start.waiting"):
        assert f"action={expected}" in logged, expected
