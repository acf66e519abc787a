"""Closing a run, and what follows: the next term's deal, an upsell, a new customer; and opening it again."""

from __future__ import annotations

from bot.playbook.run import Stage
from bot.services.acts.acting import Acting, Click, TouchAt, acting
from bot.services.acts.close_facts import lost_fact, next_term, terms_words, won_fact
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact
from bot.services.errors import BadField, NotAllowed, NotYours, StaleTouch
from bot.services.outgoing.crm_deals import take_back_deals
from bot.services.people.roles import manages
from bot.services.runs.lines import price
from bot.services.runs.new_deals import (
    HIGHEST_CENTS,
    NEW_CUSTOMER,
    RENEWAL,
    UPSELL,
    DealToMake,
    Terms,
    next_term_of,
)
from bot.services.runs.stage_fit import STAGE_CHECKED
from bot.services.work import Work
from bot.store.tables import Fact

REOPENED = "reopened"
LONGEST_NAME = 200


def close_won(work: Work, click: Click, at: TouchAt, terms: Terms, note: str | None = None) -> Logged:
    """The run is won, however that was agreed: by its owner, the cover or a manager.

    Raises what `acting` raises, StaleTouch, BadField, NotAllowed.
    """
    with acting(work, click, at.run_id, "close") as desk:
        if desk.repeated:
            return _logged(desk, [])
        desk.require_there()
        return _logged(desk, desk.write(won_fact(desk, terms, note)))


def close_lost(work: Work, click: Click, at: TouchAt, reason: str | None, note: str | None) -> Logged:
    """The run is lost, with the reason and what the customer said. Raises as `close_won` does."""
    with acting(work, click, at.run_id, "close") as desk:
        if desk.repeated:
            return _logged(desk, [])
        desk.require_there()
        return _logged(desk, desk.write(lost_fact(reason, note)))


def move_to(work: Work, click: Click, at: TouchAt, stage: str) -> Logged:
    """Move an open run to the stage that fits it; closing has forms of its own. Raises as `close_won` does."""
    with acting(work, click, at.run_id, "move_stage") as desk:
        if desk.repeated:
            return _logged(desk, [])
        desk.require_there()
        if stage not in (Stage.OPEN, Stage.NEGOTIATION):
            raise NotAllowed("Closing asks for more: use the account's Won… or Lost…. Nothing was changed.")
        if desk.run.stage not in (Stage.OPEN, Stage.NEGOTIATION):
            raise StaleTouch(f"{desk.run.account} is closed by now. Nothing was changed.")
        return _logged(desk, desk.write(NewFact("stage", outcome=stage)))


def keep_stage(work: Work, click: Click, at: TouchAt) -> Logged:
    """The stage is right as it is: what happened until now is no reason to move it."""
    with acting(work, click, at.run_id, "keep_stage") as desk:
        if desk.repeated:
            return _logged(desk, [])
        desk.require_there()
        if desk.run.stage not in (Stage.OPEN, Stage.NEGOTIATION):
            raise StaleTouch(f"{desk.run.account} is closed by now. Nothing was changed.")
        return _logged(desk, desk.write(NewFact(STAGE_CHECKED, outcome=desk.run.stage)))


def reopen(work: Work, click: Click, at: TouchAt) -> Logged:
    """A manager of the team opens a closed run again; a next term that nobody has used goes with its close.

    Raises NotYours (audited), StaleTouch when it is open, NotAllowed where the playbook does not allow it.
    """
    with acting(work, click, at.run_id, "reopen") as desk:
        if not manages(work.config, desk.person, desk.owner):
            raise NotYours("Only a manager of the team opens a closed renewal again. Nothing was changed.")
        if desk.repeated:
            return _logged(desk, [])
        desk.require_there()
        if desk.run.stage in (Stage.OPEN, Stage.NEGOTIATION):
            raise StaleTouch(f"{desk.run.account} is open again by now. Nothing was changed.")
        closed_by = [
            fact for fact in desk.loaded.facts if fact.kind == "stage" and fact.outcome == desk.run.stage
        ]
        written = desk.write(NewFact("stage", outcome="open", reason=REOPENED))
        fact = desk.session.get(Fact, closed_by[-1].id) if closed_by and written else None
        if fact is not None:
            take_back_deals(work, desk.session, desk.run, fact, "open")
        return _logged(desk, written)


def seed_next_term(work: Work, click: Click, at: TouchAt, terms: Terms) -> Logged:
    """The next term's deal of a run that somebody closed as won in HubSpot; made once.

    Raises StaleTouch when the run is not won, or its next term is there already; BadField.
    """
    with acting(work, click, at.run_id, "seed_next_term") as desk:
        if desk.repeated:
            return _logged(desk, [])
        _require_won(desk)
        if not work.makes_next_terms:
            raise NotAllowed("The next term's deal is made by HubSpot's own workflow. Nothing was made.")
        if next_term_of(desk.session, desk.run.id) is not None:
            raise StaleTouch(f"{desk.run.account}: the next term's deal is there already. Nothing was made.")
        note = f"Next term: {terms_words(desk, terms)}."
        fact = NewFact("new_deal", reason=RENEWAL, note=note, deal=next_term(desk, terms))
        return _logged(desk, desk.write(fact))


def add_deal(work: Work, click: Click, at: TouchAt, kind: str, name: str, amount_cents: int) -> Logged:
    """An upsell, or a new customer whom this one brought. Raises StaleTouch when the run is not won, BadField."""
    with acting(work, click, at.run_id, "add_deal") as desk:
        if desk.repeated:
            return _logged(desk, [])
        _require_won(desk)
        if kind not in (UPSELL, NEW_CUSTOMER):
            raise NotAllowed("Choose an upsell or a new customer. Nothing was made.")
        if not name.strip() or len(name) > LONGEST_NAME:
            raise BadField("deal_name", f"Give the deal a name of at most {LONGEST_NAME} characters.")
        if not 0 < amount_cents <= HIGHEST_CENTS:
            raise BadField("amount", "Give the deal's amount, more than 0.")
        words = "Upsell" if kind == UPSELL else "New customer"
        note = f"{words}: {name.strip()}, {price(amount_cents, desk.run.currency, 'term')}."
        deal = DealToMake(kind, name.strip(), amount_cents)
        return _logged(desk, desk.write(NewFact("new_deal", reason=kind, note=note, deal=deal)))


def _require_won(desk: Acting) -> None:
    desk.require_there()
    if desk.run.stage != Stage.WON:
        raise StaleTouch(f"{desk.run.account} is not won any more. Nothing was made.")


def _logged(desk: Acting, written: list[Fact]) -> Logged:
    return Logged(desk.run.id, desk.run.account, tuple(fact.id for fact in written))
