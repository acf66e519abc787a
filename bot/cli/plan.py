"""`renewals plan`: needs no settings, no database, no network."""

from bot.plan import main

__all__ = ["main"]
