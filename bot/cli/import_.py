"""`renewals import FILE`: take over a book of renewals from CSV or JSON, for teams without HubSpot."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.opened import opened
from bot.cli.output import say, warn
from bot.services.book_rows import COLUMNS, read_book
from bot.services.import_book import import_book


def main(argv: list[str]) -> int:
    """0 when all rows were taken over; 2 when any is wrong, and then none was."""
    columns = "\n".join(f"  {name:<13} {about}" for name, about in COLUMNS.items())
    parser = argparse.ArgumentParser(
        prog="renewals import",
        description=__doc__,
        epilog=f"columns:\n{columns}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    rows = read_book(parser.parse_args(argv).file)
    with opened() as assistant:
        report = import_book(assistant.work, rows)
    say(
        f"Took over {len(rows)} rows: {report.new} new, {report.changed} changed, {report.unchanged} as before."
    )
    if report.gone:
        warn(
            ["Not in the file any more (kept; close them in Slack):", *(f"  {name}" for name in report.gone)]
        )
    if report.unmatched_owners:
        warn(
            [
                "No Slack account with this e-mail yet (they are matched when the assistant runs):",
                *(f"  {email}" for email in report.unmatched_owners),
            ]
        )
    return 0
