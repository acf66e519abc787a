"""Yes, no, and "the second one": answers that say nothing but which of the things shown is meant."""

from __future__ import annotations

import re
from typing import Final

from bot.plain_words.tokens import Words, split

# Thanks alone confirm nothing.
_SURE: Final = (
    r"(?:yes|yep|yeah|yup|y|ok|okay|k|sure|correct|right|exactly|confirm(?:ed)?|go ahead|do (?:it|that|so)"
    r"|(?:log|save|record) (?:it|that|this)|that is (?:right|correct|it)|(?:sounds|looks) good)"
)
_YES: Final = re.compile(rf"{_SURE}(?: (?:{_SURE}|please|pls|thanks|now))*(?= |$)")
_NOT: Final = (
    r"(?:no|nope|nah|n|wrong|actually|cancel(?: (?:it|that|this))?|stop|never mind|nevermind"
    r"|forget (?:it|that|this)|do not(?: log(?: (?:it|that|this))?)?|not (?:that|it|this)(?: one)?"
    r"|none(?: of (?:them|these|those))?|neither|leave it|i mean(?:t)?|rather|make (?:it|that))"
)
_NO: Final = re.compile(rf"{_NOT}(?: (?:{_NOT}|sorry|thanks))*(?= |$)")
_PLACES: Final[dict[str, int]] = {
    **{word: n for n, word in enumerate(("first", "second", "third", "fourth", "fifth"))},
    **{word: n for n, word in enumerate(("1st", "2nd", "3rd", "4th", "5th"))},
    **{word: n for n, word in enumerate(("1", "2", "3", "4", "5"))},
    **{word: n for n, word in enumerate(("one", "two", "three", "four", "five"))},
    "last": -1,
    "former": 0,
    "latter": 1,
    "top": 0,
    "bottom": -1,
}
_PLACE: Final = re.compile(
    r"(?:(?:i mean|take|the|number|option|choice|please|pls) )*"
    rf"(?P<place>{'|'.join(_PLACES)})(?: (?:one|option|choice|please|pls))*"
)


def yes_or_no(words: Words) -> tuple[bool | None, Words]:
    """Whether the text begins with a yes or a no (None: with neither), and what stands behind it."""
    said = [word.text for word in words.words]
    line = " ".join(said)
    for answer, pattern in ((True, _YES), (False, _NO)):
        match = pattern.match(line)
        if match:
            count = len(match[0].split())
            rest = words.typed[words.words[count].start :] if count < len(said) else ""
            return answer, _still_broken(split(rest), words, count)
    return None, words


def says_only_yes_or_no(text: str) -> bool:
    """Whether a text is a yes or a no and nothing else."""
    answer, rest = yes_or_no(split(text))
    return answer is not None and not rest.words


def place_of(words: Words) -> int | None:
    """The place among the choices that is named, from 0 on; -1 is the last; None where none is."""
    match = _PLACE.fullmatch(" ".join(word.text for word in words.words))
    return None if match is None else _PLACES[match["place"]]


def _still_broken(rest: Words, words: Words, count: int) -> Words:
    """The rest, whose first word keeps the break that stood before it: "no, voicemail" is not "no voicemail"."""
    if not rest.words:
        return rest
    first = rest.words[0]
    kept = type(first)(first.text, first.start, first.end, words.words[count].broken_by)
    return Words(rest.typed, (kept, *rest.words[1:]), rest.asks)
