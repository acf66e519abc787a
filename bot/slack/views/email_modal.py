"""An email's draft in a form: where it opens, and *Sent*, which logs it."""

from __future__ import annotations

from bot.slack import ids
from bot.slack.text import escaped, escaped_lines, name
from bot.slack.views.blocks import Block, context, modal, section
from bot.slack.views.drafts import Draft, open_draft_blocks


def email_modal(account: str, draft: Draft, private_metadata: str) -> Block:
    """`private_metadata` is the TouchRef of the email touch, or of the run when none is due."""
    blocks = [
        section(f"*{name(account)}*"),
        *draft_blocks(draft),
        context("Send it there, then log it here.", "hint"),
    ]
    return modal("Email", ids.EMAIL_FORM, blocks, private_metadata, submit="Sent")


def draft_blocks(draft: Draft) -> list[Block]:
    """Recipient, subject and body as they will open, and the way there."""
    to = escaped(draft.to, 254) if draft.to else "no email address in HubSpot: add it when you send"
    head = section(f"*To:* {to}\n*Subject:* {escaped(draft.subject, 200)}", "head")
    blocks = [head, section(escaped_lines(draft.body, 2500), "draft"), *open_draft_blocks(draft)]
    if not draft.carried:
        blocks.append(context("The text is too long for a link: copy it from here.", "copy"))
    return blocks
