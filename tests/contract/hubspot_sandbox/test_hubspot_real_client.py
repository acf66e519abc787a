"""HubSpot's own generated client, over a real port, understands the sandbox's answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.objects import (
    ApiException,
    BatchInputSimplePublicObjectBatchInputUpsert,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
)
from hubspot.crm.properties import PropertyCreate

from sandbox import book
from sandbox.faults import FaultRule
from sandbox.server import SandboxServer, World

TIMEOUT = 5


@pytest.fixture(scope="module")
def world() -> World:
    world = World(now=datetime(2026, 11, 23, 14, tzinfo=UTC))
    world.hubspot.settings.versions = frozenset({"2026-09", "v3"})
    world.hubspot.limits.searches_per_second = 100
    book.fill(world)
    return world


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world) as server:
        yield server


class Apis:
    """The generated API objects, pointed at the sandbox."""

    def __init__(self, server: SandboxServer, token: str) -> None:
        crm = HubSpot(access_token=token).crm
        self.basic = crm.objects.basic_api
        self.batch = crm.objects.batch_api
        self.search = crm.objects.search_api
        self.owners = crm.owners.owners_api
        self.pipelines = crm.pipelines.pipelines_api
        self.properties = crm.properties.core_api
        self.links = crm.associations.v4.batch_api
        self.link = crm.associations.v4.basic_api
        for api in vars(self).values():
            api.api_client.configuration.host = server.hubspot_api_url

    def close(self) -> None:
        for api in vars(self).values():
            api.api_client.rest_client.pool_manager.clear()
            api.api_client.close()


@pytest.fixture(scope="module")
def apis(server: SandboxServer, world: World) -> Iterator[Apis]:
    apis = Apis(server, world.hubspot.settings.token)
    yield apis
    apis.close()


def request(**over: Any) -> PublicObjectSearchRequest:
    values = {"filter_groups": [], "sorts": [], "properties": ["dealname"], "limit": 5, "after": "0"}
    return PublicObjectSearchRequest(**(values | over))


def test_lists_and_pages(apis: Apis) -> None:
    page = apis.basic.get_page("deals", limit=10, associations=["companies"], _request_timeout=TIMEOUT)
    assert len(page.results) == 10
    assert page.results[0].created_at <= page.results[0].updated_at
    assert page.results[0].associations["companies"].results[0].type == "deal_to_company"
    following = apis.basic.get_page("deals", limit=10, after=page.paging.next.after, _request_timeout=TIMEOUT)
    assert following.results[0].id == page.paging.next.after


def test_search_owners_pipelines(apis: Apis) -> None:
    found = apis.search.do_search("deals", request(sorts=["-renewal_put_out_date"]), _request_timeout=TIMEOUT)
    assert (found.total > 60, len(found.results)) == (True, 5)
    assert found.paging.next.after == "5"
    owners = apis.owners.get_page(email="maya.okafor@harborline.example", _request_timeout=TIMEOUT).results
    assert [owner.first_name for owner in owners] == ["Maya"]
    pipelines = apis.pipelines.get_all("deals", _request_timeout=TIMEOUT).results
    stages = {
        stage.label: stage.metadata for one in pipelines for stage in one.stages if one.id == "renewals"
    }
    assert stages["Closed won"]["probability"] == "1.0"


def test_a_keyed_call_is_upserted_and_associated(apis: Apis, world: World) -> None:
    definition = PropertyCreate(
        name="renewal_key",
        label="Renewal key",
        group_name="callinformation",
        type="string",
        field_type="text",
        has_unique_value=True,
    )
    assert apis.properties.create("calls", definition, _request_timeout=TIMEOUT).has_unique_value
    batch = BatchInputSimplePublicObjectBatchInputUpsert(
        inputs=[{"id": "k-1", "idProperty": "renewal_key", "properties": {"hs_timestamp": "0"}}]
    )
    made = [apis.batch.upsert("calls", batch, _request_timeout=TIMEOUT).results[0] for _ in range(2)]
    assert [one.new for one in made] == [True, False]
    deal = apis.basic.get_page("deals", limit=1, _request_timeout=TIMEOUT).results[0]
    apis.link.create_default("calls", made[0].id, "deals", deal.id, _request_timeout=TIMEOUT)
    asked = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": made[0].id}])
    linked = apis.links.get_page("calls", "deals", asked, _request_timeout=TIMEOUT).results
    assert [(one.to_object_id, one.association_types[0].type_id) for one in linked[0].to] == [(deal.id, 206)]
    assert world.hubspot.journal.entries(method="POST /crm/objects/calls/batch/upsert")[0].fields["keys"] == [
        "k-1"
    ]


def test_part_failures_and_refusals(apis: Apis) -> None:
    deal = apis.basic.get_page("deals", limit=1, _request_timeout=TIMEOUT).results[0]
    asked = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": deal.id}, {"id": "42"}], properties=["dealname"], properties_with_history=[]
    )
    answer = apis.batch.read("deals", asked, _request_timeout=TIMEOUT)
    assert (answer.num_errors, answer.errors[0].context) == (1, {"ids": ["42"]})
    wrong = SimplePublicObjectInput(properties={"no_such_property": "1"})
    with pytest.raises(ApiException) as refused:
        apis.basic.update("deals", deal.id, wrong, _request_timeout=TIMEOUT)
    assert (refused.value.status, "PROPERTY_DOESNT_EXIST" in refused.value.body) == (400, True)


def test_an_answer_lost_after_the_write_leaves_the_write(server: SandboxServer, world: World) -> None:
    world.faults.add(
        FaultRule(service="hubspot", method="POST /crm/objects/notes", drop_after_accept=True, times=1)
    )
    http = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
    before = len(world.journal.entries(method="POST /crm/objects/notes"))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        http.request(
            "POST",
            f"{server.hubspot_api_url}/crm/objects/2026-09/notes",
            json={"properties": {"hs_timestamp": "0", "hs_note_body": "lost?"}, "associations": []},
            headers={"Authorization": f"Bearer {world.hubspot.settings.token}"},
        )
    http.clear()
    (entry,) = world.journal.entries(method="POST /crm/objects/notes")[before:]
    assert world.hubspot.get("notes", entry.fields["ids"][0]).properties["hs_note_body"] == "lost?"


def test_many_writers_at_once_lose_nothing(server: SandboxServer, world: World) -> None:
    world.hubspot.limits.calls_per_ten_seconds = 10_000
    http = urllib3.PoolManager(maxsize=8, timeout=TIMEOUT, retries=False)
    statuses: list[int] = []

    def write(worker: int) -> None:
        for n in range(10):
            answer = http.request(
                "POST",
                f"{server.hubspot_api_url}/crm/objects/2026-09/tickets",
                json={
                    "properties": {"subject": f"{worker}-{n}", "hs_pipeline_stage": "1"},
                    "associations": [],
                },
                headers={"Authorization": f"Bearer {world.hubspot.settings.token}"},
            )
            statuses.append(answer.status)

    workers = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    http.clear()
    assert statuses == [201] * 80
    entries = world.journal.entries(method="POST /crm/objects/tickets")
    assert len({entry.fields["ids"][0] for entry in entries}) == 80
