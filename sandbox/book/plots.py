"""What happened on each account so far: one plot per situation of the playbook that a day can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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

    `expired_days`: how many days ago the contract expired (None: by the dice, somewhere between ten days
    before the put-out date and forty after it).
    """

    name: str
    day: int
    tell: Telling
    stage: str = "open"
    expired_days: int | None = None
    expiration_missing: bool = False
    hosts_site: bool = False
    owner_left: bool = False

    def on_days(self, *days: int) -> tuple[Plot, ...]:
        """The same situation on several accounts."""
        return tuple(replace(self, day=day) for day in days)


def nothing(story: Story) -> None:
    """Nobody has done anything yet."""


def first_day_done(story: Story) -> None:
    """Called and mailed on the put-out date."""
    if story.call(story.first_day, NO_ANSWER):
        story.email(story.first_day, "Your renewal with Harborline")


def opening(story: Story) -> None:
    """The opening: a call and an e-mail on each of the first three days."""
    for day in story.days(1, 3):
        story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL))
        story.email(day, "Following up on your renewal")


def opening_then_call_yesterday(story: Story) -> None:
    """Two weeks' first days kept, last tried on the last working day."""
    opening(story)
    story.call(story.days_ago(1), LEFT_VOICEMAIL)
    story.call(story.days_ago(1), NO_ANSWER, later=True)


def opening_only_first_day(story: Story) -> None:
    """One voicemail on day 1, and silence since."""
    story.call(story.first_day, LEFT_VOICEMAIL, "Left my number.")


def ahead_of_quota(story: Story) -> None:
    """A call on every working day."""
    opening(story)
    for day in story.days(4, 60):
        story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL, SPOKE_WITH_GATEKEEPER))


def behind_quota(story: Story) -> None:
    """Worked in the first week, hardly since."""
    opening(story)
    for day in story.days(4, 7):
        story.call(day, NO_ANSWER)


def steady(story: Story) -> None:
    """A call on every other working day."""
    opening(story)
    for day in story.days(4, 60)[::2]:
        if story.call(day, story.pick(NO_ANSWER, LEFT_VOICEMAIL)):
            story.email(day, "Checking in about your renewal")


def final_call_made(story: Story) -> None:
    """The call of day 14 was made yesterday; the cancellation e-mail is next."""
    behind_quota(story)
    story.call(story.days_ago(1), LEFT_VOICEMAIL, "Last call before the cancellation notice.")


def cancellation_sent(story: Story) -> None:
    """The cancellation e-mail went out last week."""
    behind_quota(story)
    story.call(story.days_ago(6), NO_ANSWER)
    story.email(story.days_ago(5), "Cancellation of your contract")


def site_down(story: Story) -> None:
    """Customer Care took the site down on the last working day."""
    cancellation_sent(story)
    story.take_site_down(story.days_ago(1))


def out_of_town(story: Story) -> None:
    """Reached on the first day and away; a task holds the return date."""
    story.call(story.first_day, NO_ANSWER)
    story.note(story.first_day, "Assistant says the owner is out of town, back next week. Not before then.")
    story.task(story.days_ahead(4), "Call back: owner returns")


def back_in_town(story: Story) -> None:
    """Was away; the day of return is today."""
    story.call(story.first_day, NO_ANSWER)
    story.note(story.first_day, "Out of town until today.")
    story.task(story.days_ahead(0), "Call back: owner is back in town")


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
    """Met three working days ago; nothing since."""
    first_day_done(story)
    story.call(story.days_ago(6), CONNECTED)
    story.meeting(story.days_ago(3), made_on=story.days_ago(6), outcome="COMPLETED")


def booked_by_link(story: Story) -> None:
    """The customer booked a time on the rep's page, for after day 30."""
    steady(story)
    story.meeting(story.days_ahead(3), made_on=story.days_ago(1), outcome="SCHEDULED", by_link=True)


