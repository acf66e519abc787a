"""The book: a believable team and its accounts, the same each time, told relative to a date."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox import book
from sandbox.book.accounts import make_accounts
from sandbox.book.calendars import WorkingDays
from sandbox.book.people import GUS, REPS, TEAM
from sandbox.book.plots import on_time
from sandbox.hubspot.kinds import ENGAGEMENTS, kind_of
from sandbox.hubspot.records import Record
from sandbox.hubspot.values import parse_instant
from sandbox.server import World

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def world() -> World:
    world = World(seed=7, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    book.fill(world)
    return world


def renewals(world: World) -> list[Record]:
    deals = world.hubspot.records.all(kind_of("deals"))
    return [deal for deal in deals if deal.properties["pipeline"] == "renewals"]


def told(world: World) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    return [
        (record.kind.name, record.id, tuple(sorted(record.properties.items())))
        for name in ("deals", "companies", "contacts", *ENGAGEMENTS)
        for record in world.hubspot.records.all(kind_of(name))
    ]


def test_the_same_seed_and_date_tell_the_same_and_another_seed_does_not(world: World) -> None:
    again, other = (World(seed=seed, now=datetime(2026, 11, 23, 18, tzinfo=UTC)) for seed in (7, 8))
    book.fill(again)
    book.fill(other, MONDAY)
    assert told(again) == told(world)
    assert told(other) != told(world)


def test_about_sixty_accounts_over_all_days_stages_and_reps(world: World) -> None:
    deals = renewals(world)
    days = {(MONDAY - date.fromisoformat(deal.properties["renewal_put_out_date"])).days + 1 for deal in deals}
    stages = Counter(deal.properties["dealstage"] for deal in deals)
    owners = Counter(deal.properties["hubspot_owner_id"] for deal in deals)
    assert 55 <= len(deals) <= 70
    assert days >= {-6, -1, 0, 1, 2, 3, 4, 5, 6, 7, 14, 28, 29, 30, 34}
    assert set(stages) == set(book.STAGE_IDS.values())
    assert sorted(owners.values())[0] == 1
    assert sum(count > 15 for count in owners.values()) == len(REPS)


def test_every_owner_but_the_one_who_left_is_in_slack_with_the_same_address(world: World) -> None:
    in_slack = {person.email for person in world.slack.people.values() if not person.is_bot}
    owners = {owner.email for owner in world.hubspot.owners.values()}
    assert owners - in_slack == {GUS.email}
    assert {who.email for who in TEAM} <= owners & in_slack


def test_the_channels_have_their_members_and_the_app(world: World) -> None:
    names = {person.id: person.name for person in world.slack.people.values()}
    members = {
        channel.name: {names[one] for one in channel.members if one in names}
        for channel in world.slack.channels.values()
        if channel.kind == "channel"
    }
    assert set(members) == {"renewals-managers", "customer-care", "general"}
    assert "Priya Nair" in members["renewals-managers"]
    assert {"Lena Fischer", "Tom Achebe"} <= members["customer-care"]
    assert "Maya Okafor" not in members["customer-care"]
    for channel in world.slack.channels.values():
        assert channel.kind != "channel" or world.slack.app.bot_user_id in channel.members


def test_what_was_done_lies_in_the_past_on_working_days_in_office_hours(world: World) -> None:
    by_email = {who.email: who for who in (*TEAM, GUS)}
    calendars = {who.key: WorkingDays(who, MONDAY) for who in (*REPS, GUS)}
    done = 0
    for name in ("calls", "emails", "notes"):
        for record in world.hubspot.records.all(kind_of(name)):
            owner = by_email[world.hubspot.owners[record.properties["hubspot_owner_id"]].email]
            local = parse_instant(record.properties["hs_timestamp"]).astimezone(ZoneInfo(owner.tz))
            assert local.date() < MONDAY
            assert calendars[owner.key].is_one(local.date()), f"{name} on {local}"
            assert 9 <= local.hour < 17
            done += 1
    assert done > 200


def test_engagements_stand_on_deal_company_and_contact_by_the_deals_owner(world: World) -> None:
    portal = world.hubspot
    seen = 0
    for name in ENGAGEMENTS:
        for record in portal.records.all(kind_of(name)):
            (deal,) = portal.associated(record, "deals")
            assert portal.associated(record, "companies") == portal.associated(deal, "companies")
            assert portal.associated(record, "contacts")[0] in portal.associated(deal, "contacts")
            assert record.properties["hubspot_owner_id"] == deal.properties["hubspot_owner_id"]
            seen += 1
    assert seen > 250


def test_nothing_was_done_before_an_account_was_put_out(world: World) -> None:
    for deal in renewals(world):
        put_out = date.fromisoformat(deal.properties["renewal_put_out_date"])
        owner = world.hubspot.owners[deal.properties["hubspot_owner_id"]]
        zone = ZoneInfo(next(who.tz for who in (*TEAM, GUS) if who.email == owner.email))
        for name in ("calls", "emails", "notes"):
            for record in world.hubspot.associated(deal, name):
                at = parse_instant(record.properties["hs_timestamp"]).astimezone(zone)
                assert at.date() >= put_out


def test_the_diary_says_on_which_record_each_cancellation_review_and_deferral_stands() -> None:
    world = World(seed=7, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    diary = book.fill(world)
    carried_by = {"review": "notes", "deferral": "tasks", "cancellation_email": "emails", "kept": "notes"}
    carried_by |= {"takedown_email": "emails", "care_confirmed": "notes"}
    addresses = {who.email for who in TEAM} | {GUS.email}
    for entry in diary:
        record = world.hubspot.records.find(kind_of(entry.record[0]), entry.record[1])
        assert record is not None
        assert entry.record[0] == carried_by[entry.kind]
        assert [deal.id for deal in world.hubspot.associated(record, "deals")] == [entry.deal_id]
        assert entry.by in addresses
        assert (entry.until is not None) == (entry.kind in ("deferral", "kept"))
        assert entry.at < world.clock.now()
    assert {entry.kind for entry in diary} == set(carried_by)
    assert len({entry.record for entry in diary}) == len(diary)
    assert [entry.at for entry in diary] == sorted(entry.at for entry in diary)


def test_who_is_past_day_14_and_on_time_has_had_the_cancellation_email() -> None:
    world = World(seed=7, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    diary = book.fill(world)
    deals = {deal.properties["dealname"]: deal.id for deal in renewals(world)}
    sent = {entry.deal_id for entry in diary if entry.kind == "cancellation_email"}
    for account in make_accounts(MONDAY, 7):
        if account.plot.tell is on_time:
            assert (deals[account.name] in sent) == (account.playbook_day(MONDAY) > 16), account.plot.name


@pytest.mark.parametrize("on", [MONDAY, date(2026, 11, 25), date(2026, 12, 28)])
def test_one_account_was_put_out_on_the_last_working_day_and_nobody_has_touched_it(on: date) -> None:
    world = World(seed=7, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    book.fill(world, on)
    (account,) = [one for one in make_accounts(on, 7) if one.plot.name == "undocumented"]
    assert account.put_out_on == WorkingDays(account.owner, on).before(on)
    (deal,) = [one for one in renewals(world) if one.properties["dealname"] == account.name]
    assert not any(world.hubspot.associated(deal, name) for name in ENGAGEMENTS)


def test_prices_expirations_and_meetings_are_as_a_day_needs_them(world: World) -> None:
    deals = renewals(world)
    prices = [int(deal.properties["renewal_monthly_price"]) for deal in deals]
    assert min(prices) >= 49
    assert max(prices) <= 900
    assert [deal for deal in deals if "renewal_expiration_date" not in deal.properties]
    assert [deal for deal in deals if "site_taken_down_at" in deal.properties]
    now = world.clock.now()
    starts = [
        (parse_instant(one.properties["hs_meeting_start_time"]), one.properties.get("hs_meeting_outcome"))
        for one in world.hubspot.records.all(kind_of("meetings"))
    ]
    assert any(start > now and start.date() == MONDAY for start, _ in starts)
    assert any(start > now + timedelta(days=1) for start, _ in starts)
    assert any(start < now and outcome is None for start, outcome in starts)


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 3, 8), date(2026, 12, 25), date(2027, 1, 1)])
def test_any_day_can_be_the_day(on: date) -> None:
    world = World(now=datetime(2026, 11, 23, tzinfo=UTC))
    book.fill(world, on)
    assert len(renewals(world)) == len(make_accounts(on))


def test_the_csv_has_the_same_accounts(world: World) -> None:
    rows = list(csv.DictReader(io.StringIO(book.as_csv(MONDAY, seed=7))))
    assert len({row["id"] for row in rows}) == len(rows)
    assert {(row["account"], row["put_out_on"], row["expires_on"], row["price"]) for row in rows} == {
        (
            deal.properties["dealname"],
            deal.properties["renewal_put_out_date"],
            deal.properties.get("renewal_expiration_date", ""),
            deal.properties["renewal_monthly_price"],
        )
        for deal in renewals(world)
    }
    assert {"May", "Bäckerei Müller", "O'Brien & Daughters Plumbing"} <= {row["account"] for row in rows}


def test_the_configuration_names_people_channels_and_stages_that_exist(world: World) -> None:
    config = tomllib.loads(book.config_toml())
    known = {person.email for person in world.slack.people.values()}
    known |= {f"@{group.handle}" for group in world.slack.user_groups.values() if group.members}
    (team,) = config["teams"]
    assert set(team["reps"]) == {rep.email for rep in REPS}
    assert {*team["managers"], *config["roles"]["admins"], *config["roles"]["customer_care"]} <= known
    channels = {channel.name for channel in world.slack.channels.values()}
    assert {team["manager_channel"], config["channels"]["care"]} <= channels
    pipeline = world.hubspot.pipeline(config["hubspot"]["pipeline"])
    assert pipeline is not None
    assert config["hubspot"]["portal_id"] == str(world.hubspot.settings.portal_id)
    assert {stage.id for stage in pipeline.stages} == set(config["hubspot"]["stages"])
    assert sorted(one for office in config["offices"] for one in office["people"]) == sorted(
        who.email for who in TEAM
    )
