"""What HubSpot's own definitions say of a request's body, read from the models of its published client.

A model names its members and their types (`openapi_types`), what the wire calls them (`attribute_map`), and
refuses to be without what is required.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

OBJECTS, LINKS = "hubspot.crm.objects", "hubspot.crm.associations.v4"
PROPERTIES = "hubspot.crm.properties"
# The end of a path -> package and model of what is posted there.
BODIES = {
    r"/objects/(2026-09/)?[^/]+/search": (OBJECTS, "PublicObjectSearchRequest"),
    r"/objects/(2026-09/)?[^/]+/batch/read": (OBJECTS, "BatchReadInputSimplePublicObjectId"),
    r"/objects/(2026-09/)?[^/]+/batch/upsert": (OBJECTS, "BatchInputSimplePublicObjectBatchInputUpsert"),
    r"/objects/(2026-09/)?[^/]+/batch/update": (OBJECTS, "BatchInputSimplePublicObjectBatchInput"),
    r"/objects/(2026-09/)?[^/]+/batch/archive": (OBJECTS, "BatchInputSimplePublicObjectId"),
    r"/associations/.+/batch/read": (LINKS, "BatchInputPublicFetchAssociationsBatchRequest"),
    r"/associations/.+/batch/associate/default": (LINKS, "BatchInputPublicDefaultAssociationMultiPost"),
    r"/properties/(2026-09/)?[^/]+/groups": (PROPERTIES, "PropertyGroupCreate"),
    r"/properties/(2026-09/)?[^/]+": (PROPERTIES, "PropertyCreate"),
}
PLAIN: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "bool": bool, "float": (int, float)}


@contextmanager
def requests_checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How requests that leave for HubSpot's API meanwhile differ from its definitions."""
    wrong: list[str] = []
    real = urllib3.connectionpool.HTTPConnectionPool.urlopen

    def urlopen(self: Any, method: str, url: str, body: Any = None, *more: Any, **named: Any) -> Any:
        if body and "/crm/" in url:
            wrong.extend(
                f"{method} {url}: {one}" for one in wrong_request(urlsplit(url).path, json.loads(body))
            )
        return real(self, method, url, body, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(urllib3.connectionpool.HTTPConnectionPool, "urlopen", urlopen)
        yield wrong


def wrong_request(path: str, body: object) -> list[str]:
    """How the decoded body of a POST differs from HubSpot's definition; a path that nobody named is a difference."""
    for end, (package, model) in BODIES.items():
        if re.search(end + "$", path):
            return wrong_by_definition(package, model, body)
    return ["no definition"]


def wrong_by_definition(package: str, model: str, value: object) -> list[str]:
    """How a decoded JSON value differs from a model, such as `hubspot.crm.objects` and `SimplePublicObject`."""
    return list(_wrong(importlib.import_module(f"{package}.models"), model, value, model))


def _wrong(models: Any, kind: str, value: object, at: str) -> Iterator[str]:
    if (found := re.fullmatch(r"(list|dict)\[(?:str, )?(.+)\]", kind)) is not None:
        yield from _wrong_many(models, found[1], found[2], value, at)
    elif kind in PLAIN:
        wanted = PLAIN[kind]
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "bool"):
            yield f"{at}: {value!r} is no {kind}"
    elif kind == "datetime":
        if not _is_instant(value):
            yield f"{at}: {value!r} is no instant"
    elif kind != "object":
        yield from _wrong_object(models, kind, value, at)


def _wrong_many(models: Any, shape: str, kind: str, value: object, at: str) -> Iterator[str]:
    if shape == "list" and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _wrong(models, kind, one, f"{at}[{number}]")
    elif shape == "dict" and isinstance(value, dict):
        for name, one in value.items():
            if one is not None:  # a property without a value is null
                yield from _wrong(models, kind, one, f"{at}.{name}")
    else:
        yield f"{at}: a {type(value).__name__} is no {shape}"


def _wrong_object(models: Any, kind: str, value: object, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: a {type(value).__name__} is no {kind}"
        return
    model = getattr(models, kind)
    names = {wire: name for name, wire in model.attribute_map.items()}
    yield from (f"{at}.{name}: not defined" for name in value.keys() - names.keys())
    for wire, name in names.items():
        if wire not in value:
            if _refuses(model, name, None):
                yield f"{at}.{wire}: required"
            continue
        if value[wire] is not None or _refuses(model, name, None):
            yield from _wrong(models, model.openapi_types[name], value[wire], f"{at}.{wire}")
        if _refuses(model, name, value[wire]):
            yield f"{at}.{wire}: {value[wire]!r} is not allowed"


def _refuses(model: Any, name: str, value: object) -> bool:
    """Whether the model's setter, which knows what is required and which words there are, refuses a value."""
    empty = model.__new__(model)
    empty.local_vars_configuration = _strict(model.__module__.split(".models")[0])
    try:
        setattr(empty, name, value)
    except ValueError:
        return True
    return False


@cache
def _strict(package: str) -> Any:
    configuration = importlib.import_module(f"{package}.configuration").Configuration()
    configuration.client_side_validation = True
    return configuration


def _is_instant(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False
