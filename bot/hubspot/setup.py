"""The key property on activities, and the HubSpot part of `renewals check`. Both can be run again at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from bot.hubspot.activities import ACTIVITY_PROPERTIES, DISPOSITIONS, KEY_PROPERTY
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.deals import deal_properties
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.roles import GROUP, GROUP_LABEL, HELD, HUBSPOT_NPS, ROLES, key_definition
from bot.hubspot.seen import PropertySeen, property_seen
from bot.services.crm_errors import CrmError, Invalid, MissingScope, NotFound

MEETING_LINKS_SCOPE = "scheduler.meetings.meeting-link.read"
KEYED = (*ACTIVITY_PROPERTIES, "deals")  # what the assistant makes carries a key of its own


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is fine, and a sentence that says what or how to mend it."""

    name: str
    ok: bool
    says: str


def set_up(client: HubSpotClient, *, dry_run: bool = False) -> list[str]:
    """Make the unique key property on deals and on each activity type where it is missing; answers what was
    (or would be) done.

    With it a repeated write finds its own record. Raises CrmError; what was made before stays, and a second
    run
    goes on from there.
    """
    done: list[str] = []
    for object_type in KEYED:
        if KEY_PROPERTY in _names(client, object_type):
            done.append(f"{object_type}: {KEY_PROPERTY} is there already")
            continue
        if not dry_run:
            make_properties(client, object_type, [key_definition()])
        done.append(f"{object_type}: {KEY_PROPERTY} {'would be' if dry_run else 'was'} created")
    return done


def check(gateway: HubSpotGateway) -> list[Check]:
    """Token, scopes, pipeline, stages, properties, call outcomes. Never raises CrmError."""
    found: list[Check] = []
    try:
        owners = gateway.owners()
        found.append(Check("HubSpot token", True, f"accepted; {len(owners)} owners"))
    except CrmError as error:
        return [Check("HubSpot token", False, str(error))]
    found.append(_guarded("HubSpot account", partial(_check_account, gateway)))
    found.append(_guarded("HubSpot pipeline", partial(_check_pipeline, gateway)))
    found.append(_guarded("HubSpot new deals", partial(_check_new_deals, gateway)))
    found.append(_guarded("HubSpot properties", partial(_check_properties, gateway)))
    found.append(_guarded("HubSpot call outcomes", partial(_check_outcomes, gateway)))
    found.append(_guarded("HubSpot meeting links", partial(_check_meeting_links, gateway)))
    for object_type in KEYED:
        found.append(_guarded(f"HubSpot {object_type}", partial(_check_key, gateway, object_type)))
    return found


