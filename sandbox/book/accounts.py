"""The accounts of the book: what is known of each before anything was done, the same for the same seed."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.book.calendars import WorkingDays
from sandbox.book.names import ACCOUNTS, FIRST_NAMES, JOB_TITLES, LAST_NAMES
from sandbox.book.people import GUS, REPS, TeamMember
from sandbox.book.plots import PLOTS, Plot

EAST = ("212", "201", "347", "516", "646", "718", "845", "914", "917", "929")
WEST = ("213", "209", "310", "323", "408", "415", "510", "619", "818", "949")
WHY = (
    *("Nobody calls back.", "We asked twice and nothing happened.", "The site was down for a day."),
    *("Hard to see what we pay for.", "Reports stopped in spring.", "Good people, slow answers."),
    *(
        "Works, but the new prices hurt.",
        "Fine. We would like more leads.",
        "Good, with one wish: faster edits.",
    ),
    *("Quick help whenever we call.", "More bookings than ever, thank you!"),
)
"""By score, 0 to 10: why a customer gave it."""

PRICES = (49, 59, 79, 89, 99, 100, 120, 140, 165, 180, 199, 240, 280, 340, 420, 500, 640, 750, 900)


@dataclass(frozen=True)
class Contact:
    """A person at an account. `nps` 0-10 from the survey on `surveyed_on`, both None if never asked."""

    first_name: str
    last_name: str
    email: str
    job_title: str
    phone: str | None
    mobile: str | None
    nps: int | None
    surveyed_on: date | None

    @property
    def nps_why(self) -> str | None:
        """What they wrote beside their score; half of them wrote nothing."""
        if self.nps is None or len(self.email) % 2:
            return None
        return WHY[self.nps]


@dataclass(frozen=True)
class Account:
    """One account put out for renewal. Money in US dollars a month; dates are the rep's local dates."""

    id: str
    name: str
    domain: str
    owner: TeamMember
    plot: Plot
    put_out_on: date
    expires_on: date | None
    monthly_price: int
    hosts_site: bool
    contacts: tuple[Contact, ...]

    @property
    def reports_url(self) -> str | None:
        """Where the monthly reports are; of some accounts nobody filed any."""
        number = self.id.removeprefix("R-")
        return None if int(number) % 6 == 0 else f"https://reports.example/accounts/{number}"

    @property
    def analytics_url(self) -> str | None:
        """The statistics of a site that we host."""
        return f"https://analytics.example/sites/{self.domain}" if self.hosts_site else None

    def playbook_day(self, on: date) -> int:
        """Day 1 is the put-out date (PLAYBOOK 1); below 1 it is still to come."""
        return (on - self.put_out_on).days + 1


def make_accounts(on: date, seed: int = 0) -> list[Account]:
    """One account per entry of `PLOTS`, as it stands on the morning of `on`."""
    dice = random.Random(f"book {seed}")
    accounts = []
    turns = 0
    for number, (plot, name) in enumerate(zip(PLOTS, ACCOUNTS, strict=False), start=1):
        owner = GUS if plot.owner_left else REPS[turns % len(REPS)]
        turns += not plot.owner_left
        put_out_on = on - timedelta(days=plot.day - 1)
        if plot.put_out_yesterday:
            put_out_on = WorkingDays(owner, on).before(on)
        domain = f"{_plain(name)}.example"
        accounts.append(
            Account(
                id=f"R-{1000 + number}",
                name=name,
                domain=domain,
                owner=owner,
                plot=plot,
                put_out_on=put_out_on,
                expires_on=_expiration(plot, on, put_out_on, dice),
                monthly_price=dice.choice(PRICES),
                hosts_site=plot.hosts_site or dice.random() < 0.5,
                contacts=_contacts(domain, owner, on, number, dice),
            )
        )
    return accounts


def _expiration(plot: Plot, on: date, put_out_on: date, dice: random.Random) -> date | None:
    around = put_out_on + timedelta(days=dice.randint(27, 55))
    if plot.expiration_missing:
        return None
    return around if plot.expired_days is None else on - timedelta(days=plot.expired_days)


def _contacts(
    domain: str, owner: TeamMember, on: date, number: int, dice: random.Random
) -> tuple[Contact, ...]:
    count = 2 if number % 5 == 0 else 1
    names = zip(dice.sample(FIRST_NAMES, count), dice.sample(LAST_NAMES, count), strict=True)
    return tuple(
        _contact(first, last, f"{number:02d}{place}", domain, owner, on, dice)
        for place, (first, last) in enumerate(names)
    )


def _contact(
    first: str, last: str, digits: str, domain: str, owner: TeamMember, on: date, dice: random.Random
) -> Contact:
    was_asked = dice.random() < 0.8
    return Contact(
        first_name=first,
        last_name=last,
        email=f"{_plain(first)}@{domain}",
        job_title=dice.choice(JOB_TITLES),
        phone=_phone(owner, digits) if dice.random() < 0.9 else None,
        mobile=_phone(owner, digits[::-1]) if dice.random() < 0.5 else None,
        nps=dice.randint(2, 10) if was_asked else None,
        surveyed_on=on - timedelta(days=dice.randint(15, 300)) if was_asked else None,
    )


def _phone(owner: TeamMember, digits: str) -> str:
    """From the ranges that are kept for fiction; no two accounts share one."""
    if owner.country == "GB":
        return f"+44 20 7946 0{digits}"
    area = (WEST if owner.tz.endswith("Los_Angeles") else EAST)[int(digits[0])]
    return f"+1 {area}-555-01{digits[-2:]}"


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower().replace("'", "")).strip("-")[:40].strip("-")
