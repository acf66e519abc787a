"""Typed words, behind `/renewal` or in a message to the assistant: the same in both, as threads know no commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.bootstrap import Assistant
from bot.plain_words.reading import Ask, Log, Reading, Refused, Show
from bot.services.acts.acting import TouchAt
from bot.services.acts.defer import PassesDayThirty, defer
from bot.services.acts.log_touch import Logged, log_call, log_email, log_reply, log_review
from bot.services.dates import spoken
from bot.services.errors import DomainError
from bot.services.showing.cards import Card, keep_card, read_card
from bot.services.showing.day_off import said_of
from bot.services.showing.search import accounts_with, find_accounts
from bot.services.showing.today import nothing_due, open_today, today_of
from bot.services.words.questions import stop_waiting
from bot.services.words.understanding import understand
from bot.slack.payloads import TouchRef
from bot.slack.text import escaped
from bot.slack.views.account import account_blocks
from bot.slack.views.blocks import Drawn
from bot.slack.views.notices import help_message, sentence_message
from bot.slack.views.result_modal import connected_modal
from bot.slack.views.touch_modals import defer_modal
from handlers.account_verbs import lost_account, remind_account, won_account
from handlers.accounts import find_card
from handlers.bulk import open_several
from handlers.dialogue import continue_dialogue, nothing_waits
from handlers.endings import CALLS, ending_of
from handlers.naming import card_of, which
from handlers.overviews import show_team, show_week
from handlers.plain_words import answer_plain_words
from handlers.presses import Typed

Verb: TypeAlias = Callable[[Assistant, Typed, str], Drawn]
SILENT = Drawn("", [])  # what was asked for is the answer
USAGE_DEFER = (
    "Write: `/renewal defer ACCOUNT until DATE: NOTE`, for example `defer acme until Thursday: on holiday`."
)


def handle_words(assistant: Assistant, typed: Typed) -> Drawn:
    """Answer typed words; the first one says what is wanted, or all of them name an account."""
    verb, _, rest = typed.text.partition(" ")
    known = VERBS.get(verb.lower())
    if known is not None:
        # "Won Ton House" and "Team Sports" are accounts, whatever their first word is as a command.
        may_be_name = bool(rest.strip()) and verb.lower() not in FORMAL
        named = find_card(assistant, typed, surely=True) if may_be_name else None
        if named is None and known is _log and rest.strip() and not ending_of(rest.strip()):
            said = understand(assistant.work, typed.click, typed.text, typed.channel, typed.thread_ts)
            if isinstance(said.reading, Log):
                return answer_plain_words(assistant, typed, said, "")
        return named or known(assistant, typed, rest.strip())
    # A word of an account's name is meant as such; of two things that are only like it, the command is.
    hint = _meant_verb(verb, tuple(VERBS))
    named = find_card(assistant, typed, surely=True)
    if named is not None:
        return named
    said = understand(assistant.work, typed.click, typed.text, typed.channel, typed.thread_ts)
    if isinstance(said.reading, Ask | Refused | Show):
        alike = find_card(assistant, typed) if not hint else None
        if alike is not None or hint or isinstance(said.reading, Refused):
            return alike or _not_understood(verb, tuple(VERBS))
    if isinstance(said.reading, Show) and said.reading.topic in LISTS:
        return VERBS[said.reading.topic](assistant, typed, "")
    return answer_plain_words(assistant, typed, said, hint)


def handle_message(assistant: Assistant, typed: Typed) -> Drawn:
    """Answer a message: the same verbs work as words; everything else is read as plain words.

    A command is only taken as one where nothing in it says something else: "log acme not busy" logs nothing.
    """
    verb, _, rest = typed.text.partition(" ")
    known = VERBS.get(verb.lower())
    bare = known is not None and not rest.strip()
    answer = None if bare or typed.edited else continue_dialogue(assistant, typed)
    if answer is not None:
        return answer
    said = understand(assistant.work, typed.click, typed.text, typed.channel, typed.thread_ts)
    idle = None if bare else nothing_waits(typed, said)
    if idle is not None:
        return idle
    formal = known is not None and (bare or _is_formal(known, verb, rest, said.reading))
    if formal or not isinstance(said.reading, Refused):
        stop_waiting(assistant.work, typed.click, typed.channel, typed.thread_ts)
    if known is not None and formal:
        return known(assistant, typed, rest.strip())
    if isinstance(said.reading, Show) and said.reading.topic in LISTS:
        return VERBS[said.reading.topic](assistant, typed, "")
    if known in CLOSING and _is_name(assistant, typed, rest.strip()):
        return known(assistant, typed, rest.strip())
    ending = ending_of(rest.strip())
    if known is _log and ending and isinstance(said.reading, Log) and not _has_next_step(said.reading):
        return _log(assistant, typed, rest.strip())
    return answer_plain_words(assistant, typed, said, _meant_verb(verb, tuple(VERBS)))


def is_command(text: str) -> bool:
    """Whether a message begins with a verb of ours and says on what: some of these log at once."""
    verb, _, rest = text.partition(" ")
    return verb.lower() in VERBS and bool(rest.strip())


def _is_formal(known: Verb, verb: str, rest: str, reading: Reading) -> bool:
    """Whether what is behind a verb is the command's own short form, which plain words do not read better."""
    read = isinstance(reading, Log) or ending_of(rest.strip()) is not None
    return verb.lower() in FORMAL and not (known is _log and read)


