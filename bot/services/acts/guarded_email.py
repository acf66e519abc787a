"""The guard before cancellation and takedown emails: irreversible, so the dates are summed up (PLAYBOOK 6)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from bot.playbook.assessment import Step
from bot.services.acts.acting import Acting, Click, TouchAt, acting, looking
from bot.services.acts.company_dates import differing
from bot.services.acts.record import NewFact
from bot.services.dates import spoken
from bot.services.errors import NotAllowed
from bot.services.models import GuardedSum
from bot.services.work import Work
from bot.store.tables import RunChange

TAKEDOWN_AFTER = timedelta(days=7)  # E + 7, a gate and not a setting
FRESH = timedelta(days=7)
DATE_FIELDS = ("expires_on", "put_out_on")
NAMES = {"expires_on": "contract expiration", "put_out_on": "put-out date"}


def guarded_sum(work: Work, click: Click, at: TouchAt) -> GuardedSum:
    """The sum of dates that the rep double-checks. Raises StaleTouch, NotYours."""
    with looking(work, click, at.run_id, "open_guarded_email") as desk:
        touch = desk.require_due(at)
        return GuardedSum(
            account=desk.run.account,
            on=desk.today,
            put_out_on=desk.run.put_out_on,
            expires_on=desk.run.expires_on,
            takedown_from=takedown_from(desk.run.expires_on) if desk.run.hosts_site else None,
            takedown_wording=bool(touch and touch.takedown_wording),
            blocked=tuple(blocks(desk, takedown=at.step == Step.TAKEDOWN_EMAIL)),
        )


def confirm_dates(work: Work, click: Click, at: TouchAt) -> None:
    """A person says that the dates as they stand now are right. Raises StaleTouch when the email is not due."""
    with acting(work, click, at.run_id, "confirm_dates") as desk:
        if not desk.repeated:
            desk.require_due(at)
            desk.write(NewFact("dates_confirmed"))


def takedown_from(expires_on: date | None) -> date | None:
    """The first date on which takedown may be spoken of: expiration + 7 days; never counted from put-out."""
    return None if expires_on is None else expires_on + TAKEDOWN_AFTER


def require_unblocked(desk: Acting, *, takedown: bool) -> None:
    """Raises NotAllowed with every reason why the email may not go out."""
    found = blocks(desk, takedown=takedown)
    if found:
        raise NotAllowed(" ".join(found))


def blocks(desk: Acting, *, takedown: bool) -> list[str]:
    """Sentences: why the email may not go out now."""
    run, found = desk.run, []
    if run.expires_on is None:
        return ["The contract expiration is missing: set it in HubSpot first."]
    from_day = takedown_from(run.expires_on)
    if takedown and from_day is not None and desk.today < from_day:
        found.append(f"The takedown email is allowed from {spoken(from_day)} (expiration + 7).")
    if takedown and not run.hosts_site:
        found.append("We do not host this site, so there is nothing to take down.")
    changed = _unconfirmed_change(desk)
    if changed is not None:
        found.append(
            f"The {NAMES[changed.field]} was changed from {_said(changed.old)} to"
            f" {_said(changed.new)} in the last 7 days: confirm that it is right first."
        )
    for field, ours, theirs in differing(desk):
        found.append(
            f"The {NAMES[field]} is {_said(ours)} on the deal and {_said(theirs)} on the company: confirm that the"
            " deal's is right, or mend it in HubSpot first."
        )
    return found


def _said(day: str | None) -> str:
    """A date as it was kept, in words."""
    return spoken(date.fromisoformat(day)) if day else "nothing"


def _unconfirmed_change(desk: Acting) -> RunChange | None:
    """A date changed in the last 7 days that nobody has confirmed since."""
    confirmed = [fact.recorded_at for fact in desk.loaded.facts if fact.kind == "dates_confirmed"]
    change = desk.session.scalar(
        select(RunChange)
        .where(
            RunChange.run_id == desk.run.id,
            RunChange.field.in_(DATE_FIELDS),
            RunChange.at > desk.work.now() - FRESH,
        )
        .order_by(RunChange.at.desc(), RunChange.id.desc())
        .limit(1)
    )
    if change is None or any(at >= change.at for at in confirmed):
        return None
    return change
