"""Modals and Home: triggers, hashes, the stack, and every answer to a submission."""

from __future__ import annotations

import pytest

from tests.unhurried import SHIPPED

DIGEST = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "action_id": "defer",
                "text": {"type": "plain_text", "text": "Defer"},
                "value": "r",
            }
        ],
    }
]


def modal(title="Defer", **members):
    form = {
        "type": "modal",
        "callback_id": "defer",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "note",
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": "Note"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
            {
                "type": "actions",
                "block_id": "acts",
                "elements": [
                    {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}},
                    {
                        "type": "static_select",
                        "action_id": "reason",
                        "options": [
                            {"text": {"type": "plain_text", "text": text}, "value": text}
                            for text in ("travel", "holiday")
                        ],
                    },
                ],
            },
        ],
    }
    return form | members


NOTE = {"note": {"text": {"type": "plain_text_input", "value": "Back on Monday"}}}


@pytest.fixture
def trigger(world, app, web, people):
    """Press the digest's button; answers the trigger id the app got."""
    world.slack.rates.post_interval_s = 0
    sent = web.chat_postMessage(channel="UMAYA", text="x", blocks=DIGEST)
    container = {"type": "message", "channel": sent["channel"], "ts": sent["ts"]}

    def pressed():
        body = {"container": container, "block_id": "row", "action_id": "defer"}
        assert people.post("/people/UMAYA/actions", json=body).json()["acked"]
        return app.kinds("interactive")[-1].payload["trigger_id"]

    return pressed


@pytest.fixture
def opened(web, trigger):
    return web.views_open(trigger_id=trigger(), view=modal())["view"]


@pytest.fixture
def stack(people):
    return lambda: [one["view"]["title"]["text"] for one in people.get("/people/UMAYA/views").json()]


@pytest.fixture
def submit(people, app):
    def submitted(view_id, answer=None, values=NOTE):
        app.answer = lambda _: answer
        return people.post(f"/people/UMAYA/views/{view_id}/submit", json={"values": values}).json()

    return submitted


def test_a_trigger_is_used_once(web, trigger, refusal):
    trigger_id = trigger()
    assert web.views_open(trigger_id=trigger_id, view=modal())["view"]["id"].startswith("V")
    assert refusal(web.views_open, trigger_id=trigger_id, view=modal())["error"] == "exchanged_trigger_id"
    assert refusal(web.views_open, trigger_id="1.2.x", view=modal())["error"] == "invalid_trigger_id"


def test_a_trigger_is_good_for_three_seconds(world, web, trigger, refusal):
    assert SHIPPED["sandbox.slack.triggers.TRIGGER_SECONDS"] == 3.0
    world.slack.triggers.seconds = 0.0
    assert refusal(web.views_open, trigger_id=trigger(), view=modal())["error"] == "expired_trigger_id"


def test_a_refused_view_does_not_spend_the_trigger(web, trigger, refusal):
    trigger_id = trigger()
    refused = refusal(web.views_open, trigger_id=trigger_id, view=modal(submit=None))
    assert refused["error"] == "invalid_arguments"
    assert "submit" in refused["response_metadata"]["messages"][0]
    too_large = modal(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 90)
    assert refusal(web.views_open, trigger_id=trigger_id, view=too_large)["error"] == "view_too_large"
    assert web.views_open(trigger_id=trigger_id, view=modal())["ok"]


def test_an_update_checks_the_hash_and_keeps_what_was_entered(world, app, web, people, opened, refusal):
    chosen = {"selected_option": {"value": "holiday"}}
    body = {
        "container": {"type": "view", "view_id": opened["id"]},
        "block_id": "acts",
        "action_id": "reason",
        "value": chosen,
        "state": NOTE,
    }
    assert people.post("/people/UMAYA/actions", json=body).json()["acked"]
    payload = app.kinds("interactive")[-1].payload
    assert payload["actions"][0]["selected_option"]["text"]["text"] == "holiday"
    assert payload["container"] == {"type": "view", "view_id": opened["id"]}
    assert payload["view"]["state"]["values"]["note"]["text"]["value"] == "Back on Monday"
    assert payload["view"]["hash"] == opened["hash"] and "response_url" not in payload

    changed = web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Two"))["view"]
    assert changed["hash"] != opened["hash"]
    assert changed["state"]["values"]["note"]["text"]["value"] == "Back on Monday"
    stale = refusal(web.views_update, view_id=opened["id"], hash=opened["hash"], view=modal())
    assert stale["error"] == "hash_conflict"
    assert refusal(web.views_update, view_id="VNOPE", view=modal())["error"] == "not_found"


