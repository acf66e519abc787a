"""A user's booking pages in HubSpot -> the one that is offered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_LINK = 300
_ADDRESS = re.compile(r"https://[\w.-]+(?::\d{1,5})?(?:/[\w./%~+@=&?#,;:!$'()*-]*)?", re.ASCII)


def first_link(links: Iterable[Mapping[str, Any]]) -> str | None:
    """The address of the default page, else of the first; None when there is none that can be offered.

    One that is no plain web address, or too long to stand in an email, is none.
    """
    usable = [(one.get("defaultLink") is not True, str(one.get("link") or "")) for one in links]
    usable = [
        (later, link) for later, link in usable if len(link) <= LONGEST_LINK and _ADDRESS.fullmatch(link)
    ]
    return min(usable, key=lambda one: one[0])[1] if usable else None
