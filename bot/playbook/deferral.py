""" "Not before date D": when it holds a run, and when the run comes back from it (PLAYBOOK 3.4)."""

from datetime import date

from bot.playbook.known import Known, NotBefore


def newest_deferral(known: Known, by: date) -> NotBefore | None:
    """The deferral made last up to the end of the date `by`."""
    for deferral in reversed(known.deferrals):
        if deferral.made.on <= by:
            return deferral
    return None


def holds(deferral: NotBefore, known: Known, on: date) -> bool:
    """Whether nothing is due on `on`: D is still ahead and the customer has not answered since."""
    return deferral.until > on and not _answered(deferral, known)


def has_run_out(deferral: NotBefore, known: Known, on: date) -> bool:
    """Whether the run is returning on `on`: D is reached, and since then nobody tried and nobody answered."""
    if deferral.until > on or _answered(deferral, known):
        return False
    attempt = known.last_attempt
    return attempt is None or attempt.at <= deferral.made.at or attempt.on < deferral.until


def _answered(deferral: NotBefore, known: Known) -> bool:
    return known.last_response is not None and known.last_response.at > deferral.made.at
