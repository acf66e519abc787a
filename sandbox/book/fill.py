"""Putting the book into a world: people and channels into Slack, accounts and their histories into HubSpot."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.book.accounts import Account, Contact, make_accounts
from sandbox.book.calendars import WorkingDays
from sandbox.book.diary import Entry
from sandbox.book.people import CARE_GROUP, CHANNELS, GUS, REPS, TEAM, TeamMember
from sandbox.book.story import Cast, Story
from sandbox.clock import SandboxClock
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import MeetingLink, Portal
from sandbox.hubspot.sources import IMPORT
from sandbox.hubspot.values import instant_text
from sandbox.slack import profiles
from sandbox.slack.workspace import Workspace

STAGE_IDS = {
    "open": "renewal_put_out",
    "negotiation": "renewal_in_negotiation",
    "won": "renewal_closed_won",
    "lost": "renewal_closed_lost",
    "moved_out": "renewal_moved_out",
}
FIRST_OWNER, FIRST_USER = 80_000_001, 40_001
LEAD_DAYS = 45
"""How long before its put-out date a renewal deal is made: its dates have stood for a while."""

SALES_DEALS = (
    ("Ostrich Feed Co - new website", "appointmentscheduled"),
    ("Parkside Gym - online shop", "contractsent"),
    ("Quarry Climbing - new website", "closedwon"),
)


class Fillable(Protocol):
    """What of a world the book is put into."""

    seed: int
    clock: SandboxClock
    slack: Workspace
    hubspot: Portal


def fill(world: Fillable, on: date | None = None) -> list[Entry]:
    """Fill an empty world as it stands on the morning of `on` (the business clock's date in the manager's zone
    if left out). The same seed and date give the same book.

    Answers what the team had logged in Slack until then, in the order of time.
    """
    day = on or world.clock.now().astimezone(ZoneInfo(TEAM[0].tz)).date()
    _fill_slack(world.slack)
    owner_ids = _fill_owners(world.hubspot)
    days = {who.key: WorkingDays(who, day) for who in (*REPS, GUS)}
    diary: list[Entry] = []
    with world.hubspot.lock:
        for account in make_accounts(day, world.seed):
            calendar = days[account.owner.key]
            diary += _write_account(world.hubspot, account, owner_ids, day, calendar, world.seed)
        _write_sales(world.hubspot, owner_ids[REPS[0].key], day)
    return sorted(diary, key=lambda entry: (entry.at, entry.record))


def _fill_slack(slack: Workspace) -> None:
    ids = {
        who.key: slack.add_person(who.name, who.email, who.tz, title=who.title, roles=[who.role]).id
        for who in TEAM
    }
    for name, members in CHANNELS.items():
        slack.add_channel(name, [ids[who.key] for who in members])
    care = [ids[who.key] for who in TEAM if who.role == "customer_care"]
    profiles.add_user_group(slack, CARE_GROUP, "Customer Care", care)


def _fill_owners(portal: Portal) -> dict[str, str]:
    ids = {}
    for place, who in enumerate((*TEAM, GUS)):
        first, _, last = who.name.partition(" ")
        owner = Owner(str(FIRST_OWNER + place), who.email, first, last, FIRST_USER + place)
        ids[who.key] = portal.add_owner(owner).id
        if who in REPS:
            link = MeetingLink(str(place + 1), owner.user_id, f"Renewal talk with {first}", who.key)
            portal.outside.meeting_links.append(link)
    return ids


def _write_account(
    portal: Portal, account: Account, owner_ids: dict[str, str], on: date, days: WorkingDays, seed: int
) -> list[Entry]:
    made_at = _morning(account.put_out_on - timedelta(days=LEAD_DAYS), account.owner)
    owner_id = owner_ids[account.owner.key]
    company = portal.create(
        "companies",
        {
            "name": account.name,
            "domain": account.domain,
            "hubspot_owner_id": owner_id,
            "site_analytics_url": account.analytics_url or "",
        },
        source=IMPORT,
        at=made_at,
    )
    contacts = [
        portal.create(
            "contacts", _contact_values(one, owner_id), [("companies", company.id)], source=IMPORT, at=made_at
        )
        for one in account.contacts
    ]
    deal = portal.create(
        "deals",
        _deal_values(account, owner_id),
        [("companies", company.id), *(("contacts", one.id) for one in contacts)],
        source=IMPORT,
        at=made_at,
    )
    cast = Cast(deal, company, contacts[0], account.owner, owner_id)
    dice = random.Random(f"{seed} {account.id}")
    story = Story(portal, cast, account.put_out_on, on, days, dice)
    account.plot.tell(story)
    if account.plot.stage != "open":
        _close(portal, account, deal.id, story.days_ago(1))
    return story.diary


def _close(portal: Portal, account: Account, deal_id: str, day: date) -> None:
    """Move the deal to its stage in the evening of `day` - for moved-out ones, of day 30."""
    if account.plot.stage == "moved_out":
        day = account.put_out_on + timedelta(days=29)
    at = _morning(day, account.owner) + timedelta(hours=8)
    values = {"dealstage": STAGE_IDS[account.plot.stage]}
    if account.plot.stage == "lost":
        values["closed_lost_reason"] = "price"
    portal.update("deals", deal_id, values, at=at)


def _deal_values(account: Account, owner_id: str) -> dict[str, str]:
    return {
        "dealname": account.name,
        "pipeline": "renewals",
        "dealstage": STAGE_IDS["open"],
        "dealtype": "existingbusiness",
        "deal_currency_code": "USD",
        "hubspot_owner_id": owner_id,
        "amount": str(account.monthly_price * 12),
        "renewal_monthly_price": str(account.monthly_price),
        "renewal_hosted_site": "true" if account.hosts_site else "false",
        "renewal_reports_url": account.reports_url or "",
        "renewal_put_out_date": account.put_out_on.isoformat(),
        "renewal_expiration_date": account.expires_on.isoformat() if account.expires_on else "",
    }


def _contact_values(contact: Contact, owner_id: str) -> dict[str, str]:
    surveyed = contact.surveyed_on
    return {
        "email": contact.email,
        "firstname": contact.first_name,
        "lastname": contact.last_name,
        "jobtitle": contact.job_title,
        "phone": contact.phone or "",
        "mobilephone": contact.mobile or "",
        "hubspot_owner_id": owner_id,
        "hs_feedback_last_nps_rating_number": "" if contact.nps is None else str(contact.nps),
        "hs_feedback_last_survey_date": (
            "" if surveyed is None else instant_text(datetime.combine(surveyed, time(12), UTC))
        ),
        "hs_feedback_last_nps_follow_up": contact.nps_why or "",
    }


def _write_sales(portal: Portal, owner_id: str, on: date) -> None:
    """Deals of the other pipeline, which are no renewals."""
    for place, (name, stage) in enumerate(SALES_DEALS):
        at = datetime.combine(on - timedelta(days=10 + place), time(15), UTC)
        values = {"dealname": name, "pipeline": "default", "dealstage": stage, "hubspot_owner_id": owner_id}
        portal.create("deals", values, source=IMPORT, at=at)


def _morning(day: date, who: TeamMember) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(who.tz)).astimezone(UTC)
