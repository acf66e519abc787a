"""What happened on each account so far: one plot per situation of the playbook that a day can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sandbox.book.story import Story
from sandbox.hubspot.catalogue import (
    CONNECTED,
    LEFT_VOICEMAIL,
    NO_ANSWER,
    SPOKE_WITH_GATEKEEPER,
)

Telling = Callable[[Story], None]


@dataclass(frozen=True)
class Plot:
    """A situation on its playbook day `day`. `stage`: open, negotiation, won, lost or moved_out.

    `expired_days`: how many days ago the contract expired (None: by the dice, it ends around day 30 or later).
    `put_out_yesterday`: put out on the owner's last working day, whatever `day` says.
    """

    name: str
    day: int
    tell: Telling
    stage: str = "open"
    expired_days: int | None = None
    expiration_missing: bool = False
    hosts_site: bool = False
    owner_left: bool = False
    put_out_yesterday: bool = False

    def on_days(self, *days: int) -> tuple[Plot, ...]:
        """The same situation on several accounts."""
        return tuple(replace(self, day=day) for day in days)


def nothing(story: Story) -> None:
    """Nobody has done anything yet."""


def first_day_done(story: Story) -> None:
    """The account reviewed; called and mailed on the put-out date."""
    story.review(story.first_day)
    if story.call(story.first_day, NO_ANSWER):
        story.email(story.first_day, "Your renewal with Harborline")


def opening(story: Story) -> None:
    """The opening: the review, then a call and an e-mail on each of the first three days."""
    story.review(story.first_day)
    for day in story.days(1, 3):
        story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL))
        story.email(day, "Following up on your renewal")


def first_week(story: Story) -> None:
    """The opening, then two calls a day: a first week as the playbook has it."""
    opening(story)
    for day in story.days(4, 7):
        story.call(day, LEFT_VOICEMAIL)
        story.call(day, NO_ANSWER, later=True)


def on_time(story: Story) -> None:
    """Worked as the playbook has it: three calls a week, each with a mail after it, the notice on day 14."""
    first_week(story)
    for first in (8, 15, 22):
        for day in story.planned(first):
            if day == story.day_14:
                continue
            if story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL, SPOKE_WITH_GATEKEEPER)):
                story.email(day, "Checking in about your renewal")
    cancel(story, story.day_14)


def ahead_of_quota(story: Story) -> None:
    """A call on every working day."""
    opening(story)
    for day in story.days(4, 60):
        story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL, SPOKE_WITH_GATEKEEPER))


def left_lying(story: Story) -> None:
    """One voicemail on day 1, and silence since."""
    story.review(story.first_day)
    story.call(story.first_day, LEFT_VOICEMAIL, "Left my number.")


def behind_quota(story: Story) -> None:
    """Worked in the first week, hardly since."""
    opening(story)
    for day in story.days(4, 7):
        story.call(day, NO_ANSWER)


def final_call_made(story: Story) -> None:
    """The call of day 14 was made yesterday; the cancellation e-mail is next."""
    first_week(story)
    story.call(story.days_ago(1), LEFT_VOICEMAIL, "Last call before the cancellation notice.")


def cancel(story: Story, day: date) -> None:
    """The final call and the cancellation e-mail, both on `day`."""
    story.call(day, LEFT_VOICEMAIL, "Last call before the cancellation notice.")
    story.guarded_email(day, "cancellation_email", "Cancellation of your contract")


def site_down(story: Story) -> None:
    """Customer Care took the site down on the last working day."""
    on_time(story)
    story.guarded_email(story.days_ago(4), "takedown_email", "Your website will be taken down")
    story.take_site_down(story.days_ago(1))


def kept(story: Story) -> None:
    """Past day 30, and the manager has let the rep go on."""
    on_time(story)
    story.keep(story.days_ahead(5), "They change owners this month; the new one wants to renew.")


def out_of_town(story: Story) -> None:
    """Reached the assistant on the first day: the owner is away, and back later this week."""
    story.review(story.first_day)
    story.call(story.first_day, NO_ANSWER)
    story.defer(story.first_day, story.days_ahead(4), "Assistant says the owner is travelling.")


def back_in_town(story: Story) -> None:
    """Was away; the day of return is today."""
    story.review(story.first_day)
    story.call(story.first_day, NO_ANSWER)
    story.defer(story.first_day, story.days_ahead(0), "On holiday; his colleague says to try again then.")


def appointment_ahead(story: Story) -> None:
    """Connected, and a meeting booked for in two working days."""
    first_day_done(story)
    story.call(story.days_ago(2), CONNECTED, "Happy to talk it through.")
    story.meeting(story.days_ahead(2), made_on=story.days_ago(2), outcome="SCHEDULED")


def appointment_today(story: Story) -> None:
    """The meeting is this afternoon."""
    first_day_done(story)
    story.call(story.days_ago(3), CONNECTED)
    story.meeting(story.days_ahead(0), made_on=story.days_ago(3), outcome="SCHEDULED")


def appointment_unlogged(story: Story) -> None:
    """The meeting was on the last working day; nobody said how it went."""
    first_day_done(story)
    story.call(story.days_ago(4), CONNECTED)
    story.meeting(story.days_ago(1), made_on=story.days_ago(4), outcome="")


def appointment_held(story: Story) -> None:
    """Met on the last working day; the next step is today's."""
    first_day_done(story)
    story.call(story.days_ago(6), CONNECTED)
    story.meeting(story.days_ago(1), made_on=story.days_ago(6), outcome="COMPLETED")


