"""Whether a customer's automatic answer still asks for a deferral: read from it and the run's facts each time.

It is moot once the customer answered or the run was deferred after it, once the day it speaks of has come, and
when a deferral lies as far ahead already. Nothing is written for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.plain_words.automatic_replies import there_again
from bot.playbook.calendar import NoWorkingDay, WorkCalendar
from bot.playbook.known import known_at
from bot.services.models import AwayOffer
from bot.store.book import LoadedRun, to_run
from bot.store.tables import AutomaticReply

# Without a day an answer is news for a week; no absence that is named lasts longer than two years.
NEWS = timedelta(days=7)
LONGEST = timedelta(days=731)
DAY_30 = timedelta(days=29)
OPEN_STAGES = ("open", "negotiation")


def lately_answered(
    session: Session, now: datetime, run_id: int | None = None
) -> dict[int, list[AutomaticReply]]:
    """The answers, read, that may still ask for something, and what became of others: by run, newest first."""
    wanted = select(AutomaticReply).where(
        AutomaticReply.read_at.is_not(None),
        AutomaticReply.at > now - LONGEST,
        or_(AutomaticReply.day >= now.date() - timedelta(days=1), AutomaticReply.at > now - NEWS),
    )
    if run_id is not None:
        wanted = wanted.where(AutomaticReply.run_id == run_id)
    found: dict[int, list[AutomaticReply]] = {}
    for reply in session.scalars(wanted.order_by(AutomaticReply.at.desc(), AutomaticReply.id.desc())):
        found.setdefault(reply.run_id, []).append(reply)
    return found


def away_offer(
    replies: Iterable[AutomaticReply], loaded: LoadedRun, calendar: WorkCalendar, now: datetime
) -> AwayOffer | None:
    """What the newest of a run's answers proposes now, if anything."""
    found = list(replies)
    if not found or loaded.row.stage not in OPEN_STAGES or loaded.row.gone_at is not None:
        return None
    newest = found[0]
    # Who writes the same on every mail is not asked about each time.
    refused = {(one.sender, one.day) for one in found if one.answered_at is not None}
    if newest.answered_at is not None or (newest.sender, newest.day) in refused:
        return None
    today = calendar.local_date(now)
    try:
        until = there_again(newest.says, newest.day, calendar) if newest.day is not None else None
    except NoWorkingDay:
        until = None
    if (until is not None and until <= today) or (until is None and newest.at <= now - NEWS):
        return None
    if _is_moot(newest, loaded, calendar, now) or _is_deferred(loaded, until):
        return None
    put_out_on = loaded.row.put_out_on
    beyond = until is not None and not put_out_on <= until <= put_out_on + DAY_30
    return AwayOffer(
        reply_id=newest.id,
        sender=newest.sender,
        says=newest.says,
        day=newest.day,
        sure=newest.sure,
        until=until,
        one_tap=newest.sure and until is not None and not beyond,
        quote=newest.quote,
    )


def _is_moot(reply: AutomaticReply, loaded: LoadedRun, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the customer answered, or somebody deferred, after it came."""
    if any(fact.kind == "deferral" and fact.recorded_at >= reply.at for fact in loaded.facts):
        return True
    response = known_at(to_run(loaded), calendar, now).last_response
    return response is not None and response.at > reply.at


def _is_deferred(loaded: LoadedRun, until: date | None) -> bool:
    return until is not None and any(
        fact.kind == "deferral" and fact.until is not None and fact.until >= until for fact in loaded.facts
    )
