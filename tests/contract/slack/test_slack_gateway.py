"""What the gateway asks Slack for, and that loopback traffic takes no detour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import bot.slack.gateway
from bot.settings import Settings
from bot.slack import trouble
from bot.slack.gateway import PAGE, SlackGateway
from bot.slack.views.blocks import modal, section
from bot.slack.wire import is_loopback
from sandbox.server import World
from sandbox.slack import profiles
from tests.unhurried import SHIPPED

Fault = Callable[..., str]


def test_the_directory_has_everybody_page_by_page(world: World, gateway: SlackGateway, fault: Fault) -> None:
    for number in range(PAGE + 20):
        world.slack.add_person(f"Rep {number}", f"rep{number}@example.com", "Asia/Tokyo", id=f"UREP{number}")
    world.slack.deactivate("UREP1")
    everybody = {user.id: user for user in gateway.directory()}
    assert len(world.journal.entries(method="users.list")) == 2
    assert everybody["UANA"].email == "ana@example.com"
    assert everybody["UANA"].tz == "America/New_York"
    assert everybody["UREP1"].deleted
    assert not everybody["UREP2"].deleted
    assert everybody[world.slack.app.bot_user_id].is_bot


def test_who_we_are_is_asked_once_and_never_by_looking(world: World, gateway: SlackGateway) -> None:
    assert gateway.known_identity is None
    assert gateway.identity().user_id == world.slack.app.bot_user_id
    assert gateway.identity() is gateway.known_identity
    assert len(world.journal.entries(method="auth.test")) == 1


def test_a_message_is_found_behind_many_others(world: World, gateway: SlackGateway) -> None:
    channel = gateway.open_dm("UANA")
    since = world.clock.now() - timedelta(minutes=1)
    wanted = gateway.post(channel, "Due", [section("Due")], "digest|person:1|2026-11-23")
    for number in range(30):
        gateway.post(channel, "Other", [section("Other")], f"other|{number}")
    assert gateway.find_posted(channel, "digest|person:1|2026-11-23", since) == wanted
    assert gateway.find_posted(channel, "digest|person:1|2026-11-24", since) is None
    assert gateway.find_posted(channel, "digest|person:1|2026-11-23", since + timedelta(hours=1)) is None


def test_forms_open_only_with_a_fresh_trigger(gateway: SlackGateway) -> None:
    form = modal("Defer", "defer_form", [section("Acme")], "x")
    with pytest.raises(trouble.TriggerExpired):
        gateway.open_view("1.2.3", form)
    with pytest.raises(trouble.ViewGone):
        gateway.update_view("V404", form)


def test_a_listener_gives_up_after_two_seconds(gateway: SlackGateway) -> None:
    assert gateway._quick.timeout == bot.slack.gateway.LISTENER_SECONDS
    assert gateway._patient.timeout == bot.slack.gateway.COURIER_SECONDS
    for module in ("gateway", "bolt"):
        assert SHIPPED[f"bot.slack.{module}.LISTENER_SECONDS"] == 2
        assert SHIPPED[f"bot.slack.{module}.COURIER_SECONDS"] == 10
    assert gateway._quick.retry_handlers == []


def test_nothing_is_answered_to_a_strangers_address(gateway: SlackGateway) -> None:
    for url in (
        "https://evil.example/x",
        "http://127.0.0.1/slack/response/1",
        "https://hooks.slack.com/a",
        "x[",
    ):
        assert not gateway.is_ours(url)
        with pytest.raises(trouble.SlackTrouble, match="foreign_response_url"):
            gateway.respond(url, "x", [], replace_original=True)
    real = SlackGateway(Settings(slack_bot_token="xoxb-1"))
    assert real.is_ours("https://hooks.slack.com/actions/T1/2/3")
    assert not real.is_ours("http://hooks.slack.com/actions/T1/2/3")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"])
def test_loopback_goes_to_no_proxy(
    slack_settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    gateway = SlackGateway(slack_settings)
    assert gateway.identity().team_id == world.slack.team_id
    channel = gateway.open_dm("UANA")
    posted = gateway.post(channel, "Due", [section("Due")], "k")
    address = world.slack.response_urls.issue("UANA", channel, posted.ts)
    url = f"{world.slack.base_url}/slack/response/{address}"
    gateway.respond(url, "Done", [section("Done")], replace_original=True)
    assert [message.text for message in world.slack.dm_of("UANA").messages.values()] == ["Done"]


def test_what_loopback_is() -> None:
    assert is_loopback("http://127.0.0.1:8000/x")
    assert is_loopback("http://[::1]/")
    assert is_loopback("http://localhost:80")
    assert not is_loopback("https://slack.com/api/")
    assert not is_loopback("http://127.0.0.1.evil.example/")


def test_user_groups_are_asked_for_by_handle_with_their_members(world: World, gateway: SlackGateway) -> None:
    care = profiles.add_user_group(world.slack, "customer-care", "Customer Care", ["UANA"])
    ops = profiles.add_user_group(world.slack, "ops", "Operations", ["UANA"])
    profiles.add_user_group(world.slack, "others", "Others", ["UANA"])
    profiles.set_disabled(world.slack, ops.id, disabled=True)
    found = {one.handle: one for one in gateway.user_groups(("customer-care", "ops", "gone"))}
    assert found.keys() == {"customer-care", "ops"}
    assert (found["customer-care"].members, found["customer-care"].disabled) == (("UANA",), False)
    assert (found["ops"].members, found["ops"].disabled) == ((), True)
    (asked,) = world.journal.entries(method="usergroups.users.list")
    assert asked.body["usergroup"] == care.id


def test_the_directory_tells_statuses(world: World, gateway: SlackGateway) -> None:
    profiles.set_status(world.slack, "UANA", "Out &amp; about", ":palm_tree:", 1_999_999_999)
    (ana,) = [user for user in gateway.directory() if user.id == "UANA"]
    assert (ana.status_text, ana.status_emoji, ana.status_until) == (
        "Out & about",
        ":palm_tree:",
        1_999_999_999,
    )
