"""What an outbox row for Slack shows, drawn when it is sent: the services read, the views draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.services.acts.care import read_care_request
from bot.services.acts.report_missing import read_report_missing
from bot.services.acts.status_leave import offer_shown
from bot.services.day.manager_list import read_manager_morning
from bot.services.day.review_list import read_review_list
from bot.services.home.models import Board
from bot.services.home.opening import read_home
from bot.services.outgoing.homes import HOME
from bot.services.outgoing.messages import MessageState, message_by_id, message_of_row
from bot.services.ports import NotNeeded, Parcel
from bot.services.showing.account_card import ACCOUNT_CARD, read_kept_account_card
from bot.services.showing.cards import CARD, read_kept_card
from bot.services.showing.shown import read_digest
from bot.services.words.read_back import READ_BACK, read_read_back
from bot.services.work import Work
from bot.slack.courier import REDRAW, Rendered
from bot.slack.views.account import account_blocks, account_words
from bot.slack.views.blocks import Drawn
from bot.slack.views.card import card_message
from bot.slack.views.care import care_message
from bot.slack.views.digest import ROWS_PER_PAGE, digest_message
from bot.slack.views.home import board_blocks, book_blocks
from bot.slack.views.home_without_book import home_without_book
from bot.slack.views.manager import manager_message
from bot.slack.views.queue import queue_blocks
from bot.slack.views.quiet import quiet_blocks
from bot.slack.views.read_back import read_back_message
from bot.slack.views.report_missing import report_missing_message
from bot.slack.views.review_list import review_message
from bot.slack.views.status_leave import offer_blocks

HOME_HEAD = 2  # the heading and the sum stand before anything else
GONE = NotNeeded("the message is not known any more")


class Renderer:
    """Draws messages by their kind; what is none of the special ones is a rep's list."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._special: dict[str, Callable[[int], Drawn | None]] = {
            "manager_morning": self._manager_morning,
            "past_day_30": self._review_list,
            "care_request": self._care_request,
            "report_missing": self._report_missing,
            CARD: self._card,
            ACCOUNT_CARD: self._account_card,
            READ_BACK: self._read_back,
        }

    def __call__(self, parcel: Parcel) -> Rendered | NotNeeded:
        if parcel.kind == "answer":
            payload = parcel.payload
            return Rendered(
                payload["text"],
                payload["blocks"],
                channel=payload["channel"],
                thread_ts=payload["thread_ts"],
                message_id=payload.get("message_id"),
            )
        message = self._message(parcel)
        if message is None:
            return GONE
        if message.user is None and message.channel is None:
            return NotNeeded("nobody to send it to: the person has no Slack account that matches")
        if message.kind == HOME:
            return self._home(message)
        drawn = self._special.get(message.kind, self._list)(message.id)
        if drawn is None:
            return GONE
        return Rendered(
            drawn.text,
            drawn.blocks,
            channel=message.channel,
            user=message.user,
            message_id=message.id,
            ts=message.ts,
            private=message.private,
            last_press=message.last_press,
        )

    def _message(self, parcel: Parcel) -> MessageState | None:
        if parcel.kind == REDRAW:
            return message_by_id(self._work, parcel.payload["message_id"])
        return message_of_row(self._work, parcel.kind, parcel.recipient, parcel.slot)

    def _list(self, message_id: int) -> Drawn | None:
        digest = read_digest(self._work, message_id, ROWS_PER_PAGE)
        if digest is None:
            return None
        drawn = digest_message(digest)
        return replace(drawn, blocks=[*drawn.blocks, *offer_blocks(offer_shown(self._work, message_id))])

    def _home(self, message: MessageState) -> Rendered | NotNeeded:
        home = read_home(self._work, message.id)
        if home is None:
            return NotNeeded("nobody has looked at this Home for a while; it is drawn when it is opened")
        shown = home.shown
        if isinstance(shown, Board):
            blocks = board_blocks(shown)
        elif home.place is not None:
            blocks = home_without_book(shown, home.place, self._work.config.care_channel, home.requests)
        else:
            blocks = book_blocks(shown, manages=home.manages)
        offer = offer_blocks(offer_shown(self._work, message.id))
        blocks = [*blocks[:HOME_HEAD], *offer, *blocks[HOME_HEAD:]]
        if home.quiet:
            blocks = [*blocks, *quiet_blocks(home.quiet)]
        if home.queues:
            blocks = [*blocks, *queue_blocks(home.queues, home.now)]
        return Rendered("", blocks, user=message.user, message_id=message.id, home=True)

    def _card(self, message_id: int) -> Drawn | None:
        card = read_kept_card(self._work, message_id)
        if card is None:
            return None
        blocks = account_blocks(card.line, card.on, card.now, message_id)
        return Drawn(account_words(card.line, card.on, card.now), blocks)

    def _read_back(self, message_id: int) -> Drawn | None:
        """What was understood, until it is settled; then the account itself, with what was logged and its Undo."""
        said = read_read_back(self._work, message_id)
        if said is None:
            return None
        return self._card(message_id) if said.settled else read_back_message(said)

    def _account_card(self, message_id: int) -> Drawn | None:
        card = read_kept_account_card(self._work, message_id)
        return None if card is None else card_message(card, message_id)

    def _manager_morning(self, message_id: int) -> Drawn | None:
        morning = read_manager_morning(self._work, message_id)
        return None if morning is None else manager_message(morning)

    def _review_list(self, message_id: int) -> Drawn | None:
        review = read_review_list(self._work, message_id)
        return None if review is None else review_message(review)

    def _care_request(self, message_id: int) -> Drawn | None:
        request = read_care_request(self._work, message_id)
        if request is None:
            return None
        return care_message(
            request.line,
            request.on,
            request.now,
            message_id,
            request.confirmed,
            withdrawn=request.withdrawn,
        )

    def _report_missing(self, message_id: int) -> Drawn | None:
        report = read_report_missing(self._work, message_id)
        return None if report is None else report_missing_message(report)
