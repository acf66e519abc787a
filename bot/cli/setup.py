"""`renewals setup hubspot [--dry-run]`: the unique key property that makes repeated writes harmless."""

from __future__ import annotations

import argparse
import os

from bot.bootstrap import hubspot_client
from bot.cli.output import say
from bot.hubspot.setup import set_up
from bot.settings import load_settings


def main(argv: list[str]) -> int:
    """Can be run again at any time."""
    parser = argparse.ArgumentParser(prog="renewals setup", description=__doc__)
    parser.add_argument("what", choices=["hubspot"])
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    wanted = parser.parse_args(argv)
    client = hubspot_client(load_settings(os.environ, ("HUBSPOT_ACCESS_TOKEN",)))
    if client is not None:
        say(*set_up(client, dry_run=wanted.dry_run))
    return 0
