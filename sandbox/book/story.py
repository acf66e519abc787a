"""One account's history as HubSpot keeps it: engagements on its deal, company and contact, by its owner."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.book.calendars import WorkingDays
from sandbox.book.diary import Entry
from sandbox.book.people import LENA, PRIYA, TeamMember
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from sandbox.hubspot.sources import PERSON
from sandbox.hubspot.values import instant_text

CALL_SECONDS = (35, 410)
CALLS_A_WEEK = 3
DAY_14, DAY_30 = timedelta(days=13), timedelta(days=29)


@dataclass(frozen=True)
class Cast:
    """Who an account's history is about, as records; `owner` works it and is `owner_id` in HubSpot."""

    deal: Record
    company: Record
    contact: Record
    owner: TeamMember
    owner_id: str


class Story:
    """Writes what happened up to the morning of `on`. Days are the owner's local dates; on a day before the
    put-out date, on a day off and from `on` onwards nothing happens (a meeting or task may lie ahead).
    """

    def __init__(
        self, portal: Portal, cast: Cast, put_out_on: date, on: date, days: WorkingDays, dice: random.Random
    ) -> None:
        self._portal = portal
        self._cast = cast
        self._put_out_on = put_out_on
        self._on = on
        self._days = days
        self._dice = dice
        self.diary: list[Entry] = []

    @property
    def first_day(self) -> date:
        """The put-out date, or the first working day after it."""
        return self._days.at_or_after(self._put_out_on)

    @property
    def day_14(self) -> date:
        """The day of the final call, or the first working day after it."""
        return self._days.at_or_after(self._put_out_on + DAY_14)

    def planned(self, first: int) -> list[date]:
        """The days that are over of those on which the playbook week from playbook day `first` wants a call:
        first, middle and last working day."""
        start = self._put_out_on + timedelta(days=first - 1)
        days = self._days.between(start, start + timedelta(days=6))
        count, last = min(CALLS_A_WEEK, len(days)), len(days) - 1
        wanted = {days[int(n * last / (count - 1) + 0.5)] for n in range(count)} if count > 1 else set(days)
        return sorted(day for day in wanted if day < self._on)

    def days(self, first: int, last: int) -> list[date]:
        """The working days among these playbook days that are over."""
        start = self._put_out_on + timedelta(days=first - 1)
        end = min(self._put_out_on + timedelta(days=last - 1), self._on - timedelta(days=1))
        return self._days.between(start, end)

    def days_ago(self, count: int) -> date:
        """The `count`-th working day before today."""
        return self._days.before(self._on, count)

    def days_ahead(self, count: int) -> date:
        """The `count`-th working day from today; 0 is today if it is one, else the next."""
        day = self._days.at_or_after(self._on)
        for _ in range(count):
            day = self._days.at_or_after(day + timedelta(days=1))
        return day

    def pick(self, *choices: str) -> str:
        """One of them, by the dice."""
        return self._dice.choice(choices)

    def call(self, day: date, outcome: str, said: str = "", *, later: bool = False) -> bool:
        """An outbound call with HubSpot's outcome, in the morning or `later`; False if the day does not fit."""
        if not self._happens(day):
            return False
        self._add_call(self._moment(day, 14 if later else 10), "OUTBOUND", outcome, said)
        return True

    def inbound_call(self, day: date, said: str) -> None:
        """The customer called."""
        if self._happens(day):
            self._add_call(self._moment(day, 11), "INBOUND", "", said)

    def email(self, day: date, subject: str) -> None:
        """A tracked one-to-one mail by the owner."""
        if self._happens(day):
            self._send(self._moment(day, 15), subject)

    def reply(self, day: date, subject: str) -> None:
        """A mail from the customer."""
        if self._happens(day):
            owner, contact = self._cast.owner.email, self._cast.contact.properties["email"]
            self._mail(
                self._moment(day, 13),
                "INCOMING_EMAIL",
                subject,
                contact,
                owner,
                "Thank you for writing. Let me look at it this week.",
            )

    def review(self, day: date) -> None:
        """The account review, logged before the first call."""
        if self._happens(day):
            at = self._moment(day, 9)
            note = self._add("notes", at, {"hs_note_body": "Account review done"})
            self._log("review", at, self._cast.owner, note)

    def defer(self, day: date, until: date, note: str) -> None:
        """Not before `until`: the owner said so on `day`, with a note; HubSpot has a task for it."""
        if not self._happens(day):
            return
        at = self._moment(day, 15)
        due = datetime.combine(until, time(8, 30), ZoneInfo(self._cast.owner.tz)).astimezone(UTC)
        values = {
            "hs_task_subject": f"Call back - {self._cast.company.properties['name']}"[:200],
            "hs_task_body": f"out of town<br>{note}",
            "hs_task_status": "NOT_STARTED",
            "hs_task_type": "CALL",
            "hs_task_priority": "NONE",
        }
        task = self._add("tasks", due, values, made_at=at)
        self._log("deferral", at, self._cast.owner, task, until=until, reason="out_of_town", note=note)

    def guarded_email(self, day: date, kind: str, subject: str) -> None:
        """A `cancellation_email` or `takedown_email`: tracked as any mail, and logged as what it was."""
        if self._happens(day):
            at = self._moment(day, 15)
            self._log(kind, at, self._cast.owner, self._send(at, subject))

    def keep(self, until: date, reason: str) -> None:
        """The manager kept the account on day 30, until a date."""
        day = self._days.at_or_after(self._put_out_on + DAY_30)
        if self._happens(day):
            at = self._moment(day, 13)
            words = f"Kept on day 30: until {until.isoformat()}<br>{reason}"
            self._log(
                "kept", at, PRIYA, self._add("notes", at, {"hs_note_body": words}), until=until, note=reason
            )

    def meeting(self, day: date, *, made_on: date, outcome: str, by_link: bool = False) -> None:
        """A half-hour meeting in the afternoon of `day`, entered (or booked by the customer) on `made_on`."""
        start = self._moment(day, 14, exact=True)
        values = {
            "hs_meeting_title": f"Renewal talk with {self._cast.company.properties['name']}",
            "hs_meeting_start_time": instant_text(start),
            "hs_meeting_end_time": instant_text(start + timedelta(minutes=30)),
            "hs_meeting_outcome": outcome,
            "hs_meeting_source": "MEETINGS_PUBLIC" if by_link else "CRM_UI",
        }
        self._add("meetings", start, values, made_at=self._moment(made_on, 16))

    def take_site_down(self, day: date) -> None:
        """Customer Care confirms in its channel, and the site is marked as down."""
        at = self._moment(day, 16)
        note = self._add("notes", at, {"hs_note_body": "Customer Care confirmed the takedown"})
        self._log("care_confirmed", at, LENA, note)
        values = {"site_taken_down_at": instant_text(at)}
        self._portal.update("deals", self._cast.deal.id, values, source=PERSON, at=at)

    def _happens(self, day: date) -> bool:
        return self._put_out_on <= day < self._on and self._days.is_one(day)

    def _moment(self, day: date, hour: int, *, exact: bool = False) -> datetime:
        minute = 0 if exact else self._dice.randrange(60)
        return datetime.combine(day, time(hour, minute), ZoneInfo(self._cast.owner.tz)).astimezone(UTC)

    def _add_call(self, at: datetime, direction: str, outcome: str, said: str) -> None:
        values = {
            "hs_call_title": f"Call with {self._cast.contact.properties['firstname']}",
            "hs_call_body": said,
            "hs_call_direction": direction,
            "hs_call_disposition": outcome,
            "hs_call_status": "COMPLETED",
            "hs_call_duration": str(self._dice.randint(*CALL_SECONDS) * 1000),
        }
        self._add("calls", at, values)

    def _send(self, at: datetime, subject: str) -> Record:
        owner, contact = self._cast.owner.email, self._cast.contact.properties["email"]
        said = (
            f"Hello {self._cast.contact.properties['firstname']},\n"
            "your contract with us is up for renewal. When would be a good time for a short call?\n"
            f"{self._cast.owner.name}"
        )
        return self._mail(at, "EMAIL", subject, owner, contact, said)

    def _mail(
        self, at: datetime, direction: str, subject: str, sender: str, receiver: str, said: str
    ) -> Record:
        values = {
            "hs_email_direction": direction,
            "hs_email_status": "SENT",
            "hs_email_subject": subject,
            "hs_email_text": said,
            "hs_email_headers": json.dumps({"from": {"email": sender}, "to": [{"email": receiver}]}),
        }
        key = f"{self._dice.getrandbits(128):032x}"
        tracking = {"hs_email_tracker_key": key} if direction == "EMAIL" else {}
        return self._add("emails", at, values, filled_in=tracking)

    def _add(
        self,
        kind: str,
        at: datetime,
        values: Mapping[str, str],
        *,
        made_at: datetime | None = None,
        filled_in: Mapping[str, str] | None = None,
    ) -> Record:
        cast = self._cast
        return self._portal.create(
            kind,
            {"hs_timestamp": instant_text(at), "hubspot_owner_id": cast.owner_id, **values},
            [("deals", cast.deal.id), ("companies", cast.company.id), ("contacts", cast.contact.id)],
            source=PERSON,
            at=made_at or at,
            filled_in=filled_in,
        )

    def _log(
        self,
        kind: str,
        at: datetime,
        by: TeamMember,
        record: Record,
        *,
        until: date | None = None,
        reason: str | None = None,
        note: str | None = None,
    ) -> None:
        carried = (record.kind.name, record.id)
        self.diary.append(Entry(self._cast.deal.id, kind, at, by.email, carried, until, reason, note))
