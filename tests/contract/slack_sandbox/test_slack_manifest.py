"""The workspace acts by the app's manifest: scopes, surfaces, subscriptions."""

from __future__ import annotations

import pytest
import yaml

from sandbox.server import World
from sandbox.slack.manifest import ManifestError, manifest_from, read_manifest
from sandbox.slack.text import mention_handles, stored, typed


@pytest.fixture
def change(world):
    """Change the manifest's features or settings of the running workspace."""

    def changed(path, value):
        values = {
            "display_information": {"name": "Renewals"},
            "features": {
                "app_home": {
                    "home_tab_enabled": True,
                    "messages_tab_enabled": True,
                    "messages_tab_read_only_enabled": False,
                }
            },
            "oauth_config": {"scopes": {"bot": sorted(world.slack.scopes)}},
            "settings": {
                "event_subscriptions": {"bot_events": ["message.im"]},
                "interactivity": {"is_enabled": True},
            },
        }
        *folders, key = path
        target = values
        for folder in folders:
            target = target[folder]
        target[key] = value
        world.slack.manifest = manifest_from(values)

    return changed


HOME = {"type": "home", "blocks": []}


def test_without_a_home_tab_nothing_is_published(web, people, change, refusal):
    change(("features", "app_home", "home_tab_enabled"), False)
    assert refusal(web.views_publish, user_id="UMAYA", view=HOME)["error"] == "not_enabled"
    assert people.post("/people/UMAYA/home/open").status_code == 403


def test_without_a_messages_tab_nothing_is_said(web, change, refusal):
    change(("features", "app_home", "messages_tab_enabled"), False)
    assert refusal(web.chat_postMessage, channel="UMAYA", text="x")["error"] == "messages_tab_disabled"


def test_a_read_only_messages_tab_takes_no_word_of_a_person(world, web, people, change):
    change(("features", "app_home", "messages_tab_read_only_enabled"), True)
    dm = web.chat_postMessage(channel="UMAYA", text="x")["channel"]
    answer = people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "hi"})
    assert answer.status_code == 403 and "turned off" in answer.json()["error"]


def test_without_interactivity_a_press_is_refused(world, app, web, people, change):
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}
    sent = web.chat_postMessage(
        channel="UMAYA", text="x", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}]
    )
    change(("settings", "interactivity", "is_enabled"), False)
    container = {"type": "message", "channel": sent["channel"], "ts": sent["ts"]}
    body = {"container": container, "block_id": "b", "action_id": "a"}
    answer = people.post("/people/UMAYA/actions", json=body)
    assert answer.status_code == 403 and "interactive" in answer.json()["error"]
    assert app.kinds("interactive") == []


def test_changes_of_messages_are_told_and_channels_only_if_subscribed(app, web, people, change, eventually):
    people.post("/people/UMAYA/conversations/CRENEW/messages", json={"text": "not subscribed"})
    sent = web.chat_postMessage(channel="UMAYA", text="one")
    web.chat_update(channel=sent["channel"], ts=sent["ts"], text="two")
    eventually(lambda: len(app.kinds("events_api")) == 2)
    events = {one.payload["event"].get("subtype"): one.payload["event"] for one in app.kinds("events_api")}
    assert set(events) == {None, "message_changed"}
    assert events["message_changed"]["message"]["text"] == "two"
    assert events["message_changed"]["previous_message"]["text"] == "one"
    change(("settings", "event_subscriptions", "bot_events"), ["message.channels", "app_mention"])
    mention = {"text": "plain word"}
    people.post("/people/UMAYA/conversations/CRENEW/messages", json=mention)
    eventually(lambda: len(app.kinds("events_api")) == 3)
    assert app.kinds("events_api")[-1].payload["event"]["channel_type"] == "channel"


@pytest.mark.parametrize(
    "text", ["[]", "a: [", "features: {}", "display_information: {name: X}\nfeatures: []"]
)
def test_a_file_that_is_no_manifest_is_named(tmp_path, text):
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError, match=r"broken\.yml"):
        World(manifest=path)


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(ManifestError, match=r"gone\.yml cannot be read"):
        read_manifest(tmp_path / "gone.yml")


def test_a_command_that_escapes_gets_mentions(tmp_path, manifest):
    values = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    values["features"]["slash_commands"][0]["should_escape"] = True
    command = manifest_from(values).command("/renewal")
    assert command is not None and command.should_escape
    assert mention_handles("for @maya and @nobody", {"maya": "UMAYA"}) == "for <@UMAYA|maya> and @nobody"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a & b &amp; c &lt;", "a &amp; b &amp; c &lt;"),
        ("<!channel> <@U1> <#C1|x> <!date^1^{date}|now>", "<!channel> <@U1> <#C1|x> <!date^1^{date}|now>"),
        ("<https://x.example|text> <mailto:a@b.example>", "<https://x.example|text> <mailto:a@b.example>"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_how_text_of_the_app_is_kept(given, kept):
    assert stored(given) == kept


def test_how_text_of_a_person_is_kept():
    assert typed("<!channel> & https://x.example/a.") == "&lt;!channel&gt; &amp; <https://x.example/a>."