def test_the_stack_holds_three(app, web, people, opened, stack, refusal):
    def more(view_id):
        body = {"container": {"type": "view", "view_id": view_id}, "block_id": "acts", "action_id": "more"}
        assert people.post("/people/UMAYA/actions", json=body).json()["acked"]
        return app.kinds("interactive")[-1].payload["trigger_id"]

    second = web.views_push(trigger_id=more(opened["id"]), view=modal("Two"))["view"]
    assert second["previous_view_id"] == second["root_view_id"] == opened["id"]
    third = web.views_push(trigger_id=more(second["id"]), view=modal("Three"))["view"]
    assert stack() == ["Defer", "Two", "Three"]
    full = refusal(web.views_push, trigger_id=more(third["id"]), view=modal("Four"))
    assert full["error"] == "push_limit_reached"


def test_a_plain_acknowledgement_closes_the_form(opened, submit, stack):
    assert submit(opened["id"])["acked"] and stack() == []


def test_an_update_answer_redraws_the_form(opened, submit, stack):
    assert submit(opened["id"], {"response_action": "update", "view": modal("Again")})["acked"]
    assert stack() == ["Again"]


def test_a_push_answer_stacks_and_a_clear_answer_clears(people, opened, submit, stack):
    submit(opened["id"], {"response_action": "push", "view": modal("Sure?")})
    assert stack() == ["Defer", "Sure?"]
    top = people.get("/people/UMAYA/views").json()[-1]["id"]
    below = people.post(f"/people/UMAYA/views/{opened['id']}/submit", json={"values": NOTE})
    assert below.status_code == 400
    submit(top, {"response_action": "clear"})
    assert stack() == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"response_action": "errors", "errors": {"acts": "no input"}}, "invalid_errors"),
        ({"response_action": "errors"}, "invalid_errors"),
        ({"response_action": "explode"}, "invalid_response_action"),
        ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
        ({"text": "saved"}, "invalid_response_action"),
    ],
)
def test_an_answer_slack_does_not_understand_leaves_the_form(opened, submit, stack, answer, error):
    assert submit(opened["id"], answer)["error"] == error
    assert stack() == ["Defer"]


def test_closing_tells_the_app_only_if_it_asked(app, web, people, trigger, stack):
    for notify in (False, True):
        view = web.views_open(trigger_id=trigger(), view=modal(notify_on_close=notify))["view"]
        assert people.post(f"/people/UMAYA/views/{view['id']}/close").json()["acked"]
        assert stack() == []
    closed = [one.payload for one in app.kinds("interactive") if one.payload["type"] == "view_closed"]
    assert [one["view"]["id"] for one in closed] == [view["id"]] and closed[0]["is_cleared"] is False


def test_home_is_published_opened_and_guarded_by_its_hash(app, web, people, refusal, eventually):
    view = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]}
    assert people.get("/people/UMAYA/home").json() == {"view": None}
    people.post("/people/UMAYA/home/open")
    eventually(lambda: app.kinds("events_api"))
    event = app.kinds("events_api")[0].payload["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "UMAYA", "home")
    shown = web.views_publish(user_id="UMAYA", view=view)["view"]
    assert people.get("/people/UMAYA/home").json()["view"]["hash"] == shown["hash"]
    web.views_publish(user_id="UMAYA", hash=shown["hash"], view=view)
    stale = refusal(web.views_publish, user_id="UMAYA", hash=shown["hash"], view=view)
    assert stale["error"] == "hash_conflict"
    assert refusal(web.views_publish, user_id="UNOPE", view=view)["error"] == "user_not_found"
    assert refusal(web.views_publish, user_id="UMAYA", view=modal())["error"] == "invalid_arguments"


def test_nobody_uses_another_persons_form(people, opened):
    answer = people.post(f"/people/UOMAR/views/{opened['id']}/submit", json={"values": NOTE})
    assert answer.status_code == 400 and "top" in answer.json()["error"]
