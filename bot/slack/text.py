"""Text from people and the CRM made harmless, and dates and times in words.

`escaped` is the one helper through which every foreign text enters a view (FAULTS 26, 27). Lengths are
counted as Slack may count them at worst: in UTF-16 units, after escaping.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import quote

ELLIPSIS = "…"
LONGEST_NAME = 70
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ISOLATE = "\u2068"
_END_OF_ISOLATE = "\u2069"
_ISOLATES = "\u2066\u2067\u2068"
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SAFE_IN_URL = "!#$%&'()*+,/:;=?@[]~"


def clean(text: str) -> str:
    """`text` without NUL and lone surrogates, which neither JSON to Slack nor PostgreSQL can carry."""
    return _LONE_SURROGATE.sub("", text).replace("\x00", "")


def escaped(text: str, limit: int = LONGEST_NAME) -> str:
    """One line of mrkdwn that shows `text` and can neither mention, link nor turn the rest of the line.

    Never longer than `limit`; what does not fit ends in "…", never within an entity or an emoji.
    """
    return _contained(_fitting(" ".join(_printable(text, limit).split()), limit, _ENTITIES))


def escaped_lines(text: str, limit: int) -> str:
    """Like `escaped`, keeping line breaks: for a note."""
    lines = (" ".join(line.split()) for line in _printable(text, limit).splitlines())
    return _contained(_fitting("\n".join(lines), limit, _ENTITIES))


def plain(text: str, limit: int) -> str:
    """One line for a plain_text object (button, title, option), where nothing has to be escaped."""
    return _contained(_fitting(" ".join(_printable(text, limit).split()), limit, {}))


def name(text: str, limit: int = LONGEST_NAME) -> str:
    """A name, escaped; "(no name)" when nothing of it can be seen."""
    visible = any(unicodedata.category(c)[0] in "LNPS" for c in _printable(text, limit))
    return escaped(text, limit) if visible else "(no name)"


def length(text: str) -> int:
    """The length in UTF-16 units: a 4-byte emoji counts as 2."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def link(url: str | None, label: str) -> str:
    """`label` (already escaped) linked to `url`; the label alone if the address is none of ours to open."""
    if url is None or not url.startswith(("https://", "http://", "tel:", "mailto:")):
        return label
    return f"<{quote(clean(url), safe=_SAFE_IN_URL).replace('&', '&amp;')}|{label}>"


def phone(number: str) -> str:
    """A phone number that a tap dials."""
    digits = re.sub(r"[^+\d]", "", re.split(r"(?i)ext|x", number)[0])
    dialled = ("+" if digits.startswith("+") else "") + digits.replace("+", "")
    return link(f"tel:{dialled}" if 3 <= len(dialled) <= 20 else None, escaped(number, 40))


def day_words(day: date, today: date | None = None) -> str:
    """A date with its weekday, "Wed 4 Nov 2026"; without the year when it is that of `today`."""
    words = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return words if today is not None and today.year == day.year else f"{words} {day.year}"


def moment_words(at: datetime, now: datetime) -> str:
    """An instant in the zone of `now`: "10:05", with the date when it is not today's."""
    local = at.astimezone(now.tzinfo)
    hour = f"{local:%H:%M}"
    return hour if local.date() == now.date() else f"{day_words(local.date(), now.date())} {hour}"


def since_words(day: date, today: date, working_days_late: int | None = None) -> str:
    """ "since Mon 2 Nov (5 working days late)"; without the bracket where nobody counted."""
    words = f"since {day_words(day, today)}"
    if working_days_late is None:
        return words
    return f"{words} ({plural(working_days_late, 'working day')} late)"


def plural(count: int, noun: str, several: str | None = None) -> str:
    """ "1 account", "3 accounts"."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def listed(parts: Sequence[str], room: int, more: int = 0) -> str:
    """The parts that fit into `room`, "; " between them, and how many are left out; `more` stand elsewhere."""
    kept: list[str] = []
    for part in parts:
        room -= length(part) + 2
        if kept and room < 0:
            break
        kept.append(part)
    rest = len(parts) - len(kept) + more
    return "; ".join([*kept, *([f"+{rest:,} more"] if rest else [])])


def _printable(text: str, limit: int) -> str:
    """Without control characters; line breaks and tabs stay. Of a huge text no more than could be shown."""
    readable = text if len(text) <= limit * 10 else text[: limit * 10] + ELLIPSIS
    return "".join(c for c in clean(readable) if c in "\n\t\r" or unicodedata.category(c) != "Cc")


def _fitting(text: str, limit: int, entities: dict[str, str]) -> str:
    """As much of `text`, with its entities, as fits; the marks that `_contained` may add are allowed for."""
    pieces = [entities.get(c, c) for c in text]
    room = limit - _marks(text)
    if sum(map(length, pieces)) <= room:
        return "".join(pieces)
    kept: list[str] = []
    room -= length(ELLIPSIS)
    for piece in pieces:
        room -= length(piece)
        if room < 0:
            break
        kept.append(piece)
    while kept and (unicodedata.combining(kept[-1][0]) or kept[-1] in ("\u200d", "\ufe0f", " ")):
        kept.pop()
    return "".join(kept) + ELLIPSIS


def _marks(text: str) -> int:
    """At most as many characters as `_contained` adds."""
    controls = len(_DIRECTION.findall(text))
    return controls + 2 if controls else 0


def _contained(text: str) -> str:
    """`text` in an isolate of its own if it changes its direction, so that nothing after it is turned round.

    The text itself stays as it is: an end mark too many gets a start before it, a missing one is added.
    """
    if not _DIRECTION.search(text):
        return text
    open_isolates = ends_too_many = 0
    for c in text:
        if c in _ISOLATES:
            open_isolates += 1
        elif c == _END_OF_ISOLATE and open_isolates:
            open_isolates -= 1
        elif c == _END_OF_ISOLATE:
            ends_too_many += 1
    return _ISOLATE * (ends_too_many + 1) + text + _END_OF_ISOLATE * (open_isolates + 1)
