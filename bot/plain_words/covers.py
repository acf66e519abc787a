"""Every way to explain a whole text: pieces side by side, no word left out, the cheapest ways first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.plain_words.pieces import Piece

# What costs this much more than the cheapest way still competes with it.
RIVAL = 1.6
MOST_COVERS = 400

Cover = tuple[Piece, ...]


def covers(pieces: Sequence[Piece], length: int) -> list[Cover]:
    """The ways to cover words 0 to `length`, at most MOST_COVERS, none dearer than the cheapest by RIVAL."""
    from_here: list[list[Piece]] = [[] for _ in range(length)]
    for piece in pieces:
        from_here[piece.start].append(piece)
    least = [0.0] * (length + 1)
    for at in range(length - 1, -1, -1):
        least[at] = min(piece.cost + least[piece.end] for piece in from_here[at])
    found: list[Cover] = []
    waiting: list[tuple[int, float, Cover]] = [(0, 0.0, ())]
    while waiting and len(found) < MOST_COVERS:
        at, spent, so_far = waiting.pop()
        if at == length:
            found.append(so_far)
            continue
        near = [
            (spent + piece.cost + least[piece.end], piece)
            for piece in from_here[at]
            if spent + piece.cost + least[piece.end] <= least[0] + RIVAL + 1e-9
        ]
        # The cheapest is taken up next: it is put on top.
        for _, piece in sorted(near, key=lambda one: -one[0]):
            waiting.append((piece.end, spent + piece.cost, (*so_far, piece)))
    return sorted(found, key=lambda cover: sum(piece.cost for piece in cover))
