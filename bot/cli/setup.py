"""`renewals setup hubspot [--dry-run]`: make the unique key property by which a repeated write finds its record."""

from __future__ import annotations

import os

from bot.bootstrap import hubspot_client
from bot.cli.output import say
from bot.cli.words import parser_of
from bot.hubspot.setup import set_up
from bot.settings import load_settings


def main(argv: list[str]) -> int:
    """Can be run again at any time."""
    parser = parser_of("setup", __doc__)
    parser.add_argument("what", choices=["hubspot"], help="make that property on each activity type")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    wanted = parser.parse_args(argv)
    client = hubspot_client(load_settings(os.environ, ("HUBSPOT_ACCESS_TOKEN",)))
    if client is not None:
        say(*set_up(client, dry_run=wanted.dry_run))
    return 0
