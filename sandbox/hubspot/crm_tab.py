"""What people do in HubSpot's own pages: look at deals, log, edit and delete. For page and tests."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.hubspot.bookings import book
from sandbox.hubspot.deal_page import deal_page, deal_row
from sandbox.hubspot.errors import ApiError, invalid
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.sources import PERSON
from sandbox.hubspot.values import parse_instant

Handler = Callable[[Portal, Mapping[str, str], Mapping[str, Any]], tuple[int, Any]]


def routes(portal: Portal) -> list[Route]:
    """Routes under /control/crm. Every change is journalled with the actor "human"."""
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/control/crm/deals", _list_deals),
        ("GET", "/control/crm/deals/{id}", _show_deal),
        ("POST", "/control/crm/engagements", _log_engagement),
        ("POST", "/control/crm/bookings", _book),
        ("PATCH", "/control/crm/{kind}/{id}", _edit),
        ("DELETE", "/control/crm/{kind}/{id}", _delete),
    ]
    return [Route(path, _serve(portal, verb, path, handler), methods=[verb]) for verb, path, handler in table]


def _serve(
    portal: Portal, verb: str, path: str, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        body: Any = {}
        try:
            if verb in ("POST", "PATCH"):
                body = await _body_of(request)
            with portal.lock:
                status, answer = handler(portal, request.path_params | dict(request.query_params), body)
        except ApiError as refused:
            reasons = "; ".join(str(error["message"]) for error in refused.errors) or refused.message
            return JSONResponse({"error": reasons, "category": refused.category}, refused.status)
        if verb != "GET":
            ids = [str(answer["id"])] if answer else [request.path_params["id"]]
            name = f"{verb} {path}".replace("{kind}", request.path_params.get("kind", ""))
            portal.journal.add(
                "hubspot", name, status=status, fields={"actor": "human", "ids": ids, "keys": []}, body=body
            )
        return Response(status_code=204) if answer is None else JSONResponse(answer, status)

    return serve


async def _body_of(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as wrong:
        raise invalid(f"The body is not JSON: {wrong}") from wrong
    if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
        raise invalid("The body needs properties, an object of names and values.")
    return body


def _list_deals(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:  # noqa: ARG001
    """Deals of one pipeline (?pipeline=, the renewals if left out), newest put-out first."""
    wanted = asked.get("pipeline", "renewals")
    deals = [
        deal_row(portal, deal)
        for deal in portal.records.all(kind_of("deals"))
        if not deal.archived and deal.properties.get("pipeline") == wanted
    ]
    deals.sort(key=lambda row: row["properties"].get("renewal_put_out_date", ""), reverse=True)
    return 200, deals


def _show_deal(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:  # noqa: ARG001
    return 200, deal_page(portal, portal.get("deals", asked["id"]))


def _log_engagement(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:  # noqa: ARG001
    """A call, email, note, meeting or task on a deal, its company and its contacts, by the deal's owner."""
    kind = kind_of(str(body.get("type")))
    if not kind.is_engagement:
        raise invalid(f"{body.get('type')} is not something that is logged on a timeline.")
    deal = portal.get("deals", str(body.get("deal_id")))
    others = [*portal.associated(deal, "companies"), *portal.associated(deal, "contacts")]
    targets = [("deals", deal.id), *((other.kind.name, other.id) for other in others)]
    defaults = {"hs_timestamp": portal.clock.now().isoformat()}
    if "hubspot_owner_id" in deal.properties:
        defaults["hubspot_owner_id"] = deal.properties["hubspot_owner_id"]
    values = defaults | body["properties"]
    # A person's one-to-one mail goes through HubSpot's sales integration, so it is tracked.
    is_tracked = kind.name == "emails" and values.get("hs_email_direction") == "EMAIL"
    tracking = {"hs_email_tracker_key": str(uuid.uuid4())} if is_tracked else {}
    made = portal.create(kind.name, values, targets, source=PERSON, filled_in=tracking)
    return 201, made.as_json(list(made.properties))


def _book(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:  # noqa: ARG001
    """A customer books a time on somebody's page: {slug, email, starts_at: an ISO instant with a zone}."""
    given = body["properties"]
    try:
        starts_at = parse_instant(str(given.get("starts_at", "")))
    except ValueError as wrong:
        raise invalid(f"starts_at is no instant: {wrong}", field="starts_at") from wrong
    made = book(portal, str(given.get("slug", "")), str(given.get("email", "")), starts_at)
    return 201, made.as_json(list(made.properties))


def _edit(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:
    kind = kind_of(asked["kind"])
    changed = portal.update(kind.name, asked["id"], body["properties"], source=PERSON)
    return 200, changed.as_json(list(changed.properties))


def _delete(portal: Portal, asked: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:  # noqa: ARG001
    kind = kind_of(asked["kind"])
    portal.get(kind.name, asked["id"])
    portal.archive(kind.name, asked["id"])
    return 204, None
