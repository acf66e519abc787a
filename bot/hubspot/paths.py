"""The one place that knows where HubSpot's API versions live."""

from __future__ import annotations

import re

FALLBACK = "v3"
_DATED = re.compile(r"\d{4}-\d{2}")
# As the client library writes them: the version stands before the last word of the area, or after the only one.
_IN_USE = re.compile(
    r"/crm/v[34]/(?P<family>objects|associations|owners|pipelines|properties)(?P<rest>/.*)?"
    r"|/(?P<area>account-info|scheduler)/v3(?P<call>/.+)"
)
_RECORD_PAGE = "https://app.hubspot.com/contacts/{portal}/record/0-3/{deal}"

ACCOUNT = "/account-info/v3/details"
MEETING_LINKS = "/scheduler/v3/meetings/meeting-links"
_PROPERTIES = "/crm/v3/properties/{type}"


def check_version(version: str) -> str:
    """The version itself. Raises ValueError unless it is a dated one (2026-09) or `v3`."""
    if version != FALLBACK and not _DATED.fullmatch(version):
        raise ValueError(f"HUBSPOT_API_VERSION is {version!r}; use a dated version such as 2026-09, or v3.")
    return version


def versioned(path: str, version: str) -> str:
    """The client library's v3 or v4 path on the configured version; on `v3` it stays as it is.

    Raises ValueError for a path that the assistant has no business with.
    """
    found = _IN_USE.fullmatch(path)
    if found is None:
        raise ValueError(f"{path} is not one of the HubSpot paths in use")
    if version == FALLBACK:
        return path.rstrip("/")
    if area := found["area"]:
        return f"/{area}/{version}{found['call']}"
    return f"/crm/{found['family']}/{version}{(found['rest'] or '').rstrip('/')}"


def property_calls(object_type: str, version: str) -> tuple[str, str]:
    """The calls that make a property group and a property, as they are told to people."""
    path = versioned(_PROPERTIES.format(type=object_type), version)
    return f"POST {path}/groups", f"POST {path}"


def deal_page(portal_id: str, deal_id: str) -> str:
    """The page of a deal in HubSpot, for people."""
    return _RECORD_PAGE.format(portal=portal_id, deal=deal_id)
