"""The sandbox's server: it stops when told to, without waiting for those who only listen, and finishes answers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox.faults import FaultRule
from sandbox.server import SandboxServer, World

TRIES = 20  # one of them is not disturbed by what else the machine does


def test_it_stops_at_once_whoever_listens():
    took: list[float] = []
    while len(took) < TRIES and min(took, default=1.0) > 0.1:
        world = World()
        person = world.slack.add_person("Ana Ruiz", "ana@example.com", "America/New_York").id
        server = SandboxServer(world).start()
        with httpx.Client(base_url=server.url) as http, http.stream("GET", f"/people/{person}/events"):
            assert http.get("/people").status_code == 200  # and its connection stays open
            stopping = time.monotonic()
            server.stop()
            took.append(time.monotonic() - stopping)
    assert min(took) <= 0.1, took


def test_it_finishes_an_answer_that_is_under_way():
    world = World()
    world.faults.add(FaultRule(service="slack", method="auth.test", times=1, latency_ms=300))
    server = SandboxServer(world).start()
    headers = {"Authorization": f"Bearer {world.slack.bot_token}"}
    with ThreadPoolExecutor(1) as caller:
        answer = caller.submit(httpx.post, f"{server.slack_api_url}auth.test", headers=headers)
        while world.faults.rules():
            time.sleep(0.005)
        server.stop()
        assert answer.result().json()["ok"] is True


def test_a_browser_asks_anew_for_each_file_of_the_page():
    with SandboxServer(World()) as server, httpx.Client(base_url=server.url) as http:
        for path in ("/", "/main.js", "/css/base.css"):
            fresh = http.get(path)
            assert (fresh.status_code, fresh.headers["Cache-Control"]) == (200, "no-cache")
            same = http.get(path, headers={"If-None-Match": fresh.headers["ETag"]})
            assert (same.status_code, same.headers["Cache-Control"]) == (304, "no-cache")
