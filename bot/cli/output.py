"""What the command line prints: results to standard output, problems with their mend to standard error."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable

FAILED, WRONG = 1, 2


def say(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def warn(lines: Iterable[str]) -> None:
    """Print problems."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def complain(command: Callable[[], int]) -> int:
    """Run a command; what it raises for a person to mend is printed, all of it at once."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads (`| head`) has enough; what is left in the buffer goes nowhere, without another complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        problems = getattr(error, "problems", None)
        sentence = getattr(error, "sentence", None)
        if problems is None and sentence is None:
            raise
        warn(problems if problems is not None else [str(sentence)])
        return WRONG


def log_to_stderr(*, verbose: bool = False, quiet: bool = False) -> None:
    """Events with ids, one a line; nothing of the libraries below WARNING, nothing of ours either when `quiet`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(
        logging.ERROR
    )  # a tick that comes while its job runs is no news
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    for name in ("renewals", "bot", "handlers", "scheduler"):
        logging.getLogger(name).setLevel(level)
