"""Web addresses that come from a CRM or a file: only what a browser opens over HTTP, and nothing that hides
where it leads.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST_LINK = 2000
_NOT_IN_A_LINK = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}\s]")


def read_link(text: str) -> str:
    """The address as it is. Raises ValueError with a sentence for anything but a plain http or https link."""
    if len(text) > LONGEST_LINK:
        raise ValueError(f"the link is longer than {LONGEST_LINK:,} characters")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # the port is only read to be refused
    except ValueError:
        host, parts = None, None
    if parts is None or not host or parts.scheme not in ("http", "https") or _NOT_IN_A_LINK.search(text):
        raise ValueError(f"{text[:40]!r} is no web address: write https://...")
    if "@" in parts.netloc:
        raise ValueError(f"{text[:40]!r} hides its host behind an @")
    return text
