"""A customer's automatic answer -> until when they are away, as far as it says so beyond doubt.

English first; German, French and Spanish as far as their usual phrases go. Only a date that the answer ties to the
absence counts: that of an event, of the quoted mail or of a signature does not. Where two dates can be meant the
reading is not sure, and a person decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.plain_words.days_of_mail import DATE, SaidDay, day_first, next_weekday, read_said
from bot.playbook.calendar import WorkCalendar

UNTIL: Final = "until"  # "away until": the last day away, or after days off the day of the return
LAST: Final = "last"  # the last day away
BACK: Final = "back"  # the first day there again
LONGEST_TEXT: Final = 4000
LONGEST_QUOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Away:
    """What an automatic answer says. `day` is None when no date can be made out; `quote`: the words that say it.

    `sure`: it can be read in one way only. Otherwise `day` is no more than a suggestion.
    """

    quote: str
    says: str = ""
    day: date | None = None
    sure: bool = False


def there_again(says: str, day: date, calendar: WorkCalendar) -> date:
    """The first working day of `calendar` on which the customer can be called again. Raises NoWorkingDay."""
    if says == BACK or not calendar.is_working_day(day):
        return calendar.roll(day)
    weekend_before = not any((day.weekday() - number) % 7 in calendar.workdays for number in (1, 2))
    if says == UNTIL and weekend_before:
        return day  # "until Monday" is said by who comes back on Monday
    return calendar.next_working_day(day)


_TOKEN = r"⟦(\d{1,3})⟧"
_ANY_TOKEN = r"⟦\d{1,3}⟧"


def _then(words: str) -> str:
    """Up to eight of these words, as they stand between a cue and its date."""
    return rf"(?:[\s,]+(?:{words})){{0,8}}[\s,:]*"


_BACK = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:back|return(?:s|ing)?|re-?open(?:s|ing)?|resum(?:e|es|ing))"
        + _then(
            "in|to|at|the|my|our|office|desk|work|again|on|from|as|of|by|online|new|year|and|will|be|"
            "vacation|holidays?|leave|operations|business"
        )
        + _TOKEN,
        rf"\b(?:available|reachable|working|in (?:the )?office|here) again{_then('on|from|as|of')}{_TOKEN}",
        rf"\bnext (?:be )?in (?:the )?office{_then('on')}{_TOKEN}",
        rf"\bnot (?:be )?(?:back|return|in|available)\b[^⟦]{{0,30}}\bbefore\s+{_TOKEN}",
        rf"\b(?:ab|am)\s+(?:dem\s+)?{_TOKEN}(?:\s+\w{{2,12}}){{0,3}}\s+(?:wieder|zurück)\b",
        rf"\b(?:wieder|zurück)\b{_then('im|in|da|zur|ins|büro|erreichbar|verfügbar|für|sie|am|ab|dem')}{_TOKEN}",
        r"\b(?:de retour|retour|reviens|reviendrai|reprendrai|reprends|rouvr\w{2,6})\b"
        + _then("au|le|la|à|a|partir|du|bureau|dès|travail|prévu|est|en")
        + _TOKEN,
        r"\b(?:vuelvo|volver[ée]|regreso|regresar[ée]|de vuelta|me reincorpor\w{1,4})(?!\w)"
        + _then("a|al|la|el|oficina|trabajo|partir|del|de|en")
        + _TOKEN,
    )
)
_INCLUSIVE = r"(?:inclusive|included|inclus|inclusivement|incluido|incl\.?|einschließlich)"
_LAST = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:until|till?|up to|to) and including\s+{_TOKEN}",
        rf"\b(?:through|thru)\s+(?:to\s+)?{_TOKEN}",
        rf"\bbis\s+(?:zum\s+)?(?:einschlie(?:ß|ss)lich|inkl\.?|inklusive)\s+(?:zum\s+|dem\s+)?{_TOKEN}",
        rf"{_TOKEN}\s*,?\s*\(?{_INCLUSIVE}",
        rf"(?:{_ANY_TOKEN}|\b\d{{1,2}}(?:st|nd|rd|th|\.)?)\s*(?:[-–—]|to|through|bis(?: zum)?|au|al|à)\s*{_TOKEN}",
        rf"\bbetween\s+(?:{_ANY_TOKEN}|\d{{1,2}}(?:st|nd|rd|th)?)\s+and\s+{_TOKEN}",
    )
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|til|bis|hasta)\b|\bjusqu['’]?(?:au|à|a|en)?(?!\w))"
    + _then("the|el|le|zum|au|end|of|day|on")
    + _TOKEN
)
_THIS_WEEK = re.compile(r"\b(?:this week|all week|(?:rest|remainder) of (?:the|this) week)\b")
_AWAY = re.compile(
    r"\b(?:out of (?:the )?office|out of town|ooo|out|away|off|leave|vacation|holidays?|pto|travel\w*|closed|"
    r"absent|absence|unavailable|unable|won['’]?t|cannot|limited|no access|not (?:be )?(?:able|available|reachable|"
    r"back|in|checking|reading|working|return)|urlaub|abwesend|abwesenheit|nicht (?:im|da|erreichbar|verfügbar)|"
    r"außer haus|absente|congés?|vacances|fuera|vacaciones|ausente)\b"
)
_HEDGE = re.compile(
    r"\b(?:at least|approximately|approx|around|about|probably|likely|expect(?:ed)? to|may be|might|maybe|"
    r"voraussichtlich|etwa|environ|probablemente)\b"
)
# What else ends on a day, and who does not come back at all.
_ELSE = re.compile(
    r"\b(?:offer|sale|contract|invoice|deadline|webinar|promotion|valid|no longer (?:with|at|work\w*)|"
    r"left the company)\b"
)
_NOT_ENGLISH = re.compile(r"\b(?:ich|bin|und|nicht|wieder|je|suis|serai|votre|estoy|estaré|gracias|vuelvo)\b")
_PREFIX = re.compile(
    r"\s*(?:automatic reply|auto(?:mated)?[- ]?(?:reply|response)|auto|out[- ]of[- ](?:the[- ])?office|ooo|"
    r"abwesenheitsnotiz|abwesenheit|automatische antwort|r[ée]ponse automatique|respuesta autom[áa]tica|re|aw|fwd?)"
    r"\s*(?::|(?=\bre:))\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"^(?:>|-{2,}\s*$|-{3,}\s?(?:original|ursprüngliche|message d'origine|mensaje original)"
    r"|(?:from|von|de)\s?:\s|(?:on|am|le|el) [^\n]{5,200}(?:wrote|schrieb|a écrit|escribió))",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE_END = re.compile(r"(?<=[!?])\s+|(?<=[^\W\d]\.)\s+(?=[A-ZÀ-ÖØ-Þ¡¿])|\n\s*\n")
_GREETING = re.compile(
    r"(?:hi|hello|dear|thanks?|thank you|guten tag|bonjour|hola|gracias|vielen dank)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One date that is tied to the absence, in which sentence."""

    says: str
    said: SaidDay
    sentence: str