def _guarded(name: str, look: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, says = look()
    except CrmError as error:
        return Check(name, False, str(error))
    return Check(name, ok, says)


def _check_account(gateway: HubSpotGateway) -> tuple[bool, str]:
    """A file of another account would lead people to that account's deals."""
    token, file = str(gateway.client.account().get("portalId") or ""), gateway.config.portal_id
    if file is None:
        return True, f"{token}; names become links to their deals once `renewals setup hubspot` wrote it down"
    if file != token:
        return False, f"the token is of account {token}, the file of {file}: run `renewals setup hubspot`"
    return True, token


def _check_pipeline(gateway: HubSpotGateway) -> tuple[bool, str]:
    try:
        stages = gateway.stages()
    except NotFound as error:
        return False, str(error)
    config = gateway.config
    unknown = sorted(set(config.stages) - stages.keys())
    if unknown:
        there = ", ".join(f"{stage_id} ({meta.label})" for stage_id, meta in stages.items())
        return (
            False,
            f"hubspot.stages names {', '.join(unknown)}, the pipeline has: {there}: run `renewals setup hubspot`",
        )
    wanted = ("negotiation", "won", "lost", "moved_out")
    missing = [stage for stage in wanted if stage not in config.stage_for]
    if missing:
        return False, f"no stage stands for {', '.join(missing)}: run `renewals setup hubspot`"
    return True, f"{config.pipeline} with {len(stages)} stages"


def _check_new_deals(gateway: HubSpotGateway) -> tuple[bool, str]:
    """Where the deal of an upsell or a new customer begins."""
    config = gateway.config
    there = {str(one.get("id")): one.get("stages") or () for one in gateway.client.pipelines()["results"]}
    pipeline, stage = config.new_deals_pipeline, config.new_deals_stage
    if pipeline not in there:
        return False, f"HubSpot has no pipeline {pipeline} for them: run `renewals setup hubspot`"
    if stage is not None and stage not in {str(one.get("id")) for one in there[pipeline]}:
        return False, f"the pipeline {pipeline} has no stage {stage}: run `renewals setup hubspot`"
    return True, f"begin in {pipeline}"


def _check_properties(gateway: HubSpotGateway) -> tuple[bool, str]:
    """Each property that the file names is there, and can hold what it is named for."""
    config = gateway.config
    seen = {kind: _seen(gateway.client, kind) for kind in ("deals", "companies", "contacts")}
    problems = [
        f"deals have no {name}" for name in sorted(set(deal_properties(config)) - seen["deals"].keys())
    ]
    for role in ROLES:
        name = getattr(config.properties, role.key)
        found = [seen[kind][name] for kind in role.on if name in seen[kind]]
        if found and not any(map(role.holds, found)):
            held = HELD.get(found[0].type, found[0].type)
            problems.append(f"{name} holds {held}, which is no {role.title.lower()}")
        # Who has never asked for a score has no such property of HubSpot's own, and no score either.
        elif name and not found and role.on != ("deals",) and HUBSPOT_NPS.get(role.key) != name:
            problems.append(f"{' and '.join(role.on)} have no {name}")
    if problems:
        return False, f"{'; '.join(problems)}: run `renewals setup hubspot`"
    return True, "all there"


def _check_outcomes(gateway: HubSpotGateway) -> tuple[bool, str]:
    known = {name.lower() for name in gateway.config.call_outcomes} | DISPOSITIONS.keys()
    for definition in gateway.client.properties("calls").get("results", ()):
        if definition.get("name") != "hs_call_disposition":
            continue
        own = [o for o in definition.get("options") or () if str(o.get("value")).lower() not in known]
        if own:
            named = ", ".join(f"{o.get('label')} ({o.get('value')})" for o in own)
            return False, f"nobody said whether these are contact: {named}: run `renewals setup hubspot`"
    return True, "all have a meaning"


def _check_meeting_links(gateway: HubSpotGateway) -> tuple[bool, str]:
    """They are a help, not a need: without the scope they are not offered, and nothing else is missing."""
    users = [owner.user_id for owner in gateway.owners() if owner.active and owner.user_id is not None]
    try:
        gateway.meeting_links(users[:1])
    except MissingScope as error:
        scope = ", ".join(error.scopes) or MEETING_LINKS_SCOPE
        return True, f"not offered: grant the token {scope}, and drafts and cards have each rep's own"
    return True, "read with the people"


def _check_key(gateway: HubSpotGateway, object_type: str) -> tuple[bool, str]:
    for definition in gateway.client.properties(object_type).get("results", ()):
        if definition.get("name") == KEY_PROPERTY:
            if definition.get("hasUniqueValue") is True:
                return True, f"{KEY_PROPERTY} is there"
            return False, f"{KEY_PROPERTY} is not unique: delete it and run `renewals setup hubspot`"
    return False, f"{KEY_PROPERTY} is missing: run `renewals setup hubspot`"


def _names(client: HubSpotClient, object_type: str) -> set[str]:
    return {str(one.get("name")) for one in client.properties(object_type).get("results", ())}


def _seen(client: HubSpotClient, object_type: str) -> dict[str, PropertySeen]:
    found = map(property_seen, client.properties(object_type).get("results", ()))
    return {one.name: one for one in found}


def make_properties(client: HubSpotClient, object_type: str, definitions: Iterable[Json]) -> None:
    """Make these in our group; what is there by now, from a run that was cut short, stays. Raises CrmError."""
    makes = [
        partial(client.create_group, object_type, GROUP, GROUP_LABEL),
        *(partial(client.create_property, object_type, one) for one in definitions),
    ]
    for make in makes:
        try:
            make()
        except Invalid as error:
            if "exists" not in error.reason:  # 409
                raise
