"""What happened on a run and its stage does not say yet: the move that fits, and since when it is missing.

The signs, each counted only after the last decision about the stage:

* in negotiation fits an open run when an appointment was held, when the customer was reached or answered on two
  different days, or when a note says that price, quote or contract are being talked about;
* lost fits when a note says that the customer will not renew. A newer sign of the other kind takes its place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.playbook.calendar import WorkCalendar
from bot.playbook.policy import Policy
from bot.playbook.run import CONNECTED, Stage
from bot.playbook.stages import moves_from

HELD, ANSWERED_TWICE, TALKING, SAID_NO = "appointment_held", "answered_twice", "talking", "said_no"

_THING = r"(?:quote|offer|proposal|contract|discount|price|prices|pricing|terms|invoice)"
_SAYS_TALKING = re.compile(
    rf"\b(?:negotiat\w+|(?:sen[dt]|sending|wants?|asked (?:for|about)|asks for|requested|made|discuss\w*"
    rf"|agreed (?:on|to))\s+(?:\w+\s+){{0,3}}{_THING}|wants? to (?:renew|continue|stay)|(?:will|would) renew"
    rf"|interested in (?:renewing|the offer|staying))\b"
)
_SAYS_NO = re.compile(
    r"\b(?:(?:does|do|did|will|is|are|would)(?: not|n['’]t) (?:want to |going to )?(?:renew\w*|continu\w+|stay)"
    r"|won['’]t (?:renew|continue|stay)|not (?:renewing|continuing|interested)|wants? to cancel|said no"
    r"|(?:going|gone|went) with (?:another|someone|somebody)|switch(?:ed|ing) to (?:another|a competitor)"
    r"|decided against)\b"
)
_DENIED = re.compile(r"(?:\b(?:not|no|never|nor|without)|n['’]t)(?:\s+\w+)?\s*$")


class Happened(NamedTuple):
    """One fact of a run: `at` an aware instant, of an appointment its start; `on` the rep's local date then.

    `known_at` is when it was logged: what was logged after a decision was not part of it.
    """

    at: datetime
    on: date
    kind: str
    outcome: str | None = None
    note: str | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """The stage that fits what happened, since which local date, and why: one of the signs above."""

    to: Stage
    since: date
    why: str


def fitting_move(
    stage: Stage, happened: Iterable[Happened], decided_at: datetime | None, policy: Policy
) -> Fitting | None:
    """The move that fits a run, if it is allowed from its stage; None when the stage says it all.

    `decided_at`: when somebody last decided about the stage; what was known then is no sign.
    """
    allowed = moves_from(stage, policy)
    found = [sign for sign in _signs(stage, happened, decided_at) if sign.to in allowed]
    if not found:
        return None
    newest = found[-1].to
    return next(sign for sign in found if sign.to is newest)


def lags(fitting: Fitting, calendar: WorkCalendar, on: date, policy: Policy, *, more_days: int = 0) -> bool:
    """Whether the stage lags: the working days it may take are over on `on`. Raises NoWorkingDay.

    `more_days`: as many working days later, for whoever hears of it second.
    """
    return calendar.add_working_days(fitting.since, policy.stage_lag_working_days + more_days) <= on


def says_talking(note: str) -> bool:
    """Whether a note says that price, quote or contract are being talked about."""
    text = note.casefold()
    return any(not _DENIED.search(text[: found.start()]) for found in _SAYS_TALKING.finditer(text))


def says_no(note: str) -> bool:
    """Whether a note says that the customer will not renew."""
    return _SAYS_NO.search(note.casefold()) is not None


def _signs(stage: Stage, happened: Iterable[Happened], decided_at: datetime | None) -> list[Fitting]:
    """Every sign, oldest first."""
    later = sorted(one for one in happened if decided_at is None or (one.known_at or one.at) > decided_at)
    found: list[Fitting] = []
    answered: set[date] = set()
    for one in later:
        if one.note and says_no(one.note):
            found.append(Fitting(Stage.LOST, one.on, SAID_NO))
            continue
        if stage is not Stage.OPEN:
            continue
        if one.kind == "appointment" and one.outcome == "held":
            found.append(Fitting(Stage.NEGOTIATION, one.on, HELD))
        elif one.note and says_talking(one.note):
            found.append(Fitting(Stage.NEGOTIATION, one.on, TALKING))
        elif one.kind == "reply" or (one.kind == "call" and one.outcome == CONNECTED):
            answered.add(one.on)
            if len(answered) > 1:
                found.append(Fitting(Stage.NEGOTIATION, one.on, ANSWERED_TWICE))
    return found
