"""`renewals setup hubspot` and the HubSpot part of `renewals check`. Both can be run again at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.hubspot.activities import ACTIVITY_PROPERTIES, DISPOSITIONS, KEY_PROPERTY
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.deals import deal_properties, link_properties
from bot.hubspot.gateway import HubSpotGateway
from bot.services.crm_errors import CrmError, Invalid, NotFound

GROUP = "renewal_assistant"
GROUP_LABEL = "Renewal assistant"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is fine, and a sentence that says what or how to mend it."""

    name: str
    ok: bool
    says: str


def set_up(client: HubSpotClient, *, dry_run: bool = False) -> list[str]:
    """Make the unique key property on each activity type where it is missing; answers what was (or would
    be) done.

    With it a repeated write finds its own record. Raises CrmError; what was made before stays, and a second
    run
    goes on from there.
    """
    done: list[str] = []
    for object_type in ACTIVITY_PROPERTIES:
        if KEY_PROPERTY in _names(client, object_type):
            done.append(f"{object_type}: {KEY_PROPERTY} is there already")
            continue
        if not dry_run:
            _make_group(client, object_type)
            client.create_property(object_type, _key_definition())
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
    found.append(_guarded("HubSpot pipeline", partial(_check_pipeline, gateway)))
    found.append(_guarded("HubSpot deal properties", partial(_check_deal_properties, gateway)))
    found.append(_guarded("HubSpot call outcomes", partial(_check_outcomes, gateway)))
    for object_type in ACTIVITY_PROPERTIES:
        found.append(_guarded(f"HubSpot {object_type}", partial(_check_key, gateway, object_type)))
    return found


def _guarded(name: str, look: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, says = look()
    except CrmError as error:
        return Check(name, False, str(error))
    return Check(name, ok, says)


def _check_pipeline(gateway: HubSpotGateway) -> tuple[bool, str]:
    try:
        stages = gateway.stages()
    except NotFound as error:
        return False, str(error)
    config = gateway.config
    unknown = sorted(set(config.stages) - stages.keys())
    if unknown:
        there = ", ".join(f"{stage_id} ({meta.label})" for stage_id, meta in stages.items())
        return False, f"hubspot.stages names {', '.join(unknown)}, the pipeline has: {there}"
    wanted = ("negotiation", "won", "lost", "moved_out")
    missing = [stage for stage in wanted if stage not in config.stage_for]
    if missing:
        return False, f"no stage stands for {', '.join(missing)}: name them under hubspot.stages"
    return True, f"{config.pipeline} with {len(stages)} stages"


def _check_deal_properties(gateway: HubSpotGateway) -> tuple[bool, str]:
    wanted, config = deal_properties(gateway.config), gateway.config.properties
    missing = sorted(set(wanted) - _names(gateway.client, "deals"))
    if missing:
        return False, f"deals have no {', '.join(missing)}: mend hubspot.properties, or create them"
    links = set(link_properties(gateway.config)) - _names(gateway.client, "deals")
    if links and (nowhere := sorted(links - _names(gateway.client, "companies"))):
        return (
            False,
            f"neither deals nor companies have {', '.join(nowhere)}: mend hubspot.properties, or create them",
        )
    own = {name for name in (config.company_put_out_on, config.company_expires_on) if name}
    if own and (missing := sorted(own - _names(gateway.client, "companies"))):
        return False, f"companies have no {', '.join(missing)}: mend hubspot.properties, or create them"
    return True, "all there"


def _check_outcomes(gateway: HubSpotGateway) -> tuple[bool, str]:
    known = {name.lower() for name in gateway.config.call_outcomes} | DISPOSITIONS.keys()
    for definition in gateway.client.properties("calls").get("results", ()):
        if definition.get("name") != "hs_call_disposition":
            continue
        own = [o for o in definition.get("options") or () if str(o.get("value")).lower() not in known]
        if own:
            named = ", ".join(f"{o.get('label')} ({o.get('value')})" for o in own)
            return False, f"say under hubspot.call_outcomes whether these are contact: {named}"
    return True, "all have a meaning"


def _check_key(gateway: HubSpotGateway, object_type: str) -> tuple[bool, str]:
    for definition in gateway.client.properties(object_type).get("results", ()):
        if definition.get("name") == KEY_PROPERTY:
            if definition.get("hasUniqueValue") is True:
                return True, f"{KEY_PROPERTY} is there"
            return False, f"{KEY_PROPERTY} is not unique: delete it and run `renewals setup hubspot`"
    return False, f"{KEY_PROPERTY} is missing: run `renewals setup hubspot`"


def _names(client: HubSpotClient, object_type: str) -> set[str]:
    return {str(one.get("name")) for one in client.properties(object_type).get("results", ())}


def _make_group(client: HubSpotClient, object_type: str) -> None:
    try:
        client.create_group(object_type, GROUP, GROUP_LABEL)
    except Invalid as error:
        # 409: it is there, from an earlier run or another type.
        if "exists" not in error.reason:
            raise


def _key_definition() -> Json:
    return {
        "name": KEY_PROPERTY,
        "label": "Renewal assistant key",
        "description": "Says which entry of the renewal assistant this record carries. Do not change it.",
        "groupName": GROUP,
        "type": "string",
        "fieldType": "text",
        "hasUniqueValue": True,
    }
