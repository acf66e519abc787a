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

from bot.plain_words import absence_cues as cues
from bot.plain_words.days_of_mail import DATE, MONTHS, WEEKDAYS, SaidDay, day_first, next_weekday, read_said
from bot.playbook.calendar import WorkCalendar

UNTIL: Final = "until"  # "away until": the last day away, or after days off the day of the return
LAST: Final = "last"  # the last day away
BACK: Final = "back"  # the first day there again
# Who is away only from a day further ahead than this is there now.
SATURDAY, SUNDAY = 5, 6
SOON: Final = timedelta(days=6)
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
# "Am 4. Dezember" and "Dec. 4" go on after their full stop.
_NO_START = rf"(?i:(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b)"
_SENTENCE_END = re.compile(r"(?<=[!?])\s+|(?<=\w\.)\s+(?=[A-ZÀ-ÖØ-Þ¡¿])(?!" + _NO_START + r")|\n\s*\n")
_GREETING = re.compile(
    r"(?:hi|hello|dear|thanks?|thank you|guten tag|bonjour|hola|gracias|vielen dank)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One date that is tied to the absence, in which sentence; `since`: from when on, where that is said."""

    says: str
    said: SaidDay
    sentence: str
    since: date | None = None


def read_away(subject: str, text: str, on: date) -> Away:
    """What an automatic answer says that was received on local date `on`. Never raises."""
    body = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\xa0", " ")
    quoted = _QUOTED.search(body)
    body = body[: quoted.start()] if quoted else body
    sentences = [_bare(one) for one in (_without_prefix(subject[:LONGEST_QUOTE]), *_SENTENCE_END.split(body))]
    sentences = [one for one in sentences if one]
    whole = " ".join(sentences).lower()
    first = True if cues.NOT_ENGLISH.search(whole) else day_first(whole, on)
    found = [one for sentence in _own(sentences) for one in _tied(sentence, on, first=first)]
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
    there_now = any(one.since is not None and on + SOON < one.since < day for one in found)
    unsure = clash or there_now or any(not one.said.days for one in found) or _in_doubt(whole)
    return Away(_cut(sentence), says, day, sure=not unsure)


def _own(sentences: list[str]) -> list[str]:
    """Those that do not speak of somebody else, where the sender speaks of themselves."""
    others = {
        one
        for one in sentences
        if (cues.SOMEBODY_ELSE.search(one.lower()) or cues.NAMED.search(one))
        and not cues.FIRST_PERSON.search(one.lower())
    }
    own = [one for one in sentences if one not in others]
    return own if any(cues.FIRST_PERSON.search(one.lower()) for one in own) else sentences


def _in_doubt(whole: str) -> bool:
    return bool(cues.HEDGE.search(DATE.sub("⟦0⟧", whole)) or cues.ELSE.search(whole))


def _tied(sentence: str, on: date, *, first: bool | None) -> list[_Found]:
    """The dates of a sentence that say until when somebody is away."""
    said: list[SaidDay] = []

    def token(match: re.Match[str]) -> str:
        said.append(read_said(match, on, first=first))
        return f"⟦{len(said) - 1}⟧"

    words = DATE.sub(token, sentence.lower())
    backs = {int(one[1]): None for cue in cues.BACK for one in cue.finditer(words)}
    lasts = {int(one[1]) for cue in cues.LAST for one in cue.finditer(words)}
    backs = {number: None for number in backs if number not in lasts}
    found = [_Found(BACK, said[number], sentence) for number in backs]
    if not cues.AWAY.search(words):
        return found
    ranges = {int(one["right"]): one for cue in cues.RANGES for one in cue.finditer(words)}
    lasts |= ranges.keys() | {number for number, one in enumerate(said) if one.since and number not in backs}
    lasts |= {int(one["right"]) for one in cues.BOTH.finditer(words) if _left_of(one, said) == (on,)}
    weekly = cues.EVERY_WEEK.search(words) is not None
    lasts = {
        number
        for number in lasts
        if not _is_every_week(said[number], ranges.get(number), said, weekly=weekly)
    }
    untils = {int(one[1]) for one in cues.UNTIL.finditer(words)} - lasts - backs.keys()
    since = [said[int(one[1])].days for one in cues.START.finditer(words) if int(one[1]) not in backs]
    since += [_left_of(one, said) for one in ranges.values()]
    since += [(one.since,) for one in said if one.since is not None]
    start = min((day for days in since for day in days), default=None)
    found += [_Found(LAST, said[number], sentence, start) for number in sorted(lasts - backs.keys())]
    found += [_Found(UNTIL, said[number], sentence, start) for number in sorted(untils)]
    found += [_Found(LAST, SaidDay((day,), whole=False), sentence) for day in _whole_weeks(words, on)]
    if not found and re.search(r"\btoday\b", sentence.lower()) and said and said[0].days == (on,):
        found.append(_Found(LAST, said[0], sentence))
    return found


def _left_of(found: re.Match[str], said: list[SaidDay]) -> tuple[date, ...]:
    """The first day of a range: "24 December - 1 January", or "7-11 December"."""
    if found["left"]:
        return said[int(found["left"])].days
    ends = said[int(found["right"])].days
    number = int(found["number"])
    return tuple(day.replace(day=number) for day in ends if 1 <= number <= day.day)


def _is_every_week(last: SaidDay, within: re.Match[str] | None, said: list[SaidDay], *, weekly: bool) -> bool:
    """Whether bare weekdays name what is so in every week, as opening hours and weekends are."""
    if last.weekday is None or weekly:
        return last.weekday is not None
    left = said[int(within["left"])] if within is not None and within["left"] else None
    return left is not None and (left.weekday, last.weekday) == (SATURDAY, SUNDAY)


def _whole_weeks(words: str, on: date) -> list[date]:
    """The Sunday at the end of "this week", or of "this week and next"."""
    found = cues.THIS_WEEK.search(words)
    if found is None or (found["more"] and not re.search(r"next|following", found["more"])):
        return []
    return [on + timedelta(days=6 - on.weekday() + (7 if found["more"] else 0))]


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
