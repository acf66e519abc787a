"""Statuses and user groups: set by people, told to the app in Slack's shape, read through the Web API."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import profiles

VACATION = {"text": "Vacationing", "emoji": ":palm_tree:", "expiration": 1_796_169_600}


@pytest.fixture(autouse=True)
def allowed(world):
    """The app may read groups and profiles, and listens to statuses."""
    world.slack.add_scope("usergroups:read")
    world.slack.add_scope("users.profile:read")
    world.slack.manifest = replace(world.slack.manifest, events=frozenset({"user_status_changed"}))


@pytest.fixture
def maya():
    return "UMAYA"


@pytest.fixture
def heard(app, eventually):
    """The next event the app was told."""
    told = itertools.count(1)

    def next_event() -> dict[str, Any]:
        number = next(told)
        eventually(lambda: len(app.kinds("events_api")) >= number)
        return app.kinds("events_api")[number - 1].payload

    return next_event


def test_a_status_is_told_and_read_in_slacks_shape(world, heard, web, people, maya):
    answer = people.post(f"/people/{maya}/status", json=VACATION)
    assert answer.json() == VACATION
    body = heard()
    event = body["event"]
    assert (body["type"], event["type"], event["user"]["id"]) == (
        "event_callback",
        "user_status_changed",
        maya,
    )
    assert event["user"]["team_id"] == world.slack.team_id and event["event_ts"] and event["cache_ts"]
    profile = event["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"], profile["status_expiration"]) == (
        "Vacationing",
        ":palm_tree:",
        1_796_169_600,
    )
    assert web.users_info(user=maya)["user"]["profile"] == profile
    assert web.users_profile_get(user=maya)["profile"] == profile
    (shown,) = [one for one in people.get("/people").json() if one["id"] == maya]
    assert shown["status"] == VACATION
    people.post(f"/people/{maya}/status", json=VACATION)  # the same again is no change
    people.post(f"/people/{maya}/status", json={})
    cleared = heard()["event"]["user"]["profile"]
    assert (cleared["status_text"], cleared["status_emoji"], cleared["status_expiration"]) == ("", "", 0)


def test_a_status_ends_by_itself(world, heard, web, people, maya):
    until = int(world.clock.now().timestamp()) + 600
    people.post(f"/people/{maya}/status", json=VACATION | {"expiration": until})
    heard()
    world.clock.advance(timedelta(seconds=601))
    assert heard()["event"]["user"]["profile"]["status_text"] == ""
    assert web.users_profile_get(user=maya)["profile"]["status_expiration"] == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "x" * 101}, "too_long"),
        ({"text": "Out", "emoji": "palm_tree"}, "not_emoji"),
        ({"expiration": "tomorrow"}, "expiration"),
        ({"text": 7}, "text"),
    ],
)
def test_what_no_status_can_be_is_refused(people, maya, body, said):
    answer = people.post(f"/people/{maya}/status", json=body)
    assert answer.status_code == 400 and said in answer.json()["error"]


def test_user_groups_are_listed_with_their_members(world, web, maya, refusal):
    group = profiles.add_user_group(world.slack, "customer-care", "Customer Care", [maya])
    (listed,) = web.usergroups_list()["usergroups"]
    assert (listed["id"], listed["handle"], listed["date_delete"]) == (group.id, "customer-care", 0)
    assert "users" not in listed
    assert web.usergroups_list(include_users=True)["usergroups"][0]["users"] == [maya]
    assert web.usergroups_users_list(usergroup=group.id)["users"] == [maya]
    assert refusal(lambda: web.usergroups_users_list(usergroup="SNONE"))["error"] == "no_such_subteam"


def test_a_disabled_group_is_only_shown_when_asked_for(world, web, people, maya, refusal):
    group = profiles.add_user_group(world.slack, "customer-care", "Customer Care", [maya])
    assert people.post("/control/slack/disable_group", json={"id": group.id}).status_code == 200
    assert web.usergroups_list()["usergroups"] == []
    (listed,) = web.usergroups_list(include_disabled=True)["usergroups"]
    assert listed["date_delete"] > 0
    assert refusal(lambda: web.usergroups_users_list(usergroup=group.id))["error"] == "no_such_subteam"
    assert web.usergroups_users_list(usergroup=group.id, include_disabled=True)["users"] == [maya]
    people.post("/control/slack/enable_group", json={"id": group.id})
    people.post("/control/slack/set_group_members", json={"id": group.id, "members": []})
    assert web.usergroups_users_list(usergroup=group.id)["users"] == []
    assert people.get("/people/groups").json()[0]["handle"] == "customer-care"


@pytest.mark.parametrize("scope", ["usergroups:read", "users.profile:read"])
def test_each_asks_for_its_own_scope(world, web, maya, refusal, scope):
    world.slack.remove_scope(scope)
    calls = (
        [web.usergroups_list]
        if scope.startswith("usergroups")
        else [lambda: web.users_profile_get(user=maya)]
    )
    for call in calls:
        refused = refusal(call)
        assert (refused["error"], refused["needed"]) == ("missing_scope", scope)
