"""A HubSpot deal with its company and contacts -> a renewal deal. Pure; one bad value is a problem, no
crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.config import HubSpotConfig
from bot.hubspot.values import read_cents, read_date, read_instant, read_yes_no, text_of
from bot.services.crm import CrmContact, CrmDeal

T = TypeVar("T")
Properties = Mapping[str, Any]

COMPANY_PROPERTIES = ("name", "domain")
CONTACT_PROPERTIES = ("firstname", "lastname", "email", "phone", "mobilephone")


@dataclass(frozen=True, slots=True)
class StageMeta:
    """What the pipeline says about one of its stages."""

    label: str
    closed: bool
    probability: float | None


@dataclass(frozen=True, slots=True)
class LinkedContact:
    """A contact of a deal; `primary` when the deal says so."""

    id: str
    properties: Properties
    primary: bool


def deal_properties(config: HubSpotConfig) -> tuple[str, ...]:
    """The deal properties to ask for."""
    named = config.properties
    own = (named.put_out_on, named.expires_on, named.price, named.hosts_site, named.site_down_at)
    fixed = ("dealname", "dealstage", "pipeline", "hubspot_owner_id", "deal_currency_code")
    return fixed + tuple(name for name in own if name)


def stage_of(stage_id: str | None, config: HubSpotConfig, stages: Mapping[str, StageMeta]) -> str | None:
    """Our stage for the portal's: what the configuration says, else the pipeline's own metadata.

    A closed stage with full probability is won, another closed one lost; a stage the pipeline does not have
    is
    None.
    """
    if stage_id is None:
        return None
    if stage_id in config.stages:
        return config.stages[stage_id]
    meta = stages.get(stage_id)
    if meta is None:
        return None
    if not meta.closed:
        return "open"
    return "won" if meta.probability == 1.0 else "lost"


def primary_contact(contacts: Sequence[LinkedContact]) -> CrmContact | None:
    """The deal's primary contact, else the first with a phone, else the first."""
    read = [(linked, _contact(linked)) for linked in contacts]
    chosen = (
        [c for linked, c in read if linked.primary] or [c for _, c in read if c.phone] or [c for _, c in read]
    )
    return chosen[0] if chosen else None


def _contact(linked: LinkedContact) -> CrmContact:
    found = linked.properties
    names = (text_of(found, "firstname"), text_of(found, "lastname"))
    email = text_of(found, "email")
    name = " ".join(part for part in names if part) or email or f"contact {linked.id}"
    phone = text_of(found, "phone") or text_of(found, "mobilephone")
    return CrmContact(linked.id, name[:300], phone[:64] if phone else None, email[:320] if email else None)


def read_deal(
    deal_id: str,
    properties: Properties,
    config: HubSpotConfig,
    stages: Mapping[str, StageMeta],
    company: tuple[str, Properties] | None,
    contacts: Sequence[LinkedContact],
) -> CrmDeal:
    """The deal as the services know it. Values that are missing or odd become sentences in `problems`."""
    problems: list[str] = []
    unreadable: set[str] = set()

    def value(name: str, field: str, read: Callable[[str], T]) -> T | None:
        text = text_of(properties, name)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            problems.append(f"{field.replace('_', ' ')} ({name}): {error}")
            unreadable.add(field)
            return None

    named = config.properties
    stage_id = text_of(properties, "dealstage")
    stage = stage_of(stage_id, config, stages)
    pipeline = text_of(properties, "pipeline") or ""
    if stage is None and pipeline == config.pipeline:
        problems.append(f"stage {stage_id!r} is not in the pipeline; name it under hubspot.stages")
    put_out_on = value(named.put_out_on, "put_out_on", read_date)
    if text_of(properties, named.put_out_on) is None:
        problems.append(f"no put-out date ({named.put_out_on}), so it is nobody's turn yet")
    down_text = text_of(properties, named.site_down_at) if named.site_down_at else None
    only_day = down_text is not None and len(down_text) == len("2026-11-02")
    down = named.site_down_at or ""
    return CrmDeal(
        id=deal_id,
        pipeline=pipeline,
        account=_account(deal_id, properties, company),
        stage=stage,
        put_out_on=put_out_on,
        expires_on=value(named.expires_on, "expires_on", read_date),
        price_cents=value(named.price, "price_cents", read_cents),
        currency=(text_of(properties, "deal_currency_code") or "USD")[:3].upper(),
        hosts_site=value(named.hosts_site, "hosts_site", read_yes_no),
        owner_id=text_of(properties, "hubspot_owner_id"),
        company_id=company[0] if company else None,
        contact=primary_contact(contacts),
        site_down_at=None if only_day else value(down, "site_down", read_instant),
        site_down_on=value(down, "site_down", read_date) if only_day else None,
        problems=tuple(problems),
        unreadable=frozenset(unreadable),
    )


def _account(deal_id: str, properties: Properties, company: tuple[str, Properties] | None) -> str:
    named = text_of(company[1], "name") or text_of(company[1], "domain") if company else None
    return (named or text_of(properties, "dealname") or f"deal {deal_id}")[:500]
