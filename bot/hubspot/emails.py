"""What an email in HubSpot says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.hubspot.values import LONGEST_NOTE, plain_text, text_of
from bot.services.crm import EmailText

TEXT_PROPERTIES = (
    *("hs_email_subject", "hs_email_text", "hs_email_html"),
    *("hs_email_from_email", "hs_email_from_firstname", "hs_email_from_lastname"),
)
LONGEST_HTML = 100_000  # a page of pictures and styles; what is said stands before them


def read_email_text(properties: Mapping[str, Any]) -> EmailText:
    """Its plain text, else what its markup shows; at most 4,000 characters of either."""
    text = text_of(properties, "hs_email_text")
    if text is None and (html := text_of(properties, "hs_email_html")) is not None:
        text = plain_text(html[:LONGEST_HTML])
    names = (text_of(properties, f"hs_email_from_{part}name") for part in ("first", "last"))
    return EmailText(
        subject=(text_of(properties, "hs_email_subject") or "")[:300],
        text=(text or "")[:LONGEST_NOTE],
        from_email=(text_of(properties, "hs_email_from_email") or "").lower()[:320],
        from_name=" ".join(filter(None, names))[:300],
    )
