"""`renewals outbox [--retry ID]`: what waits to leave, what was set aside and why."""

from __future__ import annotations

from bot.cli.opened import opened
from bot.cli.output import say, warn
from bot.cli.words import parser_of
from bot.store.outbox import counts, listing, pauses, replay


def main(argv: list[str]) -> int:
    """0; 1 when a row to retry is not one that was set aside."""
    parser = parser_of("outbox", __doc__)
    parser.add_argument("--retry", type=int, metavar="ID", help="send a row that was set aside once more")
    wanted = parser.parse_args(argv)
    with opened() as assistant:
        if wanted.retry is not None:
            with assistant.work.store.write() as session:
                revived = replay(session, wanted.retry, elapsed=assistant.work.elapsed())
            if not revived:
                warn([f"Row {wanted.retry} is not set aside: `renewals outbox` lists those that are."])
                return 1
            say(f"Row {wanted.retry} will be sent again.")
        with assistant.work.store.read() as session:
            if not (found := counts(session)):
                say("Nothing has been sent yet, and nothing waits.")
            for (service, state), number in sorted(found.items()):
                say(f"{service:<8} {state:<8} {number}")
            for pause in pauses(session):
                say(f"{pause.service} waits until {pause.until:%Y-%m-%d %H:%M} UTC: {pause.reason}")
            for row in listing(session):
                say(f"set aside: {row.id} {row.kind} to {row.recipient}: {row.reason}")
    return 0
