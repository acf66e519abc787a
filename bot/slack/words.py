"""Plain words for what the playbook, HubSpot and our own forms name by a key. One table each."""

from __future__ import annotations

from typing import Final

from bot.playbook.assessment import Step
from bot.playbook.run import CONNECTED
from bot.playbook.terms import LONGEST_TERM

# What the rep has to do, as a reader says it after the account's name.
STEPS: Final[dict[Step, str]] = {
    Step.TAKEDOWN_CALL: "site down, contact the customer now",
    Step.TAKEDOWN_EMAIL_NOTICE: "site down, email the customer now",
    Step.APPOINTMENT_OUTCOME: "log how the appointment went",
    Step.APPOINTMENT_TODAY: "appointment today",
    Step.CHECK_IN: "check-in call (negotiation)",
    Step.NEXT_STEP: "call to agree the next step",
    Step.REVIEW: "account review",
    Step.FINAL_CALL: "final call",
    Step.OPENING_CALL: "first call",
    Step.FOLLOW_UP_CALL: "follow-up call",
    Step.WEEKLY_CALL: "call of this week",
    Step.OPENING_EMAIL: "first email",
    Step.SECOND_CALL: "second call today",
    Step.FOLLOW_UP_EMAIL: "follow-up email",
    Step.CANCELLATION_EMAIL: "cancellation email",
    Step.TAKEDOWN_EMAIL: "takedown email",
    Step.CALLBACK: "call back as agreed",
}

CALL_OUTCOMES: Final[dict[str, str]] = {
    CONNECTED: "Connected",
    "no_answer": "No answer",
    "left_voicemail": "Left voicemail",
    "left_live_message": "Left live message",
    "busy": "Busy",
    "wrong_number": "Wrong number",
}

ACTIVITIES: Final[dict[str, str]] = {
    "call": "Call",
    "email": "Email sent",
    "reply": "Customer replied",
    "meeting_booked": "Meeting booked",
    "review": "Account reviewed",
    "note": "Note",
    "cancellation_email": "Cancellation email sent",
    "takedown_email": "Takedown email sent",
    "care_confirmed": "Takedown confirmed by Customer Care",
    "site_down": "Site taken down",
    "report_missing": "Report missing, department manager told",
    "dates_confirmed": "Dates confirmed",
    "kept": "Kept",
    "new_deal": "New deal",
    "stage_checked": "Stage checked",
    "withdrawn": "Undone",
}

APPOINTMENTS: Final[dict[str, str]] = {
    "scheduled": "Appointment",
    "held": "Appointment held",
    "no_show": "Customer did not show up",
    "canceled": "Appointment canceled",
}

STAGES: Final[dict[str, str]] = {
    "open": "Open",
    "negotiation": "In negotiation",
    "won": "Won",
    "lost": "Lost",
    "moved_out": "Moved out",
}

# What comes of a conversation (PLAYBOOK 7).
RESULTS: Final[dict[str, str]] = {
    "meeting_on": "Meeting on…",
    "call_back_on": "Call back on…",
    "in_negotiation": "In negotiation",
    "won": "Won",
    "lost": "Lost…",
    "nothing_yet": "Nothing yet: next step next working day",
}

# What comes next where nobody was reached.
NEXT_STEPS: Final[dict[str, str]] = {
    "nothing_yet": "As the playbook says",
    "meeting_on": "Meeting on…",
    "call_back_on": "Call back on…",
}

# PLAYBOOK 7: closing lost needs one of these.
LOST_REASONS: Final[dict[str, str]] = {
    "price": "Price",
    "no_results": "No results seen",
    "service_problem": "Service problem",
    "missing_feature": "Missing feature",
    "competitor": "Competitor",
    "business_closed": "Business closed or sold",
    "not_needed": "No longer needs it",
    "payment_failed": "Payment failed",
    "never_reached": "Never reached",
}

# The terms of a renewal, in months.
TERMS: Final[dict[str, str]] = {
    str(months): "1 month" if months == 1 else f"{months} months" for months in range(1, LONGEST_TERM + 1)
}

# What else may come of a customer who stays.
NEW_DEALS: Final[dict[str, str]] = {"upsell": "Upsell", "new_customer": "New customer"}

DEFER_REASONS: Final[dict[str, str]] = {
    "out_of_town": "Customer is out of town",
    "asked_to_wait": "Customer asked to be called later",
    "decision_pending": "Decision is pending",
    "other": "Other (say it in the note)",
}

# Why a touch may not be done yet, and what to do about it.
BLOCKED: Final[dict[str, str]] = {
    "expires_on_missing": "blocked: enter the contract expiration in HubSpot first",
}

_STEP_NAMES: Final = frozenset(step.value for step in Step)


def step_words(step: str) -> str:
    """A step in plain words; an unknown one with its underscores removed."""
    return STEPS[Step(step)] if step in _STEP_NAMES else step.replace("_", " ")


def outcome_words(outcome: str) -> str:
    """A call outcome in plain words; the portal's own as it is named there."""
    return CALL_OUTCOMES.get(outcome, outcome.replace("_", " "))
