"""kill -9 of a process that reads HubSpot: whatever it had come to, the next one takes over all, each thing once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.session import Store
from bot.store.tables import CrmRecord, Fact, RunRow
from sandbox.hubspot.kinds import KINDS
from sandbox.hubspot.owners import Owner
from sandbox.server import SandboxServer, World
from tests.account_set_up import set_up_account

CHILD = Path(__file__).with_name("sync_child.py")
DEALS = 6
KILLED_AT = (3, 8, 12, 17)  # steps of a first import, which goes on where the last process was killed


@pytest.fixture
def account() -> Iterator[SandboxServer]:
    """Six renewals with a company and two calls each."""
    world = World(now=datetime.now(UTC))
    portal = world.hubspot
    portal.add_owner(Owner("501", "maya@harborline.example", "Maya", "Okafor", 9001))
    set_up_account(portal)
    now = datetime.now(UTC)
    for number in range(DEALS):
        company = portal.create("companies", {"name": f"Company {number}"}).id
        properties = {
            "dealname": f"Deal {number}",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "hubspot_owner_id": "501",
            "renewal_put_out_date": str(now.date() - timedelta(days=3)),
        }
        deal = portal.create("deals", properties, [("companies", company)]).id
        for hours in range(2):
            said = {
                "hs_timestamp": (now - timedelta(hours=hours)).isoformat(),
                "hs_call_direction": "OUTBOUND",
            }
            portal.create("calls", said, [("deals", deal)])
    with SandboxServer(world) as server:
        yield server


def read(server: SandboxServer, database_url: str, left: int) -> int:
    """One process's reading; its exit code, negative when it was killed."""
    token = server.world.hubspot.settings.token
    return subprocess.run(
        [sys.executable, CHILD, database_url, f"{server.url}/hubspot", token, str(left)],
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(CHILD.parents[2])},
    ).returncode


def test_killed_while_it_reads_the_next_process_takes_over_all_and_each_once(
    account: SandboxServer, store: Store, database_url: str
) -> None:
    ends = [read(account, database_url, left) for left in (*KILLED_AT, 0)]
    portal = account.world.hubspot
    for call in list(portal.records.all(KINDS["calls"]))[::2]:
        portal.update("calls", call.id, {"hs_call_direction": "INBOUND"})
    last = [read(account, database_url, 9), read(account, database_url, 0)]

    assert ends == [-9] * len(KILLED_AT) + [0] and last == [-9, 0]
    with store.read() as session:
        assert Counter(session.scalars(select(RunRow.account))) == {f"Company {n}": 1 for n in range(DEALS)}
        facts = session.scalars(select(Fact)).all()
        over = {fact.supersedes_id for fact in facts}
        assert Counter(fact.kind for fact in facts if fact.id not in over) == {"call": DEALS, "reply": DEALS}
        records = Counter(session.scalars(select(CrmRecord.object_id)))
        assert len(records) == 2 * DEALS and set(records.values()) == {1}
