"""What is stored: people, runs, append-only facts, messages shown, and the outbox.

Instants are aware UTC (`UtcDateTime`); dates are local dates of the rep. *Business time* is the clock that
the playbook reads and that the sandbox may move; *elapsed time* (leases, next tries) is the machine's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.types import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# Partial indexes over what has not settled yet: they stay small however long the history grows.
UNSETTLED: dict[str, Any] = {
    "sqlite_where": text("look_at IS NOT NULL"),
    "postgresql_where": text("look_at IS NOT NULL"),
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    # SQLAlchemy reads the map by this name; a ClassVar it would take for a column's annotation.
    type_annotation_map = {datetime: UtcDateTime, date: Date, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Person(Base):
    """Somebody of the team: a Slack user, a HubSpot owner, or (once matched by email) both."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(200))
    tz: Mapped[str] = mapped_column(String(64))
    slack_team_id: Mapped[str | None] = mapped_column(String(32))
    slack_user_id: Mapped[str | None] = mapped_column(String(32), index=True)
    dm_channel: Mapped[str | None] = mapped_column(String(32))
    crm_owner_id: Mapped[str | None] = mapped_column(String(64), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    inactive_reason: Mapped[str | None] = mapped_column(String(200))
    # Handles, without "@", of the user groups in Slack that the configuration names and the person is in.
    user_groups: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    meeting_link: Mapped[str | None] = mapped_column(String(300))  # where customers book a time with them


class LeaveDays(Base):
    """A person's leave, first and last day included, and the colleague who works their book meanwhile.

    Without a cover the book rests: its days are days off. With one they are working days of the book.
    """

    __tablename__ = "leave"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime | None]  # business time; empty for leave of before this was kept


class Preferences(Base):
    """What a person set for themselves; hours as "HH:MM" in their own zone, empty: as the team has it."""

    __tablename__ = "preferences"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    digest_at: Mapped[str | None] = mapped_column(String(5))
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    nudges_off: Mapped[list[Any]] = mapped_column(default=list)  # kinds of message that are not wanted


class RunRow(Base):
    """One account's way through the playbook: (deal or book id, put-out date).

    `next_look_on` is an index, never truth: the first local date on which a digest or the manager message
    could mention this run, recomputed in the transaction of each fact. `version` grows with every fact and
    change.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("book", "deal_id", "put_out_on"),
        Index("ix_runs_owner_id_next_look_on", "owner_id", "next_look_on"),
        Index("ix_runs_stage_owner_id_gone_at", "stage", "owner_id", "gone_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(16))  # hubspot | import
    deal_id: Mapped[str] = mapped_column(String(64), index=True)
    put_out_on: Mapped[date]
    account: Mapped[str] = mapped_column(String(500))
    stage: Mapped[str] = mapped_column(String(16))
    expires_on: Mapped[date | None]
    hosts_site: Mapped[bool] = mapped_column(default=False)
    price_cents: Mapped[int | None]  # for one price_period
    price_period: Mapped[str] = mapped_column(String(8), default="month")  # month | year | term
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    crm_owner_id: Mapped[str | None] = mapped_column(String(64))
    owner_since: Mapped[datetime | None]  # business time at which this owner got it (None: since the import)
    company_id: Mapped[str | None] = mapped_column(String(64), index=True)
    contact_id: Mapped[str | None] = mapped_column(String(64), index=True)
    contact_name: Mapped[str | None] = mapped_column(String(300))
    contact_phone: Mapped[str | None] = mapped_column(String(64))
    contact_email: Mapped[str | None] = mapped_column(String(320))
    created_at: Mapped[datetime]  # business time at which the assistant first saw it
    gone_at: Mapped[datetime | None]  # the deal was deleted, or left the pipeline or the book
    next_look_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)


class RunDetails(Base):
    """What is known of a run's customer beyond what the playbook asks for; read for one card at a time."""

    __tablename__ = "run_details"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    nps_score: Mapped[int | None]  # 0 to 10
    nps_on: Mapped[date | None]
    nps_why: Mapped[str | None] = mapped_column(Text)  # in the customer's words
    reports_url: Mapped[str | None] = mapped_column(Text)
    analytics_url: Mapped[str | None] = mapped_column(Text)


