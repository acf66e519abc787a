"""The HTTP face of the portal: routes of every call, and what each call passes on its way."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.fault_gate import NoAnswer, through_faults
from sandbox.hubspot import account, batches, links, objects
from sandbox.hubspot.calls import Answer, Call, Endpoint
from sandbox.hubspot.errors import ApiError, invalid
from sandbox.hubspot.kinds import ENGAGEMENTS, KINDS, kind_of
from sandbox.hubspot.portal import Portal

CURRENT = "2026-09"
LARGEST_BODY = 3_000_000
ENDPOINTS: tuple[Endpoint, ...] = (
    *links.ENDPOINTS,
    *batches.ENDPOINTS,
    *objects.ENDPOINTS,
    *account.ENDPOINTS,
)
AsgiHandler = Callable[[Request], Awaitable[Response]]


def create_routes(portal: Portal) -> list[Route]:
    """All routes, paths relative to the mount; what is not there is answered 404 in HubSpot's form.

    A version answers when `portal.settings.versions` has it; "v3" stands for the v3 and v4 paths together.
    """
    serial = itertools.count(1)
    paths: dict[str, dict[str, tuple[Endpoint, str]]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path(CURRENT), {})[endpoint.verb] = (endpoint, CURRENT)
        paths.setdefault(endpoint.path(endpoint.older), {})[endpoint.verb] = (endpoint, "v3")
    routes = []
    for path, by_verb in paths.items():
        serve = _serve(portal, by_verb, serial)
        routes += [Route(form, serve, methods=list(by_verb)) for form in (path, f"{path}/")]
    return [
        *routes,
        Route("/{rest:path}", _serve(portal, {}, serial), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]


def _serve(
    portal: Portal, by_verb: dict[str, tuple[Endpoint, str]], serial: itertools.count[int]
) -> AsgiHandler:
    async def serve(request: Request) -> Response:
        correlation_id = f"c0ffee00-0000-4000-8000-{next(serial):012d}"
        raw = await request.body()
        endpoint, version = by_verb.get(request.method, (None, ""))
        if endpoint is None or version not in portal.settings.versions:
            return JSONResponse(_no_such_path(request).body(correlation_id), 404)
        path = _named_kinds(request.path_params)
        name = endpoint.route_name(path)

        handled: list[Response] = []

        async def handle() -> Response:
            handled.append(_handle(portal, endpoint, name, path, request, raw, correlation_id))
            return handled[0]

        answer = await through_faults(portal.faults, "hubspot", name, request, handle)
        if not handled:  # a fault answered, or nobody did: it came here all the same
            status = None if isinstance(answer, NoAnswer) else answer.status_code
            portal.journal.add("hubspot", name, status=status, accepted=False)
        return answer

    return serve


def _handle(
    portal: Portal,
    endpoint: Endpoint,
    name: str,
    path: dict[str, str],
    request: Request,
    raw: bytes,
    correlation_id: str,
) -> Response:
    """Authenticate, count, read, do, and note in the journal. The portal's lock makes each call one step."""
    begun = time.monotonic()
    body: Any = None
    with portal.lock:
        try:
            _authenticate(portal, request, endpoint, path)
            portal.limits.charge(portal.clock.now(), endpoint.is_search)
            body = _read_body(endpoint, raw)
            call = Call(endpoint.verb, path, _query(request), body or {})
            answer = endpoint.handler(portal, call)
        except ApiError as refused:
            answer = Answer(refused.body(correlation_id), refused.status)
        fields = {"actor": "api", "ids": list(answer.wrote), "keys": _unique_values(portal, path, body)}
        portal.journal.add(
            "hubspot",
            name,
            status=answer.status,
            ms=(time.monotonic() - begun) * 1000,
            accepted=answer.status < 400,
            fields=fields,
            body=body,
        )
        headers = portal.limits.headers(endpoint.is_search) | {"X-HubSpot-Correlation-Id": correlation_id}
    if answer.status == 204:
        return Response(status_code=204, headers=headers)
    return JSONResponse(answer.body, answer.status, headers)


def _query(request: Request) -> dict[str, str]:
    """The query parameters; one that stands there several times is a list."""
    given = request.query_params
    return {name: ",".join(given.getlist(name)) for name in given}


def _authenticate(portal: Portal, request: Request, endpoint: Endpoint, path: dict[str, str]) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or token != portal.settings.token:
        raise ApiError(
            401,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
            "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        )
    # What is logged on contacts comes with their scopes: there are none of calls, notes and so on.
    scope = endpoint.scope.format(
        **{name: "contacts" if of in ENGAGEMENTS else of for name, of in path.items()}
    )
    if portal.settings.scopes is not None and scope not in portal.settings.scopes:
        raise ApiError(
            403,
            "MISSING_SCOPES",
            "This app hasn't been granted all required scopes to make this call. Read more about required "
            "scopes here: https://developers.hubspot.com/scopes.",
            errors=[
                {
                    "message": "One or more of the following scopes are required.",
                    "context": {"requiredGranularScopes": [scope]},
                }
            ],
            extra={"links": {"scopes": "https://developers.hubspot.com/scopes"}},
        )


def _read_body(endpoint: Endpoint, raw: bytes) -> dict[str, Any] | None:
    if endpoint.verb not in ("POST", "PATCH") or (not raw and endpoint.rest.endswith("unsubscribe-all")):
        return None
    if len(raw) > LARGEST_BODY:
        raise ApiError(413, "VALIDATION_ERROR", f"The request body is larger than {LARGEST_BODY} bytes.")
    try:
        body = json.loads(raw)
    except ValueError as wrong:
        raise invalid(f"Invalid input JSON: {wrong}") from wrong
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON on line 1, column 1: an object was expected.")
    return body


def _named_kinds(path: dict[str, str]) -> dict[str, str]:
    """Path parameters with object types under one name, whichever alias was used."""
    named = dict(path)
    for key in ("kind", "from_kind", "to_kind"):
        if key in named:
            try:
                named[key] = kind_of(named[key]).name
            except ApiError:
                continue  # the handler refuses it, in the call's own words
    return named


def _unique_values(portal: Portal, path: dict[str, str], body: Any) -> list[str]:
    """Values of unique properties in a write: the idempotency keys that a checker looks for."""
    if "kind" not in path or path["kind"] not in KINDS or not isinstance(body, dict):
        return []
    unique = portal.schema.unique_names(kind_of(path["kind"]))
    written = [body, *(body["inputs"] if isinstance(body.get("inputs"), list) else [])]
    keys = []
    for one in written:
        properties = one.get("properties") if isinstance(one, dict) else None
        if isinstance(properties, dict):
            keys += [str(properties[name]) for name in unique if properties.get(name)]
        if isinstance(one, dict) and one.get("idProperty") in unique:
            keys.append(str(one.get("id")))
    return list(dict.fromkeys(keys))


def _no_such_path(request: Request) -> ApiError:
    return ApiError(404, "OBJECT_NOT_FOUND", f"No call {request.method} {request.url.path} in this version.")
