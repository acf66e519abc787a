"""DATABASE_URL: which databases it may name, and with which driver."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import StoreUnavailable


def database_address(said: str | URL) -> URL:
    """The address with our driver. Raises StoreUnavailable with the mend; never shows the password."""
    try:
        url = make_url(said)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreUnavailable(
            "DATABASE_URL is not a database address: use sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from error
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return url.set(drivername="sqlite")
    raise StoreUnavailable(f"DATABASE_URL names {kind}: use sqlite or postgresql.")