class RunContact(Base):
    """A further contact of a run, after the one that stands on the run itself."""

    __tablename__ = "run_contacts"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(320))


class PastContact(Base):
    """A contact that a run had and has no more, by its id alone: what speaks of them may have to be erased."""

    __tablename__ = "past_contacts"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class RunChange(Base):
    """An audited change of one of a run's properties: what, from what to what, by whom, from where."""

    __tablename__ = "run_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    field: Mapped[str] = mapped_column(String(32))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]  # business time
    source: Mapped[str] = mapped_column(String(16))  # hubspot | import | slack | system
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Fact(Base):
    """Something that happened on a run. Never updated, never deleted; a later fact may supersede it.

    Two things may change: its run, when HubSpot merged the deal into another, and its note, when it is erased.

    `kind` is a playbook activity kind, or `deferral` (until, reason, note), `appointment` (starts_at,
    outcome = its status), `stage` (outcome = the new stage), `kept` (move-out kept until), `dates_confirmed`,
    `report_missing`, or `withdrawn` (an undo: supersedes the fact and says nothing itself).
    """

    __tablename__ = "facts"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)  # the same happening twice has the same key
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]  # when it happened, business time
    recorded_at: Mapped[datetime]  # when we learned it, business time
    source: Mapped[str] = mapped_column(String(16))  # slack | hubspot | import | system
    surface: Mapped[str] = mapped_column(String(16))  # button | form | command | message | sync | job
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    step: Mapped[str | None] = mapped_column(String(32))  # the touch it answered, if any
    reason: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"), unique=True)


class CrmRecord(Base):
    """Which HubSpot record carries which fact; one record, one fact (FAULTS I3)."""

    __tablename__ = "crm_records"
    __table_args__ = (UniqueConstraint("object_type", "object_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("facts.id"), index=True)
    object_type: Mapped[str] = mapped_column(String(16))  # calls, emails, notes, meetings, tasks
    object_id: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime]  # business time
    ours: Mapped[bool] = mapped_column(default=True)  # written by the assistant, not by somebody in HubSpot
    # Of an email that HubSpot tracks: its own time there, and what it says was opened and clicked (unreliable).
    at: Mapped[datetime | None]
    opens: Mapped[int | None]
    clicks: Mapped[int | None]


class CrmMark(Base):
    """A HubSpot record that a webhook named, to be read by the next pass; `times` grows with each naming."""

    __tablename__ = "crm_marks"
    object_type: Mapped[str] = mapped_column(String(16), primary_key=True)  # deals, contacts, calls ...
    object_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)


class AutomaticReply(Base):
    """A customer's automatic answer that says they are away: a deferral is proposed, once for each record.

    `read_at` is empty until its text was read. `says` tells what `day` is: `until`, `last` (the last day away),
    `back` (the first day there), empty without a day. `sure`: it has one reading only. Whether it is still to
    be answered follows from the run's facts; `answered_at` is set when somebody did not want the deferral.
    """

    __tablename__ = "automatic_replies"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    object_id: Mapped[str] = mapped_column(String(64), unique=True)  # the email in HubSpot
    at: Mapped[datetime] = mapped_column(index=True)  # when it came, business time
    read_at: Mapped[datetime | None]  # business time
    sender: Mapped[str] = mapped_column(String(300), default="")
    quote: Mapped[str] = mapped_column(String(300), default="")  # the words that say it
    says: Mapped[str] = mapped_column(String(8), default="")
    day: Mapped[date | None]
    sure: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]  # business time
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Message(Base):
    """A Slack message the assistant keeps up to date, and what it shows."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("kind", "recipient", "slot"),
        Index("ix_messages_channel_ts", "channel", "ts"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))  # digest, second_calls, new_runs, manager_morning ...
    recipient: Mapped[str] = mapped_column(String(64))  # person:ID or channel:ID
    slot: Mapped[str] = mapped_column(String(64))  # the local date, or date and hour
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    on: Mapped[date]  # the local date it speaks of
    channel: Mapped[str | None] = mapped_column(String(32))  # known once it is sent
    ts: Mapped[str | None] = mapped_column(String(32))
    page: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what else the view needs


class MessageRun(Base):
    """That a message shows a run, and on which place; says which messages to redraw after a fact."""

    __tablename__ = "message_runs"
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True, index=True)
    place: Mapped[int]


class OutboxRow(Base):
    """Something that has to leave for Slack or HubSpot, written in the transaction of the fact that causes
    it.

    `target` orders: rows of one target leave one after the other. `useful_until` is business time: past it
    the row is dropped with that reason. `next_try_at` is elapsed time and says when it may leave. `look_at`
    is an index, never truth: when a sender has to look at this row again (its next try, the end of its
    lease, or later while an earlier row of its target is in the way); empty once the row is settled.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(16))  # slack | hubspot
    kind: Mapped[str] = mapped_column(String(48))
    recipient: Mapped[str] = mapped_column(String(96))
    slot: Mapped[str] = mapped_column(String(96))
    target: Mapped[str] = mapped_column(String(96))
    state: Mapped[str] = mapped_column(String(16))  # pending sending unknown sent dead dropped
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    coalesce_key: Mapped[str | None] = mapped_column(String(96))
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"), index=True)
    created_at: Mapped[datetime]  # business time
    next_try_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    useful_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)  # tries that failed by the row's own fault
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # elapsed time
    reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("kind", "recipient", "slot"),
        Index("ix_outbox_coalesce_key_state", "coalesce_key", "state"),
        Index("ix_outbox_state_id", "state", "id"),
        Index("ix_outbox_service_look_at_id", "service", "look_at", "id", **UNSETTLED),
        Index("ix_outbox_target_id", "target", "id", **UNSETTLED),
        Index("ix_outbox_useful_until", "useful_until", **UNSETTLED),
    )


