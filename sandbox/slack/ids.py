"""Ids as Slack writes them, the same for the same seed, and message timestamps."""

from __future__ import annotations

import random
import string
import threading
from datetime import datetime

ALPHABET = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"


class Ids:
    """Draws ids by a seeded dice; safe across threads."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"slack-ids-{seed}")
        self._lock = threading.Lock()

    def draw(self, prefix: str, length: int = 10, alphabet: str = ALPHABET) -> str:
        """`prefix` and then `length` characters."""
        with self._lock:
            return prefix + "".join(self._dice.choices(alphabet, k=length))

    def block_id(self) -> str:
        """A block id as Slack assigns to blocks without one."""
        return self.draw("", 5, string.ascii_letters + string.digits)

    def hexadecimal(self, length: int = 32) -> str:
        """Random hexadecimal digits."""
        return self.draw("", length, HEX)

    def uuid(self) -> str:
        """An id in UUID form, as envelopes and client messages carry."""
        digits = self.hexadecimal(32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Timestamps:
    """Message timestamps ("1700000000.000100") of business time, increasing even when that jumps back."""

    def __init__(self) -> None:
        self._last_micros = 0

    def next(self, now: datetime) -> str:
        """A timestamp for `now` (aware), later than every one before."""
        self._last_micros = max(self._last_micros + 1, round(now.timestamp() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"
