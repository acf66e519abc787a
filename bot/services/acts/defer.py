"""Deferring: not before a date, with a reason and a note; it documents the put-out day (PLAYBOOK 1 and 3)."""

from __future__ import annotations

from datetime import date, timedelta

from bot.services.acts.acting import Acting, Click, TouchAt, acting, looking
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact
from bot.services.dates import read_date, require_later, spoken
from bot.services.errors import BadField, DomainError, StaleTouch
from bot.services.work import Work

DAY_30 = timedelta(days=29)
LONGEST_NOTE = 2500


class PassesDayThirty(DomainError):
    """The date lies past day 30: the person is warned once and may defer all the same."""

    def __init__(self, until: date, day_30: date) -> None:
        self.until = until
        means = "A deferral does not exempt from the move-out; your manager may keep the account."
        super().__init__(
            f"{spoken(until)} is past day 30 ({spoken(day_30)}). {means} Submit again to defer all the same."
        )
        self.once_done = f"That is past day 30 ({spoken(day_30)}). {means}"


def defer(
    work: Work,
    click: Click,
    at: TouchAt,
    *,
    reason: str,
    note: str,
    until: date | None = None,
    when_text: str | None = None,
    warned_of: date | None = None,
) -> tuple[Logged, date]:
    """Defer a run to a local date of its rep, given or in words; answers the date it was read as.

    Raises BadField (`note`, `when`), PassesDayThirty unless `warned_of` is that date, and what `acting` raises.
    """
    if not note.strip():
        raise BadField("note", "Write a note: the manager reads here where the renewal stands.")
    if len(note) > LONGEST_NOTE:
        raise BadField(
            "note", f"This is too long: at most {LONGEST_NOTE:,} characters, yours has {len(note):,}."
        )
    with acting(work, click, at.run_id, "defer") as desk:
        today = desk.today
        day = read_date(when_text, today, desk.calendar) if until is None and when_text else until
        if day is None:
            raise BadField("when", "Say until when, for example: Monday, in 2 weeks, end of month.")
        if desk.repeated:
            return Logged(desk.run.id, desk.run.account, ()), day
        require_later(day, today)
        _require_open(desk)
        if desk.run.put_out_on > day:
            raise BadField(
                "when", f"The account is put out on {spoken(desk.run.put_out_on)}: choose a later date."
            )
        day_30 = desk.run.put_out_on + DAY_30
        if day > day_30 and warned_of != day:
            raise PassesDayThirty(day, day_30)
        fact = NewFact("deferral", until=day, reason=reason, note=note.strip())
        written = desk.write(fact, step=at.step)
        return Logged(desk.run.id, desk.run.account, tuple(f.id for f in written)), day


def account_to_defer(work: Work, click: Click, run_id: int) -> str:
    """The account for which the form opens. Raises NotYours (audited), StaleTouch when it is closed or gone."""
    with looking(work, click, run_id, "open_defer") as desk:
        _require_open(desk)
        return desk.run.account


def _require_open(desk: Acting) -> None:
    desk.require_there()
    if desk.run.stage in ("won", "lost", "moved_out"):
        raise StaleTouch(f"{desk.run.account} is closed, so there is nothing to defer. Nothing was changed.")
