"""A test that measures time runs while no other does."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.alone import Turns


def test_one_alone_waits_for_those_before_and_lets_nobody_in(tmp_path: Path) -> None:
    turns = Turns(tmp_path)
    told: list[str] = []
    begun, wanted = threading.Event(), threading.Event()

    def alone() -> None:
        wanted.set()
        with turns.turn(alone=True):
            told.append("alone")
            begun.set()
            told.append("still alone")

    def with_others() -> None:
        begun.wait(5)
        with turns.turn(alone=False):
            told.append("with others")

    threads = [threading.Thread(target=alone), threading.Thread(target=with_others)]
    with turns.turn(alone=False), turns.turn(alone=False):
        for thread in threads:
            thread.start()
        wanted.wait(5)
        assert not begun.wait(0.1)
        told.append("ended")
    for thread in threads:
        thread.join(5)
    assert told == ["ended", "alone", "still alone", "with others"]


def test_without_workers_nobody_waits() -> None:
    turns = Turns(None)
    with turns.turn(alone=True), turns.turn(alone=True):
        pass
