"""What a test may change in its own process: the environment and logging, put back afterwards."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

PYTESTS_OWN = "PYTEST_CURRENT_TEST"


@contextmanager
def put_back() -> Iterator[None]:
    """Leave environment and logging as they were: handlers of the root, levels and silence of every logger."""
    environment = dict(os.environ)
    root = logging.getLogger()
    handlers = list(root.handlers)
    before = {logger: (logger.level, logger.disabled, logger.propagate) for logger in _loggers()}
    try:
        yield
    finally:
        _restore(environment)
        for handler in root.handlers[:]:
            if handler not in handlers:
                root.removeHandler(handler)
        for logger in _loggers():
            level, disabled, propagate = before.get(logger, (logging.NOTSET, False, True))
            logger.disabled, logger.propagate = disabled, propagate
            if logger.level != level:
                logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(logger for logger in known if isinstance(logger, logging.Logger))]


def _restore(environment: dict[str, str]) -> None:
    for name in os.environ.keys() - environment.keys() - {PYTESTS_OWN}:
        del os.environ[name]
    for name, value in environment.items():
        if name != PYTESTS_OWN and os.environ.get(name) != value:
            os.environ[name] = value
