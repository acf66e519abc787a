"""What people write, change, delete and attach; and what an agent offers over its composer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sandbox.slack.manifest import Manifest, manifest_from

PROMPTS = [{"title": "What's due?", "message": "what's due?"}]
PLACE = "/people/UMAYA/conversations/{dm}"


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


@pytest.fixture
def agent(world):
    """The app as an agent, as its manifest would say."""
    values = yaml.safe_load(
        """
        display_information: {name: Renewals}
        features:
          app_home: {messages_tab_enabled: true, messages_tab_read_only_enabled: false}
          agent_view: {agent_description: Renewals, suggested_prompts: [{title: Help, message: help}]}
        oauth_config: {scopes: {bot: ["assistant:write", "chat:write", "im:history"]}}
        settings: {event_subscriptions: {bot_events: [message.im, app_home_opened]}}
        """
    )
    world.slack.manifest = manifest_from(values)
    world.slack.scopes |= world.slack.manifest.scopes
    return world.slack


def test_a_shared_file_is_a_message_with_a_subtype_and_the_words(people, app, dm, eventually):
    body = {"files": [{"name": "quote.pdf", "size": 12_000}], "text": "acme no answer"}
    ts = people.post(f"{PLACE.format(dm=dm)}/files", json=body).json()["ts"]
    eventually(lambda: app.kinds("events_api"))
    event = app.kinds("events_api")[0].payload["event"]
    assert (event["subtype"], event["ts"], event["text"]) == ("file_share", ts, "acme no answer")
    assert event["user"] == "UMAYA" and event["channel_type"] == "im" and "team" not in event
    (file,) = event["files"]
    assert (file["name"], file["mimetype"], file["size"]) == ("quote.pdf", "application/pdf", 12_000)
    shown = people.get(PLACE.format(dm=dm)).json()["messages"][-1]
    assert shown["files"][0]["name"] == "quote.pdf"


@pytest.mark.parametrize(
    "files", [[], [{"size": 1}], [{"name": "a", "size": "x"}], [{"name": "", "size": 1}], "a"]
)
def test_a_file_has_a_name_and_a_size(people, dm, files):
    assert people.post(f"{PLACE.format(dm=dm)}/files", json={"files": files}).status_code == 400


def test_a_person_changes_and_deletes_only_what_they_wrote(people, app, web, dm, eventually):
    ts = people.post(f"{PLACE.format(dm=dm)}/messages", json={"text": "acme no anwser"}).json()["ts"]
    own = f"{PLACE.format(dm=dm)}/messages/{ts}"
    assert people.patch(own, json={"text": "acme no answer"}).status_code == 200
    assert people.patch(own, json={"text": "acme no answer"}).status_code == 200
    assert people.delete(own).status_code == 200
    eventually(lambda: len(app.kinds("events_api")) >= 3)
    events = app.kinds("events_api")
    assert len(events) == 3, "the same words again change nothing"
    changed, deleted = (one.payload["event"] for one in events[1:])
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "acme no answer")
    assert changed["previous_message"]["text"] == "acme no anwser" and changed["message"]["edited"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    theirs = web.chat_postMessage(channel=dm, text="Good morning")["ts"]
    assert people.patch(f"{PLACE.format(dm=dm)}/messages/{theirs}", json={"text": "x"}).status_code == 403
    assert people.delete(f"{PLACE.format(dm=dm)}/messages/{theirs}").status_code == 403


def test_an_agent_hears_that_its_messages_are_opened_and_offers_prompts(
    people, app, web, agent, dm, eventually
):
    assert people.get(f"{PLACE.format(dm=dm)}/prompts").json()["prompts"] == [
        {"title": "Help", "message": "help"}
    ]
    people.post("/people/UMAYA/messages/open").raise_for_status()
    eventually(lambda: app.kinds("events_api"))
    event = app.kinds("events_api")[0].payload["event"]
    assert (event["type"], event["tab"], event["channel"]) == ("app_home_opened", "messages", dm)
    web.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=PROMPTS, title="Your day")
    assert people.get(f"{PLACE.format(dm=dm)}/prompts").json() == {"title": "Your day", "prompts": PROMPTS}
    other = [{"title": "Other", "message": "other"}]
    web.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=other, thread_ts="1.2")
    assert people.get(f"{PLACE.format(dm=dm)}/prompts").json()["prompts"] == PROMPTS


@pytest.mark.parametrize(
    "prompts", [[], PROMPTS * 5, [{"title": "", "message": "x"}], [{"title": "x"}], ["x"], "x"]
)
def test_prompts_are_up_to_four_with_title_and_message(agent, web, refusal, dm, prompts):
    arguments = {"channel_id": dm, "prompts": prompts}
    assert refusal(web.assistant_threads_setSuggestedPrompts, **arguments)["error"] == "invalid_arguments"


def test_without_the_pane_or_its_scope_prompts_are_refused(world, agent, web, refusal, dm):
    arguments = {"channel_id": dm, "prompts": PROMPTS}
    assert refusal(web.assistant_threads_setSuggestedPrompts, **arguments | {"channel_id": "CRENEW"})[
        "error"
    ] == ("channel_not_found")
    world.slack.remove_scope("assistant:write")
    answer = refusal(web.assistant_threads_setSuggestedPrompts, **arguments)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "assistant:write")
    world.slack.add_scope("assistant:write")
    world.slack.manifest = Manifest()
    assert refusal(web.assistant_threads_setSuggestedPrompts, **arguments)["error"] == "not_allowed"


def test_the_manifest_of_the_product_is_an_agents():
    values = yaml.safe_load((Path(__file__).parents[3] / "manifest.yml").read_text("utf-8"))
    found = manifest_from(values)
    assert found.agent_view and "assistant:write" in found.scopes
    assert 1 <= len(found.prompts) <= 4
