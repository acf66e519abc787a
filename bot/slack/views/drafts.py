"""Filled-in drafts of the emails that the playbook asks for.

The rep sends them from Outlook, or from their own mail program, where HubSpot's sales integration tracks them
(PLAYBOOK 6); the assistant sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from bot.playbook.assessment import State, Step, Touch, TouchKind
from bot.playbook.email_templates import MAIL_CLIENT, MEETING, OUTLOOK, SUMMARY, EmailTemplate, fill
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.text import day_words, link, plain
from bot.slack.views.blocks import Block, actions, link_button, section

COMPOSE: Final = "https://outlook.office.com/mail/deeplink/compose"
# Slack's limit for the address of a button, and what mail programs open (Windows hands over some 2,000).
LONGEST_URL: Final = {OUTLOOK: 3000, MAIL_CLIENT: 2000}
_NAME_LENGTHS: Final = (60, 30, 12)


@dataclass(frozen=True, slots=True)
class Draft:
    """An email as it opens. `to` is None when no address is known; `opens_in` is `outlook` or `mail_client`."""

    to: str | None
    subject: str
    body: str
    opens_in: str = OUTLOOK
    carried: bool = True  # whether the address carries the body; else it is copied from Slack

    @property
    def url(self) -> str:
        """Outlook's compose page or a mailto: address (RFC 6068), filled in."""
        fields = {"subject": self.subject, "body": self.body if self.carried else ""}
        if self.opens_in == MAIL_CLIENT:
            fields["body"] = fields["body"].replace("\n", "\r\n")
            start = f"mailto:{quote(self.to or '', safe='@')}"
        else:
            fields = {"to": self.to or "", **fields}
            start = COMPOSE
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in fields.items() if value)
        return f"{start}?{query}" if query else start

    @property
    def fits(self) -> bool:
        return len(self.url) <= LONGEST_URL[self.opens_in]


def email_draft(line: AccountLine, touch: Touch | None) -> Draft:
    """The draft for an email touch; without one that which fits where the account stands."""
    name = touch.step.value if touch is not None else _fitting(line)
    template = line.emails.template(name)
    for longest in _NAME_LENGTHS:
        draft = _filled(line, template, longest, announce=touch is not None and bool(touch.takedown_wording))
        if draft.fits:
            return draft
    return replace(draft, carried=False)


def open_draft_blocks(draft: Draft) -> list[Block]:
    """The way to the draft. Only a web page can be a button's address; a mail program opens from a link."""
    if draft.opens_in == MAIL_CLIENT:
        return [section(f":email: *{link(draft.url, 'Open draft in your mail program')}*", "open_draft")]
    return [actions([link_button("Open draft in Outlook", ids.OPEN_DRAFT, draft.url)], "open_draft")]


def email_touch(line: AccountLine) -> Touch | None:
    """The email that is due and that is no cancellation or takedown email."""
    guarded = (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL)
    found = (one for one in line.touches if one.kind is TouchKind.EMAIL and one.step not in guarded)
    return next(found, None)


def _fitting(line: AccountLine) -> str:
    """Where no email is due: after a conversation its summary, with an appointment ahead its confirmation."""
    if line.state is State.APPOINTMENT and line.appointment_at is not None:
        return MEETING
    talked = line.state in (State.RESPONDED, State.NEGOTIATION)
    return SUMMARY if talked else Step.FOLLOW_UP_EMAIL.value


def _filled(line: AccountLine, template: EmailTemplate, longest: int, *, announce: bool) -> Draft:
    contact = plain(line.contact_name, min(longest, 50)) if line.contact_name else ""
    expires = day_words(line.expires_on) if line.expires_on else ""
    at = line.appointment_at
    values = {
        "greeting": f"Hello {contact}," if contact else "Hello,",
        "account": plain(line.account, longest),
        "contact": contact or "there",
        "rep": plain(line.rep or "", longest),
        "price": plain(line.price or "the agreed price", 40),
        "put_out_on": day_words(line.put_out_on),
        "expires_on": expires or "the end of your term",
        "paid_until": f" (paid until {expires})" if expires else "",
        "meeting": f"{day_words(at.date())} at {at:%H:%M}" if at is not None else "the agreed time",
        "meeting_link": line.meeting_link or "",
        "find_a_time": f" You can also pick a time here: {line.meeting_link}" if line.meeting_link else "",
        "takedown": template.takedown if announce else "",
    }
    email = line.contact_email or ""
    return Draft(
        to=email if 0 < len(email) <= 254 and email.isascii() and email.isprintable() else None,
        subject=fill(template.subject, values),
        body=fill(template.body, values),
        opens_in=line.emails.drafts,
    )
