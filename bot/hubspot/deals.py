"""A HubSpot deal with its company and contacts -> a renewal deal. Pure; one bad value is a problem, no
crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from bot.config import HubSpotConfig, HubSpotProperties
from bot.hubspot.values import read_cents, read_date, read_instant, read_yes_no, text_of
from bot.services.crm import CrmContact, CrmDeal, CrmNps
from bot.services.incoming.web_links import read_link

T = TypeVar("T")
Properties = Mapping[str, Any]

COMPANY_PROPERTIES = ("name", "domain")
MERGED = "hs_merged_object_ids"
CONTACT_PROPERTIES = ("firstname", "lastname", "email", "phone", "mobilephone")
LONGEST_WHY = 2000
HIGHEST_NPS = 10


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
    fixed = ("dealname", "dealstage", "pipeline", "hubspot_owner_id", "deal_currency_code", MERGED)
    return fixed + tuple(name for name in own if name)


def link_properties(config: HubSpotConfig) -> tuple[str, ...]:
    """The properties with links, asked of the deal and of its company: whichever has it."""
    named = (config.properties.reports_url, config.properties.analytics_url)
    return tuple(name for name in named if name)


def company_properties(config: HubSpotConfig) -> tuple[str, ...]:
    """The company properties to ask for."""
    named = (config.properties.company_put_out_on, config.properties.company_expires_on)
    return (*COMPANY_PROPERTIES, *link_properties(config), *(name for name in named if name))


def contact_properties(config: HubSpotConfig) -> tuple[str, ...]:
    """The contact properties to ask for."""
    named = (config.properties.nps_score, config.properties.nps_on, config.properties.nps_why)
    return (*CONTACT_PROPERTIES, *(name for name in named if name))


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


def contacts_in_order(contacts: Sequence[LinkedContact], named: HubSpotProperties) -> list[CrmContact]:
    """The contact to call first (the deal's primary, else the first with a phone, else the first), then the others."""
    read = [(linked, _contact(linked, named)) for linked in contacts]
    chosen = (
        [c for linked, c in read if linked.primary] or [c for _, c in read if c.phone] or [c for _, c in read]
    )
    return [*chosen[:1], *(c for _, c in read if c.id != chosen[0].id)]


def _contact(linked: LinkedContact, named: HubSpotProperties) -> CrmContact:
    found = linked.properties
    names = (text_of(found, "firstname"), text_of(found, "lastname"))
    email = text_of(found, "email")
    name = " ".join(part for part in names if part) or email or f"contact {linked.id}"
    phone = text_of(found, "phone") or text_of(found, "mobilephone")
    return CrmContact(
        linked.id,
        name[:300],
        phone[:64] if phone else None,
        email[:320] if email else None,
        _nps(found, named),
    )


def _nps(found: Properties, named: HubSpotProperties) -> CrmNps | None:
    """The contact's last answer. A score out of its range counts as none: a survey wrote it, nobody typed it."""
    score = text_of(found, named.nps_score)
    try:
        number = float(score) if score is not None else -1
    except ValueError:
        return None
    if not 0 <= number <= HIGHEST_NPS or number != int(number):
        return None
    asked = text_of(found, named.nps_on) if named.nps_on else None
    try:
        on = read_date(asked) if asked is not None else None
    except ValueError:
        on = None
    why = text_of(found, named.nps_why) if named.nps_why else None
    return CrmNps(int(number), on, why[:LONGEST_WHY] if why else None)


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
    in_order = contacts_in_order(contacts, named)

    def web_link(name: str | None, field: str) -> str | None:
        """The deal's own link, else its company's."""
        if not name:
            return None
        if text_of(properties, name) is not None:
            return value(name, field, read_link)
        shared = text_of(company[1], name) if company else None
        try:
            return None if shared is None else read_link(shared)
        except ValueError as error:
            problems.append(f"{field.replace('_', ' ')} of the company ({name}): {error}")
            unreadable.add(field)
            return None

    def of_company(name: str | None, field: str) -> date | None:
        text = text_of(company[1], name) if company and name else None
        try:
            return None if text is None else read_date(text)
        except ValueError as error:
            problems.append(f"{field.replace('_', ' ')} of the company ({name}): {error}")
            return None

    reports_url = web_link(named.reports_url, "reports_url")
    analytics_url = web_link(named.analytics_url, "analytics_url")
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
        contact=in_order[0] if in_order else None,
        site_down_at=None if only_day else value(down, "site_down", read_instant),
        site_down_on=value(down, "site_down", read_date) if only_day else None,
        more_contacts=tuple(in_order[1:]),
        reports_url=reports_url,
        analytics_url=analytics_url,
        company_put_out_on=of_company(named.company_put_out_on, "put_out_on"),
        company_expires_on=of_company(named.company_expires_on, "expires_on"),
        problems=tuple(problems),
        unreadable=frozenset(unreadable),
        merged=tuple(filter(None, (one.strip() for one in (text_of(properties, MERGED) or "").split(";")))),
    )


def _account(deal_id: str, properties: Properties, company: tuple[str, Properties] | None) -> str:
    named = text_of(company[1], "name") or text_of(company[1], "domain") if company else None
    return (named or text_of(properties, "dealname") or f"deal {deal_id}")[:500]
