"""`renewals tick JOB [--at ISO]`: run one scheduled job now, or for that instant, and send what it causes."""

from __future__ import annotations

import argparse
from datetime import datetime

import scheduler
from bot.cli.opened import opened
from bot.cli.output import log_to_stderr, say
from bot.cli.words import listed, parser_of
from bot.clock import SystemClock


def main(argv: list[str]) -> int:
    """0 when the job ran; 1 when it failed (its reason is logged)."""
    wanted = _parser().parse_args(argv)
    log_to_stderr()
    at: datetime | None = wanted.at
    clock = SystemClock(now=lambda: at) if at is not None else SystemClock()
    with opened("SLACK_BOT_TOKEN", clock=clock) as assistant:
        done = scheduler.run_job(assistant, wanted.job)
        sent = assistant.sender.drain()
    say(f"{wanted.job}: {'done' if done else 'failed'}; {sent} outbox rows carried.")
    return 0 if done else 1


def _parser() -> argparse.ArgumentParser:
    jobs = {name: (job.run.__doc__ or "").strip() for name, job in scheduler.JOBS.items()}
    parser = parser_of("tick", __doc__, epilog=f"jobs:\n{listed(jobs)}")
    parser.add_argument("job", choices=list(jobs), metavar="JOB", help="one of those below")
    parser.add_argument(
        "--at", type=_instant, metavar="ISO", help="an instant with its zone: 2026-11-02T08:30-05:00"
    )
    return parser


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no instant with a zone: write 2026-11-02T08:30-05:00 or 2026-11-02T13:30Z"
        )
    return at
