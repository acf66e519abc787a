"""Reading plain data field by field, so that every problem is named where it stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

Read = TypeVar("Read")
Choice = TypeVar("Choice", bound=StrEnum)

FIRST_YEAR, LAST_YEAR = 1900, 2999
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<offset>Z|[+-]\d\d:?\d\d)?", re.ASCII
)
WALL_TIME = re.compile(r"\d\d:\d\d", re.ASCII)
# Names of the IANA database. What a machine keeps beside it ("localtime", "right/...") differs by machine.
ZONE = re.compile(
    r"(?!localtime$|posixrules$|posix/|right/)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: a path such as `scenario.activities[2].outcome`, "" for the document."""

    field: str
    reason: str


class Unusable(ValueError):
    """A value that a field does not take; the message says why."""


class Section:
    """One mapping of a document. Whatever is wrong with it goes to `problems`; reading goes on."""

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        self._path = path
        self._problems = problems
        self._is_mapping = isinstance(value, dict)
        self._values: dict[object, object] = value if isinstance(value, dict) else {}
        self._read: set[object] = set()
        if not self._is_mapping:
            problems.append(Problem(path, f"must be a mapping of names to values, not {shown(value)}"))

    def has(self, key: str) -> bool:
        return key in self._values

    def ignore(self, key: str) -> None:
        self._read.add(key)

    def problem(self, key: str, reason: str) -> None:
        self._problems.append(Problem(self._at(key), reason))

    def required(self, key: str, read: Callable[[object], Read]) -> Read | None:
        """The value under `key`; None, and a problem, if it is missing or not usable."""
        self._read.add(key)
        if self._values.get(key) is None:
            if self._is_mapping:
                self.problem(key, "is missing")
            return None
        return self._usable(key, self._values[key], read)

    def optional(self, key: str, read: Callable[[object], Read]) -> Read | None:
        """The value under `key`; None if there is none, and None and a problem if it is not usable."""
        self._read.add(key)
        value = self._values.get(key)
        return None if value is None else self._usable(key, value, read)

    def items(self, key: str, read: Callable[[object], Read]) -> list[Read]:
        """The usable entries of the list under `key`; an absent list is empty."""
        entries = [self._usable(f"{key}[{i}]", value, read) for i, value in enumerate(self._list(key))]
        return [entry for entry in entries if entry is not None]

    def section(self, key: str) -> "Section":
        """The mapping under `key`; if it is missing, a problem, and an empty section that adds no more."""
        self._read.add(key)
        if self.has(key):
            return Section(self._values[key], self._at(key), self._problems)
        if self._is_mapping:
            self.problem(key, "is missing")
        return Section({}, self._at(key), [])

    def sections(self, key: str) -> list["Section"]:
        """The mappings of the list under `key`; an absent list is empty."""
        values = enumerate(self._list(key))
        return [Section(value, self._at(f"{key}[{i}]"), self._problems) for i, value in values]

    def done(self) -> None:
        """Reports every key that nothing has read."""
        for key in self._values:
            if key not in self._read:
                name = str(key)
                self.problem(name if name.isprintable() else ascii(name), "this key does not exist")

    def _list(self, key: str) -> list[object]:
        self._read.add(key)
        value = self._values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(key, f"must be a list, not {shown(value)}")
            return []
        return value

    def _usable(self, key: str, value: object, read: Callable[[object], Read]) -> Read | None:
        try:
            return read(value)
        except Unusable as unusable:
            self.problem(key, str(unusable))
            return None

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def read_text(value: object) -> str:
    if not isinstance(value, str):
        raise Unusable(f"must be text, not {shown(value)}")
    return value


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unusable(f"must be true or false, not {shown(value)}")
    return value


def choice_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """A reader for one of the words of an enumeration."""

    def read(value: object) -> Choice:
        if isinstance(value, str) and value in choices._value2member_map_:
            return choices(value)
        raise Unusable(f"must be one of {', '.join(choices)}, not {shown(value)}")

    return read


def read_date(value: object) -> date:
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Unusable(f"{value} is not a day of the calendar") from None
    raise Unusable(f"must be a date such as 2026-11-02, not {shown(value)}")


def read_near_date(value: object) -> date:
    """A date from which other dates are counted, so not at the calendar's very ends."""
    day = read_date(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unusable(f"{day} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


def read_instant(value: object) -> datetime:
    """An aware instant with the offset it was written with."""
    match = INSTANT.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or match is None:
        raise Unusable(f"must be a time with its offset, such as 2026-11-02T08:30-05:00, not {shown(value)}")
    if match["offset"] is None:
        raise Unusable(f"{value} has no offset from UTC: write it as in {value}-05:00")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise Unusable(f"{value} is not a time of the calendar and clock") from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Unusable(f"{value} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant


def read_wall_time(value: object) -> time:
    if isinstance(value, str) and WALL_TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise Unusable(f"{value} is not a time of day") from None
    raise Unusable(f"must be a time of day such as '17:30', not {shown(value)}")


def read_zone(value: object) -> ZoneInfo:
    if not isinstance(value, str):
        raise Unusable(f"must be a time zone such as America/New_York, not {shown(value)}")
    try:
        if ZONE.fullmatch(value):
            return ZoneInfo(value)
    except (OSError, LookupError, ValueError):
        # The database answers a name it lacks in all these ways (a folder, no file, a file of another kind).
        pass
    raise Unusable(f"{value!r} is not a time zone of the IANA database, such as America/New_York")


def shown(value: object) -> str:
    """A value as an error may quote it: short, and in words for what has parts."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
