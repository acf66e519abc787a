"""The request to Customer Care to take a site down, in their channel (PLAYBOOK 6)."""

from __future__ import annotations

from datetime import date, datetime

from bot.services.models import AccountLine, LoggedLine
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words, escaped, moment_words, name
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Block, Drawn, actions, button, section


def care_message(
    line: AccountLine,
    on: date,
    now: datetime,
    message_id: int,
    confirmed: LoggedLine | None = None,
    *,
    withdrawn: bool = False,
) -> Drawn:
    """The request; once `confirmed`, who said so and when, and no button; nor when it was `withdrawn`."""
    owner = f" · {name(line.owner, 60)}" if line.owner else ""
    expired = f"The contract expired {day_words(line.expires_on)}. " if line.expires_on else ""
    request = f"Please take down the website of {linked_name(line)}{owner}"
    if confirmed is not None:
        request = f"The website of {linked_name(line)} is down{owner}"
    blocks: list[Block] = [
        section(f"{request}\n{expired}The takedown email was sent.", ids.run_block(line.run_id))
    ]
    if confirmed is not None:
        done = f"Down since {moment_words(confirmed.at, now)} · {escaped(confirmed.actor, 40)}"
        blocks.append(section(f":white_check_mark: {done}", ids.run_block(line.run_id, "confirmed")))
        return Drawn(f"{name(line.account)}: the website is down.", blocks)
    if withdrawn:
        stop = f":no_entry: Do not take down {linked_name(line)}: the takedown email was not sent after all."
        return Drawn(
            f"{name(line.account)}: do not take down the website.",
            [section(stop, ids.run_block(line.run_id))],
        )
    ref = TouchRef(line.run_id, None, on, message_id or None).encode()
    row = [button("The site is down…", ids.CONFIRM_SITE_DOWN, ref, about=line.account, style="primary")]
    blocks.append(actions(row, ids.run_block(line.run_id, "actions")))
    return Drawn(f"{name(line.account)}: please take down the website.", blocks)
