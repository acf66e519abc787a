"""The team's configuration file: read, or refused with every problem at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from bot.config import Config
from bot.config_file import ConfigError, load_config

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        file = tmp_path / "renewals.toml"
        file.write_text(text, "utf-8")
        return file

    return written


def problems(file: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load_config(file)
    return "\n".join(error.value.problems)


def test_without_a_file_everything_has_a_default():
    config = load_config(None)
    assert config == Config()
    assert config.team_of("anybody@team.example").name == "Renewals"


def test_everything_that_can_be_said(write: Write, tmp_path: Path):
    file = write(
        """
[[teams]]
name = "East"
manager_channel = "C1"
managers = ["Maria@Team.Example"]
reps = ["ana@team.example"]
[[teams]]
name = "Rest"
[channels]
care = "C2"
[roles]
department_managers = ["walt@team.example"]
customer_care = ["cara@team.example"]
admins = ["sam@team.example"]
[[offices]]
name = "London"
country = "GB"
subdivision = "ENG"
workdays = ["mon", "tue", "wed", "thu"]
day_starts = "09:00"
day_ends = 16:30:00
own_holidays = [2026-12-24, "2026-12-31"]
people = ["ben@team.example"]
[[offices]]
name = "Everywhere"
[hubspot]
pipeline = "p1"
price_period = "year"
sync_seconds = 20
portal_id = "77"
[hubspot.stages]
s1 = "open"
s2 = "won"
s3 = "won"
[hubspot.properties]
price = "amount"
reports_url = "reports"
analytics_url = ""
[hubspot.call_outcomes]
own = "contact"
[playbook]
file = "own.toml"
"""
    )
    config = load_config(file)
    assert config.team_of("ana@team.example").managers == ("maria@team.example",)
    assert config.team_of("ben@team.example").name == "Rest"
    london = config.office_of("Ben@team.example")
    assert (london.day_starts, london.day_ends) == (time(9), time(16, 30))
    assert london.workdays == {0, 1, 2, 3}
    assert london.own_holidays == {date(2026, 12, 24), date(2026, 12, 31)}
    assert config.office_of("ana@team.example").name == "Everywhere"
    assert config.hubspot.stage_for == {"open": "s1", "won": "s2"}
    assert config.hubspot.sync_seconds == 20
    assert (config.hubspot.properties.price, config.hubspot.call_outcomes) == ("amount", {"own": True})
    assert (config.hubspot.properties.reports_url, config.hubspot.properties.analytics_url) == (
        "reports",
        None,
    )
    assert (config.care_channel, config.playbook_file) == ("C2", tmp_path / "own.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "is not valid TOML"),
        ("colour = 1", "colour: is not a setting; known here: teams, roles"),
        ("[roles]\nboss = []", "roles.boss: is not a setting"),
        ("[[teams]]\nchannel = 'C1'", "teams[1].channel: is not a setting"),
        ("[[teams]]\nreps = ['a@b']", "teams[1].name: is missing"),
        ("[teams]\nname = 'A'", "must be written as [[teams]]"),
        ("[[teams]]\nname = 'A'\nmanagers = 'a@b'", 'must be a list of texts: ["...", "..."]'),
        ("[[teams]]\nname = 'A'\nreps = ['maria']", "'maria' is no e-mail address"),
        (
            "[[teams]]\nname = 'A'\nreps = ['@east']",
            "'@east' is a user group; here people are named by their",
        ),
        (
            "[[teams]]\nname = 'A'\nmanagers = ['maria']",
            "'maria' is neither an e-mail address nor a user group",
        ),
        ("[roles]\ncustomer_care = ['@customer care']", "'@customer care' is no handle of a user group"),
        ("[[teams]]\nname = 'A'\n[[teams]]\nname = 'A'", "two teams are called 'A'"),
        (
            "[[teams]]\nname = 'A'\nreps = ['a@b']\n[[teams]]\nname = 'B'\nreps = ['A@b']",
            "a@b is in A and in B; name one",
        ),
        ("roles = 7", "must be a table: [roles]"),
        ("[channels]\ncare = ''", "channels.care: must be a text in quotes, not empty"),
        ("[[offices]]\nname = 'A'\nworkdays = ['monday']", "'monday' is no weekday; use mon, tue"),
        ("[[offices]]\nname = 'A'\nworkdays = []", "name at least one weekday"),
        ("[[offices]]\nname = 'A'\nday_starts = '18:00'", "17:30 is not after day_starts 18:00"),
        ("[[offices]]\nname = 'A'\nday_ends = 17", "17 is no time of day"),
        (
            "[[offices]]\nname = 'A'\nday_ends = '17:30+01:00'",
            "'17:30+01:00' is no time of day in the office",
        ),
        (
            "[[offices]]\nname = 'A'\npeople = ['a@b']\n[[offices]]\nname = 'B'\npeople = ['a@b']",
            "a@b is in A and in B; name one",
        ),
        ("[[offices]]\nname = 'A'\npeople = ['a@b']\n[[offices]]\nname = 'A'", "two offices are called 'A'"),
        ("[[offices]]\nname = 'A'\n[[offices]]\nname = 'B'", "A and B name no people; one office takes all"),
        ("[[teams]]\nname = 'A'\n[[teams]]\nname = 'B'", "A and B name no reps; one team takes all others"),
        ("[[offices]]\nname = 'A'\ncountry = 'Narnia'", "'Narnia' has no holiday calendar"),
        ("[[offices]]\nname = 'A'\ncountry = 'US'\nsubdivision = 'ZZ'", "'ZZ' is not one of US's"),
        ("[[offices]]\nname = 'A'\nsubdivision = 'NY'", "needs a country beside it"),
        ("[[offices]]\nname = 'A'\nown_holidays = ['xmas']", "'xmas' is no date; write 2026-12-24"),
        ("[hubspot.stages]\ns1 = 'maybe'", "'maybe' is no stage; use open, negotiation"),
        ("[hubspot.call_outcomes]\no1 = true", 'is neither "contact" nor "no_contact"'),
        ("[hubspot.properties]\nvalue = 'x'", "hubspot.properties.value: is not a setting"),
        ("[hubspot.properties]\nprice = ''", "hubspot.properties.price: must be a text in quotes, not empty"),
        ("[hubspot]\nprice_period = 'week'", "use month, year or term"),
        ("[hubspot]\nnext_term = 'ask'", "use create or leave"),
        ("[hubspot]\nsync_seconds = 19", "hubspot.sync_seconds: 19; write a whole number from 20 to 3600"),
        ("[hubspot]\nsync_seconds = '60'", "hubspot.sync_seconds: '60'; write a whole number"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_mend(write: Write, text: str, said: str):
    assert said in problems(write(text))


def test_all_at_once_and_by_file(write: Write):
    told = problems(write("colour = 1\n[channels]\ncare = 7\n[[offices]]\nday_ends = 'late'")).splitlines()
    assert len(told) == 4 and all("renewals.toml: " in line for line in told)


def test_a_file_that_is_not_there(tmp_path: Path):
    assert "cannot be read" in problems(tmp_path / "none.toml")


def test_a_file_with_a_byte_order_mark(tmp_path: Path):
    file = tmp_path / "renewals.toml"
    file.write_bytes(b"\xef\xbb\xbf[channels]\ncare = 'C1'\n")
    assert load_config(file).care_channel == "C1"


def test_a_deal_property_that_there_is_not(write: Write):
    properties = load_config(
        write("[hubspot.properties]\nsite_down_at = ''\nprice = 'amount'")
    ).hubspot.properties
    assert (properties.site_down_at, properties.price) == (None, "amount")
    assert properties.put_out_on == "renewal_put_out_date"
    assert "hubspot.properties.price: must be a text" in problems(write("[hubspot.properties]\nprice = ''"))


def test_roles_and_managers_may_be_named_by_a_user_group(write: Write):
    found = load_config(
        write(
            """
[[teams]]
name = "East"
managers = ["@East-Leads", "maria@team.example"]
[roles]
customer_care = ["@customer-care"]
department_managers = ["@heads"]
admins = ["@ops"]
"""
        )
    )
    assert found.teams[0].managers == ("@east-leads", "maria@team.example")
    assert (found.customer_care, found.department_managers, found.admins) == (
        ("@customer-care",),
        ("@heads",),
        ("@ops",),
    )
