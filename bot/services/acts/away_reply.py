"""The two answers to a customer's automatic answer: the deferral it asks for, or none (PLAYBOOK 3 and 6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from bot.services.acts.acting import Acting, Click, acting, looking
from bot.services.acts.record import NewFact
from bot.services.errors import StaleTouch
from bot.services.models import AwayOffer
from bot.services.outgoing.redraws import redraw_runs
from bot.services.runs.away_offers import away_offer, lately_answered
from bot.services.work import Work
from bot.store.tables import AutomaticReply

OUT_OF_TOWN = "out_of_town"
OVER = "This automatic reply is answered or over already. Nothing was changed."


@dataclass(frozen=True, slots=True)
class ToFillIn:
    """What the form opens with; `on` is the run's local date."""

    run_id: int
    account: str
    on: date
    offer: AwayOffer


def defer_as_said(work: Work, click: Click, reply_id: int, until: date) -> None:
    """Defer the run to the day that was read and shown, with the answer's own words as the note.

    Raises StaleTouch when it proposes that no more, and what `acting` raises.
    """
    with _answering(work, click, reply_id, "defer_away") as (desk, offer):
        if desk.repeated:
            return
        if offer is None or not offer.one_tap or offer.until != until:
            raise StaleTouch(OVER)
        desk.write(NewFact("deferral", until=until, reason=OUT_OF_TOWN, note=away_note(offer)))


def decline_deferral(work: Work, click: Click, reply_id: int) -> None:
    """*No*: this answer proposes nothing any more. Raises StaleTouch, and what `acting` raises."""
    with _answering(work, click, reply_id, "decline_away") as (desk, offer):
        if desk.repeated:
            return
        if offer is None:
            raise StaleTouch(OVER)
        reply = desk.session.get_one(AutomaticReply, reply_id)
        reply.answered_at, reply.answered_by = work.now(), desk.person.id
        desk.session.flush()
        redraw_runs(work, desk.session, [desk.run.id], click.pressed)


def offer_to_fill_in(work: Work, click: Click, reply_id: int) -> ToFillIn:
    """What the form is filled in with. Raises StaleTouch, NotYours (audited)."""
    with looking(work, click, _run_of(work, reply_id), "open_away") as desk:
        offer = _offer(desk, reply_id)
        if offer is None:
            raise StaleTouch(OVER)
        return ToFillIn(desk.run.id, desk.run.account, desk.today, offer)


def away_note(offer: AwayOffer) -> str:
    """The deferral's note."""
    return f"Automatic reply: {offer.quote or 'away'}"


@contextmanager
def _answering(
    work: Work, click: Click, reply_id: int, action: str
) -> Iterator[tuple[Acting, AwayOffer | None]]:
    with acting(work, click, _run_of(work, reply_id), action) as desk:
        desk.require_there()
        yield desk, _offer(desk, reply_id)


def _offer(desk: Acting, reply_id: int) -> AwayOffer | None:
    """What that very answer proposes now."""
    now = desk.work.now()
    replies = lately_answered(desk.session, now, desk.run.id).get(desk.run.id, ())
    offer = away_offer(replies, desk.loaded, desk.calendar, now)
    return offer if offer is not None and offer.reply_id == reply_id else None


def _run_of(work: Work, reply_id: int) -> int:
    with work.store.read() as session:
        reply = session.get(AutomaticReply, reply_id)
        if reply is None:
            raise StaleTouch(OVER)
        return reply.run_id
