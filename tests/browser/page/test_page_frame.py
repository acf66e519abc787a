"""The frame: clock, phone layout, CRM and traffic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import MeetingLink

pytestmark = pytest.mark.browser


@pytest.fixture
def deal(world: Any) -> str:
    """A renewal put out on Monday 2 November, with a hostile name."""
    properties = {
        "dealname": "Harbor <img src=x onerror=alert(1)>",
        "pipeline": "renewals",
        "dealstage": world.hubspot.pipeline("renewals").stages[0].id,
        "renewal_put_out_date": "2026-11-02",
        "renewal_expiration_date": "2026-12-31",
        "amount": "2160",
    }
    made: str = world.hubspot.create("deals", properties).id
    return made


def clock_near(world: Any, expected: datetime) -> bool:
    return abs(world.clock.now() - expected) < timedelta(seconds=30)


def test_the_clock_shows_and_moves_in_the_zone_of_the_person(world: Any, look: Any, soon: Any) -> None:
    page = look()
    expect(page.get_by_test_id("clock-time")).to_have_text("Fri 20 Nov 2026 09:30")
    expect(page.get_by_test_id("clock-zone")).to_have_text("New York time")
    page.get_by_test_id("clock-hour").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Fri 20 Nov 2026 10:30")
    page.get_by_test_id("clock-next-morning").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Sat 21 Nov 2026 08:30")
    soon(lambda: clock_near(world, datetime(2026, 11, 21, 13, 30, tzinfo=UTC)))
    page.get_by_test_id("clock-next-working-day").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Mon 23 Nov 2026 08:30")
    berlin = look(user="UOMAR")
    expect(berlin.get_by_test_id("clock-time")).to_have_text("Mon 23 Nov 2026 14:30")
    berlin.get_by_test_id("clock-next-morning").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Tue 24 Nov 2026 02:30")


def test_the_way_to_the_next_morning_stops_at_everybody_elses(
    world: Any, app: Any, look: Any, soon: Any
) -> None:
    stops: list[datetime] = []
    told = world.slack.dm_of("UOMAR").id

    def heard() -> None:
        stops.append(world.clock.now())
        app.web.chat_postMessage(channel=told, text="Good morning")

    world.clock.set(datetime(2026, 11, 22, 20, 0, tzinfo=UTC))  # a Sunday
    page = look()
    world.clock.subscribe(lambda: Thread(target=heard).start())
    page.get_by_test_id("clock-next-morning").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Mon 23 Nov 2026 08:30")
    soon(lambda: len(stops) == 2)
    assert [f"{stop:%a %H:%M}" for stop in stops] == ["Mon 07:30", "Mon 13:30"]  # Berlin's, then New York's


def test_the_next_morning_is_half_past_eight_on_both_sides_of_a_clock_change(world: Any, look: Any) -> None:
    world.clock.set(datetime(2026, 10, 31, 20, 0, tzinfo=UTC))
    page = look()
    page.get_by_test_id("clock-next-morning").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Sun 1 Nov 2026 08:30")
    assert clock_near(world, datetime(2026, 11, 1, 13, 30, tzinfo=UTC))


@pytest.mark.parametrize(("day", "shown"), [(14, "Sun 15 Nov 2026 08:30"), (30, "Tue 1 Dec 2026 08:30")])
def test_the_clock_goes_to_a_day_of_an_account(deal: str, look: Any, day: int, shown: str) -> None:
    page = look()
    page.get_by_test_id(f"clock-day-{day}").click()
    expect(page.get_by_test_id("day-filter")).to_be_focused()
    page.keyboard.type("nobody")
    expect(page.get_by_test_id("day-row")).to_have_count(0)
    page.get_by_test_id("day-filter").fill("harb")
    page.locator(f'[data-testid="day-row"][data-deal="{deal}"]').click()
    expect(page.get_by_test_id("clock-time")).to_have_text(shown)
    expect(page.get_by_test_id("day-dialog")).to_have_count(0)


def test_the_days_to_go_to_come_soonest_first_and_those_gone_by_last(world: Any, look: Any) -> None:
    for name, put_out in (("Gone", "2026-11-03"), ("Soon", "2026-11-10"), ("Later", "2026-11-19")):
        values = {"dealname": name, "pipeline": "renewals", "dealstage": "renewal_put_out"}
        world.hubspot.create("deals", values | {"renewal_put_out_date": put_out})
    page = look()
    page.get_by_test_id("clock-day-14").click()
    expect(page.get_by_test_id("day-row")).to_have_count(3)
    names = page.get_by_test_id("day-row").locator("strong")
    expect(names).to_have_text(["Soon", "Later", "Gone"])
    expect(page.get_by_test_id("day-row").last).to_contain_text("back in time")


def test_crm_lists_filters_and_shows_a_deal(deal: str, look: Any) -> None:
    page = look("crm")
    line = page.locator(f'[data-testid="deal-row"][data-deal="{deal}"]')
    expect(line).to_contain_text("Harbor <img src=x onerror=alert(1)>")
    expect(line).to_contain_text("Mon 2 Nov 2026")
    expect(line).to_contain_text("2,160")
    page.get_by_test_id("crm-filter").fill("zzz")
    expect(page.get_by_test_id("empty")).to_contain_text("Nothing fits the filter")
    page.get_by_test_id("crm-filter").fill("HARB")
    line.get_by_test_id("deal-link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbor <img")
    expect(page.get_by_test_id("timeline")).to_contain_text("Nothing logged yet")


def test_a_customer_books_a_time_on_the_owners_page(world: Any, deal: str, look: Any, soon: Any) -> None:
    hubspot = world.hubspot
    hubspot.add_owner(Owner("71", "rita@team.example", "Rita", "Rep", 71))
    hubspot.outside.meeting_links.append(MeetingLink("1", 71, "Renewal talk", "rita"))
    contact = hubspot.create("contacts", {"email": "carl@harbor.example"})
    hubspot.associate("deals", deal, "contacts", contact.id)
    hubspot.update("deals", deal, {"hubspot_owner_id": "71"})
    page = look(f"crm/{deal}")
    page.get_by_test_id("log-kind").select_option("booking")
    page.get_by_test_id("log-save").click()
    expect(page.get_by_test_id("notice")).to_have_text("⚠Choose a time first.")
    page.get_by_test_id("log-starts").fill("2026-11-25T14:00")
    page.get_by_test_id("log-save").click()
    soon(lambda: len(hubspot.associated(contact, "meetings")) == 1)
    (made,) = hubspot.associated(contact, "meetings")
    assert (
        made.properties["hs_meeting_start_time"] == "2026-11-25T19:00:00.000Z"
    )  # in New York, as the page shows
    assert made.properties["hs_meeting_source"].startswith("MEETINGS")


def test_a_person_logs_in_hubspot_and_moves_the_deal(world: Any, deal: str, look: Any, soon: Any) -> None:
    page = look(f"crm/{deal}")
    page.get_by_test_id("log-outcome").select_option(label="Left voicemail")
    page.get_by_test_id("log-text").fill("Rang <b>twice</b>")
    page.get_by_test_id("log-save").click()
    entry = page.locator('[data-testid="engagement"][data-type="calls"]')
    expect(entry).to_contain_text("Left voicemail")
    expect(entry).to_contain_text("Fri 20 Nov 2026 09:30")
    page.get_by_test_id("log-kind").select_option("note")
    page.get_by_test_id("log-save").click()
    expect(page.get_by_test_id("notice")).to_have_text("⚠Write what happened first.")
    page.get_by_test_id("log-text").fill("Owner is away")
    page.get_by_test_id("log-save").click()
    expect(page.get_by_test_id("engagement")).to_have_count(2)
    stages = world.hubspot.pipeline("renewals").stages
    page.get_by_test_id("deal-dealstage").select_option(stages[1].id)
    page.get_by_test_id("deal-renewal_expiration_date").fill("2027-01-15")

    def held(name: str) -> str:
        value: str = world.hubspot.get("deals", deal).properties[name]
        return value

    soon(lambda: held("dealstage") == stages[1].id)
    soon(lambda: held("renewal_expiration_date") == "2027-01-15")


def test_traffic_shows_both_directions_and_their_bodies(app: Any, dm: str, look: Any) -> None:
    app.web.chat_postMessage(channel=dm, text="<&> hello traffic")
    page = look("traffic")
    line = page.locator('[data-testid="traffic-row"][data-method="chat.postMessage"]')
    expect(line).to_contain_text("Slack")
    page.get_by_test_id("traffic-service").select_option("hubspot")
    expect(line).to_have_count(0)
    page.get_by_test_id("traffic-service").select_option("")
    page.get_by_test_id("traffic-method").fill("postmess")
    expect(page.get_by_test_id("traffic-row")).to_have_count(1)
    line.locator("summary").click()
    expect(line).to_contain_text("hello traffic")
    app.web.chat_postMessage(channel=dm, text="again")
    expect(line).to_have_count(2)
    expect(line.last).to_have_attribute("open", "")


def test_traffic_leaves_lookups_out_until_everything_is_asked_for(app: Any, dm: str, look: Any) -> None:
    app.web.chat_postMessage(channel=dm, text="hello")
    app.web.users_list()
    page = look("traffic")
    said = page.locator('[data-testid="traffic-row"][data-method="chat.postMessage"]')
    looked_up = page.locator('[data-testid="traffic-row"][data-method="users.list"]')
    expect(said).to_have_count(1)
    expect(looked_up).to_have_count(0)
    page.get_by_test_id("traffic-kind").select_option("")
    expect(looked_up).to_have_count(1)
    page.get_by_test_id("traffic-kind").select_option("changes")
    expect(looked_up).to_have_count(0)
    expect(said).to_have_count(1)


def test_traffic_tells_what_the_app_acknowledged_and_what_not(app: Any, look: Any) -> None:
    page = look()
    page.get_by_test_id("composer").fill("/renewal today")
    page.keyboard.press("Enter")
    page.get_by_test_id("place-traffic").click()
    lines = page.locator('[data-testid="traffic-row"][data-method="slash_commands"]')
    expect(lines).to_contain_text("slash_commands · /renewal")
    expect(lines).to_contain_text("acknowledged")
    app.fall_silent()
    page.get_by_test_id("conversation").first.click()
    page.get_by_test_id("composer").fill("/renewal today")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("notice")).to_contain_text("did not answer within 3 s")
    page.get_by_test_id("place-traffic").click()
    expect(lines.first).to_contain_text("timeout")


def overflow(page: Page) -> list[str]:
    """What can be scrolled sideways although it should fit."""
    found: list[str] = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('.scroll, .message-list, .dialog-body')]
            .filter(node => node.scrollWidth > node.clientWidth).map(node => node.className || node.nodeName)"""
    )
    return found


