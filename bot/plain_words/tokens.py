"""A text as words: one spelling for each, short forms written out, and where a break stands between them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 60

_TOKEN = re.compile(
    r"(?P<sign><[^>\n]{0,200}>|(?<!\S):[a-z0-9_+'-]+:(?!\S))"
    r"|(?P<word>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?"
    r"|\d{1,2}[:.]\d{2}(?=\D|$)|n/a|(?<!\w)w/|[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<break>[,;:()\[\]\"!?\n.…\u2013\u2014]+|-+(?=\s|$)|(?<=\s)-+)"
    r"|(?P<other>[&+@#/%$€=~*_|<>'-]+|\S)"
)
_SIGNS = {"&": "and", "+": "and", "@": "at", "#": "number"}
_SILENT = re.compile(r"[-'*_~]+")  # joins words, or is Slack's own bold, italic and struck through
_MAY_SAY_NO = "\u274c\u274e\u2753\u2754\u26d4\U0001f6ab\U0001f44e\U0001f645"
_NOT = ("do", "did", "does", "is", "was", "are", "were", "could", "would", "should", "has", "have", "had")
_SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "w/": ("with",),
    "ill": ("i", "will"),
    "theyll": ("they", "will"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "cant": ("can", "not"),
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "ain't": ("is", "not"),
    "i'll": ("i", "will"),
    "we'll": ("we", "will"),
    "she'll": ("she", "will"),
    "he'll": ("he", "will"),
    "they'll": ("they", "will"),
    "it'll": ("it", "will"),
    "let's": ("let", "us"),
    "i'm": ("i", "am"),
    "i've": ("i", "have"),
    "we've": ("we", "have"),
    "they've": ("they", "have"),
    "they're": ("they", "are"),
    "we're": ("we", "are"),
    "i'd": ("i", "would"),
    **{f"{verb}n't": (verb, "not") for verb in _NOT},
    **{f"{verb}nt": (verb, "not") for verb in _NOT if verb not in ("is", "are")},
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    **{
        f"{word}'s": (word, "is")
        for word in ("what", "who", "how", "where", "when", "it", "that", "he", "she", "there")
    },
    "whats": ("what", "is"),
    "hows": ("how", "is"),
    "wheres": ("where", "is"),
    "thats": ("that", "is"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word in lower case without accents; `start` and `end` are its place in the text as typed."""

    text: str
    start: int
    end: int
    broken_by: str = ""  # the signs before it that end a part of the sentence, e.g. ":" or ","


@dataclass(frozen=True, slots=True)
class Words:
    """A whole text; `asks` where a question mark stands in it."""

    typed: str
    words: tuple[Word, ...]
    asks: bool

    def said(self, start: int, end: int) -> str:
        """The words from `start` up to `end` as they were typed."""
        return self.typed[self.words[start].start : self.words[end - 1].end].strip()


def split(text: str) -> Words:
    """The words of a text; signs that mean nothing to us stay as words, so that nothing is left unread."""
    found: list[Word] = []
    waiting = ""
    for match in _TOKEN.finditer(_same_length(text)):
        token = match[0]
        if match["break"]:
            waiting += token
            continue
        if match["other"] and (_SILENT.fullmatch(token) or _is_picture(token)):
            continue
        for part in _written_out(_SIGNS.get(token, token)):
            found.append(Word(part, match.start(), match.end(), waiting if found else ""))
            waiting = ""
    return Words(text, tuple(found), "?" in text)


def name_words(name: str) -> tuple[str, ...]:
    """An account's name in the same spelling."""
    return tuple(word.text for word in split(name).words)


def _is_picture(token: str) -> bool:
    """A smiley and the like, with what colours and joins it; a cross or a no-entry sign may say no."""
    kinds = {unicodedata.category(sign) for sign in token}
    return kinds <= {"So", "Sk", "Mn", "Cf"} and not any(sign in _MAY_SAY_NO for sign in token)


def _written_out(token: str) -> tuple[str, ...]:
    if token in _SHORT_FORMS:
        return _SHORT_FORMS[token]
    return (token.removesuffix("'s").replace("'", ""),)


def _same_length(text: str) -> str:
    """Lower case without accents, each sign in its own place, so that places in both texts agree."""
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign in "\u2018\u2019\u02bc`\u00b4":
        return "'"
    if sign in "\u201c\u201d\u201e\u00ab\u00bb":
        return '"'
    base = unicodedata.normalize("NFKD", sign)[:1].casefold()
    return base if len(base) == 1 else sign
