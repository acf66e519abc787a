"""Reading the configuration file (TOML, named by `RENEWALS_CONFIG`). YAML 1.1 would read 17:30 as a number."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.config import Config, HubSpotConfig, HubSpotProperties, Office, Team
from bot.config_emails import read_emails

GROUP = re.compile(r"@[\w.-]{1,80}")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STAGES = ("open", "negotiation", "won", "lost", "moved_out")


LARGEST_FILE = 1_000_000


class ConfigError(Exception):
    """The file cannot be used; `problems` names every one, each a sentence with its mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_config(path: Path | None) -> Config:
    """Read the file. Raises ConfigError naming every problem at once."""
    if path is None:
        return Config()
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError([f"{path}: is larger than {LARGEST_FILE:,} bytes. Check RENEWALS_CONFIG."])
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror}). Check RENEWALS_CONFIG."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: is not valid TOML ({error})."]) from error
    reader = _Reader(str(path))
    config = reader.config(raw, path.parent)
    if reader.problems:
        raise ConfigError(reader.problems)
    return config


class _Reader:
    """Turns the raw tables into a Config, collecting problems instead of stopping at the first."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[str] = []

    def config(self, raw: dict[str, Any], folder: Path) -> Config:
        self.only(
            raw, "", ("teams", "roles", "channels", "offices", "hubspot", "playbook", "emails", "outbox")
        )
        roles = self.table(raw, "roles", ("department_managers", "customer_care", "admins"))
        channels = self.table(raw, "channels", ("care",))
        playbook = self.table(raw, "playbook", ("file",))
        file = self.text(playbook, "playbook.file")
        emails = read_emails(self, raw)
        outbox = self.table(raw, "outbox", ("give_up_after_tries", "give_up_after_looks"))
        teams = tuple(self.team(t, i) for i, t in enumerate(self.tables(raw, "teams"), 1))
        offices = tuple(self.office(o, i) for i, o in enumerate(self.tables(raw, "offices"), 1))
        self.no_contradiction("team", "reps", [(team.name, team.reps) for team in teams])
        self.no_contradiction("office", "people", [(office.name, office.people) for office in offices])
        return Config(
            teams=teams or (Team("Renewals"),),
            care_channel=self.text(channels, "channels.care"),
            department_managers=self.named(roles, "roles.department_managers"),
            customer_care=self.named(roles, "roles.customer_care"),
            admins=self.named(roles, "roles.admins"),
            offices=offices or (Office("default"),),
            hubspot=self.hubspot(raw),
            playbook_file=folder / file if file else None,
            emails=emails,
            outbox_tries=self.whole(outbox, "outbox.give_up_after_tries", 8, 1, 1000),
            outbox_looks=self.whole(outbox, "outbox.give_up_after_looks", 300, 5, 100_000),
        )

    def team(self, raw: dict[str, Any], number: int) -> Team:
        at = f"teams[{number}]"
        self.only(raw, at, tuple(f.name for f in fields(Team)))
        return Team(
            name=self.text(raw, f"{at}.name") or self.missing(f"{at}.name", "the team's name"),
            manager_channel=self.text(raw, f"{at}.manager_channel"),
            managers=self.named(raw, f"{at}.managers"),
            reps=self.emails(raw, f"{at}.reps"),
            moved_out_owner=self.email(raw, f"{at}.moved_out_owner"),
        )

    def no_contradiction(self, what: str, members: str, said: list[tuple[str, tuple[str, ...]]]) -> None:
        """Each is known by its name, nobody is in two, and one at most takes everybody else."""
        of: dict[str, str] = {}
        names: set[str] = set()
        for name, emails in said:
            if name in names:
                self.wrong(f"{what}s", f"two {what}s are called {name!r}")
            names.add(name)
            for email in emails:
                if of.setdefault(email, name) != name:
                    self.wrong(f"{what}s", f"{email} is in {of[email]} and in {name}; name one")
        if len(others := [name for name, emails in said if not emails]) > 1:
            self.wrong(f"{what}s", f"{' and '.join(others)} name no {members}; one {what} takes all others")

    def office(self, raw: dict[str, Any], number: int) -> Office:
        at = f"offices[{number}]"
        self.only(raw, at, tuple(f.name for f in fields(Office)))
        days = self.words(raw, f"{at}.workdays") if "workdays" in raw else WEEKDAYS[:5]
        for day in days:
            if day not in WEEKDAYS:
                self.wrong(f"{at}.workdays", f"{day!r} is no weekday; use {', '.join(WEEKDAYS)}")
        if not days:
            self.wrong(f"{at}.workdays", "is empty; name at least one weekday")
        starts, ends = self.hour(raw, f"{at}.day_starts", "08:30"), self.hour(raw, f"{at}.day_ends", "17:30")
        if starts >= ends:
            self.wrong(f"{at}.day_ends", f"{ends:%H:%M} is not after day_starts {starts:%H:%M}")
        country = self.text(raw, f"{at}.country")
        subdivision = self.text(raw, f"{at}.subdivision")
        self.known_country(country, subdivision, at)
        return Office(
            name=self.text(raw, f"{at}.name") or self.missing(f"{at}.name", "the office's name"),
            country=country,
            subdivision=subdivision,
            workdays=frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS),
            day_starts=starts,
            day_ends=ends,
            own_holidays=frozenset(self.days(raw, f"{at}.own_holidays")),
            people=self.emails(raw, f"{at}.people"),
        )

    def hubspot(self, raw: dict[str, Any]) -> HubSpotConfig:
        names = (
            "pipeline",
            "stages",
            "properties",
            "price_period",
            "call_outcomes",
            "portal_id",
            "sync_seconds",
            "new_deals_pipeline",
            "new_deals_stage",
            "next_term",
        )
        table = self.table(raw, "hubspot", names)
        stages = self.table(table, "hubspot.stages", None)
        for stage_id, stage in stages.items():
            if stage not in STAGES:
                self.wrong(f"hubspot.stages.{stage_id}", f"{stage!r} is no stage; use {', '.join(STAGES)}")
        outcomes = self.table(table, "hubspot.call_outcomes", None)
        for outcome_id, meaning in outcomes.items():
            if meaning not in ("contact", "no_contact"):
                self.wrong(f"hubspot.call_outcomes.{outcome_id}", 'is neither "contact" nor "no_contact"')
        period = self.text(table, "hubspot.price_period") or "month"
        if period not in ("month", "year", "term"):
            self.wrong("hubspot.price_period", f"{period!r}; use month, year or term")
        next_term = self.text(table, "hubspot.next_term") or "create"
        if next_term not in ("create", "leave"):
            self.wrong("hubspot.next_term", f"{next_term!r}; use create or leave")
        return HubSpotConfig(
            pipeline=self.text(table, "hubspot.pipeline") or "renewals",
            stages={str(k): str(v) for k, v in stages.items()},
            properties=self.properties(table),
            price_period=period,
            call_outcomes={str(k): v == "contact" for k, v in outcomes.items()},
            portal_id=self.text(table, "hubspot.portal_id"),
            sync_seconds=self.whole(table, "hubspot.sync_seconds", 60, 20, 3600),
            new_deals_pipeline=self.text(table, "hubspot.new_deals_pipeline") or "default",
            new_deals_stage=self.text(table, "hubspot.new_deals_stage"),
            next_term=next_term,
        )

    def properties(self, raw: dict[str, Any]) -> HubSpotProperties:
        known = {f.name: "None" in str(f.type) for f in fields(HubSpotProperties)}
        table = self.table(raw, "hubspot.properties", tuple(known))
        named: dict[str, Any] = {}
        for name, optional in known.items():
            if optional and table.get(name) == "":
                named[name] = None  # written out, and not used
            elif (text := self.text(table, f"hubspot.properties.{name}")) is not None:
                named[name] = text
        return HubSpotProperties(**named)

    def known_country(self, country: str | None, subdivision: str | None, at: str) -> None:
        import holidays  # heavy: only where an office is configured

        if country is None:
            if subdivision is not None:
                self.wrong(f"{at}.subdivision", "needs a country beside it")
            return
        supported = holidays.list_supported_countries(include_aliases=True)
        if country not in supported:
            self.wrong(
                f"{at}.country", f"{country!r} has no holiday calendar; use an ISO code such as US or GB"
            )
        elif subdivision is not None and subdivision not in supported[country]:
            self.wrong(f"{at}.subdivision", f"{subdivision!r} is not one of {country}'s")

    # -- typed reading -----------------------------------------------------------------------------------

    def wrong(self, at: str, why: str) -> None:
        self.problems.append(f"{self.source}: {at}: {why}.")

    def missing(self, at: str, what: str) -> str:
        self.wrong(at, f"is missing; give {what}")
        return ""

    def only(self, raw: dict[str, Any], at: str, known: tuple[str, ...]) -> None:
        for key in raw:
            if key not in known:
                self.wrong(f"{at}.{key}".lstrip("."), f"is not a setting; known here: {', '.join(known)}")

    def table(self, raw: dict[str, Any], at: str, known: tuple[str, ...] | None) -> dict[str, Any]:
        value = raw.get(at.rpartition(".")[2], {})
        if not isinstance(value, dict):
            self.wrong(at, f"must be a table: [{at}]")
            return {}
        if known is not None:
            self.only(value, at, known)
        return value

    def tables(self, raw: dict[str, Any], at: str) -> list[dict[str, Any]]:
        value = raw.get(at, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(at, f"must be written as [[{at}]]")
            return []
        return value

    def text(self, raw: dict[str, Any], at: str) -> str | None:
        value = raw.get(at.rpartition(".")[2])
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong(at, "must be a text in quotes, not empty")
            return None
        return value.strip()

    def whole(self, raw: dict[str, Any], at: str, default: int, low: int, high: int) -> int:
        value = raw.get(at.rpartition(".")[2], default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(at, f"{value!r}; write a whole number from {low} to {high}")
            return default
        return value

    def words(self, raw: dict[str, Any], at: str) -> tuple[str, ...]:
        value = raw.get(at.rpartition(".")[2], [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(at, 'must be a list of texts: ["...", "..."]')
            return ()
        return tuple(item.strip() for item in value)

    def emails(self, raw: dict[str, Any], at: str) -> tuple[str, ...]:
        found = self.words(raw, at)
        for email in found:
            if email.startswith("@"):
                self.wrong(at, f"{email!r} is a user group; here people are named by their e-mail")
            elif "@" not in email:
                self.wrong(at, f"{email!r} is no e-mail address")
        return tuple(email.lower() for email in found)

    def named(self, raw: dict[str, Any], at: str) -> tuple[str, ...]:
        """E-mails, and handles of user groups in Slack."""
        found = self.words(raw, at)
        for name in found:
            if name.startswith("@"):
                if not GROUP.fullmatch(name.lower()):
                    self.wrong(
                        at, f"{name!r} is no handle of a user group; write it as in Slack: @customer-care"
                    )
            elif "@" not in name:
                self.wrong(at, f"{name!r} is neither an e-mail address nor a user group's handle")
        return tuple(name.lower() for name in found)

    def email(self, raw: dict[str, Any], at: str) -> str | None:
        found = self.text(raw, at)
        if found is not None and "@" not in found:
            self.wrong(at, f"{found!r} is no e-mail address")
        return found.lower() if found else None

    def hour(self, raw: dict[str, Any], at: str, default: str) -> time:
        value = raw.get(at.rpartition(".")[2], default)
        try:
            read: time | None = value if isinstance(value, time) else time.fromisoformat(value)
        except (TypeError, ValueError):
            read = None
        if read is None or read.tzinfo is not None:
            self.wrong(at, f'{value!r} is no time of day in the office\'s own zone; write "{default}"')
            return time.fromisoformat(default)
        return read

    def days(self, raw: dict[str, Any], at: str) -> list[date]:
        found: list[date] = []
        value = raw.get(at.rpartition(".")[2], [])
        for item in value if isinstance(value, list) else [value]:
            try:
                found.append(item if type(item) is date else date.fromisoformat(item))
            except (TypeError, ValueError):
                self.wrong(at, f"{item!r} is no date; write 2026-12-24")
        return found
