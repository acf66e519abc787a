""" "Not before date D": when it holds a run, and when the run comes back from it (PLAYBOOK 3.4)."""

from bot.playbook.known import Known, NotBefore


def holding_deferral(known: Known) -> NotBefore | None:
    """The newest deferral, if its date is still ahead and the customer has not answered since it was made."""
    deferral = _newest_unanswered(known)
    return deferral if deferral is not None and deferral.until > known.on else None


def spent_deferral(known: Known) -> NotBefore | None:
    """The newest deferral, if its date is reached and since then nobody has tried, and nobody answered.

    The run is *returning* from it.
    """
    deferral, attempt = _newest_unanswered(known), known.last_attempt
    if deferral is None or deferral.until > known.on:
        return None
    if attempt is not None and attempt.at > deferral.made.at and attempt.on >= deferral.until:
        return None
    return deferral


def _newest_unanswered(known: Known) -> NotBefore | None:
    if not known.deferrals:
        return None
    deferral, response = known.deferrals[-1], known.last_response
    return None if response is not None and response.at > deferral.made.at else deferral
