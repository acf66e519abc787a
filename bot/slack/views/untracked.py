"""Emails that somebody logged as sent and that HubSpot's tracking never showed (PLAYBOOK 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.services.models import UntrackedEmail
from bot.slack.text import link, moment_words, name
from bot.slack.views.account import LONGEST_URL
from bot.slack.views.blocks import Block, section
from bot.slack.words import ACTIVITIES

TITLE: Final = "Logged as sent, but not found in HubSpot"
REP_MENDS: Final = "Log them there from Outlook, or send them again with tracking; else your manager is told."
SHOWN: Final = 4
LONGEST_NAME: Final = 60
MOST_CHARACTERS_UNTRACKED: Final = 1000


def untracked_blocks(
    emails: Sequence[UntrackedEmail], now: datetime, mend: str = "", shown: int = SHOWN
) -> list[Block]:
    """One section, the first few named and the rest counted; nothing for no emails."""
    if not emails:
        return []
    lines = [_words(email, now) for email in emails[:shown]]
    if len(emails) > shown:
        lines.append(f"+{len(emails) - shown:,} more")
    text = "\n".join([f"*{TITLE}*", *(f"• {line}" for line in lines), *filter(None, (mend,))])
    return [section(text, "untracked")]


def _words(email: UntrackedEmail, now: datetime) -> str:
    what = ACTIVITIES.get(email.kind, email.kind)
    url = email.url if email.url is not None and len(email.url) <= LONGEST_URL else None
    account = link(url, name(email.account, LONGEST_NAME))
    return f"{account} · {what}, {moment_words(email.at, now)} by {name(email.by, 40)}"
