"""The stage that fits what happened on a run, read from its facts (the rules are the playbook's)."""

from __future__ import annotations

from datetime import datetime

from bot.playbook.calendar import WorkCalendar
from bot.playbook.policy import Policy
from bot.playbook.run import Stage
from bot.playbook.stage_signs import Fitting, Happened, fitting_move
from bot.services.runs.history import UNDONE
from bot.store.book import FactRow, LoadedRun

STAGE_CHECKED = "stage_checked"  # a person said that the stage is right as it is


def fitting_of(loaded: LoadedRun, calendar: WorkCalendar, now: datetime, policy: Policy) -> Fitting | None:
    """The move that fits the run now; None when its stage says it all, or its deal is gone."""
    if loaded.row.gone_at is not None:
        return None
    happened = [
        one
        for fact in loaded.facts
        if (one := _happened(fact, calendar)).at <= now and one.on >= loaded.row.put_out_on
    ]
    return fitting_move(Stage(loaded.row.stage), happened, _decided_at(loaded), policy)


def _happened(fact: FactRow, calendar: WorkCalendar) -> Happened:
    at = fact.starts_at if fact.kind == "appointment" and fact.starts_at is not None else fact.at
    # What HubSpot tells us is learned late; it was known to whoever wrote it there.
    known_at = fact.at if fact.source == "hubspot" else fact.recorded_at
    # The note of a stage or a deferral speaks of what was decided with it.
    note = None if fact.kind in ("stage", "deferral", "kept") else fact.note
    return Happened(at, calendar.local_date(at), fact.kind, fact.outcome, note, max(at, known_at))


def _decided_at(loaded: LoadedRun) -> datetime | None:
    """When a person last decided about the stage."""
    decisions = [
        fact.recorded_at
        for fact in loaded.facts
        if fact.kind == STAGE_CHECKED or (fact.kind == "stage" and fact.reason != UNDONE)
    ]
    return max(decisions, default=None)
