"""Exactly one digest, or a recorded reason, per rep and local date: two years, every zone, every change of clocks
(FAULTS 15, I1).

Zones whose clocks agree at every instant of these years cannot be told apart, so one of each kind stands for all.
Time is stepped finely around every change of clocks, and over a whole ordinary week.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import select

from bot.config import Config, Office, Team
from bot.playbook.policy import load_policy
from bot.services.day.morning import LONGEST_GAP, send_mornings
from bot.services.work import Work
from bot.store.session import Store
from bot.store.tables import OutboxRow, Person, Setting

FROM, TO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2028, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVERY_DAY = Office("always", workdays=frozenset(range(7)))


class Change(NamedTuple):
    """An instant at which a zone's clocks change, with the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta


Changes = tuple[Change, ...]


def changes(zone: ZoneInfo) -> Changes:
    """When a zone's clocks change in these years."""

    def offset(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or timedelta()

    found = []
    at, before = FROM, offset(FROM)
    while at < TO:
        at += DAY
        if offset(at) == before:
            continue
        low, high = at - DAY, at
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if offset(middle) == before else (low, middle)
        found.append(Change(high.replace(microsecond=0), before, offset(at)))
        before = offset(at)
    return tuple(found)


def kinds_of_zones() -> dict[str, Changes]:
    """One zone for each way in which clocks run in these years, with its changes."""
    kinds: dict[Any, str] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        kinds.setdefault((FROM.astimezone(zone).utcoffset(), changes(zone)), name)
    return {name: found for (_, found), name in kinds.items()}


class Years:
    """An assistant whose time the test steps; reps in a zone each, and the dates that must be accounted for."""

    def __init__(self, path: Path, zones: Iterable[str]) -> None:
        self.at = FROM
        self.store = Store(f"sqlite:///{path}")
        self.zones = {f"{number}@team.example": zone for number, zone in enumerate(zones)}
        self.work = Work(
            store=self.store,
            clock=self,
            config=Config(teams=(Team("All", reps=tuple(self.zones)),), offices=(EVERY_DAY,)),
            policy=load_policy(None),
            deal_url=lambda _: None,
            book="import",
        )
        with self.store.write() as session:
            session.add(Setting(name="go_live", value={"from": "2026-01-01"}))
            session.add_all(
                Person(email=email, name=zone, tz=zone, slack_team_id="T", slack_user_id=f"U{email}")
                for email, zone in self.zones.items()
            )

    def now(self) -> datetime:
        return self.at

    def elapsed(self) -> datetime:
        return self.at

    def only(
        self, zones: Iterable[str], digest_at: time = time(8, 30), offices: tuple[Office, ...] = (EVERY_DAY,)
    ) -> None:
        """From now on there are only the reps of these zones, with this hour and these working days."""
        wanted = set(zones)
        reps = tuple(email for email, zone in self.zones.items() if zone in wanted)
        config = Config(teams=(Team("Some", reps=reps),), offices=offices)
        self.work = replace(self.work, config=config, policy=replace(self.work.policy, digest_at=digest_at))

    def step(self, instants: Iterable[datetime]) -> None:
        for at in instants:
            self.at = at
            send_mornings(self.work)

    def decided(self) -> dict[str, dict[date, OutboxRow]]:
        """Rows by zone and date; a second row for the same would be a key error of the database."""
        found: dict[str, dict[date, OutboxRow]] = defaultdict(dict)
        with self.store.read() as session:
            names = {f"person:{person.id}": person.tz for person in session.scalars(select(Person))}
            for row in session.scalars(select(OutboxRow).where(OutboxRow.kind == "digest")):
                found[names[row.recipient]][date.fromisoformat(row.slot)] = row
        return found


@pytest.fixture
def years(tmp_path: Path, sqlite_template: Path) -> Iterator[Callable[[Iterable[str]], Years]]:
    made: list[Years] = []

    def make(zones: Iterable[str]) -> Years:
        path = tmp_path / f"{len(made)}.sqlite3"
        shutil.copy(sqlite_template, path)
        made.append(Years(path, zones))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


def span(first: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += step


def dates_between(zone: str, first: datetime, last: datetime, digest_at: time) -> Iterator[date]:
    """The local dates whose digest hour lies between two instants (of an hour that does not exist: after it)."""
    tz = ZoneInfo(zone)
    day = first.astimezone(tz).date()
    while day <= last.astimezone(tz).date():
        come = datetime.combine(day, digest_at, tz).astimezone(UTC)
        if first <= come <= last - HOUR:
            yield day
        day += DAY


def clusters(zones: dict[str, Changes]) -> list[tuple[datetime, datetime, set[str], time]]:
    """Times of changing clocks: from, to, in which zones, and a wall time that one of them has twice or never."""
    found: list[tuple[datetime, datetime, set[str], time]] = []
    for change, zone in sorted((change, zone) for zone, some in zones.items() for change in some):
        at, tz = change.at, ZoneInfo(zone)
        before = (at - timedelta(minutes=15)).astimezone(tz)
        # 15 minutes before the clocks go back there is a time that comes twice; what a clock skips is just
        # before what it shows afterwards.
        odd = before if change.after < change.before else at.astimezone(tz) - timedelta(minutes=15)
        if found and at - found[-1][1] < DAY:
            first, _, named, wall = found.pop()
            found.append((first, at + 30 * HOUR, named | {zone}, wall))
        else:
            wall = odd.time() if odd.hour < 11 else time(8, 30)  # a morning's hour lies in the morning
            found.append((at - 8 * HOUR, at + 30 * HOUR, {zone}, wall))
    return found


def test_around_every_change_of_clocks_each_date_is_told_once(
    years: Callable[[Iterable[str]], Years],
) -> None:
    """The first year at 08:30, the second at an hour that the clocks of some zone show twice or never."""
    zones = kinds_of_zones()
    team = years(zone for zone, some in zones.items() if some)
    expected: dict[str, dict[date, datetime]] = defaultdict(dict)
    for first, last, named, odd in clusters(zones):
        digest_at = time(8, 30) if first < FROM + timedelta(days=365) else odd
        team.only(named, digest_at)
        team.step(span(first.replace(minute=30, second=0), last, HOUR))
        for zone in named:
            for day in dates_between(zone, first + HOUR, team.at, digest_at):
                expected[zone][day] = datetime.combine(day, digest_at, ZoneInfo(zone)).astimezone(UTC)
    decided = team.decided()
    assert set(expected) == {zone for zone, some in zones.items() if some}
    for zone, days in expected.items():
        for day, come in days.items():
            row = decided[zone][day]
            assert (row.state, row.reason) == ("pending", None), (zone, day)
            # Never before its hour but where that hour does not exist; at the next tick, or once it has come again.
            assert come - 2 * HOUR <= row.created_at <= come + 2 * HOUR, (zone, day)
        for earlier, later in pairwise(sorted(decided[zone])):
            # Only of a sleep of more than a month are the first dates not accounted for.
            woken = min((day for day in days if day >= later), default=later)
            assert later - earlier == DAY or woken - earlier > LONGEST_GAP, (zone, later)


def test_over_a_weekend_everybody_everywhere_is_told_on_working_days(
    years: Callable[[Iterable[str]], Years],
) -> None:
    zones = kinds_of_zones()
    team = years(zones)
    team.only(zones, offices=(Office("office"),))
    team.step(span(datetime(2027, 1, 8, 0, 30, tzinfo=UTC), datetime(2027, 1, 12, 0, 30, tzinfo=UTC), HOUR))
    saturday = date(2027, 1, 9)
    for zone, rows in team.decided().items():
        for day in (saturday, saturday + DAY):
            assert (rows[day].state, rows[day].reason) == ("dropped", "day off"), (zone, day)
        monday = rows[saturday + 2 * DAY]
        local = monday.created_at.astimezone(ZoneInfo(zone))
        assert monday.state == "pending" and time(8, 30) <= local.time() < time(9, 30), zone
    assert len(team.decided()) == len(zones)


@pytest.mark.parametrize(
    ("home", "away"),
    [
        ("America/New_York", "Europe/London"),
        ("Europe/London", "America/New_York"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),  # a date comes twice
        ("Pacific/Pago_Pago", "Pacific/Kiritimati"),  # a date is left out
        ("Asia/Kolkata", "Pacific/Chatham"),
    ],
)
def test_a_rep_who_moves_at_noon_hears_once_of_each_date(
    years: Callable[[Iterable[str]], Years], home: str, away: str
) -> None:
    team = years([home])
    noon = datetime(2027, 1, 12, 12, 0, tzinfo=ZoneInfo(home)).astimezone(UTC)
    team.step(span(noon - 60 * HOUR, noon - HOUR, HOUR / 2))
    with team.store.write() as session:
        session.scalars(select(Person)).one().tz = away
    team.step(span(noon, noon + 3 * DAY, HOUR / 2))
    (rows,) = team.decided().values()
    days = sorted(rows)
    assert all(later - earlier == DAY for earlier, later in pairwise(days))
    assert days[-1] >= (noon + 2 * DAY).astimezone(ZoneInfo(away)).date()
    moved = {noon.astimezone(ZoneInfo(zone)).date() for zone in (home, away)}
    left_out = {min(moved) + DAY} if home == "Pacific/Pago_Pago" else set()
    for day, row in rows.items():
        if day not in moved | left_out:
            assert (row.state, row.reason) == ("pending", None), day
        elif row.state == "dropped":
            assert row.reason, day
