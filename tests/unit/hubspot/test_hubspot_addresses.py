"""One module knows where HubSpot is, and one speaks to it: read from the source, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(file for room in ("bot", "handlers", "scheduler") for file in (ROOT / room).rglob("*.py"))
PATHS, SETTINGS, CLIENT = "bot/hubspot/paths.py", "bot/settings.py", "bot/hubspot/client.py"
AREAS = (
    "crm|account-info|scheduler|communication-preferences|marketing|oauth|automation|webhooks|events|files"
)
ADDRESS = re.compile(rf"/({AREAS})/|/v[1-4]/|\bhubapi\.com|\bhubspot\.com")
WIRES = ("urllib3", "requests", "httpx", "http.client", "urllib.request", "aiohttp", "socket")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def strings(tree: ast.Module) -> Iterator[str]:
    """Every text in the code; what a docstring tells is no address."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name_of(file): ast.parse(file.read_text("utf-8")) for file in SOURCES}


def test_addresses_of_hubspot_stand_in_one_module_and_its_host_in_the_settings(
    trees: dict[str, ast.Module],
) -> None:
    found = {name: {text for text in strings(tree) if ADDRESS.search(text)} for name, tree in trees.items()}
    assert {name for name, texts in found.items() if texts} == {PATHS, SETTINGS}
    assert found[SETTINGS] == {"https://api.hubapi.com"}


def test_the_vendors_client_is_used_in_one_module(trees: dict[str, ast.Module]) -> None:
    users = {
        name for name, tree in trees.items() if any(one.split(".")[0] == "hubspot" for one in imports(tree))
    }
    assert users == {CLIENT}


def test_nobody_else_of_hubspots_room_opens_a_connection(trees: dict[str, ast.Module]) -> None:
    users = {
        name
        for name, tree in trees.items()
        if name.startswith("bot/hubspot/")
        and any(one == wire or one.startswith(f"{wire}.") for one in imports(tree) for wire in WIRES)
    }
    # failures.py only names what the client may raise.
    assert users == {CLIENT, "bot/hubspot/failures.py"}


def test_every_call_of_the_client_goes_the_one_way_out_which_sets_the_timeout(
    trees: dict[str, ast.Module],
) -> None:
    """Only `_once` calls a function of the library, and it hands the timeout on."""
    client = next(
        node for node in trees[CLIENT].body if isinstance(node, ast.ClassDef) and node.name == "HubSpotClient"
    )
    methods = {node.name: node for node in client.body if isinstance(node, ast.FunctionDef)}
    apis = {name for name, node in methods.items() if node.decorator_list and name.startswith("_")}
    for name, node in methods.items():
        called = {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
        straight = {one for one in called if one.startswith(tuple(f"self.{api}." for api in apis))}
        # `_plain` is itself handed to `_call`, which hands it the timeout.
        assert straight == ({"self._basic.api_client.call_api"} if name == "_plain" else set()), name
    assert "_request_timeout=self._timeout" in ast.unparse(methods["_once"])
