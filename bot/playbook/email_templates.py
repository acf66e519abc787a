"""The words of the emails that a rep sends: what the assistant fills into a draft, and what a team may change.

A template is text with a few named placeholders and nothing else: no format, no attribute, no condition. What
is filled in is never read again, so a name in braces stays a name (FAULTS 30).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from bot.playbook.assessment import Step

MEETING: Final = "meeting_confirmation"
SUMMARY: Final = "summary"
OUTLOOK: Final = "outlook"
MAIL_CLIENT: Final = "mail_client"

# Name -> what stands in its place. `takedown` is in the cancellation email only.
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "greeting": '"Hello Carl Customer,", or "Hello," where no name is known',
    "account": "the account's name",
    "contact": 'the contact\'s name, or "there"',
    "rep": "the rep's name",
    "price": '"140 USD/month", or "the agreed price"',
    "put_out_on": "the put-out date",
    "expires_on": 'the contract expiration, or "the end of your term"',
    "paid_until": '" (paid until Mon 30 Nov 2026)", or nothing',
    "meeting": 'the appointment, "Wed 25 Nov 2026 at 14:00", or "the agreed time"',
    "meeting_link": "the address of the rep's booking page in HubSpot, or nothing",
    "find_a_time": "a sentence that offers that page, or nothing",
    "takedown": "the sentence that announces the takedown from expiration + 7 days on, or nothing",
}
LONGEST_SUBJECT: Final = 150
LONGEST_TAKEDOWN: Final = 300
# As a link would carry it: mail programs open some 2,000 characters, Slack's buttons 3,000.
LONGEST_ENCODED: Final[Mapping[str, int]] = {OUTLOOK: 2400, MAIL_CLIENT: 1500}
MOST_OF_ONE: Final = 3

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")
_BRACE = re.compile(r"\{[^{}\n]{0,60}\}?|\}")
_TAKEDOWN = re.compile(
    r"\btak(?:e|es|en|ing)\s+(?:\w+\s+){0,4}down\b|\btake-?down\b|\boffline\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class EmailTemplate:
    """Subject and body of an email; `takedown` is the sentence that `{takedown}` stands for."""

    subject: str
    body: str
    takedown: str = ""


DEFAULTS: Final[Mapping[str, EmailTemplate]] = {
    Step.OPENING_EMAIL: EmailTemplate(
        "Your renewal: {account}",
        "{greeting}\n\nI tried to reach you by phone today about the renewal of {account}. "
        "When would be a good time to talk for ten minutes this week?{find_a_time}\n",
    ),
    Step.FOLLOW_UP_EMAIL: EmailTemplate(
        "Following up on your renewal: {account}",
        "{greeting}\n\nI called today about the renewal of {account} and could not reach you. "
        "Would you tell me a time that suits you, or simply reply to this email?{find_a_time}\n",
    ),
    Step.TAKEDOWN_EMAIL_NOTICE: EmailTemplate(
        "Your website is offline: {account}",
        "{greeting}\n\nThe website that we host for {account} has been taken down today, because the contract has "
        "ended. I tried to reach you by phone. If you want it back, reply or call me and we will sort it out.\n",
    ),
    Step.CANCELLATION_EMAIL: EmailTemplate(
        "Your contract is ending: {account}",
        "{greeting}\n\nI have not been able to reach you about the renewal of {account}{paid_until}. Without an "
        "answer we treat the contract as cancelled. {takedown}If you would like to stay with us, please reply.\n",
        takedown="The website that we host for you will be taken down as well. ",
    ),
    Step.TAKEDOWN_EMAIL: EmailTemplate(
        "Your website will be taken down: {account}",
        "{greeting}\n\nThe contract of {account} has ended{paid_until}. The website that we host will now be taken "
        "down. If you would like to keep it, please reply or call me today.\n",
    ),
    MEETING: EmailTemplate(
        "Our appointment: {account}",
        "{greeting}\n\nThank you for your time. As agreed we talk about the renewal of {account} on {meeting}. "
        "If another time suits you better, simply reply to this email.{find_a_time}\n",
    ),
    SUMMARY: EmailTemplate(
        "Our conversation about your renewal: {account}",
        "{greeting}\n\nThank you for talking to me about the renewal of {account}. "
        "This is what I took from our conversation:\n\n- \n\nIs there anything that I missed?\n",
    ),
}
# Whose words may speak of a takedown: the email on it, and the one after it. The cancellation email does it
# with {takedown} alone, which is empty before expiration + 7 days (PLAYBOOK 6).
_ON_TAKEDOWN: Final = frozenset({Step.TAKEDOWN_EMAIL.value, Step.TAKEDOWN_EMAIL_NOTICE.value})


@dataclass(frozen=True, slots=True)
class Emails:
    """A team's emails: `drafts` is where they open (`outlook`, `mail_client`), `own` its templates by name."""

    drafts: str = OUTLOOK
    own: Mapping[str, EmailTemplate] = field(default_factory=dict)

    def template(self, name: str) -> EmailTemplate:
        """The team's own, else the built-in one; of a name that is none the follow-up."""
        return self.own.get(name) or DEFAULTS.get(name) or DEFAULTS[Step.FOLLOW_UP_EMAIL]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Each placeholder by its value, once; what a value says is not read again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def problems_of(name: str, template: EmailTemplate, drafts: str) -> list[tuple[str, str]]:
    """What is wrong with a team's template: (`subject`, `body` or `takedown`, half a sentence each)."""
    found: list[tuple[str, str]] = []
    limits = {"subject": LONGEST_SUBJECT, "body": LONGEST_ENCODED[drafts], "takedown": LONGEST_TAKEDOWN}
    for part, longest in limits.items():
        text: str = getattr(template, part)
        if len(text) > longest:  # before anything is looked for in it
            found.append((part, f"has {len(text):,} characters; at most {longest:,} fit"))
            continue
        size = len(quote(text))  # a line break or an accent takes several characters there
        if part == "body" and size > longest:
            found.append((part, f"takes {size:,} characters as a link; at most {longest:,} fit"))
        if part == "subject" and ("\n" in text or "\r" in text):
            found.append((part, "must be one line"))
        found += [(part, why) for why in _misplaced(name, part, text)]
    if name == Step.CANCELLATION_EMAIL and "{takedown}" not in template.body:
        found.append(("body", "must contain {takedown}: " + PLACEHOLDERS["takedown"]))
    return found


