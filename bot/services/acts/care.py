"""The takedown chain: Customer Care is asked, and only its members may say that the site is down (PLAYBOOK 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Click
from bot.services.acts.record import NewFact, Origin, record
from bot.services.errors import NotAllowed, NotYours, StaleTouch
from bot.services.models import AccountLine, LoggedLine
from bot.services.outgoing.messages import open_message
from bot.services.people.roles import audit_refusal, known_person
from bot.services.people.user_groups import is_named
from bot.services.runs.lines import Reader
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.facts import lock_run
from bot.store.received import first_time
from bot.store.tables import Fact, Message, MessageRun, OutboxRow, Person, RunRow

CARE_REQUEST = "care_request"


def ask_customer_care(work: Work, session: Session, run: RunRow) -> None:
    """Post the request to take the site down in Customer Care's channel, once per run."""
    if work.config.care_channel is None:
        return
    open_message(
        work,
        session,
        kind=CARE_REQUEST,
        recipient=f"channel:{work.config.care_channel}",
        slot=f"run:{run.id}",
        on=work.now().date(),
        run_ids=[run.id],
    )


def open_requests(session: Session) -> dict[int, datetime]:
    """By run: when Customer Care was asked (business time), where the site is not down yet."""
    down = select(Fact.id).where(Fact.run_id == MessageRun.run_id, Fact.kind == "site_down").exists()
    sent = select(Fact.id).where(Fact.run_id == MessageRun.run_id, Fact.kind == "takedown_email").exists()
    return {row[0]: row[1] for row in session.execute(_asked().where(~down, sent))}


def asked_on(session: Session, run_ids: Sequence[int]) -> dict[int, datetime]:
    """By run: when Customer Care was asked (business time)."""
    return {row[0]: row[1] for row in session.execute(_asked().where(MessageRun.run_id.in_(run_ids)))}


def _asked() -> Select[int, datetime]:
    return (
        select(MessageRun.run_id, OutboxRow.created_at)
        .join(Message, Message.id == MessageRun.message_id)
        .join(
            OutboxRow,
            and_(
                OutboxRow.kind == Message.kind,
                OutboxRow.recipient == Message.recipient,
                OutboxRow.slot == Message.slot,
            ),
        )
        .where(Message.kind == CARE_REQUEST)
    )


def confirm_site_down(work: Work, click: Click, run_id: int, note: str | None) -> str:
    """Customer Care has taken the site down: the rep is told to contact the customer at once.

    Returns the account's name. Raises NotYours (audited) for anybody else, NotAllowed without a takedown email.
    """
    with _audited(work, click, run_id), work.store.write() as session:
        person = _require_customer_care(work, session, click)
        run = lock_run(session, run_id)
        if run is None or run.gone_at is not None:
            raise StaleTouch("This account is not in the book any more. Nothing was changed.")
        account = run.account
        if not first_time(session, click.key, work.elapsed()):
            return account  # the same form delivered again
        (loaded,) = load_runs(session, RunRow.id == run_id)
        kinds = {fact.kind for fact in loaded.facts}
        if "takedown_email" not in kinds:
            raise NotAllowed("No takedown email was sent for this account, so it must stay up.")
        if "site_down" in kinds:
            raise NotAllowed(f"{run.account}: the site is marked down already. Nothing was changed.")
        origin = Origin(
            key=f"slack:{click.key}",
            source="slack",
            surface=click.surface,
            pressed=click.pressed,
        )
        facts = [NewFact("care_confirmed", note=note), NewFact("site_down", note=note)]
        record(work, session, run, person, origin, facts)
        tell_site_down(work, session, run)
    work.wake()
    return account


def account_to_confirm(work: Work, click: Click, run_id: int) -> str:
    """The account whose site a member of Customer Care is about to confirm as down. Raises NotYours (audited)."""
    with _audited(work, click, run_id), work.store.read() as session:
        _require_customer_care(work, session, click)
        run = session.get(RunRow, run_id)
        if run is None or run.gone_at is not None:
            raise StaleTouch("This account is not in the book any more. Nothing was changed.")
        return run.account


@contextmanager
def _audited(work: Work, click: Click, run_id: int) -> Iterator[None]:
    """Keep a refusal, in a transaction of its own: the one it happened in is rolled back."""
    try:
        yield
    except NotYours:
        with work.store.write() as session:
            audit_refusal(session, click.who, run_id, "confirm_site_down", "not_customer_care", work.now())
        raise


def _require_customer_care(work: Work, session: Session, click: Click) -> Person:
    person = known_person(session, click.who)
    if not is_named(person, work.config.customer_care):
        raise NotYours("Only Customer Care may confirm that a site is down. Nothing was changed.")
    return person


@dataclass(frozen=True, slots=True)
class CareRequest:
    """The request as the channel sees it; `confirmed` once the site is down, `withdrawn` if it must stay up."""

    line: AccountLine
    on: date
    now: datetime
    confirmed: LoggedLine | None
    withdrawn: bool


def read_care_request(work: Work, message_id: int) -> CareRequest | None:
    """The request as it stands now, in the zone of the account's owner; None when there is no such message."""
    with work.store.read() as session:
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message_id)
        found = load_runs(session, RunRow.id.in_(shown))
        if not found:
            return None
        reader = Reader(work, session)
        seen = reader.see(found[0])
        down = [fact for fact in found[0].facts if fact.kind == "site_down"]
        zone = seen.calendar.tz
        return CareRequest(
            line=reader.line(seen, zone.key, {}),
            on=seen.assessment.on,
            now=work.now().astimezone(zone),
            confirmed=reader.logged(down[-1], zone, {}) if down else None,
            withdrawn=not any(fact.kind == "takedown_email" for fact in found[0].facts),
        )


def tell_site_down(work: Work, session: Session, run: RunRow) -> None:
    """*Contact the customer now*: at once, on any day of the week, to whoever owns the account."""
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    if owner is None or owner.slack_user_id is None:
        return
    (loaded,) = load_runs(session, RunRow.id == run.id)
    down = max(fact.id for fact in loaded.facts if fact.kind == "site_down")
    open_message(
        work,
        session,
        kind="takedown",
        recipient=f"person:{owner.id}",
        slot=f"fact:{down}",
        on=local_date(work.now(), owner.tz),
        run_ids=[run.id],
        person=owner,
    )