def booked_by_link(story: Story) -> None:
    """The customer booked a time on the rep's page, for after day 30."""
    on_time(story)
    story.meeting(story.days_ahead(3), made_on=story.days_ago(1), outcome="SCHEDULED", by_link=True)


def negotiating(story: Story) -> None:
    """In negotiation, quiet for a working week."""
    first_day_done(story)
    story.call(story.days_ago(6), CONNECTED, "Wants a lower price for two years.")
    story.email(story.days_ago(5), "Our offer for two years")


def negotiation_stalled(story: Story) -> None:
    """In negotiation, and nobody has asked for more than a week."""
    first_day_done(story)
    story.call(story.days_ago(9), CONNECTED, "Has to ask the partners.")
    story.email(story.days_ago(8), "The terms for your partners")


def negotiating_now(story: Story) -> None:
    """In negotiation, with an answer yesterday."""
    negotiating(story)
    story.reply(story.days_ago(1), "Re: Our offer for two years")


def reached(story: Story) -> None:
    """Connected on the last working day, without a next step."""
    first_day_done(story)
    story.call(story.days_ago(1), CONNECTED, "Thinking about it.")


def customer_replied(story: Story) -> None:
    """The customer wrote back on the last working day."""
    first_day_done(story)
    story.reply(story.days_ago(1), "Re: Your renewal with Harborline")


def customer_called(story: Story) -> None:
    """The customer called in on the last working day."""
    first_day_done(story)
    story.inbound_call(story.days_ago(1), "Asked what is included.")


def out_of_office(story: Story) -> None:
    """An automatic answer came back."""
    first_week(story)
    story.reply(story.days_ago(1), "Automatic reply: out of office until next Monday")


def closed(story: Story) -> None:
    """Spoken to, and decided."""
    opening(story)
    story.call(story.days_ago(2), CONNECTED)


PLOTS: tuple[Plot, ...] = (
    # The reps take turns: a line of three gives each of them one.
    *Plot("put_out_today", 1, nothing).on_days(1, 1, 1),
    *Plot("first_days", 2, opening).on_days(2, 3, 2),
    *Plot("first_week", 4, first_week).on_days(4, 5, 6, 7, 6, 4),
    *Plot("second_week", 8, on_time).on_days(8, 9, 10, 11, 12, 13),
    *Plot("final_call", 14, on_time).on_days(14, 14, 14),
    *Plot("third_week", 17, on_time).on_days(17, 19, 20),
    *Plot("fourth_week", 22, on_time).on_days(22, 25, 24),
    *Plot("back_in_town", 8, back_in_town).on_days(8, 6, 5),
    Plot("day_28", 28, on_time),
    Plot("day_29", 29, on_time),
    Plot("day_30", 30, on_time),
    Plot("takedown_due", 24, on_time, expired_days=7, hosts_site=True),
    Plot("appointment_today", 12, appointment_today),
    Plot("site_down", 26, site_down, expired_days=15, hosts_site=True),
    Plot("cancellation_due", 17, final_call_made),
    Plot("expiration_missing", 18, final_call_made, expiration_missing=True),
    Plot("negotiation", 18, negotiating, stage="negotiation"),
    Plot("customer_replied", 5, customer_replied),
    Plot("customer_called", 9, customer_called),
    Plot("reached", 6, reached),
    Plot("negotiation_stalled", 20, negotiation_stalled, stage="negotiation"),
    Plot("left_lying", 7, left_lying),
    Plot("behind_quota", 11, behind_quota),
    Plot("ahead_of_quota", 13, ahead_of_quota),
    Plot("appointment_unlogged", 11, appointment_unlogged),
    Plot("appointment_held", 17, appointment_held),
    Plot("undocumented", 4, nothing, put_out_yesterday=True),
    *Plot("out_of_town", 5, out_of_town).on_days(5, 9),
    *Plot("appointment_ahead", 9, appointment_ahead).on_days(9, 13),
    Plot("negotiation_day_30", 30, negotiating_now, stage="negotiation"),
    Plot("booked_past_day_30", 29, booked_by_link),
    Plot("kept_past_day_30", 34, kept),
    Plot("out_of_office", 7, out_of_office),
    *Plot("won", 15, closed, stage="won").on_days(15, 22),
    *Plot("lost", 19, closed, stage="lost").on_days(19, 27),
    Plot("moved_out", 33, on_time, stage="moved_out"),
    *Plot("coming", 0, nothing).on_days(0, -1, -2, -6),
    Plot("owner_left", 10, left_lying, owner_left=True),
)
