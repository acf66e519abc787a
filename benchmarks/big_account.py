"""A HubSpot account with a big book, in a process of its own.

`python -m benchmarks.big_account DEALS CALLS`, with the calls that it lets through in ten seconds.

Prints its address and its token on one line when it answers, and ends with its standard input.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from sandbox.hubspot.owners import Owner
from sandbox.server import SandboxServer, World

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
OWNERS = 100


def fill(world: World, deals: int) -> None:
    """Deals with a company and a contact each, and a call on every second one."""
    portal = world.hubspot
    for number in range(OWNERS):
        portal.add_owner(Owner(str(100 + number), f"rep{number}@team.example", "Rep", str(number), number))
    for number in range(deals):
        company = portal.create("companies", {"name": f"Account {number}"}).id
        contact = portal.create(
            "contacts", {"email": f"c{number}@customer.example", "phone": "+1 212 555 0101"}
        ).id
        links = [("companies", company), ("contacts", contact)]
        put_out_on = (NOW - timedelta(days=number % 60)).date()
        owner = {"hubspot_owner_id": str(100 + number % OWNERS)}
        values = {
            "dealname": f"Account {number}",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "renewal_put_out_date": put_out_on.isoformat(),
            "renewal_expiration_date": (put_out_on + timedelta(days=40)).isoformat(),
            "renewal_monthly_price": "140",
            **owner,
        }
        deal = portal.create("deals", values, links).id
        if number % 2:
            at = {"hs_timestamp": NOW.isoformat(), "hs_call_direction": "OUTBOUND"}
            portal.create("calls", at | owner, [("deals", deal), *links])


def main(deals: int, calls_in_ten_seconds: int) -> None:
    """Serve until standard input ends."""
    world = World(now=NOW)
    fill(world, deals)
    world.hubspot.limits.calls_per_ten_seconds = calls_in_ten_seconds
    world.hubspot.limits.calls_per_day = 10_000_000
    with SandboxServer(world) as server:
        print(server.hubspot_api_url, world.hubspot.settings.token, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
