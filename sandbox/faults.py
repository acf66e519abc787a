"""Faults on request: which calls of which service go wrong, and how."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

SERVICES = ("slack", "hubspot", "*")
DELIVERIES = ("events_api", "interactive", "slash_commands", "webhooks")


@dataclass(frozen=True)
class FaultRule:
    """One fault. `method` is a Slack method ("chat.postMessage"), a HubSpot route ("GET /crm/..."), "*" for
    all, or something that is delivered to the app (one of `DELIVERIES`). Deliveries are struck only by rules
    that name one or that duplicate.

    `times`: for the next that many matching calls; None: while the rule stands. `probability`: chance per
    matching call (the plan's seeded dice). `latency_ms` is waited before anything else. `status`: answer this
    instead of the service, with `headers` and `body` (text, or JSON values). `drop_after_accept`: the request
    takes effect, then the connection is closed without an answer. `silence`: nothing happens and nothing is
    answered until the rule is removed, at most `silence_limit_s` seconds; `silence_after_accept`: the same after
    the request took effect. `duplicate`: a delivery is sent
    that many times in all. A delivery that a silence or a dropped answer strikes is lost.
    """

    service: str = "*"
    method: str = "*"
    times: int | None = None
    probability: float = 1.0
    latency_ms: float = 0.0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = ""
    drop_after_accept: bool = False
    silence: bool = False
    silence_after_accept: bool = False
    silence_limit_s: float = 60.0
    duplicate: int = 1

    def __post_init__(self) -> None:
        problems = []
        if self.service not in SERVICES:
            problems.append(f"service is one of {', '.join(SERVICES)}, not {self.service!r}")
        if self.times is not None and self.times < 1:
            problems.append(f"times is 1 or more, or left out; not {self.times}")
        if not 0 < self.probability <= 1:
            problems.append(f"probability is above 0 and at most 1; not {self.probability}")
        if self.duplicate < 1:
            problems.append(f"duplicate is 1 or more; not {self.duplicate}")
        if self.latency_ms < 0:
            problems.append(f"latency_ms is 0 or more; not {self.latency_ms}")
        if problems:
            raise ValueError("A fault rule is not valid: " + "; ".join(problems) + ".")

    def fits(self, service: str, method: str) -> bool:
        """Whether the rule is about this call."""
        about_deliveries = self.duplicate > 1 or self.method in DELIVERIES
        if about_deliveries is not (method in DELIVERIES):
            return False
        return self.service in ("*", service) and self.method in ("*", method)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FaultRule:
        """A rule from plain JSON values. Raises ValueError naming unknown keys or bad values."""
        known = {one.name for one in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(
                f"A fault rule has no {', '.join(unknown)}; it knows {', '.join(sorted(known))}."
            )
        try:
            return cls(**values)
        except TypeError as wrong_type:
            raise ValueError(f"A fault rule is not valid: {wrong_type}.") from wrong_type

    def as_json(self) -> dict[str, Any]:
        """The rule as plain JSON values."""
        return asdict(self)


@dataclass
class _Standing:
    rule: FaultRule
    left: int | None


class FaultPlan:
    """The faults that stand, oldest first; each call takes at most the first that fits and fires."""

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._standing: dict[str, _Standing] = {}

    def add(self, rule: FaultRule) -> str:
        """Put `rule` in force; answers its id."""
        with self._lock:
            rule_id = f"fault-{next(self._ids)}"
            self._standing[rule_id] = _Standing(rule, left=rule.times)
            return rule_id

    def remove(self, rule_id: str) -> None:
        """Lift one rule; what it silences is released. Raises KeyError for an unknown id."""
        with self._lock:
            del self._standing[rule_id]

    def clear(self) -> None:
        """Lift all rules."""
        with self._lock:
            self._standing.clear()

    def rules(self) -> dict[str, FaultRule]:
        """The rules in force by id, as they were added."""
        with self._lock:
            return {rule_id: standing.rule for rule_id, standing in self._standing.items()}

    def stands(self, rule_id: str) -> bool:
        """Whether the rule is still in force."""
        with self._lock:
            return rule_id in self._standing

    def take(self, service: str, method: str) -> tuple[str, FaultRule] | None:
        """The fault for this call, if any; uses up one of its times.

        A silence keeps standing after its last time is used until it is removed or cleared, so that what it
        holds can be released; it then fits no further call.
        """
        with self._lock:
            for rule_id, standing in self._standing.items():
                rule = standing.rule
                if standing.left == 0 or not rule.fits(service, method):
                    continue
                if rule.probability < 1 and self._dice.random() >= rule.probability:
                    continue
                if standing.left is not None:
                    standing.left -= 1
                    if standing.left == 0 and not (rule.silence or rule.silence_after_accept):
                        del self._standing[rule_id]
                return rule_id, rule
        return None
