"""The playbook's settings (PLAYBOOK 1-7): what `default.toml` says, or a team's own file."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from bot.playbook.terms import LONGEST_TERM

DEFAULT_FILE = Path(__file__).with_name("default.toml")


class PolicyError(ValueError):
    """The playbook file cannot be used; `problems` names everything wrong with it, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings under their names in the file; `default.toml` says what each does and may be."""

    contacts_per_day: int
    calls_per_week: int
    second_call_after_hours: float
    second_call_before_day_end_hours: float
    check_in_after_working_days: int
    move_out: str
    care_answer_working_days: int
    email_tracking: str
    email_match_hours: float
    untracked_manager_working_days: int
    digest_at: time
    digest_until: time
    in_day_batch_minutes: int
    hubspot_undo_seconds: int
    change_hours: float
    nps_valid_days: int
    moves_from_open: tuple[str, ...]
    moves_from_negotiation: tuple[str, ...]
    reopen: tuple[str, ...]
    stage_lag_working_days: int
    term_months: int
    put_out_lead_days: int


class _Refused(ValueError):
    """A value outside what its setting allows; the message completes "<setting> must be ..."."""


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _Refused(f"a whole number from {low} to {high}")
        return value

    return read


def _hours(low: int, high: int) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _Refused(f"a number of hours from {low} to {high}")
        return value

    return read


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise _Refused(" or ".join(f'"{word}"' for word in words))
        return value

    return read


def _stages(*allowed: str, needs: str | None = None) -> Callable[[object], tuple[str, ...]]:
    """A list of stages, each of them once; `needs` is one that has to be among them."""

    def read(value: object) -> tuple[str, ...]:
        stages = value if isinstance(value, list | tuple) else [None]
        unknown = [stage for stage in stages if not isinstance(stage, str) or stage not in allowed]
        if unknown or len(set(stages)) < len(stages) or (needs is not None and needs not in stages):
            among = f", {needs} among them" if needs is not None else ""
            raise _Refused(f"a list of stages from {', '.join(allowed)}, each once{among}")
        return tuple(stages)

    return read


def _wall_time(value: object) -> time:
    # TOML has local times of its own; a team that writes 08:30:00 without quotes means the same.
    if isinstance(value, time):
        return value
    if isinstance(value, str) and len(value) == len("HH:MM"):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise _Refused('a time of day such as "08:30"')


def _readers() -> Mapping[str, Callable[[object], object]]:
    return {
        "contacts_per_day": _whole(1, 2),
        "calls_per_week": _whole(1, 5),
        "second_call_after_hours": _hours(0, 12),
        "second_call_before_day_end_hours": _hours(0, 12),
        "check_in_after_working_days": _whole(1, 60),
        "move_out": _one_of("auto", "confirm"),
        "care_answer_working_days": _whole(1, 20),
        "email_tracking": _one_of("on", "off"),
        "email_match_hours": _hours(1, 168),
        "untracked_manager_working_days": _whole(0, 20),
        "digest_at": _wall_time,
        "digest_until": _wall_time,
        "in_day_batch_minutes": _whole(1, 120),
        "hubspot_undo_seconds": _whole(0, 300),
        "change_hours": _hours(0, 168),
        "nps_valid_days": _whole(1, 3650),
        # Day 30 moves an open run out, whatever else is allowed.
        "moves_from_open": _stages("negotiation", "won", "lost", "moved_out", needs="moved_out"),
        "moves_from_negotiation": _stages("open", "won", "lost", "moved_out"),
        "reopen": _stages("won", "lost", "moved_out"),
        "stage_lag_working_days": _whole(1, 20),
        "term_months": _whole(1, LONGEST_TERM),
        "put_out_lead_days": _whole(1, 365),
    }


def load_policy(path: Path | None = None) -> Policy:
    """The default settings, with those that the file at `path` names in their place.

    Raises PolicyError with every problem of the file: unreadable, not TOML, unknown name, value not allowed.
    """
    values = _read(DEFAULT_FILE)
    if path is not None:
        values |= _read(path)
    return policy_from(values, source=str(path or DEFAULT_FILE))


def policy_from(values: Mapping[str, object], *, source: str) -> Policy:
    """Settings from their values by name; `source` says in a problem where they stand. Raises PolicyError."""
    readers = _readers()
    problems = [
        f"{source}: {name} is not a setting of the playbook" for name in values if name not in readers
    ]
    settings: dict[str, Any] = {}
    for name, read in readers.items():
        if name not in values:
            problems.append(f"{source}: {name} is missing")
            continue
        try:
            settings[name] = read(values[name])
        except _Refused as refused:
            problems.append(f"{source}: {name} must be {refused}, not {values[name]!r}")
    if (
        "digest_at" in settings
        and "digest_until" in settings
        and settings["digest_until"] <= settings["digest_at"]
    ):
        problems.append(f"{source}: digest_until must be later than digest_at")
    if problems:
        raise PolicyError(problems)
    return Policy(**settings)


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PolicyError([f"{path}: cannot be read: {error.strerror or error}"]) from error
    except UnicodeDecodeError as error:
        raise PolicyError([f"{path}: is not UTF-8 text"]) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([f"{path}: is not valid TOML: {error}"]) from error
