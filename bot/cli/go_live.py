"""`renewals go-live --from DATE`: preview the first morning; nothing is sent to anybody before it is approved."""

from __future__ import annotations

import getpass
import sys
from datetime import date

from bot.cli.opened import opened
from bot.cli.output import say
from bot.cli.words import day, parser_of
from bot.services.runs.go_live import FirstMorning, approve, preview


def main(argv: list[str]) -> int:
    """0 when approved, 1 when not."""
    parser = parser_of("go-live", __doc__)
    parser.add_argument(
        "--from", dest="start", type=day, required=True, metavar="DATE", help="the first morning: 2026-11-30"
    )
    parser.add_argument("--yes", action="store_true", help="approve without being asked")
    wanted = parser.parse_args(argv)
    with opened() as assistant:
        if assistant.settings.slack_bot_token:
            assistant.sync_people()  # who can be reached is a part of what is approved
        say(*_words(preview(assistant.work, wanted.start)))
        if not wanted.yes and not _agreed(wanted.start):
            say("Nothing was changed: the assistant stays quiet.")
            return 1
        approve(assistant.work, wanted.start, getpass.getuser(), assistant.work.now())
    say(f"Approved: the assistant speaks from {wanted.start} on.")
    return 0


def _words(first: FirstMorning) -> list[str]:
    lines = [f"The first morning, {first.on:%A} {first.on}, as things stand now:"]
    for rep in first.reps:
        reach = "" if rep.reachable else "  (NOT REACHABLE in Slack: gets nothing)"
        when = "" if rep.on == first.on else f" (off until {rep.on:%A} {rep.on})"
        some = f": {', '.join(rep.first)}{', ...' if rep.due > len(rep.first) else ''}" if rep.first else ""
        lines.append(f"  {rep.rep}{when}: {_accounts(rep.due)} due, {rep.late} late{some}{reach}")
    if not first.reps:
        lines.append("  Nobody owns an open renewal yet: run `renewals sync` or `renewals import` first.")
    if first.past_day_30:
        lines.append(f"  Past day 30: {_accounts(first.past_day_30)}, a list for the manager to review.")
    if first.without_owner:
        lines.append(f"  Without an owner in Slack: {_accounts(first.without_owner)}, see `renewals check`.")
    return lines


def _accounts(number: int) -> str:
    return f"{number} account" if number == 1 else f"{number} accounts"


def _agreed(start: date) -> bool:
    if not sys.stdin.isatty():
        say("Nobody is there to be asked: --yes approves.")
        return False
    return input(f"Let the assistant speak from {start} on? Type yes: ").strip().lower() == "yes"
