"""Finding an account by what a person types: only in the books they may work, typos forgiven, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rapidfuzz import fuzz, process, utils
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.services.people.calendars import Calendars
from bot.services.people.cover import Covers
from bot.services.people.roles import Who, known_person, manages
from bot.services.people.user_groups import is_named
from bot.services.work import Work, local_date
from bot.store.tables import Fact, Person, RunRow

MOST_HITS = 8
CLOSE_ENOUGH = 78.0
CLEARLY_BETTER = 12.0


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that may be meant."""

    run_id: int
    account: str
    owner: str | None
    closed: bool
    won_on: date | None = None  # the put-out date of a run that is won
    ahead: bool = False  # open, and not put out yet


def find_accounts(work: Work, who: Who, text: str, *, to_see: bool = False) -> list[Hit]:
    """The accounts that `text` may mean, best first; one hit only when it is clearly meant.

    Raises UnknownPerson. Looks only at runs the person may work - or, `to_see`, whose card they may open; open
    runs come before closed ones.
    """
    with work.store.read() as session:
        person = known_person(session, who)
        hits = _visible(session, work.config, person, work.now(), to_see=to_see)
    wanted = utils.default_process(text)
    if not wanted:
        return _open_first(_by_signs(hits, text.strip()))
    exact = [hit for hit in hits if utils.default_process(hit.account) == wanted]
    if exact:
        return _open_first(exact)
    names = {hit.run_id: hit.account for hit in hits}
    scored = process.extract(
        text,
        names,
        scorer=_score,
        processor=utils.default_process,
        score_cutoff=CLOSE_ENOUGH,
        limit=MOST_HITS,
    )
    by_id = {hit.run_id: hit for hit in hits}
    if len(scored) > 1 and scored[0][1] - scored[1][1] >= CLEARLY_BETTER:
        scored = scored[:1]
    return _open_first([by_id[run_id] for _, _, run_id in scored])


def workable(work: Work, session: Session, person: Person) -> list[Hit]:
    """Every account the person may work; a closed run hides behind an open one of the same account."""
    return _open_first(_visible(session, work.config, person, work.now()))


def _by_signs(hits: list[Hit], signs: str) -> list[Hit]:
    """The accounts with exactly these signs in their name, for a text without letters and digits."""
    holding = [hit for hit in hits if signs and signs in hit.account]
    return [hit for hit in holding if hit.account.strip() == signs] or holding[:MOST_HITS]


def _score(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Whole names first, then names that begin with the text, then its words with typos."""
    if one and other and (other.startswith(one) or one.startswith(other)):
        return 95.0
    return float(fuzz.WRatio(one, other, score_cutoff=score_cutoff))


def stands_in(text: str, account: str) -> bool:
    """Whether the very words stand in an account's name, the last one perhaps only begun."""
    words, name = (" ".join(utils.default_process(one).split()) for one in (text, account))
    return bool(words) and f" {words}" in f" {name}"


def accounts_with(work: Work, who: Who, text: str) -> list[Hit]:
    """The accounts in whose name these very words stand, of those the person may work."""
    with work.store.read() as session:
        hits = _visible(session, work.config, known_person(session, who), work.now())
    return _open_first([hit for hit in hits if stands_in(text, hit.account)])[:MOST_HITS]


def accounts_named_in(work: Work, who: Who, text: str) -> list[Hit]:
    """The accounts whose whole name stands in a text that somebody wrote, of those the person may see."""
    with work.store.read() as session:
        person = known_person(session, who)
        hits = _visible(session, work.config, person, work.now(), to_see=True)
    said = f"{' '.join(utils.default_process(text).split())} "
    names = {hit.run_id: f"{' '.join(utils.default_process(hit.account).split())} " for hit in hits}
    named = [hit for hit in hits if names[hit.run_id].strip() and f" {names[hit.run_id]}" in f" {said}"]
    return _open_first(named)


def _visible(
    session: Session, config: Config, person: Person, now: datetime, *, to_see: bool = False
) -> list[Hit]:
    """The runs the person may work: their own, those they cover, or their teams' for a manager."""
    people = {one.id: one for one in session.scalars(select(Person))}
    theirs = {person.id} | Covers(Calendars(session, config, now), people, now).books_of(person)
    owners = [one.id for one in people.values() if one.id in theirs or manages(config, person, one)]
    mine: ColumnElement[bool] = RunRow.owner_id.in_(owners)
    if manages(config, person, None):
        mine = or_(mine, RunRow.owner_id.is_(None))
    if to_see and is_named(person, config.customer_care):
        mine = or_(mine, RunRow.id.in_(select(Fact.run_id).where(Fact.kind == "takedown_email")))
    rows = session.execute(
        select(RunRow.id, RunRow.account, RunRow.owner_id, RunRow.stage, RunRow.put_out_on).where(
            mine, RunRow.gone_at.is_(None)
        )
    )
    today = local_date(now, person.tz)
    return [
        Hit(
            run_id=row.id,
            account=row.account,
            owner=people[row.owner_id].name if row.owner_id in people else None,
            closed=row.stage not in ("open", "negotiation"),
            won_on=row.put_out_on if row.stage == "won" else None,
            ahead=row.stage in ("open", "negotiation") and row.put_out_on > today,
        )
        for row in rows
    ]


def _open_first(hits: list[Hit]) -> list[Hit]:
    """Open runs before closed ones; a closed run hides behind an open one of the same account.

    What was won is meant until its next term is put out: then there is nothing to do on that one yet.
    """
    still_open = {hit.account for hit in hits if not hit.closed and not hit.ahead}
    last_won: dict[str, date] = {}
    for hit in hits:
        if hit.won_on is not None and hit.account not in still_open:
            last_won[hit.account] = max(hit.won_on, last_won.get(hit.account, hit.won_on))
    ahead = {hit.account for hit in hits if hit.ahead}
    shown = [
        hit
        for hit in hits
        if (hit.won_on == last_won[hit.account] if hit.account in ahead & last_won.keys() else not hit.closed)
        or (hit.closed and hit.account not in still_open | ahead)
    ]
    return sorted(shown, key=lambda hit: hit.closed)
