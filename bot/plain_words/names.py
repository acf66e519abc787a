"""Which accounts a few words can name: in full, in part, or with a typo; clearly better or all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.plain_words.reading import Account
from bot.plain_words.tokens import name_words

# Written in full, whatever follows: "Bay & Sons Ltd." is "bay sons".
LINKS = frozenset({"and", "the", "of"})
FORMS = frozenset(
    {"ltd", "inc", "llc", "llp", "co", "corp", "corporation", "gmbh", "plc", "limited", "company"}
)

IN_FULL, IN_PART, IN_ANY_ORDER = 100.0, 90.0, 86.0
WITH_S = 88.0  # "St Marys" for St. Mary's, and a plural that may mean several
BEGINNING = 84.0
CLEARLY_BETTER = 12.0
SHORTEST_BEGINNING, SHORTEST_TYPO, TWO_TYPOS = 3, 4, 8
SHORTEST_TYPO_IN_PART = 5


@dataclass(frozen=True, slots=True)
class Name:
    """The words from `start` up to `end` can name these accounts; `sure` where they are one's full name.

    `weak`: only common words of a name stand there, which may as well be meant as words.
    """

    start: int
    end: int
    run_ids: tuple[int, ...]
    sure: bool
    weak: bool
    common: bool
    typo: bool


@dataclass(frozen=True, slots=True)
class _Known:
    run_id: int
    words: tuple[str, ...]
    core: tuple[str, ...]


class Book:
    """The accounts a person may work, ready to be looked for; `common` are the words of our own language."""

    def __init__(self, accounts: Sequence[Account], common: Collection[str]) -> None:
        self._common = common
        self._contacts = {
            account.run_id: frozenset(name_words(account.contact)) for account in accounts if account.contact
        }
        self._known = [known for account in accounts if (known := _known(account)).words]

    def names_in(self, words: Sequence[str]) -> list[Name]:
        """Every stretch of words that can name accounts."""
        found: dict[tuple[int, int], dict[int, float]] = {}
        for known in self._known:
            for start in range(len(words)):
                for end, score in self._matches(known, words, start).items():
                    place = found.setdefault((start, end), {})
                    place[known.run_id] = max(score, place.get(known.run_id, 0.0))
        for (start, end), place in found.items():
            if end - start > 1:  # the same words in another order may mean it as well
                said = set(words[start:end]) - LINKS
                for known in self._known:
                    if said <= set(known.core):
                        place.setdefault(known.run_id, IN_ANY_ORDER)
        return [self._name(words, start, end, scores) for (start, end), scores in found.items()]

    def _name(self, words: Sequence[str], start: int, end: int, scores: dict[int, float]) -> Name:
        best = max(scores.values())
        full = best >= IN_FULL
        least = IN_FULL if full else best - CLEARLY_BETTER
        common = all(word in self._common or word in LINKS for word in words[start:end])
        return Name(
            start=start,
            end=end,
            run_ids=tuple(run_id for run_id, score in scores.items() if score >= least),
            sure=full,
            weak=common and not full,
            common=common,
            typo=best < BEGINNING,
        )

    def _matches(self, known: _Known, words: Sequence[str], start: int) -> dict[int, float]:
        """Where a mention of this account that begins at `start` can end, each with how well it fits."""
        found: dict[int, float] = {}
        whole = len(known.words)
        if tuple(words[start : start + whole]) == known.words:
            found[start + whole] = IN_FULL
        joined = "".join(known.core)
        if len(known.core) > 1 and words[start] == joined:
            found[start + 1] = IN_FULL - 5
        for first in range(len(known.core)):
            for end, score in self._from(known, first, words, start):
                found[end] = max(score, found.get(end, 0.0))
        return found

    def _from(self, known: _Known, first: int, words: Sequence[str], start: int) -> list[tuple[int, float]]:
        """Mentions that begin with the name's word number `first`."""
        at, scores, found = start, [], []
        alone = len(known.core) == 1
        for number in range(first, len(known.core)):
            while at > start and at < len(words) and words[at] in LINKS and words[at] != known.core[number]:
                at += 1
            score = self._alike(words[at], known.core[number], alone) if at < len(words) else 0.0
            if not score:
                break
            at += 1
            scores.append(score)
            complete = first == 0 and number == len(known.core) - 1
            worth = min(scores)
            if complete and worth == IN_PART and not self._all_common(known.core):
                worth = IN_FULL
            elif complete:
                worth = min(worth + 5, IN_FULL - 1)
            found.append((at, worth))
            if complete and at < len(words) and words[at] in FORMS and words[at] in known.words:
                found.append((at + 1, worth))
        return found

    def _all_common(self, words: Sequence[str]) -> bool:
        return all(word in self._common for word in words)

    def _alike(self, typed: str, wanted: str, alone: bool) -> float:
        """How well a typed word fits a word of a name; 0 when it is another word."""
        if typed == wanted:
            return IN_PART
        if typed == f"{wanted}s":
            return WITH_S
        if typed in self._common or not typed.isalnum() or typed.isdigit():
            return 0.0
        if len(typed) >= SHORTEST_BEGINNING and wanted.startswith(typed):
            return BEGINNING
        if (
            min(len(typed), len(wanted)) < (SHORTEST_TYPO if alone else SHORTEST_TYPO_IN_PART)
            or typed[0] != wanted[0]
        ):
            return 0.0
        allowed = 2 if min(len(typed), len(wanted)) >= TWO_TYPOS else 1
        if OSA.distance(typed, wanted) > allowed:
            return 0.0
        return min(BEGINNING - 1, float(fuzz.ratio(typed, wanted)) * 0.9)

    def people_in(self, words: Sequence[str]) -> list[tuple[int, int, frozenset[int]]]:
        """Where a contact is named, from word to word, and at which accounts somebody of that name is."""
        found: list[tuple[int, int, frozenset[int]]] = []
        for start, word in enumerate(words):
            if word in self._common or len(word) < SHORTEST_BEGINNING:
                continue
            last = start
            there: frozenset[int] = frozenset()
            while last < len(words) and (more := self._contacts_called(words[last])):
                if there and not there & more:
                    break
                there = there & more or more
                last += 1
                found.append((start, last, there))
        return found

    def _contacts_called(self, word: str) -> frozenset[int]:
        """The accounts whose contact bears this name; "bobs" is Bob's."""
        return frozenset(
            run_id
            for run_id, names in self._contacts.items()
            if word in names or (word.endswith("s") and word[:-1] in names)
        )


def _known(account: Account) -> _Known:
    words = name_words(account.name)
    core = tuple(word for word in words if word not in LINKS and word not in FORMS)
    return _Known(account.run_id, words, core or words)
