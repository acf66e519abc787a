"""The one place that knows where HubSpot's API versions live."""

from __future__ import annotations

import re

FALLBACK = "v3"
_DATED = re.compile(r"\d{4}-\d{2}")
_GENERATED = re.compile(r"/crm/v[34]/(objects|associations|owners|pipelines|properties)(/.*)?")


def check_version(version: str) -> str:
    """The version itself. Raises ValueError unless it is a dated one (2026-09) or `v3`."""
    if version != FALLBACK and not _DATED.fullmatch(version):
        raise ValueError(f"HUBSPOT_API_VERSION is {version!r}; use a dated version such as 2026-09, or v3.")
    return version


def versioned(path: str, version: str) -> str:
    """The client library's v3 or v4 path on the configured version; on `v3` it stays as it is.

    Raises ValueError for a path that the assistant has no business with.
    """
    found = _GENERATED.fullmatch(path)
    if found is None:
        raise ValueError(f"{path} is not one of the CRM paths in use")
    family, rest = found.group(1), (found.group(2) or "").rstrip("/")
    if version == FALLBACK:
        return path.rstrip("/")
    return f"/crm/{family}/{version}{rest}"
