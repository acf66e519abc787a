"""Change: what was logged stays what happened, said better; one HubSpot record, and history keeps both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.playbook.run import CONNECTED, NO_CONTACT_OUTCOMES
from bot.services.acts.acting import Acting, Click, acting, looking
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact
from bot.services.errors import BadField, NotAllowed, NotYours, StaleTouch
from bot.services.runs.call_outcomes import OWN, offered_outcomes, read_outcome
from bot.services.runs.changeable import CHANGEABLE, entry_of, in_time
from bot.services.runs.history import CHANGE
from bot.services.work import Work
from bot.store.outbox import cancel
from bot.store.tables import Fact


@dataclass(frozen=True, slots=True)
class ToChange:
    """What the form opens with. `outcome` is None where only the note can be changed; `own` are the portal's
    own outcomes on offer, {key: name}; `contact`: somebody was reached, and `with_result`: something came of it.
    """

    run_id: int
    account: str
    kind: str
    outcome: str | None
    note: str | None
    own: Mapping[str, str]
    contact: bool = False
    with_result: bool = False


def read_change(work: Work, click: Click, fact_id: int) -> ToChange:
    """What was logged, for the form. Raises what `change` raises, BadField apart."""
    found = _found(work, fact_id)
    with looking(work, click, found.run_id, "change") as desk:
        _require_changeable(desk, found)
        contact = found.outcome == CONNECTED
        own = offered_outcomes(desk.session, work.config.hubspot, contact=contact)
        outcome = None
        if found.kind == "call" and (own or not contact):
            outcome = found.outcome if found.reason is None else f"{OWN}{found.reason}"
        entry = entry_of(desk.loaded, found)
        with_result = sum(entry_of(desk.loaded, fact) == entry for fact in desk.loaded.facts) > 1
        return ToChange(
            found.run_id, desk.run.account, found.kind, outcome, found.note, own, contact, with_result
        )


def change(work: Work, click: Click, fact_id: int, outcome: str | None, note: str | None) -> Logged:
    """Write what was logged anew, in the place of what it said before; at the same time, for the same touch.

    `outcome` is the call's, None where only the note is changed. Raises StaleTouch when it was changed or undone
    meanwhile, NotAllowed, NotYours, BadField (`note`), StoreUnavailable.
    """
    found = _found(work, fact_id)
    with acting(work, click, found.run_id, "change") as desk:
        if desk.repeated:
            return Logged(found.run_id, desk.run.account, ())
        _require_changeable(desk, found)
        new_outcome, reason = found.outcome, found.reason
        if found.kind == "call":
            new_outcome, reason = _outcome(desk, found, outcome)
        if found.kind == "note" and note is None:
            raise BadField("note", "Write a note, or undo the entry.")
        if (new_outcome, reason, note) == (found.outcome, found.reason, found.note):
            raise BadField("note", "This is what is logged already. Change something, or close the form.")
        # What has not left yet leaves as it is now.
        cancel(desk.session, fact_id=found.id, reason="changed before it left")
        changed = NewFact(
            found.kind, at=found.at, outcome=new_outcome, reason=reason, note=note, supersedes_id=found.id
        )
        written = desk.write(changed, step=found.step, mark=CHANGE)
        return Logged(found.run_id, desk.run.account, tuple(fact.id for fact in written))


def _found(work: Work, fact_id: int) -> Fact:
    with work.store.read() as session:
        found = session.get(Fact, fact_id)
    if found is None:
        raise NotYours("There is nothing to change here any more.")
    return found


def _outcome(desk: Acting, found: Fact, chosen: str | None) -> tuple[str, str | None]:
    contact = found.outcome == CONNECTED
    kept = found.outcome if found.reason is None else f"{OWN}{found.reason}"
    if chosen is None or (chosen == kept and chosen not in NO_CONTACT_OUTCOMES):
        return found.outcome or NO_CONTACT_OUTCOMES[0], found.reason
    return read_outcome(desk.session, desk.work.config.hubspot, chosen, contact=contact)


def _require_changeable(desk: Acting, found: Fact) -> None:
    desk.require_there()
    account = desk.run.account
    if found.id not in {fact.id for fact in desk.loaded.facts}:
        raise StaleTouch(f"{account}: this was undone or changed already. Nothing was changed.")
    if found.source != "slack":
        raise NotAllowed("Only what was logged in Slack can be changed here; change this one in HubSpot.")
    if found.kind not in CHANGEABLE:
        raise NotAllowed(f"{account}: this cannot be changed. Undo it, and log it again.")
    hours = desk.work.policy.change_hours
    if not in_time(desk.loaded, found, desk.work.now(), hours):
        raise NotAllowed(
            f"{account}: this was logged more than {hours:g} hours ago. Log a correction instead,"
            " or change it in HubSpot."
        )
