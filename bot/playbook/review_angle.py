"""What to open the first call with, by plain rules from what is known at the account review (PLAYBOOK 2 and 8)."""

from enum import StrEnum

from bot.playbook.satisfaction import Satisfaction

FEW_CONTACTS = 2
"""So many contacts in the year before the put-out date are few: the customer hardly knows us."""


class Angle(StrEnum):
    """One piece of advice for the first call."""

    REPORTS_FIRST = "reports_first"
    INTRODUCE = "introduce"
    RECALL = "recall"
    LISTEN = "listen"
    ASK_SCORE = "ask_score"
    ASK_SCORE_AGAIN = "ask_score_again"
    ASK_WHAT_IS_MISSING = "ask_what_is_missing"
    RENEW_WITH_UPSELL = "renew_with_upsell"


_BY_SATISFACTION = {
    Satisfaction.SATISFIED: Angle.RENEW_WITH_UPSELL,
    Satisfaction.NOT_SATISFIED: Angle.LISTEN,
    Satisfaction.UNDECIDED: Angle.ASK_WHAT_IS_MISSING,
    Satisfaction.OUTDATED: Angle.ASK_SCORE_AGAIN,
    Satisfaction.UNKNOWN: Angle.ASK_SCORE,
}


def suggested_angle(
    satisfaction: Satisfaction, *, reports_missing: bool, contacts_before: int
) -> tuple[Angle, ...]:
    """What to do first comes first: get the reports, make oneself known, then the question itself.

    `contacts_before`: calls, emails, replies and meetings in the year before the put-out date.
    """
    angles = [Angle.REPORTS_FIRST] if reports_missing else []
    if contacts_before == 0:
        angles.append(Angle.INTRODUCE)
    elif contacts_before <= FEW_CONTACTS:
        angles.append(Angle.RECALL)
    return (*angles, _BY_SATISFACTION[satisfaction])
