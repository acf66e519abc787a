"""`renewals outbox [--retry ID | --drop ID]`: what waits to leave, what was set aside and why."""

from __future__ import annotations

from bot.cli.opened import opened
from bot.cli.output import say, warn
from bot.cli.words import parser_of
from bot.store.outbox import counts, drop, listing, pauses, replay


def main(argv: list[str]) -> int:
    """0; 1 when a row to retry or to drop is not one that was set aside."""
    parser = parser_of("outbox", __doc__)
    of_one = parser.add_mutually_exclusive_group()
    of_one.add_argument("--retry", type=int, metavar="ID", help="send a row that was set aside once more")
    of_one.add_argument("--drop", type=int, metavar="ID", help="never send a row that was set aside")
    wanted = parser.parse_args(argv)
    with opened() as assistant:
        row_id = wanted.drop if wanted.retry is None else wanted.retry
        if row_id is not None:
            with assistant.work.store.write() as session:
                if wanted.retry is None:
                    done, said = drop(session, row_id, reason="dropped by an admin"), "will not be sent"
                else:
                    done = replay(session, row_id, elapsed=assistant.work.elapsed())
                    said = "will be sent again"
            if not done:
                warn([f"Row {row_id} is not set aside: `renewals outbox` lists those that are."])
                return 1
            say(f"Row {row_id} {said}.")
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
