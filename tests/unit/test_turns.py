"""Who writes next: people before workers, in order, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bot.store.turns import PEOPLE_IN_A_ROW, Turns


def _line_up(turns: Turns, came: list[str], name: str, *, patient: bool) -> threading.Thread:
    """Somebody who waits for their turn, and has it for a moment."""

    def wait_and_go() -> None:
        assert turns.take(10, patient=patient)
        came.append(name)
        turns.hand_on()

    thread = threading.Thread(target=wait_and_go)
    before = _waiting(turns)
    thread.start()
    _until(lambda: _waiting(turns) == before + 1)
    return thread


def _waiting(turns: Turns) -> int:
    return sum(map(len, turns._waiting))


def _until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_people_go_before_workers_each_in_the_order_they_came() -> None:
    turns, came = Turns(), []
    assert turns.take(1)
    threads = [
        _line_up(turns, came, name, patient=name.startswith("worker"))
        for name in ("worker 1", "worker 2", "person 1", "person 2")
    ]
    turns.hand_on()
    for thread in threads:
        thread.join(60)
    assert came == ["person 1", "person 2", "worker 1", "worker 2"]


def test_a_worker_is_not_kept_out_by_people_without_end() -> None:
    turns, came = Turns(), []
    assert turns.take(1)
    threads = [_line_up(turns, came, "worker", patient=True)]
    threads += [_line_up(turns, came, "person", patient=False) for _ in range(PEOPLE_IN_A_ROW + 3)]
    turns.hand_on()
    for thread in threads:
        thread.join(60)
    assert came == ["person"] * PEOPLE_IN_A_ROW + ["worker"] + ["person"] * 3


def test_who_gives_up_holds_nobody_up() -> None:
    turns = Turns()
    assert turns.take(1)
    assert not turns.take(0.01)
    assert not turns.take(0.01, patient=True)
    turns.hand_on()
    assert turns.take(0)


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(), [], []

    def go(patient: bool) -> None:
        for _ in range(200):
            assert turns.take(10, patient=patient)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turns.hand_on()

    threads = [threading.Thread(target=go, args=(number % 2 == 0,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == [1] * 1200