class OutboxPause(Base):
    """A service that takes nothing from us for now, seen by every process; one probe goes out at `until`."""

    __tablename__ = "outbox_pauses"
    service: Mapped[str] = mapped_column(String(16), primary_key=True)
    until: Mapped[datetime]  # elapsed time
    reason: Mapped[str] = mapped_column(Text)
    halted: Mapped[bool]  # refused altogether (token revoked): somebody has to mend it
    failures: Mapped[int]  # in a row; the back-off grows with it
    probe_token: Mapped[str | None] = mapped_column(String(36))  # the lease of the one row sent to try


class Received(Base):
    """An interaction or event that was handled: the same key is handled once (FAULTS 1)."""

    __tablename__ = "received"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)  # elapsed time


class Refusal(Base):
    """An action somebody had no right to (FAULTS 28)."""

    __tablename__ = "refusals"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    slack_user_id: Mapped[str | None] = mapped_column(String(32))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    action: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(64))


class Setting(Base):
    """What the installation remembers: go-live date, sync cursors, pauses."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]


class Reminder(Base):
    """*Remind me later*: the account is shown to the person again at `due_at` (business time); no date moves."""

    __tablename__ = "reminders"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]


class SlackStatus(Base):
    """What a rep's status in Slack says now; only the words of one that says they are away are kept."""

    __tablename__ = "slack_statuses"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)  # grows with each new away status: a button names its own
    words: Mapped[str] = mapped_column(String(200), default="")
    emoji: Mapped[str] = mapped_column(String(100), default="")
    ends_at: Mapped[datetime | None]  # business time; empty: it stays until it is cleared
    away: Mapped[bool] = mapped_column(default=False)
    answered: Mapped[bool] = mapped_column(default=False)  # put in as leave, or not wanted as leave
    event_ts: Mapped[str] = mapped_column(
        String(32), default=""
    )  # of the newest event; a late older one says nothing
    noted_at: Mapped[datetime]  # elapsed time


class NewDeal(Base):
    """A deal that follows from a run that was won: its next term (`renewal`), an `upsell`, or a `new_customer`.

    Amounts are for one `price_period`. On an imported book it only keeps what was agreed. `deal_id` is known once
    HubSpot has made it; `taken_back_at` (business time): the close was undone before anybody used the deal.
    """

    __tablename__ = "new_deals"
    __table_args__ = (UniqueConstraint("fact_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("facts.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # renewal | upsell | new_customer
    name: Mapped[str] = mapped_column(String(500))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    price_period: Mapped[str] = mapped_column(String(8))
    term_months: Mapped[int | None]
    put_out_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    deal_id: Mapped[str | None] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None]
