"""What was understood of typed words, read back: *Log it* or *Change*; or a question with a button per answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.plain_words.reading import Defer, Doing, Log, Remind, Show, Undo
from bot.services.words.read_back import ReadBack, SaidAccount
from bot.slack import ids
from bot.slack.payloads import SaidRef
from bot.slack.text import day_words, escaped, name
from bot.slack.views.blocks import Block, Drawn, Element, actions, button, context, section
from bot.slack.words import DEFER_REASONS, outcome_words

LONGEST_QUOTE: Final = 200

# Why a message that asked or read back has no buttons any more.
_OVER: Final = {
    "answered": "You went on below. Nothing was logged from here.",
    "edited": "You changed your message; the new words are read below. Nothing was logged from here.",
    "deleted": "You deleted your message. Nothing was logged from here.",
}

_HAPPENED: Final = {
    "email": "Email sent",
    "replied": "Customer replied",
    "called_in": "Customer called in",
    "review": "Account reviewed",
    "note": "Note",
    "meeting": "Appointment booked",
    "moved": "Appointment moved",
    "canceled": "Appointment canceled",
    "no_show": "Customer did not show up",
    "negotiation": "In negotiation",
    "report_missing": "Report missing: the department manager is told",
    "cancellation_email": "Cancellation email sent",
    "takedown_email": "Takedown email sent",
}
_QUESTIONS: Final = {
    "account": "Which account do you mean?",
    "outcome": "What happened?",
    "date": "When do you mean?",
    "won": "What was agreed?",
    "reason": "Why is it lost?",
    "what": "I am not sure what you want. Which of these?",
    "words": "I do not know what “{words}” is to say. Is it one of these?",
}
# What to write, where there is nothing to choose from.
_OPEN: Final = {
    "account": "Which account? Write it with the account's name, for example: `acme no answer`.",
    "outcome": "What happened? For example: `acme no answer`, `acme left vm`, `acme replied: wants a quote`.",
    "date": "When? I log what happened today, and a date to come has to be a clear one, for example:"
    " `acme is out until 14 Dec`, `acme no answer, try again Thursday`, `remind me of acme at 3pm`.",
    "won": "Which account is won? Write it with its name, for example: `acme signed`. Its form then asks for"
    " amount, term and new expiration; nothing was logged.",
    "reason": "Why is it lost? Closing needs a reason and a note, so nothing was logged: use the account's buttons.",
    "what": "I am not sure what you want, so nothing was logged. Write what happened, for example: `acme no answer`.",
    "words": "I do not know “{words}”, so nothing was logged. Write it with the account's name, for example:"
    " `acme no answer, try again Thursday`.",
}
WHAT_I_CAN: Final = (
    "I can log what happened (`acme no answer`, `left vm for acme, try again Thursday`), defer (`acme is out until"
    " the 14th`), remind you (`remind me of acme at 3pm`), undo, and show what is due (`today`) or an account"
    " (`status of acme`). `/renewal help` shows all commands."
)
_REFUSED: Final = {
    "empty": "",
    "too_long": "This is longer than I can read. ",
    "not_understood": "I did not understand that. ",
    "nothing_to_log": "Nothing was logged. ",
    "cannot": "That is not mine to do from a message, so nothing was done. ",
    "one_at_a_time": "I log one account at a time, so nothing was logged. ",
    "guarded": "A cancellation or takedown email is logged from its preview, where its dates are checked; the"
    " button stands on the account once the email is due. ",
}


def read_back_message(said: ReadBack) -> Drawn:
    """The message as it stands, while nothing is settled."""
    doing = said.to_confirm
    if said.over is not None:
        return _gone_on(said, doing, _OVER[said.over])
    if doing is not None:
        return _to_confirm(said, doing)
    if not said.choices:
        return open_question(said.what or "what", said.words)
    question = _QUESTIONS[said.what or "what"].format(words=escaped(said.words or "", 60))
    if len({choice.run_id for choice in said.choices}) == 1 and said.choices[0].run_id in said.accounts:
        question = f"{_name(said, said.choices[0])}: {question}"
    buttons: list[Element] = []
    for place, choice in enumerate(said.choices):
        label = _label(said, choice)
        buttons.append(button(label, ids.choose_said(place), SaidRef(said.message_id, place).encode()))
    offered = "; ".join(escaped(_label(said, choice), 80) for choice in said.choices)
    return Drawn(f"{question} {offered}", [section(question, "question"), actions(buttons, "choices")])


def done_message(said: ReadBack, doing: Doing, *, undo: bool) -> Drawn:
    """What a typed yes has logged; its *Undo* stands on the message that read it back, where that can be redrawn."""
    words = doing_words(said, doing)
    text = f":white_check_mark: Logged: {words}." if undo else f":white_check_mark: Done: {words}."
    blocks: list[Block] = [section(text, "done")]
    if undo:
        where = "Write `undo` to take it back." if said.private else "Undo stands on the message above."
        blocks.append(context(where, "where"))
    return Drawn(f"{_plain_name(said, doing)}: logged", blocks)


def _gone_on(said: ReadBack, doing: Doing | None, how: str) -> Drawn:
    """A message whose person went on in words: what it said, without its buttons."""
    if doing is not None:
        shown = doing_words(said, doing)
    else:
        shown = _QUESTIONS[said.what or "what"].format(words=escaped(said.words or "", 60))
    return Drawn(how, [section(shown, "said"), context(how, "over")])


def open_question(what: str, words: str | None) -> Drawn:
    """A question that only new words can answer."""
    text = _OPEN[what].format(words=escaped(words or "", 60))
    return Drawn(text, [section(text, "question")])


def refusal(why: str, hint: str = "") -> Drawn:
    """Why nothing was done, and what can be."""
    text = f"{_REFUSED[why]}{hint}{WHAT_I_CAN}"
    return Drawn(text, [section(text, "refused")])


def doing_words(said: ReadBack, doing: Doing) -> str:
    """One line of mrkdwn: account, what will be logged, and what follows."""
    return " · ".join([f"*{_name(said, doing)}*", *_parts(doing, said.now)])


def _to_confirm(said: ReadBack, doing: Doing) -> Drawn:
    words = doing_words(said, doing)
    ref = SaidRef(said.message_id, said.chosen or 0).encode()
    confirm = {Log: "Log it", Defer: "Log it", Remind: "Remind me"}.get(type(doing), "Show it")
    row = [button(confirm, ids.LOG_SAID, ref, style="primary")]
    if isinstance(doing, Log | Defer):
        row.append(button("Change", ids.CHANGE_SAID, ref))
    blocks: list[Block] = [
        section(f"I will log: {words}" if not isinstance(doing, Remind) else words, "said")
    ]
    note = getattr(doing, "note", None)
    if note:
        blocks.append(context(f"Note: “{escaped(note, LONGEST_QUOTE)}”", "note"))
    warning = _day_30(said, doing)
    if warning is not None:
        blocks.append(context(f":warning: {warning}", "warning"))
    if said.off is not None:
        blocks.append(context(said.off, "day_off"))
    blocks.append(actions(row, "confirm"))
    asked = "Log it?" if isinstance(doing, Log | Defer) else f"{confirm}?"
    return Drawn(f"{_name(said, doing)}: {', '.join(_parts(doing, said.now))}. {asked}", blocks)


def _parts(doing: Doing, now: datetime) -> list[str]:
    match doing:
        case Log():
            words = _HAPPENED.get(doing.outcome) or outcome_words(doing.outcome)
            parts = [words]
            if doing.starts_at is not None:
                parts.append(f"appointment {_moment(doing.starts_at, now)}")
            if doing.until is not None:
                parts.append(f"not again before {day_words(doing.until)}")
            if doing.remind_at is not None:
                parts.append(f"reminder {_moment(doing.remind_at, now)}")
            if doing.outcome == "connected" and len(parts) == 1:
                parts.append("nothing agreed yet: next step next working day")
            return parts
        case Defer():
            reason = DEFER_REASONS.get(doing.reason, doing.reason) if doing.reason != "other" else None
            return [f"deferred until {day_words(doing.until)}", *([reason] if reason else [])]
        case Remind():
            return [f"reminder {_moment(doing.at, now)}"]
        case Undo():
            return ["undo"]
        case Show():
            return ["show it"]


def _label(said: ReadBack, choice: Doing) -> str:
    """A button's label: the account where the accounts differ, with its owner where two have one name."""
    account = said.accounts.get(choice.run_id or 0)
    shown = _plain_name(said, choice)
    if account is not None and [one.name for one in said.accounts.values()].count(account.name) > 1:
        shown = f"{shown} ({_which(account)})"
    if isinstance(choice, Show):
        return f"Show {shown}"
    words = ", ".join(_parts(choice, said.now))
    if getattr(choice, "note", None):
        words += ", with the note"
    return (
        f"{shown[:35]}: {words}"
        if len({one.run_id for one in said.choices}) > 1
        else words[:1].upper() + words[1:]
    )


def _which(account: SaidAccount) -> str:
    return f"{account.owner or 'nobody yet'}, put out {day_words(account.put_out_on)}"


def _name(said: ReadBack, doing: Doing) -> str:
    account = said.accounts.get(doing.run_id or 0)
    return name(account.name) if account is not None else "(gone)"


def _plain_name(said: ReadBack, doing: Doing) -> str:
    account = said.accounts.get(doing.run_id or 0)
    return account.name if account is not None else "(gone)"


def _moment(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    day = "today" if local.date() == now.date() else day_words(local.date(), now.date())
    return f"{day} at {local:%H:%M}"


def _day_30(said: ReadBack, doing: Doing) -> str | None:
    """A deferral past day 30 is warned of before it is logged (PLAYBOOK 5)."""
    until = doing.until if isinstance(doing, Log | Defer) else None
    account = said.accounts.get(doing.run_id or 0)
    if until is None or account is None or until <= account.day_30:
        return None
    return (
        f"That is past day 30 ({day_words(account.day_30)}). A deferral does not exempt from the move-out;"
        " your manager may keep the account."
    )
