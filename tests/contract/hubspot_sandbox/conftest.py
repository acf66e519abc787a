"""A portal of its own for each test, spoken to over HTTP as the assistant would."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.clock import SandboxClock
from sandbox.faults import FaultPlan
from sandbox.hubspot.app import create_routes
from sandbox.hubspot.crm_tab import routes as crm_tab_routes
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import Portal
from sandbox.journal import Journal

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class Elapsed:
    """Elapsed seconds that pass only when a test lets them."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Client:
    """HTTP to the app, one call at a time."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://sandbox") as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())


class Api:
    """HubSpot calls with the service key."""

    def __init__(self, client: Client, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self._client.request("GET", f"/hubspot{path}", params=params, headers=self._headers)

    def post(self, path: str, body: Any = None, **params: Any) -> httpx.Response:
        return self._client.request(
            "POST", f"/hubspot{path}", json=body, params=params, headers=self._headers
        )

    def patch(self, path: str, body: Any, **params: Any) -> httpx.Response:
        return self._client.request(
            "PATCH", f"/hubspot{path}", json=body, params=params, headers=self._headers
        )

    def put(self, path: str) -> httpx.Response:
        return self._client.request("PUT", f"/hubspot{path}", headers=self._headers)

    def delete(self, path: str) -> httpx.Response:
        return self._client.request("DELETE", f"/hubspot{path}", headers=self._headers)

    def create(self, kind: str, properties: dict[str, Any], associations: Any = ()) -> str:
        """The id of a new record."""
        answer = self.post(
            f"/crm/objects/2026-09/{kind}",
            {"properties": properties, "associations": list(associations)},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def search(self, kind: str, filters: list[dict[str, Any]], **over: Any) -> httpx.Response:
        """A search with one group of filters and all required members."""
        body = {
            "filterGroups": [{"filters": filters}] if filters else [],
            "sorts": [],
            "properties": [],
            "limit": 100,
            "after": "0",
        }
        return self.post(f"/crm/objects/2026-09/{kind}/search", body | over)

    def found(self, kind: str, *filters: dict[str, Any], **over: Any) -> list[str]:
        """The ids a search finds."""
        answer = self.search(kind, list(filters), **over)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["results"]]


@pytest.fixture
def elapsed() -> Elapsed:
    return Elapsed()


@pytest.fixture
def portal(elapsed: Elapsed) -> Portal:
    clock = SandboxClock(NOW, elapsed)
    portal = Portal(clock, Journal(clock), FaultPlan(), elapsed=elapsed)
    portal.add_owner(Owner("501", "maya@harborline.example", "Maya", "Okafor", 9001))
    portal.add_owner(Owner("502", "gone@harborline.example", "Gus", "Onley", 9002, archived=True))
    return portal


@pytest.fixture
def app(portal: Portal) -> Starlette:
    return Starlette(routes=[Mount("/hubspot", routes=create_routes(portal)), *crm_tab_routes(portal)])


@pytest.fixture
def client(app: Starlette) -> Client:
    return Client(app)


@pytest.fixture
def api(client: Client, portal: Portal) -> Api:
    return Api(client, portal.settings.token)