def too_small(page: Page) -> list[str]:
    """Visible controls under 44 px high."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=checkbox]):not([type=radio])')]
            .filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
            .map(node => node.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("place", ["dm", "home", "crm", "crm/{deal}", "traffic", "c/CRENEW"])
def test_nothing_scrolls_sideways_on_a_phone(app: Any, dm: str, deal: str, look: Any, place: str) -> None:
    names = ["No answer", "Left voicemail", "Connected…", "Left a live message", "More…"]
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": name}, "action_id": name} for name in names
    ]
    long = "A" * 120 + " <https://example.com/" + "x" * 150 + ">"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": long}}
    for channel in (dm, "CRENEW"):
        app.web.chat_postMessage(
            channel=channel, text="x", blocks=[section, {"type": "actions", "elements": buttons}]
        )
    page = look(place.format(deal=deal), phone=True)
    page.wait_for_function("() => !document.querySelector('#main').matches(':empty')")
    if place in ("dm", "c/CRENEW"):
        expect(page.locator('[data-action-id="More…"]')).to_be_visible()
    if place == "crm/{deal}":
        expect(page.get_by_test_id("deal-dealstage")).to_be_visible()
    assert overflow(page) == []
    assert too_small(page) == []


def test_a_phone_reaches_everything_through_the_drawer_and_the_unfolded_clock(look: Any) -> None:
    page = look(phone=True)
    expect(page.get_by_test_id("place-crm")).not_to_be_in_viewport()
    page.get_by_test_id("drawer-open").click()
    expect(page.get_by_test_id("person-switch")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("place-crm")).to_be_hidden()
    page.get_by_test_id("drawer-open").click()
    page.get_by_test_id("place-crm").click()
    expect(page.get_by_test_id("crm-filter")).to_be_visible()
    expect(page.get_by_test_id("place-crm")).to_be_hidden()
    expect(page.get_by_test_id("clock-next-morning")).to_be_hidden()
    page.get_by_test_id("clock-toggle").click()
    page.get_by_test_id("clock-next-morning").click()
    expect(page.get_by_test_id("clock-time")).to_have_text("Sat 21 Nov 2026 08:30")


def test_a_lost_connection_is_said_and_mended(world: Any, dm: str, look: Any, app: Any) -> None:
    app.web.chat_postMessage(channel=dm, text="Good morning")
    page = look()
    expect(page.get_by_test_id("message")).to_have_count(1)
    page.context.set_offline(True)
    page.get_by_test_id("composer").fill("typed while away")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("notice")).to_contain_text("not reachable")
    page.context.set_offline(False)
    expect(page.get_by_test_id("composer")).to_have_value("typed while away")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message")).to_contain_text(["Good morning", "typed while away"])


def test_what_could_not_be_loaded_comes_by_itself_with_the_connection(
    world: Any, app: Any, dm: str, look: Any
) -> None:
    app.web.chat_postMessage(channel=dm, text="Good morning")
    page = look("crm")
    expect(page.get_by_test_id("crm-filter")).to_be_visible()
    page.route("**/conversations/*limit=*", lambda route: route.abort())
    page.goto(page.url.split("#")[0] + "#/as/UMAYA/dm")
    expect(page.get_by_test_id("empty")).to_contain_text("This could not be loaded")
    page.unroute("**/conversations/*limit=*")
    world.slack.changes.end()
    expect(page.get_by_test_id("message")).to_contain_text("Good morning")
    expect(page.get_by_test_id("composer")).to_be_visible()


def test_a_page_that_lost_its_stream_says_so_and_catches_up(world: Any, app: Any, dm: str, look: Any) -> None:
    page = look()
    app.web.chat_postMessage(channel=dm, text="before")
    expect(page.get_by_test_id("message")).to_have_count(1)
    page.route("**/events", lambda route: route.abort())
    world.slack.changes.end()
    expect(page.get_by_test_id("connection")).to_contain_text("Connection lost")
    app.web.chat_postMessage(channel=dm, text="while away")
    page.unroute("**/events")
    expect(page.get_by_test_id("message")).to_have_count(2)
    expect(page.get_by_test_id("connection")).to_be_empty()


def test_an_unreadable_address_leads_somewhere_sensible(look: Any) -> None:
    page = look("dm", user="UNOBODY")
    expect(page.get_by_test_id("person-switch")).to_have_attribute("data-user", "UMAYA")
    page.goto(page.url.split("#")[0] + "#/as/UMAYA/c/CNONE")
    expect(page.get_by_test_id("empty")).to_contain_text("No such conversation")
