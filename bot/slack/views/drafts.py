"""Filled-in drafts of the emails that the playbook asks for.

The rep sends them from Outlook, where HubSpot's sales integration tracks them (PLAYBOOK 6); the assistant
sends nothing itself. A draft is a starting point in plain words, without promises about price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot.playbook.assessment import Step, Touch
from bot.services.models import AccountLine
from bot.slack.text import day_words, plain

COMPOSE: Final = "https://outlook.office.com/mail/deeplink/compose"
LONGEST_URL: Final = 3000  # Slack's limit for the address of a button


@dataclass(frozen=True, slots=True)
class Draft:
    """An email as it opens in Outlook. `to` is None when no address is known."""

    to: str | None
    subject: str
    body: str

    @property
    def url(self) -> str:
        """Outlook's compose page, filled in."""
        fields = {"to": self.to or "", "subject": self.subject, "body": self.body}
        return f"{COMPOSE}?{'&'.join(f'{key}={quote(value)}' for key, value in fields.items() if value)}"


_BODIES: Final[dict[Step, tuple[str, str]]] = {
    Step.OPENING_EMAIL: (
        "Your renewal: {account}",
        "I tried to reach you by phone today about the renewal of {account}. "
        "When would be a good time to talk for ten minutes this week?",
    ),
    Step.FOLLOW_UP_EMAIL: (
        "Following up on your renewal: {account}",
        "I called today about the renewal of {account} and could not reach you. "
        "Would you tell me a time that suits you, or simply reply to this email?",
    ),
    Step.TAKEDOWN_EMAIL_NOTICE: (
        "Your website is offline: {account}",
        "the website that we host for {account} has been taken down today, because the contract has ended. "
        "I tried to reach you by phone. If you want it back, reply or call me and we will sort it out.",
    ),
    Step.CANCELLATION_EMAIL: (
        "Your contract is ending: {account}",
        "I have not been able to reach you about the renewal of {account}{expiry}. Without an answer we "
        "treat the contract as cancelled. {takedown}If you would like to stay with us, please reply.",
    ),
    Step.TAKEDOWN_EMAIL: (
        "Your website will be taken down: {account}",
        "the contract of {account} has ended{expiry}. The website that we host will now be taken down. "
        "If you would like to keep it, please reply or call me today.",
    ),
}
_TAKEDOWN_WORDING: Final = "The website that we host for you will be taken down as well. "


def email_draft(line: AccountLine, touch: Touch) -> Draft:
    """The draft for an email touch; names are cut so that the address fits into a button."""
    subject, body = _BODIES.get(touch.step, _BODIES[Step.FOLLOW_UP_EMAIL])
    expiry = f" (paid until {day_words(line.expires_on)})" if line.expires_on else ""
    body = body.replace("{expiry}", expiry)
    body = body.replace("{takedown}", _TAKEDOWN_WORDING if touch.takedown_wording else "")
    account = plain(line.account, 60)  # last, so that a name in braces stays as it is
    greeting = f"Hello {plain(line.contact_name, 50)}," if line.contact_name else "Hello,"
    email = line.contact_email or ""
    return Draft(
        to=email if 0 < len(email) <= 254 and email.isascii() and email.isprintable() else None,
        subject=subject.replace("{account}", account),
        body=f"{greeting}\n\n{body.replace('{account}', account)}\n",
    )
