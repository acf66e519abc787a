"""The book as files: a CSV to import for teams without HubSpot, and the configuration that fits the team."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from sandbox.book.accounts import make_accounts
from sandbox.book.fill import STAGE_IDS
from sandbox.book.people import CARE_CHANNEL, CARE_GROUP, MANAGERS_CHANNEL, REPS, TEAM
from sandbox.hubspot.catalogue import SPOKE_WITH_GATEKEEPER
from sandbox.hubspot.portal import PortalSettings

COLUMNS = (
    *("id", "account", "put_out_on", "expires_on", "price", "currency", "hosts_site", "stage"),
    *("owner_email", "contact", "phone", "email", "nps", "nps_on", "nps_why", "reports_url", "analytics_url"),
)


def as_csv(on: date, seed: int = 0) -> str:
    """The same accounts as `fill` writes, one row each. Prices are US dollars a month, dates YYYY-MM-DD."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for account in make_accounts(on, seed):
        contact = account.contacts[0]
        writer.writerow(
            {
                "id": account.id,
                "account": account.name,
                "put_out_on": account.put_out_on.isoformat(),
                "expires_on": account.expires_on.isoformat() if account.expires_on else "",
                "price": account.monthly_price,
                "currency": "USD",
                "hosts_site": "true" if account.hosts_site else "false",
                "stage": account.plot.stage,
                "owner_email": account.owner.email,
                "contact": f"{contact.first_name} {contact.last_name}",
                "phone": contact.phone or contact.mobile or "",
                "email": contact.email,
                "nps": "" if contact.nps is None else contact.nps,
                "nps_on": contact.surveyed_on.isoformat() if contact.surveyed_on else "",
                "nps_why": contact.nps_why or "",
                "reports_url": account.reports_url or "",
                "analytics_url": account.analytics_url or "",
            }
        )
    return text.getvalue()


def config_toml() -> str:
    """The assistant's configuration for this team: who does what, offices, pipeline, channels."""
    stages = "\n".join(f'{stage_id} = "{stage}"' for stage, stage_id in STAGE_IDS.items())
    offices = "\n".join(
        f'[[offices]]\nname = "{rep.tz}"\ncountry = "{rep.country}"\nsubdivision = "{rep.subdivision}"\n'
        f"people = {_emails(who.email for who in TEAM if who.tz == rep.tz)}\n"
        for rep in REPS
    )
    return f"""\
[[teams]]
name = "Small business"
manager_channel = "{MANAGERS_CHANNEL}"
managers = {_having("manager")}
reps = {_having("rep")}

[roles]
department_managers = {_having("department_manager")}
customer_care = ["@{CARE_GROUP}"]
admins = {_having("admin")}

[channels]
care = "{CARE_CHANNEL}"

{offices}
[hubspot]
pipeline = "renewals"
price_period = "month"
portal_id = "{PortalSettings.portal_id}"

[hubspot.properties]
reports_url = "renewal_reports_url"
analytics_url = "site_analytics_url"

[hubspot.stages]
{stages}

[hubspot.call_outcomes]
"{SPOKE_WITH_GATEKEEPER}" = "no_contact"
"""


def _having(role: str) -> str:
    return _emails(who.email for who in TEAM if who.role == role)


def _emails(addresses: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{address}"' for address in addresses) + "]"
