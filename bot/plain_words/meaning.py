"""What one way of explaining a text amounts to: something to do where all of it is said, else what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import product
from typing import Any, cast

from bot.plain_words.covers import Cover
from bot.plain_words.hours import PARTS_OF_DAY
from bot.plain_words.pieces import Kind, Piece
from bot.plain_words.reading import (
    Ask,
    Defer,
    Doing,
    Log,
    Open,
    Outcome,
    Reading,
    Refused,
    Remind,
    Show,
    Undo,
)
from bot.plain_words.said import OpenQuestion, Said, Setting

MORNING = PARTS_OF_DAY["morning"]
CHOICES_OF_OUTCOME: tuple[Outcome, ...] = ("no_answer", "left_voicemail", "connected", "email", "note")
# Verbs of which a name before them may be the one who did it: "acme emailed".
EITHER_WAY: dict[str, tuple[Outcome, ...]] = {"email": ("email", "replied")}


def meaning(cover: Cover, setting: Setting) -> Reading:
    """The reading of one cover."""
    meant = _Meant(cover, setting)
    try:
        return meant.reading()
    except OpenQuestion as gap:
        clear = meant.accounts[0] if len(meant.accounts) == 1 else None
        return Ask(gap.what, gap.choices, gap.words, clear)


class _Meant(Said):
    """A cover's pieces put together."""

    def reading(self) -> Reading:
        if self.has(Kind.MANY):
            return Refused("one_at_a_time")
        unexplained = self.all(Kind.UNKNOWN, Kind.CANNOT)
        sure = any(len(either) == 1 for either in self.outcomes)
        if self.has(Kind.CANNOT) and not sure:
            return Refused("cannot")
        if unexplained:
            return self._with_unknown(unexplained)
        if self.has(Kind.GUARDED) and not self.has(Kind.SHOW):
            return Refused("guarded")
        denied = self.has(Kind.NEGATION)
        asked = self.has(Kind.QUESTION) or self.setting.words.asks
        doubtful = denied or asked or self.has(Kind.FUTURE)
        try:
            said = self._asserted()
        except OpenQuestion as gap:
            several = (
                (gap.what == "account" and len(self.accounts) > 1)
                or (gap.what == "outcome" and len(self.outcomes) > 1)
                or (gap.what == "date" and len(gap.choices) > 1)
            )
            if (
                doubtful
                and (denied or not several)
                and (denied or not isinstance(self._kind_of(gap), Defer | Remind))
            ):
                raise OpenQuestion("what", self._shown()) from gap
            raise
        if isinstance(said, Show | Refused):
            return said
        if self.has(Kind.PAST):
            raise OpenQuestion("date")
        if doubtful and (denied or asked or not isinstance(said, Remind)):
            raise OpenQuestion("what", self._shown() if denied else (said, *self._shown()))
        return said

    def _kind_of(self, gap: OpenQuestion) -> Doing | None:
        """What sort of thing the open question is about, judged by its first answer."""
        return gap.choices[0] if gap.choices else None

    def _shown(self) -> tuple[Doing, ...]:
        return tuple(Show("account", run_id) for run_id in self.accounts)

    def _asserted(self) -> Doing | Refused:
        if self.has(Kind.UNDO):
            if self.outcomes or self.has(Kind.DAY, Kind.CLOCK, Kind.OUT, Kind.REMIND):
                raise OpenQuestion("what", [Undo(run_id) for run_id in self.accounts])
            return self._of_each(Undo())[0] if self.accounts else Undo()
        if self.has(Kind.LOST):
            raise OpenQuestion("reason", self._shown())
        if self.has(Kind.WON):
            raise OpenQuestion("won", self._shown())
        if self.has(Kind.FORM):
            raise OpenQuestion("outcome", self._shown())
        if self.outcomes or self.has(Kind.MEETING):
            return self._log()
        if self.has(Kind.REMIND):
            return self._remind()
        if self.defers():
            return self._deferral()
        return self._show()

    def _with_unknown(self, unknown: list[Piece]) -> Reading:
        """A word that nothing explains: what the rest says is only offered."""
        known = _Meant(tuple(p for p in self.cover if p not in unknown), self.setting)
        words = ", ".join(self.setting.words.said(piece.start, piece.end) for piece in unknown[:3])
        if (
            not known.outcomes
            and not known.speaks_of_one()
            and not known.defers()
            and not self.has(Kind.REMIND)
        ):
            return Refused("not_understood")
        what = self._about(known)
        try:
            rest: Reading = known.reading()
        except OpenQuestion as gap:
            kept = gap.what if gap.what in ("account", "outcome", "won", "reason", "what") else what
            offered = gap.choices or tuple(Show("account", one) for one in known.accounts[:1])
            raise OpenQuestion(kept if what == "words" else what, offered, words) from gap
        if isinstance(rest, Refused | Ask):
            return rest
        choices: list[Doing] = [rest]
        if isinstance(rest, Log | Defer) and rest.note is None:
            choices.append(replace(rest, note=self.setting.words.typed.strip()))
        raise OpenQuestion(what, choices, words)

    def _about(self, known: Said) -> Open:
        """What an unexplained word puts in question: an account that is not in the book, who did it, or itself."""
        if not known.accounts and known.outcomes:
            return "account"
        if self.has(Kind.FUTURE, Kind.QUESTION, Kind.NEGATION):
            return "what"
        words = self.setting.words.words
        for place, piece in enumerate(self.cover[1:], 1):
            before = self.cover[place - 1]
            if piece.kind is Kind.UNKNOWN and before.kind is Kind.NAME and not words[piece.start].broken_by:
                return "account"
        if self.cover[0].kind is Kind.UNKNOWN and len(self.cover) > 1 and self.cover[1].kind is Kind.OUTCOME:
            return "outcome"
        return "words"

    def _of_each(self, *made: Doing) -> tuple[Doing, ...]:
        """The same for each account that can be meant, or all of `made` for the one."""
        every = [replace(one, run_id=run_id) for run_id in self.accounts for one in made]
        if len(every) != 1 or self.weak or self.several:
            raise OpenQuestion("account", every if self.accounts else ())
        return tuple(every)

    def _log(self) -> Doing:
        outcomes = self._outcomes()
        if not self.accounts:
            raise OpenQuestion("account")
        logs: list[Log] = [
            Log(0, outcome, self.note(), **step)
            for outcome, step in product(outcomes, self._next_steps(outcomes))
        ]
        if len(logs) == 1:
            return self._of_each(logs[0])[0]
        if len(self.accounts) == 1 and not self.several:
            choices = [replace(log, run_id=self.accounts[0]) for log in logs]
            raise OpenQuestion("outcome" if len(outcomes) > 1 else "date", choices)
        self._of_each(logs[0])
        raise OpenQuestion("outcome", ())

    def _outcomes(self) -> tuple[Outcome, ...]:
        meeting: tuple[Outcome, ...] = ("meeting",) if self.has(Kind.MEETING) else ()
        found = [*self.outcomes, *([meeting] if meeting else [])]
        if len(found) == 2 and ("connected",) in found and meeting:
            return ("connected",)
        if found[0] == ("no_answer",) and found[1:] in ([("left_voicemail",)], [("left_live_message",)]):
            return found[1]  # one call: nobody answered, so a message was left
        if len(found) > 1 and ("note",) in found:
            found.remove(("note",))
        if len(found) > 1:
            shared = set.intersection(*(set(one) for one in found))
            if shared:
                return tuple(outcome for outcome in found[0] if outcome in shared)
            return tuple(dict.fromkeys(outcome for one in found for outcome in one))
        return self._either_way(found[0])

    def _either_way(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """ "acme emailed" leaves open who wrote to whom; "emailed acme" does not."""
        if len(outcomes) > 1 or outcomes[0] not in EITHER_WAY:
            return outcomes
        place = next(n for n, piece in enumerate(self.cover) if piece.kind is Kind.OUTCOME)
        piece = self.cover[place]
        said = [word.text for word in self.setting.words.words[piece.start : piece.end]]
        before = self.cover[place - 1] if place else None
        unbroken = not self.setting.words.words[piece.start].broken_by
        active = said[0] in ("sent", "mailed", "emailed", "e")
        if active and unbroken and before is not None and before.kind is Kind.NAME:
            return EITHER_WAY[outcomes[0]]
        return outcomes

    def _next_steps(self, outcomes: tuple[Outcome, ...]) -> list[dict[str, Any]]:
        """What is said of the time after: nothing, one date or hour, or - asked - several."""
        whens = self.whens()
        if self.has(Kind.MEETING) or outcomes == ("moved",):
            exact = [when for when in whens if isinstance(when, datetime)]
            if len(whens) != 1 or len(exact) != 1 or not self.clock():
                raise OpenQuestion("date", ())
            return [{"starts_at": exact[0]}]
        if not whens:
            if self.has(Kind.UNTIL, Kind.REMIND) or self.retries() or self.has(Kind.OUT):
                raise OpenQuestion("date", ())
            return [{}]
        steps = [self._step(when) for when in whens]
        led = self.has(Kind.UNTIL, Kind.REMIND, Kind.OUT) or self.retries()
        if len(steps) > 1 or not led:
            self._ask_when(steps, outcomes)
        if outcomes == ("busy",) and self.has(Kind.UNTIL) and not self.retries() and not self.has(Kind.OUT):
            # "busy until Thursday" speaks of the customer as well as of the line
            self._ask_when([{}, *steps], outcomes)
        return steps

    def _ask_when(self, steps: list[dict[str, Any]], outcomes: tuple[Outcome, ...]) -> None:
        if len(self.accounts) != 1:
            raise OpenQuestion("date", ())
        logs = [Log(self.accounts[0], outcome, self.note(), **step) for outcome in outcomes for step in steps]
        raise OpenQuestion("date", logs)

    def _step(self, when: date | datetime) -> dict[str, Any]:
        if isinstance(when, datetime):
            return {"remind_at": when}
        if self.has(Kind.REMIND):
            return {"remind_at": self.at(when, MORNING)}
        return {"until": when, "reason": self.reason("asked_to_wait")}

    def _deferral(self) -> Doing:
        whens = self.whens()
        led = self.has(Kind.OUT, Kind.UNTIL) or self.retries()
        if not whens:
            raise OpenQuestion("date", ())
        exact = self.has(Kind.CLOCK, Kind.SPAN, Kind.PART)
        made: list[Doing] = []
        for when in whens:
            if isinstance(when, datetime):
                made.append(Remind(0, when))
            else:
                made.append(Defer(0, when, self.reason("asked_to_wait"), self.note()))
                if not led:
                    made.append(Remind(0, self.at(when, MORNING)))
        if exact and led and self.has(Kind.OUT, Kind.UNTIL) and not self.retries():
            made += [
                Defer(0, when.date(), self.reason("other")) for when in whens if isinstance(when, datetime)
            ]
            made = [one for one in made if not isinstance(one, Defer) or one.until > self.setting.today]
        if len(made) == 1 and led:
            return self._of_each(made[0])[0]
        if len(self.accounts) != 1:
            self._of_each(*made)
        choices = [replace(one, run_id=self.accounts[0]) for one in made]
        raise OpenQuestion("date" if led else "what", choices)

    def _remind(self) -> Doing:
        whens = self.whens()
        if not whens:
            raise OpenQuestion("date", ())
        reminds = [
            Remind(0, when if isinstance(when, datetime) else self.at(when, MORNING)) for when in whens
        ]
        if len(reminds) == 1:
            return self._of_each(reminds[0])[0]
        if len(self.accounts) != 1:
            self._of_each(*reminds)
        raise OpenQuestion("date", [replace(one, run_id=self.accounts[0]) for one in reminds])

    def _show(self) -> Doing | Refused:
        topics = list(dict.fromkeys(str(piece.value) for piece in self.all(Kind.SHOW)))
        others = [topic for topic in topics if topic != "account"]
        named = self.has(Kind.NAME)
        if self.has(Kind.NOTE):
            raise OpenQuestion("outcome", [Log(one, "note", self.note()) for one in self.accounts])
        if self.has(Kind.TO_CALL) and self.speaks_of_one() and not topics:
            raise OpenQuestion("what", [Show("account", one) for one in self.accounts])
        if self.has(Kind.CALL) and not self.has(Kind.AGAIN) and self.speaks_of_one():
            raise OpenQuestion(
                "outcome", [Log(one, what) for one in self.accounts[:1] for what in CHOICES_OF_OUTCOME]
            )
        if named and not (others and self.has(Kind.NEGATION)):
            if others and others != ["today"]:
                raise OpenQuestion("what", [Show("account", one) for one in self.accounts])
            return self._of_each(Show("account"))[0]
        if self.has(Kind.NEGATION):
            return Refused("nothing_to_log")
        if len(others) == 1:
            return Show(cast(Any, others[0]))
        if len(others) > 1:
            raise OpenQuestion("what", [Show(cast(Any, topic)) for topic in others])
        if self.has(Kind.TODAY) and not self.has(Kind.CALL):
            return Show("today")
        if topics and self.setting.thread:
            return self._of_each(Show("account"))[0]
        if topics:
            raise OpenQuestion("account")
        return Refused("not_understood")
