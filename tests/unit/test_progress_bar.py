"""The bar of a long reading: drawn over on a terminal, a line for each tenth where the output is kept."""

from __future__ import annotations

import io

from bot.cli.progress import Bar
from bot.services.incoming.whole_book import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def read(bar: Bar, part: str, total: int, step: int) -> None:
    for done in range(0, total + 1, step):
        bar(Progress(part, done, total))


def test_a_kept_output_has_a_line_for_each_tenth() -> None:
    kept = io.StringIO()
    bar = Bar(kept)
    read(bar, "deals", 100_000, 500)
    bar.end()

    lines = kept.getvalue().splitlines()
    assert len(lines) == 11 and "\r" not in kept.getvalue()
    assert lines[0].split() == ["Reading", "deals", "0", "of", "100,000"]
    assert lines[-1].split() == ["Reading", "deals", "100,000", "of", "100,000"]


def test_on_a_terminal_each_part_has_a_line_of_its_own_that_is_drawn_over() -> None:
    screen = Terminal()
    bar = Bar(screen)
    read(bar, "deals", 4, 1)
    bar(Progress("calls", 0, 0))
    bar.end()

    deals, calls, rest = screen.getvalue().split("\n")
    assert deals.count("\r") == 5 and deals.split("\r")[3].startswith("[" + "#" * 15 + "." * 15 + "]")
    assert calls.startswith("\r[" + "#" * 30 + "] calls"), "a part without records is done"
    assert rest == ""
