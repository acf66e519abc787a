"""Reads an account as far as the setup has to know it before it can propose anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from bot.hubspot.activities import ACTIVITY_PROPERTIES, DISPOSITIONS, KEY_PROPERTY
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.seen import OwnerSeen, PipelineSeen, StageSeen, Survey, one_line, property_seen
from bot.hubspot.setup import KEYED
from bot.services.crm_errors import MissingScope
from bot.services.runs.call_outcomes import LONGEST_ID

T = TypeVar("T")
OF_RECORDS = ("deals", "companies", "contacts")


def survey(client: HubSpotClient) -> Survey:
    """Read the account. Raises CrmError; MissingScope names every scope that reading it lacks, not only the first."""
    lacking: list[str] = []

    def asked(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except MissingScope as error:
            lacking.extend(error.scopes or (str(error),))
            return otherwise

    nothing: Json = {}
    nobody: tuple[OwnerSeen, ...] = ()
    none: list[Json] = []
    account = asked(client.account, nothing)
    owners = asked(partial(_owners, client), nobody)
    pipelines = asked(client.pipelines, nothing)
    types = (*OF_RECORDS, *ACTIVITY_PROPERTIES)
    definitions = {one: asked(partial(_definitions, client, one), none) for one in types}
    if lacking:
        scopes = tuple(dict.fromkeys(lacking))
        raise MissingScope(scopes, f"HubSpot refuses (403): the token lacks {', '.join(scopes)}.")
    zone, currency = account.get("timeZone"), account.get("companyCurrency")
    return Survey(
        account_id=str(account.get("portalId") or ""),
        pipelines=tuple(map(_pipeline, pipelines.get("results", ()))),
        properties={one: tuple(map(property_seen, definitions[one])) for one in OF_RECORDS},
        outcomes=_own_outcomes(definitions["calls"]),
        keys={one: _key(definitions[one]) for one in KEYED},
        owners=owners,
        about=", ".join(str(word) for word in (zone, currency) if word),
    )


def _definitions(client: HubSpotClient, object_type: str) -> list[Json]:
    found = client.properties(object_type).get("results", ())
    return [one for one in found if not one.get("archived") and one.get("name")]


def _owners(client: HubSpotClient) -> tuple[OwnerSeen, ...]:
    found: list[OwnerSeen] = []
    after: str | None = None
    while True:
        page = client.owners(after=after)
        for one in page.get("results", ()):
            name = " ".join(filter(None, (one.get("firstName"), one.get("lastName"))))
            if email := str(one.get("email") or "").strip().lower():
                found.append(OwnerSeen(one_line(name or email), one_line(email)))
        after = ((page.get("paging") or {}).get("next") or {}).get("after")
        if after is None:
            return tuple(found)


def _pipeline(raw: Mapping[str, Any]) -> PipelineSeen:
    stages = sorted(raw.get("stages") or (), key=lambda one: one.get("displayOrder") or 0)
    return PipelineSeen(str(raw["id"]), one_line(raw.get("label") or raw["id"]), tuple(map(_stage, stages)))


def _stage(raw: Mapping[str, Any]) -> StageSeen:
    said = raw.get("metadata") or {}
    closed = str(said.get("isClosed")).lower() == "true"
    try:
        won = closed and float(said.get("probability") or 0) == 1.0
    except ValueError:
        won = False
    return StageSeen(str(raw["id"]), one_line(raw.get("label") or raw["id"]), closed, won)


def _own_outcomes(definitions: list[Json]) -> dict[str, str]:
    return {
        str(option["value"]): one_line(option.get("label") or option["value"])
        for one in definitions
        if one.get("name") == "hs_call_disposition"
        for option in one.get("options") or ()
        if str(option["value"]).lower() not in DISPOSITIONS and len(str(option["value"])) <= LONGEST_ID
    }


def _key(definitions: list[Json]) -> bool | None:
    for one in definitions:
        if one.get("name") == KEY_PROPERTY:
            return one.get("hasUniqueValue") is True
    return None
