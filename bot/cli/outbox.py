"""`renewals outbox [--retry ID|all | --drop ID --why TEXT]`: what waits to leave, what was set aside and why.

Names accounts by the id of their deal, and nothing of what a row carries.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from typing import Final

from bot.cli.opened import opened
from bot.cli.output import say, warn
from bot.cli.words import parser_of
from bot.services.acts.not_taken import leave_at_that, send_again
from bot.services.work import Work
from bot.store.outbox import counts, listing, pauses
from bot.store.tables import OutboxRow

STATES: Final = {
    "waiting": ("pending", "sending"),
    "unknown": ("unknown",),
    "set-aside": ("dead",),
    "all": ("pending", "sending", "unknown", "dead"),
}
WORDS: Final = {
    "pending": "waiting",
    "sending": "on its way",
    "unknown": "may have arrived, looked for",
    "dead": "set aside",
}


def main(argv: list[str]) -> int:
    """0; 1 when a row to retry or to drop is not one that was set aside; 2 for words it does not know."""
    parser = parser_of("outbox", __doc__)
    of_one = parser.add_mutually_exclusive_group()
    of_one.add_argument(
        "--retry", type=_id_or_all, metavar="ID|all", help="send what was set aside once more"
    )
    of_one.add_argument("--drop", type=int, metavar="ID", help="never send a row that was set aside")
    parser.add_argument("--why", default="", help="with --drop: the reason, kept with the account")
    parser.add_argument("--service", choices=("hubspot", "slack"), help="only what goes there")
    parser.add_argument("--state", choices=tuple(STATES), default="all", help="only these (default: all)")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="at most N rows (default: 100)")
    wanted = parser.parse_args(argv)
    if wanted.why and wanted.drop is None:
        parser.error("--why goes with --drop")
    with opened() as assistant:
        work = assistant.work
        if wanted.drop is not None:
            if not leave_at_that(work, wanted.drop, wanted.why):
                return _not_set_aside(wanted.drop)
            say(f"Row {wanted.drop} will not be sent.")
        elif wanted.retry == "all":
            with work.store.read() as session:
                ids = [row.id for row in listing(session, ("dead",), wanted.service, limit=100_000)]
            sent = sum(send_again(work, row_id) for row_id in sorted(ids))
            say(f"{sent:,} {'row' if sent == 1 else 'rows'} will be sent again.")
        elif wanted.retry is not None:
            if not send_again(work, wanted.retry):
                return _not_set_aside(wanted.retry)
            say(f"Row {wanted.retry} will be sent again.")
        _show(work, STATES[wanted.state], wanted.service, wanted.limit)
    return 0


def _show(work: Work, states: tuple[str, ...], service: str | None, limit: int) -> None:
    with work.store.read() as session:
        found = {key: number for key, number in counts(session).items() if service in (None, key[0])}
        if not found:
            say("Nothing has been sent yet, and nothing waits.")
        for (name, state), number in sorted(found.items()):
            say(f"{name:<8} {WORDS.get(state, state):<27} {number:,}")
        for pause in pauses(session):
            say(f"{pause.service} waits until {pause.until:%Y-%m-%d %H:%M} UTC: {pause.reason}")
        rows = listing(session, states, service, limit)
        for row in rows:
            say(_words(row, work.now()))
        total = sum(number for (_, state), number in found.items() if state in states)
        if total > len(rows):
            say(f"+{total - len(rows):,} more: --limit shows them.")
        if any(row.state == "dead" for row in rows):
            say("Set aside: --retry ID sends it once more, --drop ID --why TEXT leaves it at that.")


def _words(row: OutboxRow, now: datetime) -> str:
    said = f"{WORDS[row.state]}: {row.id} {row.kind} to {row.recipient}" + (
        f": {row.reason}" if row.reason else ""
    )
    account = f"deal {row.target.removeprefix('deal:')}" if row.target.startswith("deal:") else ""
    tries = f"{row.attempts:,} {'try' if row.attempts == 1 else 'tries'}"
    return " · ".join(filter(None, (said, row.service, account, tries, f"{_age(now - row.created_at)} old")))


def _age(span: timedelta) -> str:
    """ "40 s", "5 min", "3 h", "2 d"."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:,} {unit}"
    return f"{seconds} s"


def _not_set_aside(row_id: int) -> int:
    warn([f"Row {row_id} is not set aside: `renewals outbox` lists those that are."])
    return 1


def _id_or_all(text: str) -> int | str:
    if text == "all" or text.isdecimal():
        return text if text == "all" else int(text)
    raise ArgumentTypeError(f"{text!r} is neither a row's number nor `all`")