def _misplaced(name: str, part: str, text: str) -> list[str]:
    """Placeholders that are unknown, not allowed here or repeated; words on a takedown where none may be."""
    found = []
    known = [
        one
        for one in PLACEHOLDERS
        if one != "takedown" or (name == Step.CANCELLATION_EMAIL and part == "body")
    ]
    rest = _PLACEHOLDER.sub(lambda match: "" if match[1] in known else match[0], text)
    if "{" in rest or "}" in rest:
        offered = ", ".join(f"{{{one}}}" for one in known)
        found.append(f"“{_BRACE.findall(rest)[0]}” is no placeholder; use {offered}, and no other braces")
    often = [one for one in known if text.count(f"{{{one}}}") > MOST_OF_ONE]
    if often:
        found.append(f"repeats {{{often[0]}}}; at most {MOST_OF_ONE} times")
    if (
        part != "takedown"
        and name not in _ON_TAKEDOWN
        and (words := _TAKEDOWN.search(_PLACEHOLDER.sub(" ", text)))
    ):
        mend = (
            "write {takedown} in its place"
            if name == Step.CANCELLATION_EMAIL
            else "leave it to the takedown email"
        )
        found.append(
            f"speaks of a takedown (“{words[0]}”), which is allowed from expiration + 7 days only; {mend}"
        )
    return found
