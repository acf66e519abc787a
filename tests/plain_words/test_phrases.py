"""Two hundred phrases, written before the grammar by somebody who had not seen it: how many are read right."""

from __future__ import annotations

from collections import Counter

from tests.plain_words.judge import RIGHT, SAFE, WRONG, judged, load

KINDS = ("log", "defer", "remind", "show", "undo", "ask", "refuse")
FLOOR = 194


def test_no_phrase_is_read_wrong_silently_and_most_are_read_right():
    book, phrases = load()
    found = {phrase.number: judged(book, phrase, book.read(phrase)) for phrase in phrases}
    by_kind = Counter((phrase.kind, found[phrase.number]) for phrase in phrases)
    for kind in KINDS:
        print(kind, *(by_kind[(kind, verdict)] for verdict in (RIGHT, SAFE, WRONG)))  # noqa: T201
    total = Counter(found.values())
    print("all", total[RIGHT], total[SAFE], total[WRONG])  # noqa: T201
    assert len(phrases) == 200
    assert total[RIGHT] >= FLOOR
    assert [one.say for one in phrases if found[one.number] == WRONG] == []
