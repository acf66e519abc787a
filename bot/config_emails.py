"""The `[emails]` table of the configuration file: where drafts open, and a team's own words (FAULTS 30)."""

from __future__ import annotations

from typing import Any, Protocol

from bot.playbook.email_templates import DEFAULTS, MAIL_CLIENT, OUTLOOK, Emails, EmailTemplate, problems_of

PARTS = ("subject", "body", "takedown")
STEP_WITH_TAKEDOWN = "cancellation_email"


class Reader(Protocol):
    """What reads the file and collects its problems."""

    def wrong(self, at: str, why: str) -> None: ...

    def only(self, raw: dict[str, Any], at: str, known: tuple[str, ...]) -> None: ...

    def table(self, raw: dict[str, Any], at: str, known: tuple[str, ...] | None) -> dict[str, Any]: ...

    def text(self, raw: dict[str, Any], at: str) -> str | None: ...


def read_emails(reader: Reader, raw: dict[str, Any]) -> Emails:
    """The team's emails; a template may name its subject or its body alone, the rest stays built in."""
    names = tuple(str(name) for name in DEFAULTS)
    table = reader.table(raw, "emails", ("drafts", *names))
    drafts = reader.text(table, "emails.drafts") or OUTLOOK
    if drafts not in (OUTLOOK, MAIL_CLIENT):
        reader.wrong("emails.drafts", f'{drafts!r}; use "{OUTLOOK}" or "{MAIL_CLIENT}"')
        drafts = OUTLOOK
    own = {}
    for name in names:
        if name not in table:
            continue
        template = _template(reader, table, name)
        for part, why in problems_of(name, template, drafts):
            reader.wrong(f"emails.{name}.{part}", why)
        own[name] = template
    return Emails(drafts, own)


def _template(reader: Reader, table: dict[str, Any], name: str) -> EmailTemplate:
    at, built_in = f"emails.{name}", DEFAULTS[name]
    parts = PARTS if name == STEP_WITH_TAKEDOWN else PARTS[:2]
    own = reader.table(table, at, parts)
    said = {part: reader.text(own, f"{at}.{part}") for part in parts}
    takedown = said.get("takedown")
    return EmailTemplate(
        subject=said["subject"] or built_in.subject,
        body=f"{said['body']}\n" if said["body"] else built_in.body,
        takedown=f"{takedown} " if takedown else built_in.takedown,
    )
