"""A morning over the wire: digest, tap, form, command, as slack_sdk and a person's client see it."""

from __future__ import annotations


def button(value: str = "run-1") -> list[dict]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Call *Acme*"}},
        {
            "type": "actions",
            "block_id": "touch",
            "elements": [
                {
                    "type": "button",
                    "action_id": "no_answer",
                    "text": {"type": "plain_text", "text": "No answer"},
                    "value": value,
                }
            ],
        },
    ]


def form() -> dict:
    return {
        "type": "modal",
        "callback_id": "defer",
        "private_metadata": "run-1",
        "title": {"type": "plain_text", "text": "Defer"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "note",
                "label": {"type": "plain_text", "text": "Note"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
            {
                "type": "input",
                "block_id": "until",
                "optional": True,
                "label": {"type": "plain_text", "text": "Until"},
                "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
            },
        ],
    }


def test_a_tap_reaches_the_app_with_slacks_payload(world, web, app, people):
    sent = web.chat_postMessage(channel="UMAYA", text="Your morning", blocks=button())
    channel = sent["channel"]
    assert channel == world.slack.dm_of("UMAYA").id and channel.startswith("D")

    answer = people.post(
        "/people/UMAYA/actions",
        json={
            "container": {"type": "message", "channel": channel, "ts": sent["ts"]},
            "block_id": "touch",
            "action_id": "no_answer",
        },
    ).json()
    assert answer["acked"] is True and answer["ms"] < 3000

    (payload,) = [one.payload for one in app.kinds("interactive")]
    assert payload["type"] == "block_actions"
    assert payload["user"] == {
        "id": "UMAYA",
        "username": "maya",
        "name": "maya",
        "team_id": world.slack.team_id,
    }
    assert payload["container"]["message_ts"] == sent["ts"]
    assert payload["channel"] == {"id": channel, "name": "directmessage"}
    assert payload["message"]["blocks"][1]["elements"][0]["value"] == "run-1"
    (action,) = payload["actions"]
    assert action["value"] == "run-1" and action["type"] == "button" and action["block_id"] == "touch"
    assert payload["response_url"].startswith(world.slack.base_url)


def test_a_form_is_opened_filled_and_submitted(world, web, app, people):
    def open_form(request):
        if request.type == "interactive" and request.payload["type"] == "block_actions":
            web.views_open(trigger_id=request.payload["trigger_id"], view=form())

    app.answer = open_form
    sent = web.chat_postMessage(channel="UMAYA", text="Your morning", blocks=button())
    press = {
        "container": {"type": "message", "channel": sent["channel"], "ts": sent["ts"]},
        "block_id": "touch",
        "action_id": "no_answer",
    }
    assert people.post("/people/UMAYA/actions", json=press).json()["acked"]
    (modal,) = people.get("/people/UMAYA/views").json()

    empty = people.post(f"/people/UMAYA/views/{modal['id']}/submit", json={"values": {}}).json()
    assert empty["acked"] is False and set(empty["errors"]) == {"note"}

    app.answer = lambda _: {"response_action": "errors", "errors": {"until": "That is past."}}
    note = {"note": {"text": {"type": "plain_text_input", "value": "Out of town"}}}
    refused = people.post(f"/people/UMAYA/views/{modal['id']}/submit", json={"values": note}).json()
    assert refused["response"]["errors"] == {"until": "That is past."}
    assert len(people.get("/people/UMAYA/views").json()) == 1

    app.answer = lambda _: None
    done = people.post(f"/people/UMAYA/views/{modal['id']}/submit", json={"values": note}).json()
    assert done["acked"] is True
    assert people.get("/people/UMAYA/views").json() == []
    submitted = app.kinds("interactive")[-1].payload
    assert submitted["view"]["state"]["values"] == {
        "note": {"text": {"type": "plain_text_input", "value": "Out of town"}},
        "until": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}},
    }
    assert submitted["view"]["private_metadata"] == "run-1"


def test_a_command_is_answered_to_the_person_only(world, app, people):
    app.answer = lambda _: {"text": "Two renewals are due."}
    channel = world.slack.dm_of("UMAYA").id
    answer = people.post(
        f"/people/UMAYA/conversations/{channel}/messages", json={"text": "/renewal today & <now>"}
    ).json()
    assert answer["acked"] and answer["answer"] == {"text": "Two renewals are due."}
    payload = app.received[-1].payload
    assert payload["command"] == "/renewal" and payload["text"] == "today &amp; &lt;now&gt;"
    shown = people.get(f"/people/UMAYA/conversations/{channel}").json()["messages"]
    assert [(one["text"], one["ephemeral"]) for one in shown] == [("Two renewals are due.", True)]
    assert world.slack.messages(channel) == []


def test_what_a_person_writes_reaches_the_app_as_an_event(world, app, people, eventually):
    channel = world.slack.dm_of("UMAYA").id
    said = people.post(f"/people/UMAYA/conversations/{channel}/messages", json={"text": "hi <there>"}).json()
    eventually(lambda: app.kinds("events_api"))
    (payload,) = [one.payload for one in app.kinds("events_api")]
    assert payload["event"]["text"] == "hi &lt;there&gt;"
    assert payload["event"]["ts"] == said["ts"]
    assert payload["event"]["channel_type"] == "im"
    assert payload["authorizations"][0]["user_id"] == world.slack.app.bot_user_id
