"""The checker's CRM side: each fact of ours one live record, linked, under its owner; the stages agree (I3, I6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from bot.store.tables import Fact
from sandbox.hubspot.kinds import ENGAGEMENTS, KINDS
from tests.faults.left_behind import Evidence, Finding

KEY = "renewals_key"
# Facts that are HubSpot records of their own; an email is tracked there by HubSpot itself.
RECORDED = ("call", "note", "review", "deferral", "appointment")


def records(seen: Evidence, set_aside: Collection[int]) -> Iterator[Finding]:
    """Every fact of ours is one live record, linked, under the right owner; every record of ours is a fact."""
    portal = seen.team.world.hubspot
    alive: dict[str, list[Any]] = defaultdict(list)
    for kind in ENGAGEMENTS:
        for record in portal.records.all(KINDS[kind]):
            if not record.archived and record.properties.get(KEY):
                alive[record.properties[KEY]].append(record)
    given_up = {row.fact_id for row in seen.rows if row.id in set_aside}
    wanted = {
        fact.key: fact
        for fact in seen.effective
        if fact.source == "slack" and fact.kind in RECORDED and fact.supersedes_id is None
    }
    if seen.team.settings.hubspot_access_token is None:
        wanted = {}
    for key, fact in wanted.items():
        records = alive.pop(key, [])
        if len(records) != 1 and fact.id not in given_up:
            kind = "doubled" if records else "lost"
            yield kind, f"{len(records)} records of fact {fact.id} ({fact.kind})"
        for record in records:
            yield from _linked(seen, fact, record)
    corrected = {
        fact.key for fact in seen.facts if fact.supersedes_id is not None and fact.kind != "withdrawn"
    }
    earlier = {fact.key for fact in seen.facts if fact.kind == "appointment"} | corrected
    withdrawn = {fact.key for fact in seen.facts} - earlier
    for key in alive.keys() - earlier:
        yield ("stale" if key in withdrawn else "unexpected"), f"a record that should not be there: {key}"


def _linked(seen: Evidence, fact: Fact, record: Any) -> Iterator[Finding]:
    portal, run = seen.team.world.hubspot, seen.runs[fact.run_id]
    for to_kind, to_id in (
        ("deals", run.deal_id),
        ("companies", run.company_id),
        ("contacts", run.contact_id),
    ):
        if to_id is not None and [found.id for found in portal.associated(record, to_kind)] != [to_id]:
            yield "lost", f"the record of fact {fact.id} is not linked to its {to_kind}"
    actor = seen.people[fact.actor_id or 0]
    if record.properties.get("hubspot_owner_id") != (actor.crm_owner_id or run.crm_owner_id):
        yield "wrong_recipient", f"the record of fact {fact.id} is under another owner"


def stages(seen: Evidence) -> Iterator[Finding]:
    """Every run is in the stage in which its deal is."""
    config = seen.team.settings.config.hubspot
    for run in seen.runs.values():
        if run.book != "hubspot" or run.gone_at is not None:
            continue
        stage = config.stages.get(seen.team.world.hubspot.get("deals", run.deal_id).properties["dealstage"])
        if stage != run.stage:
            yield "stale", f"{run.account} is {run.stage} here and {stage} in HubSpot"
