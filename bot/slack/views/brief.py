"""The account review before the first call: five lines to know, and the checklist that goes with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.playbook.review_angle import Angle
from bot.playbook.satisfaction import Satisfaction
from bot.services.models import ReportTold
from bot.services.showing.card_models import AccountCard, Brief, Nps
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words, escaped, link, moment_words, name, plural
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Block, actions, button, input_block, modal, options, section
from bot.slack.views.logged import logged_words

LONGEST_WHY: Final = 300
LONGEST_LINK: Final = 700  # as it is written into the message; a section holds 3,000 characters

SATISFACTIONS: Final[dict[Satisfaction, str]] = {
    Satisfaction.SATISFIED: "satisfied",
    Satisfaction.NOT_SATISFIED: "not satisfied",
    Satisfaction.UNDECIDED: "undecided: judge it yourself",
    Satisfaction.OUTDATED: "too old to count",
    Satisfaction.UNKNOWN: "no score",
}
ANGLES: Final[dict[Angle, str]] = {
    Angle.REPORTS_FIRST: "get the missing report first, so that you can show what they paid for",
    Angle.INTRODUCE: "introduce yourself: nobody spoke to them in the year before",
    Angle.RECALL: "recall what was last agreed: they rarely heard from us",
    Angle.LISTEN: "listen first: ask what went wrong before you speak of the renewal",
    Angle.ASK_SCORE: "ask how satisfied they are before you speak of the price",
    Angle.ASK_SCORE_AGAIN: "ask how satisfied they are today: their answer is old",
    Angle.ASK_WHAT_IS_MISSING: "ask what is missing to recommend us, then for the renewal",
    Angle.RENEW_WITH_UPSELL: "thank them for the score and ask for the renewal, with an upsell",
}
# What is looked at in a review; what was ticked is kept in its note.
CHECKLIST: Final[dict[str, str]] = {
    "value": "Value and dates",
    "reports": "Reports",
    "analytics": "Analytics",
    "last_touches": "Last touches",
    "nps": "NPS and why",
}


def brief_words(brief: Brief, now: datetime) -> str:
    """The five lines: value, reports, last contacts, NPS and why, the angle."""
    return "\n".join(
        (
            f"• *Value:* {_value(brief)}",
            f"• *Reports:* {_reports(brief, now)}",
            f"• *Last touches:* {_last(brief, now)}",
            f"• *NPS:* {nps_words(brief.nps, now.date(), why=True)}",
            f"• *Suggested angle:* {_angle(brief)}",
        )
    )


def review_modal(card: AccountCard, private_metadata: str, notice: str | None = None) -> Block:
    """The brief, *Report missing* or what became of it, and the checklist; sent, it logs the review.

    `notice` (plain) says what came of the last press.
    """
    line, brief = card.line, card.brief
    blocks: list[Block] = [section(f"*Before the first call:* {linked_name(line)}", "account")]
    if notice is not None:
        blocks.append(section(f":information_source: {escaped(notice, 500)}", "notice"))
    if brief is not None:
        blocks.append(section(brief_words(brief, card.now), "brief"))
        if brief.told is None or brief.told.acknowledged_at is not None:
            ref = TouchRef.decode(private_metadata).encode()
            blocks.append(actions([button("Report missing", ids.REPORT_MISSING, ref)], "missing"))
    ticks = {"type": "checkboxes", "action_id": ids.FIELD, "options": options(CHECKLIST)}
    blocks.append(
        input_block(
            "What have you looked at?",
            ids.CHECKED_BLOCK,
            ticks,
            optional=True,
            hint="What you tick is written down with the review.",
        )
    )
    return modal("Account review", ids.REVIEW_FORM, blocks, private_metadata, submit="Review done")


def nps_words(nps: Nps, today: date, *, why: bool = False) -> str:
    """ "6 on Mon 12 Oct, not satisfied: “Too slow”"."""
    if nps.score is None:
        return "no score"
    asked = f" on {day_words(nps.on, today)}" if nps.on else ""
    words = f"{nps.score}{asked}, {SATISFACTIONS[nps.satisfaction]}"
    return f"{words}: “{escaped(nps.why, LONGEST_WHY)}”" if why and nps.why else words


def links_words(reports_url: str | None, analytics_url: str | None) -> str | None:
    """Both links, those that are known."""
    known = ((reports_url, "Reports"), (analytics_url, "Analytics"))
    return " · ".join(_link(url, label) for url, label in known if url is not None) or None


def told_words(told: ReportTold, now: datetime) -> str:
    """What became of a missing report: "told to Dana Lee, acknowledged 09:10"."""
    words = f"told to {name(told.to[0], 40)}" if told.to else "nobody could be told"
    if told.acknowledged_at is not None:
        return f"{words}, acknowledged {moment_words(told.acknowledged_at, now)}"
    return f"{words}, not acknowledged yet" if told.to else words


def _link(url: str, label: str) -> str:
    written = link(url, label)
    return written if len(written) <= LONGEST_LINK else f"{label}: the link is too long here, see HubSpot"


def _value(brief: Brief) -> str:
    if brief.price is None:
        return "price not known"
    price = escaped(brief.price, 40)
    if brief.high_value is None:
        return price
    return f"{price}, high-value" if brief.high_value else f"{price}, self-serve"


def _reports(brief: Brief, now: datetime) -> str:
    parts = [links_words(brief.reports_url, brief.analytics_url) or "no link known"]
    if brief.told is not None:
        parts.append(f":warning: one is missing: {told_words(brief.told, now)}")
    return " · ".join(parts)


def _last(brief: Brief, now: datetime) -> str:
    if not brief.last:
        return "none so far, and none in the year before the put-out date"
    short = (replace(entry, note=None, crm="none", told=None) for entry in brief.last)
    said = "; ".join(logged_words(entry, now) for entry in short)
    before = plural(brief.contacts_before, "contact") if brief.contacts_before else "none"
    return f"{said} ({before} in the year before)"


def _angle(brief: Brief) -> str:
    words = "; then ".join(ANGLES[angle] for angle in brief.angles)
    return f"{words}."
