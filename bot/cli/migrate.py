"""`renewals migrate`: bring the database's tables up to date."""

from __future__ import annotations

import os

from bot.cli.output import say
from bot.cli.words import parser_of
from bot.settings import load_settings
from bot.store.migrate import upgrade
from bot.store.session import Store


def main(argv: list[str]) -> int:
    """Upgrade; safe to run again, and from two places at once."""
    parser_of("migrate", __doc__).parse_args(argv)
    store = Store(load_settings(os.environ).database_url)
    try:
        upgrade(store)
    finally:
        store.close()
    say("The database is up to date.")
    return 0
