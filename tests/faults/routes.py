"""Everything that somebody can press, send or choose, one row each: on which account, and who rightly does.

`test_every_route.py` puts each row before the wrong people, in stale states and with forged values. A new entry in
`handlers/__init__.py` needs a row here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]
CHOSEN = "selected_option"


def option(value: str) -> Fields:
    return {"type": "radio_buttons", CHOSEN: {"value": value}}


def text(value: str) -> Fields:
    return {"type": "plain_text_input", "value": value}


DONE = {"checked": ("field", {"type": "checkboxes", "selected_options": [{"value": "checked"}]})}
IN_NEGOTIATION = {"result": ("result_chosen", option("in_negotiation")), "note": ("field", text("Wants it"))}
LOST_AND_NO_MORE = {"result": ("result_chosen", option("lost"))}
AWAY = {
    "reason": ("field", option("out_of_town")),
    "when": ("when_typed", text("in 2 weeks")),
    "note": ("field", text("Back then")),
}
MOVED_TO = {
    "starts_on": ("field", {"type": "datepicker", "selected_date": "2026-12-01"}),
    "starts_at": ("field", {"type": "timepicker", "selected_time": "10:00"}),
}
LEAVE = {
    "first": ("field", {"type": "datepicker", "selected_date": "2026-12-14"}),
    "last": ("field", {"type": "datepicker", "selected_date": "2026-12-15"}),
}
BUSY = {"outcome": ("field", option("busy"))}
NO_ANSWER = {"outcome": ("several_outcome", option("no_answer"))}
KEEP = {"reason": ("field", text("Signs next week")), "when": ("when_typed", text("in 2 weeks"))}
TERMS = {
    "amount": ("field", text("150.50")),
    "term": ("term_chosen", option("12")),
    "new_expires:12": ("expires_chosen", {"type": "datepicker", "selected_date": "2027-12-31"}),
}
LOST = {"lost_reason": ("field", option("price")), "note": ("field", text("Too dear"))}
UPSELL = {
    "deal_kind": ("field", option("upsell")),
    "deal_name": ("field", text("More pages")),
    "amount": ("field", text("1,200")),
}
CLOSED, MOVED_OUT, GONE, YESTERDAY = "closed", "moved out", "deleted", "yesterday's"


@dataclass(frozen=True)
class Route:
    """One act. `ref`: what its value names: a touch (with `step`), a run, a fact, a message, or nothing at all.

    `account`: the state its account is in (see the stage). `by` may do it. `sent` are the fields of a form, `within`
    the form in which a press stands. `lacking`: fields with which something is missing, where an empty form lacks
    nothing. `still`: states of the account in which it rightly goes on, with why.
    """

    id: str
    account: str = "call"
    ref: str = "touch"
    step: str | None = None
    by: str = "ana"
    sent: dict[str, tuple[str, Fields]] = field(default_factory=dict)
    within: str | None = None
    lacking: dict[str, tuple[str, Fields]] = field(default_factory=dict)
    still: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()  # who else may

    @property
    def of_a_run(self) -> bool:
        return self.ref in ("touch", "run", "fact", "change", "away")


REDRAWN = "its form is drawn again and says so when it is sent"
IN_A_FORM = {CLOSED: REDRAWN, MOVED_OUT: REDRAWN}
LOOKING = dict.fromkeys((CLOSED, MOVED_OUT, GONE), "only shows the account as it is")
HISTORY = dict.fromkeys((CLOSED, MOVED_OUT), "what was logged on it can still be taken back or said better")
DECIDED = dict.fromkeys(
    (CLOSED, MOVED_OUT), "what did not reach HubSpot is decided whatever has become of it"
)
SITE = dict.fromkeys((CLOSED, MOVED_OUT), "the site of a closed account goes down all the same")
HEARD = dict.fromkeys((CLOSED, MOVED_OUT), "says only that it was heard")
TOLD = {CLOSED: "a closed account can be told of", MOVED_OUT: "a closed account can be told of"}

WON = {CLOSED: "that is its state"}
REOPENED = dict.fromkeys((CLOSED, MOVED_OUT), "what is closed is what it opens again")

PRESSES = (
    Route("log_call:no_answer", step="opening_call"),
    Route("log_review", step="review"),
    Route("open_review", step="review"),
    Route("report_missing", step="review"),
    Route("open_connected", step="opening_call"),
    Route("open_more", step="opening_call"),
    Route("open_defer", ref="run"),
    Route("open_meeting", ref="run", still=IN_A_FORM),
    Route("choose_account:log", ref="run", still=IN_A_FORM),
    Route("choose_account:defer", ref="run"),
    Route("remind:hour", ref="run", within="more_form"),
    Route("result_chosen", ref="run", within="connected_form", still=IN_A_FORM),
    Route("term_chosen", ref="run", within="connected_form", still=IN_A_FORM),
    Route("expires_chosen", ref="run", within="connected_form", still=IN_A_FORM),
    Route("open_close:lost", ref="run"),
    Route("move_stage", ref="run"),
    Route("keep_stage", ref="run"),
    Route("reopen", account="lost", ref="run", by="maria", still=REOPENED),
    Route("open_next_term", account="won", ref="run", still=WON),
    Route("happened", ref="run", within="more_form", still=IN_A_FORM),
    Route("when_typed", ref="run", within="defer_form", still=IN_A_FORM),
    Route("open_card", ref="run", still=LOOKING),
    Route("log_email", account="email", step="opening_email"),
    Route("open_email", account="email", step="opening_email"),
    Route("undo_fact", account="email", ref="fact", still=HISTORY),
    Route("open_change", account="email", ref="fact", still=HISTORY),
    Route("try_again", account="refused", ref="fact", still=DECIDED, also=("adam",)),
    Route("drop_entry", account="refused", ref="fact", still=DECIDED, also=("adam",)),
    Route("keep_theirs", account="contested", ref="fact", still=DECIDED, also=("adam",)),
    Route("write_mine", account="contested", ref="fact", still=DECIDED, also=("adam",)),
    Route("log_appointment:no_show", account="meeting", step="appointment_outcome"),
    Route("open_held", account="meeting", step="appointment_outcome"),
    Route("open_moved", account="meeting", step="appointment_outcome"),
    Route("open_guarded_email", account="cancel", step="cancellation_email"),
    Route("confirm_dates", account="cancel", step="cancellation_email"),
    Route("open_keep", account="thirty", ref="run", by="maria"),
    Route("move_out_now", account="thirty", ref="run", by="maria"),
    Route(
        "take_back_move_out", account="moved", ref="fact", by="maria", still={MOVED_OUT: "that is its state"}
    ),
    Route("take_back_keep", account="kept", ref="fact", by="maria", still=HISTORY),
    Route("confirm_site_down", account="down", ref="run", by="cara", still=SITE),
    Route("acknowledge_report", account="missing", ref="fact", by="walt", still=HEARD),
    Route("turn_page:next", ref="page"),
    Route("log_said", account="said", ref="said"),
    Route("change_said", account="said", ref="said"),
    Route("choose_said:0", account="said", ref="asked"),
    Route("open_several", ref="several"),
    Route("choose_several:all", ref="several", within="several_form"),
    Route("several_outcome", ref="several", within="several_form"),
    Route("choose_several_again", ref="plan", within="several_plan_form"),
    Route("undo_several", ref="logged_plan", within="several_plan_form"),
    Route("home_show", ref="word"),
    Route("home_days", ref="word"),
    Route("home_value", ref="word"),
    Route("home_refresh", ref="home"),
    Route("home_team", ref="home", by="maria"),
    Route("home_book", ref="book", by="maria"),
    Route("turn_home:next", ref="home"),
    Route("open_settings", ref="own"),
    Route("open_leave", ref="leave"),
    Route("end_leave", ref="leave_id", within="leave_form"),
    Route("open_status_leave", ref="status"),
    Route("decline_status_leave", ref="status"),
    Route("defer_away", account="away", ref="away"),
    Route("open_away", account="away", ref="away"),
    Route("decline_away", account="away", ref="away"),
    Route("find_a_time", ref="link"),
    Route("open_draft", ref="link"),
    Route("open_account", ref="link"),
)
FORMS = (
    Route("connected_form", step="opening_call", sent=IN_NEGOTIATION, lacking=LOST_AND_NO_MORE),
    Route("close_form", ref="run", sent=LOST),
    Route("next_term_form", account="won", ref="run", sent=TERMS, still=WON),
    Route("new_deal_form", account="won", ref="run", sent=UPSELL, still=WON),
    Route("more_form", step="opening_call", sent={"choice": ("happened", option("call:busy"))}),
    Route("defer_form", ref="run", sent=AWAY),
    Route("email_form", account="email", step="opening_email"),
    Route("meeting_form", ref="run", sent=MOVED_TO, still=TOLD),
    Route("review_form", step="review"),
    Route(
        "held_form",
        account="meeting",
        step="appointment_outcome",
        sent=IN_NEGOTIATION,
        lacking=LOST_AND_NO_MORE,
    ),
    Route("moved_form", account="meeting", step="appointment_outcome", sent=MOVED_TO),
    Route(
        "change_form",
        account="email",
        ref="change",
        sent=BUSY,
        still=HISTORY,
    ),
    Route("guarded_email_form", account="cancel", step="cancellation_email", sent=DONE),
    Route("keep_form", account="thirty", ref="run", by="maria", sent=KEEP),
    Route(
        "confirm_site_down_form",
        account="down",
        ref="run",
        by="cara",
        sent=DONE,
        still=SITE,
    ),
    # Whoever sends it makes a plan of their own, in which foreign accounts are refused: tests/scenario/test_bulk.py.
    Route("several_form", ref="own_several", sent=NO_ANSWER),
    Route("several_plan_form", ref="plan"),
    Route("settings_form", ref="own"),
    Route("leave_form", ref="leave", sent=LEAVE),
)
SHORTCUTS = (Route("open_account", ref="message"),)
