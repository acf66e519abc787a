"""`renewals sync [--all]`: read HubSpot's changes now, and say what they were.

The first time, and with --all, the whole book is read; what was stopped half-way goes on from there.
"""

from __future__ import annotations

import sys

from bot.cli.opened import opened
from bot.cli.output import log_to_stderr, say, warn
from bot.cli.progress import Bar
from bot.cli.words import parser_of
from bot.services.incoming.report import SyncReport


def main(argv: list[str]) -> int:
    """0 when all was taken over, 1 when something stopped it or was left out."""
    parser = parser_of("sync", __doc__)
    parser.add_argument("--all", action="store_true", help="read every deal again, not only what changed")
    wanted = parser.parse_args(argv)
    log_to_stderr()
    with opened("SLACK_BOT_TOKEN", "HUBSPOT_ACCESS_TOKEN") as assistant:
        assistant.sync_people()
        sync, bar = assistant.sync, Bar(sys.stderr)
        report = sync.run(everything=wanted.all, tell=bar) if sync is not None else SyncReport()
        bar.end()
    say(
        f"Read {report.deals_read} deals: {report.runs_new} new, {report.runs_changed} changed,"
        f" {report.runs_gone} gone. Facts: {report.facts_new} new, {report.facts_changed} changed,"
        f" {report.facts_withdrawn} withdrawn."
    )
    if report.contacts_erased:
        say(f"Erased what was kept of {report.contacts_erased} contacts who were deleted for good.")
    warn(f"{record}: {why}" for record, sentences in report.problems.items() for why in sentences)
    warn(f"{record}: {why}" for record, why in report.failed.items())
    if report.unmatched_owners:
        warn([f"No Slack account has this owner's e-mail: {email}" for email in report.unmatched_owners])
    if report.stopped:
        warn([f"Stopped: {report.stopped}"])
    return 1 if report.stopped or report.failed else 0
