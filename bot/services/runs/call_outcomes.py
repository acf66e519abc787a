"""The call outcomes that a portal added to HubSpot's six: their names, and whether one was contact (PLAYBOOK 7).

On a call fact `outcome` stays what the playbook reads (`connected` or `no_answer`, as the configuration says),
and `reason` carries the portal's own id. The names are kept in the settings, so that nobody waits for HubSpot.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.config import HubSpotConfig
from bot.playbook.run import CONNECTED, NO_CONTACT_OUTCOMES
from bot.services.errors import StaleTouch
from bot.store.inserts import put_row
from bot.store.tables import Fact, Setting

# In front of a portal's own id wherever it stands beside our own outcomes.
OWN = "own:"
LONGEST_ID = Fact.reason.type.length or 0
_NAMES = "call_outcomes"


def keep_outcome_names(session: Session, names: Mapping[str, str]) -> None:
    """Remember the portal's own outcomes, {id: name}, in the place of those known before."""
    put_row(session, Setting, {"name": _NAMES, "value": {"names": dict(names)}})


def outcome_names(session: Session) -> dict[str, str]:
    """The portal's own outcomes as last read from HubSpot, {id: name}, in its order."""
    kept = session.get(Setting, _NAMES)
    return dict(kept.value["names"]) if kept is not None else {}


def is_contact(config: HubSpotConfig, outcome_id: str) -> bool:
    """Whether the configuration says so; an outcome that it does not name is no contact."""
    wanted = outcome_id.lower()
    return any(contact for one, contact in config.call_outcomes.items() if one.lower() == wanted)


def offered_outcomes(session: Session, config: HubSpotConfig, *, contact: bool) -> dict[str, str]:
    """What a form may offer of the portal's own: {`own:ID`: name}."""
    return {
        f"{OWN}{one}": name
        for one, name in outcome_names(session).items()
        if is_contact(config, one) is contact
    }


def read_outcome(
    session: Session, config: HubSpotConfig, chosen: str, *, contact: bool
) -> tuple[str, str | None]:
    """A chosen outcome as a fact carries it: (outcome, the portal's own id or None).

    Raises StaleTouch for one that is not (or no longer) offered: a form may be old, or forged.
    """
    ours = (CONNECTED,) if contact else NO_CONTACT_OUTCOMES
    if chosen in ours:
        return chosen, None
    if chosen in offered_outcomes(session, config, contact=contact):
        return (CONNECTED if contact else NO_CONTACT_OUTCOMES[0]), chosen.removeprefix(OWN)
    raise StaleTouch("This call outcome is not one of HubSpot's any more. Nothing was logged; choose again.")