def _is_name(assistant: Assistant, typed: Typed, words: str) -> bool:
    """Whether the words are of one account's name, and nothing beside it."""
    return len({hit.run_id for hit in accounts_with(assistant.work, typed.who, words)}) == 1


def _has_next_step(said: Log) -> bool:
    return said.until is not None or said.remind_at is not None or said.note is not None


def _help(assistant: Assistant, typed: Typed, rest: str) -> Drawn:  # noqa: ARG001 - one shape for all verbs
    return help_message()


def _today(assistant: Assistant, typed: Typed, rest: str) -> Drawn:  # noqa: ARG001 - one shape for all verbs
    """The list itself follows as a message of its own, so that its buttons stay alive.

    Where it stands right below the asker's words it is the answer, and nothing else is said.
    """
    due = today_of(assistant.work, typed.click)
    if due == 0:
        return sentence_message(nothing_due(assistant.work, typed.click))
    in_dm = typed.surface == "message"
    open_today(assistant.work, typed.click, typed.channel, in_dm=in_dm)
    accounts = "1 account is" if due == 1 else f"{due} accounts are"
    if in_dm and typed.thread_ts is not None:
        return sentence_message(f"{accounts} due today. The list stands in our conversation, below.")
    return SILENT if in_dm else sentence_message(f"{accounts} due today:")


def _log(assistant: Assistant, typed: Typed, rest: str) -> Drawn:
    """`log ACCOUNT` shows the account with its buttons; with an outcome behind it, it is logged at once."""
    ending = ending_of(rest)
    name = rest[: -len(ending)].strip() if ending else rest
    if not name:
        raise DomainError("Which account? Write: `/renewal log ACCOUNT`, for example `log acme no answer`.")
    hits = find_accounts(assistant.work, typed.who, name)
    if ending is not None and (named := accounts_with(assistant.work, typed.who, rest)):
        # "best email" is an account, or an email to one called "best": asked, never guessed.
        hits, ending = list(dict.fromkeys((*named, *hits))), None
    if len(hits) != 1:
        return which(assistant, typed, "log", name, hits)
    card = card_of(assistant, typed, hits[0])
    if ending is not None:
        return _log_ending(assistant, typed, card, ending)
    return _shown(assistant, typed, card, card.line.account)


def _log_ending(assistant: Assistant, typed: Typed, card: Card, ending: str) -> Drawn:
    """Log what the words behind the account say, on the due touch that they answer."""
    work, click = assistant.work, typed.click
    call, email, review = (_touch(card, kind) for kind in ("call", "email", "review"))
    if ending == "connected":
        return _open_connected(assistant, typed, card, call)
    logged: Logged
    if ending in CALLS:
        logged = log_call(work, click, call, CALLS[ending])
    elif ending in ("replied", "called in"):
        logged = log_reply(work, click, call, "email" if ending == "replied" else "call")
    elif ending.startswith("email"):
        logged = log_email(work, click, email)
    else:
        logged = log_review(work, click, review)
    fresh = read_card(work, click, TouchAt(logged.run_id, None, card.on), "log")
    return _shown(assistant, typed, fresh, f"Logged: {logged.account}")


