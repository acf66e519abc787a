"""Short answers: help, which account is meant, what was saved, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.text import ELLIPSIS, escaped, escaped_lines, name, plural
from bot.slack.views.account import linked_name, step_of
from bot.slack.views.blocks import Block, Drawn, button, context, section

MOST_CHOICES: Final = 10
LONGEST_SENTENCE: Final = 2500

_HELP: Final = (
    "*What you can type, here or anywhere*\n"
    "• `/renewal` or `/renewal today` - what is due now, with its buttons\n"
    "• `/renewal week` - what comes up on the later days of this week\n"
    "• `/renewal ACCOUNT` - where it stands, and all that can be done on it\n"
    "• `/renewal log ACCOUNT` - log a call, an email or anything else on an account\n"
    "• `/renewal bulk` - one outcome on several accounts at once\n"
    "• `/renewal defer ACCOUNT` - no touches before a date, with a reason and a note\n"
    "• `/renewal remind ACCOUNT WHEN` - see it again, `in 1 hour`, `this afternoon`, `tomorrow 9:00`; moves no date\n"
    "• `/renewal won ACCOUNT`, `/renewal lost ACCOUNT` - the form for a call that decided it\n"
    "• `/renewal team` - for managers: how each rep's book stands\n"
    "• `/renewal help` - this\n"
    "In a direct message or a thread the same words work without the slash: `today`, `log ACCOUNT`. Or just say it:"
    " `acme no answer`, `left vm for acme, try again Thursday`, `acme is out until the 14th`; I read it back before"
    " anything is logged.\n"
    "A part of the account's name is enough."
)
_VERBS: Final = {
    "log": ("log something on", "Log…"),
    "defer": ("defer", "Defer…"),
    "remind": ("be reminded of", "Remind…"),
    "won": ("log as won", "Won…"),
    "lost": ("log as lost", "Lost…"),
}


def help_message() -> Drawn:
    """What can be typed."""
    return Drawn(
        "Help: /renewal today, week, log, bulk, defer, remind, won, lost, team, help",
        [section(_HELP, "help")],
    )


def sentence_message(sentence: str) -> Drawn:
    """One plain sentence, of ours or a domain error's: "Saved: Acme, no answer."."""
    text = escaped_lines(sentence, LONGEST_SENTENCE) or ELLIPSIS  # Slack refuses an empty text
    return Drawn(text, [section(text)])


def files_not_kept(names: Sequence[str]) -> str:
    """What is said of files that somebody sent, as a sentence."""
    shown = ", ".join(f"“{one[:80]}”" for one in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    them, where = ("it", "it stays") if len(names) == 1 else ("them", "they stay")
    return (
        f"I keep no files: {shown}{more} went nowhere, {where} in this conversation only. Put {them} on the deal in"
        " HubSpot, where the team finds it."
    )


def unexpected_message(reference: str) -> Drawn:
    """Something failed that the person cannot mend; `reference` is in the log."""
    return sentence_message(
        "Something went wrong and nothing was changed. Please try again;"
        f" if it stays, tell your admin {reference}."
    )


def account_choice(verb: str, typed: str, lines: Sequence[AccountLine], on: date) -> Drawn:
    """Which of several accounts is meant; `verb` is a key of _VERBS, `typed` what was searched for."""
    doing, label = _VERBS[verb]
    title = f"{plural(len(lines), 'account')} match “{escaped(typed, 80)}”. Which one do you want to {doing}?"
    blocks: list[Block] = [section(title, "choice")]
    for line in lines[:MOST_CHOICES]:
        ref = TouchRef(line.run_id, None, on, None).encode()
        words = " · ".join([linked_name(line), *(step_of(touch) for touch in line.touches[:2])])
        accessory = button(label, ids.choose_account(verb), ref, about=line.account)
        blocks.append(section(words, ids.run_block(line.run_id), accessory))
    if len(lines) > MOST_CHOICES:
        rest = len(lines) - MOST_CHOICES
        blocks.append(context(f"+{rest:,} more: type more of the name.", "more"))
    named = ", ".join(name(line.account, 40) for line in lines[:MOST_CHOICES])
    return Drawn(f"{title} {named}", blocks)