def negotiating(story: Story) -> None:
    """In negotiation, quiet for more than a week."""
    first_day_done(story)
    story.call(story.days_ago(9), CONNECTED, "Wants a lower price for two years.")
    story.email(story.days_ago(8), "Our offer for two years")


def negotiating_now(story: Story) -> None:
    """In negotiation, with an answer yesterday."""
    negotiating(story)
    story.reply(story.days_ago(1), "Re: Our offer for two years")


def reached(story: Story) -> None:
    """Connected on the last working day, without a next step."""
    opening_only_first_day(story)
    story.call(story.days_ago(1), CONNECTED, "Thinking about it.")


def customer_replied(story: Story) -> None:
    """The customer wrote back on the last working day."""
    first_day_done(story)
    story.reply(story.days_ago(1), "Re: Your renewal with Harborline")


def customer_called(story: Story) -> None:
    """The customer called in two working days ago."""
    first_day_done(story)
    story.inbound_call(story.days_ago(2), "Asked what is included.")


def out_of_office(story: Story) -> None:
    """An automatic answer came back."""
    first_day_done(story)
    story.reply(story.days_ago(1), "Automatic reply: out of office until next Monday")


def closed(story: Story) -> None:
    """Spoken to, and decided."""
    opening(story)
    story.call(story.days_ago(2), CONNECTED)


PLOTS: tuple[Plot, ...] = (
    *Plot("put_out_today", 1, nothing).on_days(1, 1, 1),
    *Plot("day_two", 2, first_day_done).on_days(2, 2),
    *Plot("day_three", 3, opening_only_first_day).on_days(3, 3),
    *Plot("call_yesterday", 4, opening_then_call_yesterday).on_days(4, 5, 6, 7),
    *Plot("left_lying", 6, opening_only_first_day).on_days(6, 7),
    *Plot("ahead_of_quota", 11, ahead_of_quota).on_days(11, 13),
    *Plot("behind_quota", 10, behind_quota).on_days(10, 12, 19),
    *Plot("final_call_due", 15, behind_quota).on_days(14, 16),
    *Plot("cancellation_due", 17, final_call_made).on_days(17, 18),
    Plot("takedown_due", 24, cancellation_sent, expired_days=9, hosts_site=True),
    Plot("site_down", 26, site_down, expired_days=15, hosts_site=True),
    *Plot("out_of_town", 5, out_of_town).on_days(5, 9),
    Plot("back_in_town", 8, back_in_town),
    *Plot("appointment_ahead", 9, appointment_ahead).on_days(9, 13),
    Plot("appointment_today", 12, appointment_today),
    *Plot("appointment_unlogged", 11, appointment_unlogged).on_days(11, 20),
    Plot("appointment_held", 17, appointment_held),
    *Plot("negotiation_stalled", 20, negotiating, stage="negotiation").on_days(18, 23),
    Plot("negotiation_day_30", 30, negotiating_now, stage="negotiation"),
    Plot("day_28", 28, steady),
    *Plot("day_29", 29, steady).on_days(29, 29),
    *Plot("day_30", 30, steady).on_days(30, 30),
    Plot("past_day_30", 34, behind_quota),
    Plot("booked_past_day_30", 29, booked_by_link),
    *Plot("reached", 6, reached).on_days(6, 13),
    *Plot("customer_replied", 5, customer_replied).on_days(5, 8),
    Plot("customer_called", 9, customer_called),
    Plot("out_of_office", 7, out_of_office),
    Plot("expiration_missing", 18, final_call_made, expiration_missing=True),
    *Plot("undocumented", 4, nothing).on_days(4, 5),
    *Plot("won", 15, closed, stage="won").on_days(15, 22),
    *Plot("lost", 19, closed, stage="lost").on_days(19, 27),
    Plot("moved_out", 33, steady, stage="moved_out"),
    *Plot("coming", 0, nothing).on_days(0, -1, -2, -6),
    Plot("owner_left", 10, opening_only_first_day, owner_left=True),
    *Plot("fourth_week", 24, steady).on_days(22, 25),
)
