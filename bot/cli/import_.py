"""`renewals import FILE`: take over a book of renewals from CSV or JSON, for teams without HubSpot."""

from __future__ import annotations

from pathlib import Path

from bot.cli.opened import opened
from bot.cli.output import say, warn
from bot.cli.words import listed, parser_of
from bot.services.incoming.book_rows import COLUMNS, read_book
from bot.services.incoming.import_book import import_book


def main(argv: list[str]) -> int:
    """0 when all rows were taken over; 2 when any is wrong, and then none was."""
    parser = parser_of("import", __doc__, epilog=f"columns:\n{listed(COLUMNS)}")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV or JSON; a row's key is its id")
    rows = read_book(parser.parse_args(argv).file)
    with opened() as assistant:
        report = import_book(assistant.work, rows)
    say(
        f"Took over {len(rows)} row{'s' * (len(rows) > 1)}: {report.new} new, {report.changed} changed,"
        f" {report.unchanged} as before."
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
