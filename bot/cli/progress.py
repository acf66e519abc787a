"""How far a long reading is: a bar that is drawn over on a terminal, a line now and then where it is kept."""

from __future__ import annotations

from typing import TextIO

from bot.services.incoming.whole_book import Progress

WIDTH = 30


class Bar:
    """Draws progress on `stream`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._alive = stream.isatty()
        self._said: tuple[str, int] | None = None

    def __call__(self, progress: Progress) -> None:
        """Draw it, if it differs from what was drawn last."""
        share = min(progress.done / progress.total, 1.0) if progress.total else 1.0
        tenth = (progress.part, int(share * 10))
        if not self._alive and tenth == self._said:
            return
        told = f"{progress.part:<9}{progress.done:>9,} of {progress.total:,}"
        if self._alive:
            new_part = self._said is not None and self._said[0] != progress.part
            full = round(share * WIDTH)
            self._stream.write("\n" if new_part else "")
            self._stream.write(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {told}\x1b[K")
        else:
            self._stream.write(f"Reading {told}\n")
        self._said = tenth
        self._stream.flush()

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._alive and self._said is not None:
            self._stream.write("\n")
            self._stream.flush()
