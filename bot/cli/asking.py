"""Asking on a terminal: a number, or Enter for what is proposed. Nothing is asked twice in other words."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from textwrap import fill

from bot.cli.output import say
from bot.hubspot.questions import NONE, Question

WIDEST, TITLE = 80, 20
LEFT_FOR_VALUE = 28


class NobodyThere(Exception):
    """The answers ended before the questions did (end of input)."""


def is_there() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def width() -> int:
    """Columns to write in: 80, or fewer where there are fewer."""
    return min(WIDEST, max(40, shutil.get_terminal_size((WIDEST, 24)).columns))


def wrapped(text: str, indent: str = "") -> str:
    """The text in lines that fit."""
    return fill(text, width(), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def choose(question: Question, taken: Sequence[str] = ()) -> tuple[str, ...]:
    """Ask until the answer is one of the choices. `taken`: values that mean something else already.

    Raises NobodyThere; KeyboardInterrupt comes through.
    """
    say("", wrapped(question.ask))
    if question.why:
        say(wrapped(f"({question.why})"))
    for number, choice in enumerate(question.choices, 1):
        mark = "*" if choice.value in question.proposed else " "
        say(_cut(f" {mark}{number:>3}  {choice.label}"))
    for other in question.proposed:
        if other not in {choice.value for choice in question.choices}:
            say(_cut(f" *     {question.shown((other,))}"))
    prompt = _prompt(question)
    while True:
        found = _read(_answer(prompt), question)
        if isinstance(found, str):
            say(wrapped(found))
        elif both := [one for one in found if one in taken]:
            say(wrapped(f"{question.shown(both)} means something else already: change that first."))
        else:
            return found


def review(questions: Sequence[Question]) -> Question | None:
    """Show all decisions; the one to be changed, None when all shall be as shown. Raises NobodyThere."""
    overview(questions)
    while True:
        answer = _answer("Enter takes all of it; a number changes that line: ")
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(questions):
            return questions[int(answer) - 1]
        say(f"Write a number from 1 to {len(questions)}, or nothing.")


def overview(questions: Sequence[Question]) -> None:
    """Print every decision, numbered; a question mark where a person has to decide."""
    say("")
    for number, question in enumerate(questions, 1):
        shown = question.shown(question.proposed) + ("" if question.certain else "  ?")
        title = _cut(question.title, width() - LEFT_FOR_VALUE)  # a call outcome's name is the team's
        say(_cut(f"{number:>4}  {title:<{TITLE}}  {shown}"))
    say("")


def agreed(what: str) -> bool:
    """Whether the person types yes; anything else is no."""
    return _answer(f"{what} Type yes: ").lower() == "yes"


def _prompt(question: Question) -> str:
    way = "Several numbers with commas: the first is the one that is written.\n" if question.several else ""
    way += "A number or an internal name" if question.also else "A number"
    return f"{way}; Enter takes *: " if question.proposed else f"{way}: "


def _read(answer: str, question: Question) -> tuple[str, ...] | str:
    """The values, or what is wrong with the answer."""
    if not answer:
        return question.proposed or f"Write a number from 1 to {len(question.choices)}."
    found: list[str] = []
    for word in filter(None, re.split(r"[,\s]+", answer) if question.several else [answer]):
        if word.isdecimal():
            if not 1 <= int(word) <= len(question.choices):
                return f"{word} is none of them: write a number from 1 to {len(question.choices)}."
            found.append(question.choices[int(word) - 1].value)
        elif word in question.also or word in {choice.value for choice in question.choices}:
            found.append(word)
        else:
            return f"{word!r} is none of them: write a number from 1 to {len(question.choices)}."
    found = list(dict.fromkeys(found))
    if len(found) > 1 and NONE in found:
        return "None and another one: write one of both."
    return tuple(found) or question.proposed


def _answer(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        say("")
        raise NobodyThere from None


def _cut(line: str, most: int = 0) -> str:
    most = most or width()
    return line if len(line) <= most else line[: most - 3] + "..."
