"""People and accounts to play with: deterministic by seed, told relative to a date."""

from sandbox.book.diary import Entry
from sandbox.book.export import as_csv, config_toml
from sandbox.book.fill import STAGE_IDS, fill

__all__ = ["STAGE_IDS", "Entry", "as_csv", "config_toml", "fill"]
