"""The sandbox's account as it is new, and an admin in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.server import SandboxServer, World
from tests.desk import COLUMNS, Desk, copy_of


@pytest.fixture(scope="module")
def town() -> Iterator[SandboxServer]:
    with SandboxServer(World(now=datetime(2026, 11, 23, 14, tzinfo=UTC))) as server:
        yield server


@pytest.fixture
def desk(town: SandboxServer, tmp_path: Path) -> Iterator[Desk]:
    """The sandbox's account as it is new; what a test changes there is put back."""
    world = town.world
    portal = world.hubspot
    kept = (portal.schema, list(portal.pipelines), portal.settings.scopes, dict(portal.owners))
    portal.schema = copy_of(portal.schema)
    portal.limits.calls_per_ten_seconds = 10_000
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "COLUMNS": str(COLUMNS),
        "HUBSPOT_ACCESS_TOKEN": portal.settings.token,
        "HUBSPOT_API_URL": town.hubspot_api_url,
    }
    yield Desk(world, town, tmp_path, env)
    portal.schema, portal.pipelines, portal.settings.scopes, portal.owners = kept
    world.faults.clear()
