"""What Slack's agent pane offers a person to say: made from their own day, up to four lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.plain_words.reading import Log
from bot.playbook.assessment import TouchKind
from bot.services.acts.acting import Click
from bot.services.people.book_of import reps_of
from bot.services.people.roles import known_person, manages
from bot.services.runs.lines import Reader
from bot.services.showing.today import seen_due_now
from bot.services.words.understanding import understand
from bot.services.work import Work

MOST: Final = 4
# Accounts that are looked at for one whose name is read without a question.
TRIED: Final = 5
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Prompt:
    """`title` is shown, `message` is what the person says by choosing it."""

    title: str
    message: str


WHATS_DUE: Final = Prompt("What's due?", "What's due?")
WEEK: Final = Prompt("This week", "week")
TEAM: Final = Prompt("How is the team doing?", "team")
HELP: Final = Prompt("What can you do?", "help")


def suggested_prompts(work: Work, click: Click, channel: str) -> list[Prompt]:
    """What fits the person's day now. Raises UnknownPerson."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        reps = reps_of(session, work.config)
        leads = any(rep.id != person.id and manages(work.config, person, rep) for rep in reps)
        due = [
            (seen.loaded.row.id, seen.loaded.row.account)
            for seen in seen_due_now(work, Reader(work, session), person)
            if any(touch.kind is TouchKind.CALL for touch in seen.assessment.touches)
        ]
    lead = [TEAM] if leads else []
    call = _log_no_answer(work, click, channel, due[:TRIED])
    return [*lead, WHATS_DUE, *call, WEEK, HELP][:MOST]


def _log_no_answer(work: Work, click: Click, channel: str, due: list[tuple[int, str]]) -> list[Prompt]:
    """For the first account to be called whose name says nothing else, and what to ask about it."""
    for run_id, account in due:
        if not can_be_said(account):
            continue
        message = f"{account} no answer"
        read = understand(work, click, message, channel, None).reading
        if isinstance(read, Log) and (read.run_id, read.outcome) == (run_id, "no_answer"):
            shown = account if len(account) <= LONGEST_NAME else f"{account[:LONGEST_NAME]}…"
            return [Prompt(f"Log no answer on {shown}", message)]
    return []


def can_be_said(account: str) -> bool:
    """Whether Slack says this name as it stands: "<!channel>" would be a mention in the person's name."""
    return "<" not in account and ">" not in account