def _open_connected(assistant: Assistant, typed: Typed, card: Card, call: TouchAt) -> Drawn:
    if typed.trigger_id is None:
        return _shown(assistant, typed, card, card.line.account)
    ref = TouchRef(call.run_id, call.step, call.on, None).encode()
    assistant.slack.open_view(typed.trigger_id, connected_modal(card.line.account, ref))
    return sentence_message(f"{card.line.account}: tell the form what came of the call.")


def _shown(assistant: Assistant, typed: Typed, card: Card, words: str) -> Drawn:
    """The account as an answer that stays alive: what is pressed on it draws it again."""
    private = typed.surface == "command"
    message_id = keep_card(
        assistant.work,
        typed.click,
        card.line.run_id,
        typed.channel,
        private=private,
        thread_ts=typed.thread_ts,
    )
    blocks = account_blocks(card.line, card.on, card.now, message_id)
    return Drawn(escaped(words), blocks, message_id)


def _defer(assistant: Assistant, typed: Typed, rest: str) -> Drawn:
    """`defer ACCOUNT` opens the form; `defer ACCOUNT until DATE: NOTE` does it at once."""
    name, _, tail = rest.partition(" until ")
    if not name.strip():
        raise DomainError(f"Which account? {USAGE_DEFER}")
    hits = find_accounts(assistant.work, typed.who, name.strip())
    if len(hits) != 1:
        return which(assistant, typed, "defer", name.strip(), hits)
    card = card_of(assistant, typed, hits[0])
    if not tail:
        return _open_defer(assistant, typed, card)
    when, colon, note = tail.partition(":")
    if not colon or not note.strip():
        raise DomainError(
            f"A deferral needs a note: the manager reads there where the renewal stands. {USAGE_DEFER}"
        )
    at = TouchAt(card.line.run_id, None, card.on)
    try:
        _, until = defer(
            assistant.work, typed.click, at, reason="other", note=note.strip(), when_text=when.strip()
        )
    except PassesDayThirty as warning:
        _, until = defer(
            assistant.work,
            typed.click,
            at,
            reason="other",
            note=note.strip(),
            until=warning.until,
            warned_of=warning.until,
        )
        return _deferred(assistant, card, until, warning.once_done)
    return _deferred(assistant, card, until)


def _deferred(assistant: Assistant, card: Card, until: date, *more: str) -> Drawn:
    """What was done, and what it leads to: a day off, day 30."""
    off = said_of(assistant.work, card.line.run_id, until=until)
    said = f"{card.line.account} is deferred until {spoken(until)}."
    return sentence_message(" ".join([said, *([off] if off else []), *more]))


def _open_defer(assistant: Assistant, typed: Typed, card: Card) -> Drawn:
    if typed.trigger_id is None:
        raise DomainError(USAGE_DEFER)
    ref = TouchRef(card.line.run_id, None, card.on, None).encode()
    assistant.slack.open_view(typed.trigger_id, defer_modal(card.line.account, ref))
    return sentence_message(f"{card.line.account}: say in the form until when, and why.")


def _touch(card: Card, kind: str) -> TouchAt:
    """The run's first due touch of a kind, or the run as a whole."""
    step = next((touch.step for touch in card.line.touches if touch.kind == kind), None)
    return TouchAt(card.line.run_id, step, card.on)


def _not_understood(verb: str, known: tuple[str, ...]) -> Drawn:
    hint = _meant_verb(verb, known)
    said = f"I do not know “{verb[:40]}”. {hint}".strip()
    return sentence_message(
        f"{said} No account of yours is called so either. `/renewal help` shows what I understand."
    )


def _meant_verb(verb: str, known: tuple[str, ...]) -> str:
    """A verb that is only mistyped: "tody", "lgo"; not one that merely has letters in common with an account."""
    words = [word for word in known if word]
    nearest = process.extractOne(verb.lower(), words, scorer=OSA.normalized_similarity, score_cutoff=0.6)
    return f"Did you mean `{nearest[0]}`?" if nearest else ""


VERBS: dict[str, Verb] = {
    "": _today,
    "today": _today,
    "week": show_week,
    "log": _log,
    "defer": _defer,
    "remind": remind_account,
    "won": won_account,
    "lost": lost_account,
    "bulk": open_several,
    "team": show_team,
    "help": _help,
}
# What is behind these verbs is a command's own short form.
FORMAL = frozenset({"log", "defer"})
CLOSING = (won_account, lost_account)
LISTS = frozenset({"today", "week", "team"})
