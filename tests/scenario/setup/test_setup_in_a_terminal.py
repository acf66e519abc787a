"""`renewals setup hubspot` in a process of its own, at a real terminal: what is typed, and Ctrl-C."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.hubspot.pipelines import Pipeline
from tests.desk import Desk
from tests.unhurried import PATIENCE, wait_until

# Ctrl-C reaches who has the terminal as its own.
PROGRAM = """
import fcntl, sys, termios
from bot.cli import main
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.exit(main())
"""
COMMAND = [sys.executable, "-c", PROGRAM, "setup", "hubspot"]
REVIEW, YES = "a number changes that line: ", "Type yes: "


class Terminal:
    """The process, what it showed, and the keys."""

    def __init__(self, desk: Desk) -> None:
        self._ours, theirs = pty.openpty()
        env = {**desk.env, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
        self.process = subprocess.Popen(
            [*COMMAND, "--config", str(desk.file)],
            env=env,
            cwd=desk.folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.shown = ""

    def read(self) -> str:
        try:
            self.shown += os.read(self._ours, 65_536).decode().replace("\r\n", "\n")
        except BlockingIOError:
            pass
        except OSError:  # closed at the other end
            pass
        return self.shown

    def types(self, keys: str, *, at: str) -> None:
        """Type once it waits for it."""
        wait_until(lambda: self.read().endswith(at))
        os.write(self._ours, keys.encode())
        wait_until(lambda: not self.read().endswith(at))

    def ends(self) -> int:
        code = wait_until(lambda: (self.read(), self.process.poll() is not None)[1]) and self.process.wait(
            PATIENCE
        )
        self.read()
        os.close(self._ours)
        return code


@pytest.mark.parametrize("before", [[], [("\r", REVIEW)]])
def test_ctrl_c_at_any_question_changes_nothing(desk: Desk, before: list[tuple[str, str]]) -> None:
    terminal = Terminal(desk)
    for keys, at in before:
        terminal.types(keys, at=at)
    terminal.types("\x03", at=YES if before else REVIEW)
    assert terminal.ends() == 130
    assert terminal.shown.rstrip().endswith("Nothing was changed.") and "Traceback" not in terminal.shown
    assert not desk.file.exists()


def test_two_pipelines_are_asked_about_and_the_answer_is_written(desk: Desk) -> None:
    desk.world.hubspot.pipelines.append(Pipeline("emea", "Renewals EMEA", ()))
    terminal = Terminal(desk)
    terminal.types("2\r", at="A number; Enter takes *: ")
    terminal.types("\r", at=REVIEW)
    terminal.types("yes\r", at=YES)
    assert terminal.ends() == 0, terminal.shown
    assert 'pipeline = "renewals"' in desk.file.read_text("utf-8")
