"""An account's card: where the renewal stands in one sentence, what is known, and what this reader may do now.

The same blocks serve as a message and in a modal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from bot.playbook.assessment import MoveOutStatus, State, TouchKind
from bot.services.models import LoggedLine
from bot.services.showing.card_models import AccountCard, ContactLine, StageJump, Takedown
from bot.slack import ids
from bot.slack.payloads import FactRef, TouchRef
from bot.slack.text import day_words, escaped, escaped_lines, link, name, phone, plural
from bot.slack.views.account import LONGEST_URL, linked_name
from bot.slack.views.away_reply import away_buttons, away_quote, away_words
from bot.slack.views.blocks import (
    Block,
    Drawn,
    Element,
    actions,
    button,
    context,
    header,
    link_button,
    modal,
    mrkdwn,
    section,
)
from bot.slack.views.brief import brief_words, links_words, nps_words
from bot.slack.views.buttons import action_row
from bot.slack.views.crm_changes import changes_words
from bot.slack.views.decisions import decision_buttons
from bot.slack.views.logged import change_button, decide_buttons, logged_words, undo_button
from bot.slack.views.stage import stage_buttons, stage_words
from bot.slack.views.standing import standing_words
from bot.slack.words import STAGES

MOST_CONTACTS: Final = 4
_CLOSES: Final = {"won": "Won…", "lost": "Lost…"}
LONGEST_EMAIL: Final = 120
NO_CONTACT: Final = "No contact in HubSpot: link one to the deal there"


def card_message(card: AccountCard, message_id: int | None, words: str | None = None) -> Drawn:
    """The card as a message that its buttons keep up to date; `words` are plain and precede its notification."""
    said = f"{name(card.line.account)}: {standing_words(card)}"
    if card.line.gone is None:
        facts = [fact.replace("*", "", 2) for fact in _facts(card)]
        said = ". ".join(
            [said, *facts, _said_contact(card)]
        )  # what a screen reader reads in the card's place
    text = f"{escaped(words, 200)} {said}" if words else said
    return Drawn(text, card_blocks(card, message_id), message_id)


def card_modal(card: AccountCard, notice: str | None = None) -> Block:
    """The card on its own; `notice` (plain) says what came of the last press."""
    blocks = card_blocks(card, None)
    if notice is not None:
        blocks.insert(0, section(f":information_source: {escaped_lines(notice, 500)}", "notice"))
    metadata = TouchRef(card.line.run_id, None, card.on, None).encode()
    return modal("Account", ids.CARD_VIEW, blocks, metadata, submit=None)


def card_blocks(card: AccountCard, message_id: int | None) -> list[Block]:
    """Sentence, facts, contacts, links, what comes next, buttons, last touches."""
    line = card.line
    if line.gone is not None:
        return [section(f"~{name(line.account)}~ · {escaped(line.gone, 120)}", _block(card))]
    blocks: list[Block] = [
        header(line.account if name(line.account) != "(no name)" else "(no name)"),
        section(f"*{standing_words(card)}*", _block(card)),
        {"type": "section", "block_id": _block(card, "facts"), "fields": [mrkdwn(f) for f in _facts(card)]},
    ]
    people = [_contact(one) for one in card.contacts[:MOST_CONTACTS]] or [NO_CONTACT]
    if len(card.contacts) > MOST_CONTACTS:
        people.append(f"+{plural(len(card.contacts) - MOST_CONTACTS, 'more contact', 'more contacts')}")
    blocks.append(section("\n".join(people), _block(card, "contacts")))
    links = [links_words(card.reports_url, card.analytics_url), _hubspot(card)]
    if any(links):
        blocks.append(context(" · ".join(one for one in links if one), _block(card, "links")))
    if card.set_in_hubspot is not None:
        blocks.append(context(_jump(card.set_in_hubspot, card.on), _block(card, "jump")))
    if (stage := stage_words(line, card.on)) is not None:
        blocks.append(section(stage, _block(card, "stage")))
    if (changes := changes_words(line.changes, card.now, shown=len(line.changes))) is not None:
        blocks.append(context(changes, _block(card, "changes")))
    if card.takedown is not None:
        blocks.append(section(_takedown(card.takedown, card.on), _block(card, "takedown")))
    if line.away is not None and card.may.work:
        said = [away_words(line.away, card.on), away_quote(line.away)]
        blocks.append(section("\n".join(filter(None, said)), _block(card, "away_words")))
        blocks += away_buttons(line, card.on, message_id)
    blocks += _buttons(card, message_id)  # above what is long: on a phone they are in sight
    if card.brief is not None:
        words = f"*Account review, before the first call*\n{brief_words(card.brief, card.now)}"
        blocks.append(section(words, _block(card, "brief")))
    blocks.append({"type": "divider", "block_id": _block(card, "divider")})
    return blocks + _history(card, message_id)


def choice_blocks(cards: Sequence[AccountCard], title: str, rest: int) -> list[Block]:
    """One row for each account that may be meant, with the way to its card; `title` is escaped already."""
    blocks: list[Block] = [section(title, "choice")]
    for card in cards:
        ref = TouchRef(card.line.run_id, None, card.on, None).encode()
        owner = f" · {name(card.line.owner, 40)}" if card.line.owner and not card.own else ""
        words = f"{linked_name(card.line)}{owner}\n{standing_words(card)}"
        blocks.append(
            section(words, _block(card), button("Open account", ids.OPEN_CARD, ref, about=card.line.account))
        )
    if rest > 0:
        blocks.append(context(f"+{rest:,} more: type `/renewal` and a part of the name.", "more"))
    return blocks


def choice_modal(cards: Sequence[AccountCard], title: str, rest: int) -> Block:
    """The same as a modal, which the chosen card takes over."""
    return modal("Which account?", "account_choice", choice_blocks(cards, title, rest), "", submit=None)


def _facts(card: AccountCard) -> list[str]:
    line, on = card.line, card.on
    expires = day_words(line.expires_on) if line.expires_on else "not known: enter it in HubSpot"
    hosted = ", we host the site" if line.hosts_site else ""
    facts = [
        f"*Put out:* {day_words(line.put_out_on)}",
        f"*Contract {'expired' if line.expires_on and line.expires_on < on else 'expires'}:* {expires}{hosted}",
        f"*Price:* {escaped(line.price, 40) if line.price else 'not known'}",
        f"*NPS:* {nps_words(card.nps, on)}",
    ]
    if line.owner is not None:
        facts.append(f"*Owner:* {name(line.owner, 60)}")
    gate = line.move_out
    if line.kept_until is not None:
        facts.append(f"*Kept until:* {day_words(line.kept_until, on)}")
    elif gate is not None and gate.status is not MoveOutStatus.EXEMPT:
        facts.append(f"*Day 30:* {day_words(gate.on, on)}")
    return facts


def _contact(one: ContactLine) -> str:
    parts = [f":bust_in_silhouette: *{name(one.name, 60)}*" if one.name else ":bust_in_silhouette: no name"]
    parts.append(phone(one.phone) if one.phone else "no phone")
    if one.email and len(one.email) <= LONGEST_EMAIL:
        parts.append(link(f"mailto:{quote(one.email, safe='@')}", escaped(one.email, LONGEST_EMAIL)))
    return " · ".join(parts)


def _said_contact(card: AccountCard) -> str:
    if not card.contacts:
        return NO_CONTACT
    first = card.contacts[0]
    number = escaped(first.phone, 40) if first.phone else "no phone"
    return f"Contact: {name(first.name, 60) if first.name else 'no name'}, {number}"


def _hubspot(card: AccountCard) -> str | None:
    url = card.line.url
    return link(url, "Open in HubSpot") if url is not None and len(url) <= LONGEST_URL else None


def _takedown(takedown: Takedown, on: date) -> str:
    if takedown.down_on is not None:
        reached = "the customer was contacted since" if takedown.reached else "*contact the customer now*"
        return f":warning: Site down since {day_words(takedown.down_on, on)}: {reached}."
    sent = f"Takedown email sent {day_words(takedown.sent_on, on)}" if takedown.sent_on else "Takedown"
    if takedown.asked_on is None:
        return f":warning: {sent}; Customer Care has not been asked."
    return f":warning: {sent}; Customer Care asked {day_words(takedown.asked_on, on)}, site not down yet."


def _jump(jump: StageJump, on: date) -> str:
    old, new = STAGES.get(jump.old, jump.old), STAGES.get(jump.new, jump.new)
    return f"Set in HubSpot on {day_words(jump.on, on)}: {old} to {new}. The playbook has no such move; it stands."


def _buttons(card: AccountCard, message_id: int | None) -> list[Block]:
    """Everything that this reader may do now, and nothing else."""
    line, may = card.line, card.may
    rows: list[Block] = []
    of = line.account
    closed = line.state is State.CLOSED
    ref = TouchRef(line.run_id, None, card.on, message_id or None).encode()
    if may.work:
        rows += action_row(line, card.on, card.now, message_id)
    more: list[Element] = []
    if may.work and not closed and not line.touches:
        more.append(button("Connected…", ids.OPEN_CONNECTED, ref, about=of))
    if may.work and not closed:
        email = button("Email…", ids.OPEN_EMAIL, ref, about=of)
        others = [
            *([email] if all(touch.kind is not TouchKind.EMAIL for touch in line.touches) else []),
            button("Meeting…", ids.OPEN_MEETING, ref, about=of),
            *(
                [link_button("Find a time", ids.FIND_A_TIME, line.meeting_link, about=of)]
                if line.meeting_link
                else []
            ),
            button("Defer…", ids.OPEN_DEFER, ref, about=of),
        ]
        if rows:
            rows[-1]["elements"][-1:-1] = others  # before More…
        else:
            more += others
    if may.work and not line.touches:
        more.append(button("More…", ids.OPEN_MORE, ref, about=of))
    more += [button(_CLOSES[one], ids.open_close(one), ref, about=of) for one in may.close]
    if may.reopen:
        more.append(button("Reopen", ids.REOPEN, ref, about=of))
    if may.work:
        known = {element["action_id"] for element in more}
        fitting = stage_buttons(line, card.on, message_id)
        more += [element for element in fitting if element["action_id"] not in known]
    if may.decide and line.move_out is not None:
        more += decision_buttons(line.move_out, line.kept_until, ref, of)
    if may.decide and line.kept_fact is not None:
        decision = FactRef(line.kept_fact, message_id or None).encode()
        more.append(button("Do not keep", ids.TAKE_BACK_KEEP, decision, about=of))
    if may.decide and card.move_out_fact is not None:
        back = FactRef(card.move_out_fact, message_id or None).encode()
        more.append(button("Give back", ids.TAKE_BACK_MOVE_OUT, back, about=of))
    if may.confirm_down:
        more.append(button("The site is down…", ids.CONFIRM_SITE_DOWN, ref, about=of, style="primary"))
    if may.acknowledge is not None:
        missing = FactRef(may.acknowledge, message_id or None).encode()
        more.append(button("Acknowledge missing report", ids.ACKNOWLEDGE_REPORT, missing, about=of))
    return [*rows, actions(more, _block(card, "card"))] if more else rows


def _history(card: AccountCard, message_id: int | None) -> list[Block]:
    """The last touches, newest first; what can be undone or changed has its buttons."""
    if not card.history:
        put_out = " No activity on the put-out day yet." if card.undocumented else ""
        return [section(f"*Last touches*\nNothing logged yet.{put_out}", _block(card, "history"))]
    more = f" (+{card.earlier:,} earlier)" if card.earlier else ""
    blocks: list[Block] = []
    lines = [f"*Last touches*{more}"]
    for entry in card.history:
        words = f"• {logged_words(entry, card.now)}"
        lines.append(words)
        changeable = card.may.work and entry.changeable
        mends = decide_buttons(card.line, entry, message_id) if card.may.work else []
        if not mends and not changeable and not _undoable(card, entry):
            continue
        if _undoable(card, entry):
            mends.append(undo_button(card.line, entry, message_id))
        if changeable:
            mends.append(change_button(card.line, entry, message_id))
        beside = mends[0] if len(mends) == 1 else None  # two share a row, and leave the words their width
        blocks.append(section("\n".join(lines), _block(card, f"logged:{entry.fact_id}"), beside))
        if beside is None:
            blocks.append(actions(mends, _block(card, f"change:{entry.fact_id}")))
        lines = []
    if lines:
        blocks.append(section("\n".join(lines), _block(card, "history")))
    return blocks


def _undoable(card: AccountCard, entry: LoggedLine) -> bool:
    return card.may.work and entry.undoable and entry.at.date() == card.now.date()


def _block(card: AccountCard, part: str = "") -> str:
    return ids.run_block(card.line.run_id, part)