def read_away(subject: str, text: str, on: date) -> Away:
    """What an automatic answer says that was received on local date `on`. Never raises."""
    body = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\xa0", " ")
    quoted = _QUOTED.search(body)
    body = body[: quoted.start()] if quoted else body
    sentences = [_bare(one) for one in (_without_prefix(subject[:LONGEST_QUOTE]), *_SENTENCE_END.split(body))]
    sentences = [one for one in sentences if one]
    whole = " ".join(sentences).lower()
    first = True if _NOT_ENGLISH.search(whole) else day_first(whole)
    found = [one for sentence in sentences for one in _tied(sentence, on, first=first)]
    if not found:
        return Away(_first_words(sentences, subject))
    backs = [one for one in found if one.says == BACK]
    rest = [one for one in found if one.says != BACK]
    anchor = max((one.said.days[-1] for one in rest if one.said.whole and one.said.days), default=None)
    chosen = [_counted_from(one, anchor, whole, on, first=first) for one in backs] or rest
    says, sentence = chosen[0].says, chosen[0].sentence
    days = {day for one in chosen for day in one.said.days}
    if len(days) != 1 or not all(one.said.days for one in chosen):
        return Away(_cut(sentence), says)
    (day,) = days
    clash = bool(backs) and any(last > day for one in rest for last in one.said.days)
    unsure = clash or any(not one.said.days for one in found) or _HEDGE.search(whole) or _ELSE.search(whole)
    return Away(_cut(sentence), says, day, sure=not unsure)


def _tied(sentence: str, on: date, *, first: bool | None) -> list[_Found]:
    """The dates of a sentence that say until when somebody is away."""
    said: list[SaidDay] = []

    def token(match: re.Match[str]) -> str:
        said.append(read_said(match, on, first=first))
        return f"⟦{len(said) - 1}⟧"

    words = DATE.sub(token, sentence.lower())
    found = [_Found(BACK, said[int(one[1])], sentence) for cue in _BACK for one in cue.finditer(words)]
    if not _AWAY.search(words):
        return found
    lasts = {int(one[1]) for cue in _LAST for one in cue.finditer(words)}
    untils = {int(one[1]) for one in _UNTIL.finditer(words)} - lasts
    found += [_Found(LAST, said[number], sentence) for number in sorted(lasts)]
    found += [_Found(UNTIL, said[number], sentence) for number in sorted(untils)]
    if _THIS_WEEK.search(words):
        sunday = on + timedelta(days=6 - on.weekday())
        found.append(_Found(LAST, SaidDay((sunday,), whole=False), sentence))
    if not found and re.search(r"\btoday\b", sentence.lower()) and said and said[0].days == (on,):
        found.append(_Found(LAST, said[0], sentence))
    return found


def _counted_from(one: _Found, anchor: date | None, whole: str, on: date, *, first: bool | None) -> _Found:
    """ "Out on 3 December, back Friday": a bare weekday is the first one after the dates that are said whole."""
    if one.said.weekday is None:
        return one
    named = [read_said(match, on, first=first) for match in DATE.finditer(whole)]
    dates = [day for said in named if said.whole for day in said.days]
    after = anchor or max(dates, default=None)
    if after is None:
        return one
    return _Found(one.says, SaidDay((next_weekday(one.said.weekday, after),), whole=False), one.sentence)


def _without_prefix(subject: str) -> str:
    """The subject without "Automatic reply:" and the like: what follows is often the subject of our own mail."""
    while (match := _PREFIX.match(subject)) and match.end():
        subject = subject[match.end() :]
    return subject


def _bare(sentence: str) -> str:
    return " ".join(sentence.replace("⟦", "").replace("⟧", "").split())


def _first_words(sentences: list[str], subject: str) -> str:
    """What stands for an answer without a date: its first sentence that is more than a greeting."""
    telling = [one for one in sentences[1:] if len(one) > 15 and not _GREETING.match(one)]
    return _cut(next(iter(telling), " ".join(sentences[-1:]) or _bare(subject)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
