"""The vendor's client over one connection pool, on the configured base URL and API version.

Answers are plain JSON: the library's models cost many times the CPU. Nothing is retried here, for a repeated
create makes a double record; retries belong to the outbox, and to the next sync.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

import urllib3
from hubspot import HubSpot

from bot.hubspot.budget import SEARCHES, SMALLEST_PLAN, TEN_SECONDS, Budget, OwnBudget
from bot.hubspot.failures import no_answer, refused
from bot.hubspot.paths import ACCOUNT, MEETING_LINKS, check_version, versioned
from bot.services.crm_errors import NoAnswer, NotFound, RateLimited, ServerTrouble

TIMEOUT_SECONDS = (5.0, 20.0)  # to connect, and between two bytes of the answer
_WAITS_FOR_LIMITS = 8
LIMIT_HEADER, WINDOW_HEADER = "X-HubSpot-RateLimit-Max", "X-HubSpot-RateLimit-Interval-Milliseconds"

Json = dict[str, Any]


class _VersionedApiClient:
    """Stands where the library's ApiClient stands: rewrites the path, then lets it do the call."""

    def __init__(self, inner: Any, version: str) -> None:
        self._inner, self._version = inner, version

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def call_api(self, resource_path: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return self._inner.call_api(versioned(resource_path, self._version), method, *args, **kwargs)


class HubSpotClient:
    """HubSpot's CRM calls as plain JSON. Raises `CrmError`s only.

    Reads are `patient`: they wait for our own budget and for short rate limits. Writes are not: they raise
    RateLimited, and their outbox row waits instead of a thread.
    """

    def __init__(
        self,
        access_token: str,
        base_url: str,
        version: str = "2026-09",
        *,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        calls: Budget | None = None,
        searches: Budget | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._version = check_version(version)
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._sleep = sleep
        self._calls = calls or OwnBudget("own budget of calls", SMALLEST_PLAN, TEN_SECONDS, monotonic, sleep)
        self._searches = searches or OwnBudget("own budget of searches", SEARCHES, 1.0, monotonic, sleep)
        self._library = HubSpot(access_token=access_token, api_factory=self._make_api)
        self._shared: _VersionedApiClient | None = None

    def _make_api(self, package: Any, name: str, config: Mapping[str, Any]) -> Any:
        """One pool for all the library's APIs: only models differ between its packages, and we use none."""
        if self._shared is None:
            configuration = package.Configuration(host=self._base_url)
            configuration.access_token = config["access_token"]
            configuration.retries = False
            self._shared = _VersionedApiClient(package.ApiClient(configuration=configuration), self._version)
        return getattr(package, name)(api_client=self._shared)

    # Each access to the library's properties would make a new API object, so they are kept.

    @cached_property
    def _basic(self) -> Any:
        return self._library.crm.objects.basic_api

    @cached_property
    def _batch(self) -> Any:
        return self._library.crm.objects.batch_api

    @cached_property
    def _search(self) -> Any:
        return self._library.crm.objects.search_api

    @cached_property
    def _link_batches(self) -> Any:
        return self._library.crm.associations.v4.batch_api

    @cached_property
    def _owners(self) -> Any:
        return self._library.crm.owners.owners_api

    @cached_property
    def _pipelines(self) -> Any:
        return self._library.crm.pipelines.pipelines_api

    @cached_property
    def _properties(self) -> Any:
        return self._library.crm.properties.core_api

    @cached_property
    def _groups(self) -> Any:
        return self._library.crm.properties.groups_api

    # -- reading -----------------------------------------------------------------------------------------

    def search(self, object_type: str, body: Json) -> Json:
        """One page of a search."""
        return self._call(
            self._search.do_search,
            object_type,
            public_object_search_request=body,
            patient=True,
            lists=True,
            searching=True,
        )

    def page(
        self,
        object_type: str,
        properties: Sequence[str],
        *,
        archived: bool,
        limit: int = 100,
        links: Sequence[str] = (),
        after: str | None = None,
    ) -> Json:
        """A page of a type's records from the mark `after` on, with their links to these types."""
        more: Json = {"associations": list(links)} if links else {}
        if after is not None:
            more["after"] = after
        return self._call(
            self._basic.get_page,
            object_type,
            limit=limit,
            properties=list(properties),
            archived=_flag(archived),
            **more,
            patient=True,
            lists=True,
        )

    def batch_read(
        self,
        object_type: str,
        ids: Sequence[str],
        properties: Sequence[str],
        *,
        key: str | None = None,
        history: bool = False,
        patient: bool = True,
    ) -> Json:
        """Up to 100 records by id, or by the unique property `key`; those not there are left out.

        With the `history` of these properties in their place: up to 50.
        """
        names = list(properties)
        body: Json = {
            "inputs": [{"id": one} for one in ids],
            "properties": [] if history else names,
            "propertiesWithHistory": names if history else [],
        }
        if key is not None:
            body["idProperty"] = key
        return self._call(
            self._batch.read,
            object_type,
            batch_read_input_simple_public_object_id=body,
            patient=patient,
            lists=True,
        )

    def in_bin(self, object_type: str, object_id: str) -> bool:
        """Whether a record lies in the recycling bin, from where it can be restored."""
        try:
            self._call(self._basic.get_by_id, object_type, object_id, archived="true", patient=True)
        except NotFound:
            return False
        return True

    def linked(self, from_type: str, to_type: str, inputs: Sequence[Json]) -> Json:
        """What up to 100 records are linked to; an input names the record, and `after` where to go on."""
        body = {"inputs": list(inputs)}
        return self._call(
            self._link_batches.get_page,
            from_type,
            to_type,
            batch_input_public_fetch_associations_batch_request=body,
            patient=True,
            lists=True,
        )

    def owners(self, *, after: str | None = None, archived: bool = False) -> Json:
        """A page of owners."""
        more: Json = {"after": after} if after is not None else {}
        return self._call(
            self._owners.get_page, limit=100, archived=_flag(archived), **more, patient=True, lists=True
        )

    def pipelines(self) -> Json:
        """The deal pipelines with their stages."""
        return self._call(self._pipelines.get_all, "deals", patient=True, lists=True)

    def account(self) -> Json:
        """The account that the token belongs to: `portalId`, `accountType`, `timeZone`, `companyCurrency`."""
        return self._call(self._plain, "GET", ACCOUNT, patient=True)

    def meeting_links(self, user_id: str, *, after: str | None = None) -> Json:
        """A page of a user's own booking pages. Raises MissingScope."""
        query = [("organizerUserId", user_id), ("limit", "100"), *([("after", after)] if after else [])]
        return self._call(self._plain, "GET", MEETING_LINKS, query, patient=True, lists=True)

    def properties(self, object_type: str) -> Json:
        """The property definitions of a type."""
        return self._call(self._properties.get_all, object_type, patient=True, lists=True)

    # -- writing -----------------------------------------------------------------------------------------

    def upsert_all(self, object_type: str, inputs: Sequence[Json]) -> Json:
        """Create or update up to 100 records by their unique property; harmless when repeated."""
        return self._call(
            self._batch.upsert,
            object_type,
            batch_input_simple_public_object_batch_input_upsert={"inputs": list(inputs)},
            patient=False,
            lists=True,
        )

    def update_all(self, object_type: str, inputs: Sequence[Json]) -> Json:
        """Write properties of up to 100 records; those not there are errors of their own."""
        return self._call(
            self._batch.update,
            object_type,
            batch_input_simple_public_object_batch_input={"inputs": list(inputs)},
            patient=False,
            lists=True,
        )

    def archive_all(self, object_type: str, ids: Sequence[str]) -> None:
        """Delete up to 100 records (HubSpot keeps them in its recycling bin); those not there are no error."""
        self._call(
            self._batch.archive,
            object_type,
            batch_input_simple_public_object_id={"inputs": [{"id": one} for one in ids]},
            patient=False,
        )

    def associate_all(self, from_type: str, to_type: str, inputs: Sequence[Json]) -> Json:
        """Link up to 100 pairs of records by the default association; linking again changes nothing."""
        return self._call(
            self._link_batches.create_default,
            from_type,
            to_type,
            batch_input_public_default_association_multi_post={"inputs": list(inputs)},
            patient=False,
            lists=True,
        )

    def create_property(self, object_type: str, definition: Json) -> Json:
        """Define a property."""
        return self._call(self._properties.create, object_type, property_create=definition, patient=True)

    def create_group(self, object_type: str, name: str, label: str) -> Json:
        """Make a property group."""
        group = {"name": name, "label": label, "displayOrder": -1}
        return self._call(self._groups.create, object_type, property_group_create=group, patient=True)

    def _plain(self, method: str, path: str, query: Sequence[tuple[str, str]] = (), **options: Any) -> Any:
        """A call that the library has no function for, over the same pool and in the same version."""
        return self._basic.api_client.call_api(
            path, method, {}, list(query), {"Accept": "application/json"}, auth_settings=["oauth2"], **options
        )

    # -- the one way out ---------------------------------------------------------------------------------

    def _call(
        self,
        function: Callable[..., Any],
        *args: Any,
        patient: bool,
        searching: bool = False,
        lists: bool = False,
        **kwargs: Any,
    ) -> Json:
        """`lists`: without its list an answer is not HubSpot's, and never means that there is nothing."""
        waits = _WAITS_FOR_LIMITS if patient else 0
        while True:
            if searching:
                self._searches.take(patient)
            self._calls.take(patient)
            try:
                answer = self._once(function, *args, **kwargs)
                if lists and not isinstance(answer.get("results"), list):
                    raise ServerTrouble("HubSpot answered without the list it was asked for")
                return answer
            except RateLimited as limited:
                if waits == 0 or limited.after > timedelta(seconds=10):
                    raise
                waits -= 1
                self._sleep(limited.after.total_seconds())

    def _once(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Json:
        try:
            answer = function(*args, _preload_content=False, _request_timeout=self._timeout, **kwargs)
            status, body = answer.status, answer.data
            self._hear_of_limits(answer.headers)
        except urllib3.exceptions.HTTPError as error:
            raise no_answer(error) from error
        except Exception as error:
            # Each package of the library has an ApiException of its own, without a common base to name.
            status = getattr(error, "status", None)
            if not isinstance(status, int) or not hasattr(error, "body"):
                raise
            if status == 0:
                raise NoAnswer("no secure connection to HubSpot", may_have_arrived=False) from error
            headers = dict(getattr(error, "headers", None) or {})
            raise refused(status, headers, _text(error.body)) from None
        if status == 204 or not body:
            return {}
        try:
            said = json.loads(body)
        except ValueError as error:
            raise ServerTrouble(f"HubSpot answered {status} with something that is not JSON") from error
        if not isinstance(said, dict):
            raise ServerTrouble(f"HubSpot answered {status} with a {type(said).__name__}")
        return said

    def _hear_of_limits(self, headers: Mapping[str, str]) -> None:
        """How many calls ten seconds hold depends on the account's plan; answers of search do not say."""
        allowed, window = headers.get(LIMIT_HEADER, ""), headers.get(WINDOW_HEADER, "")
        if allowed.isdecimal() and window == "10000":
            self._calls.allow(int(allowed))


def _flag(value: bool) -> str:
    """As HubSpot writes it; the library would send Python's True."""
    return "true" if value else "false"


def _text(body: object) -> str:
    if isinstance(body, bytes):
        return body.decode("utf-8", "replace")
    return body if isinstance(body, str) else ""
