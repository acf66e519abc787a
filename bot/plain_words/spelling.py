"""Misspelt words of our own language, mended where only one can be meant."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

SHORTEST_CORRECTED = 5


def corrected(text: str, known: frozenset[str]) -> str:
    """The known word that was meant: first and last letter right, one slip between; else the text as it is."""
    if len(text) < SHORTEST_CORRECTED or not text.isalpha() or text in known:
        return text
    near = [
        word
        for word in _long_ones(known)
        if word[0] == text[0] and word[-1] == text[-1] and OSA.distance(word, text, score_cutoff=1) <= 1
    ]
    return near[0] if len(near) == 1 else text


@lru_cache(maxsize=2)
def _long_ones(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in known if len(word) >= SHORTEST_CORRECTED))
