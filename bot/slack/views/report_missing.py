"""What the department manager hears when a rep misses a report at the account review, and answers to."""

from __future__ import annotations

from bot.services.models import MissingReport
from bot.slack import ids
from bot.slack.payloads import FactRef
from bot.slack.text import day_words, moment_words, name
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Drawn, actions, button, section


def report_missing_message(report: MissingReport) -> Drawn:
    """Which account, who misses it, since when the account is with the rep; *Acknowledge* until somebody did."""
    line, by, entry = report.line, name(report.by, 60), report.entry
    row = ids.run_block(line.run_id)
    if entry is None:
        words = f":leftwards_arrow_with_hook: {linked_name(line)}: no report is missing, {by} took it back."
        return Drawn(f"{name(line.account)}: no report is missing after all", [section(words, row)])
    words = (
        f":page_facing_up: Report missing for {linked_name(line)}: {by} cannot finish the account review.\n"
        f"Put out {day_words(line.put_out_on, report.on)}. Told you {moment_words(entry.at, report.now)}."
    )
    drawn = Drawn(f"{name(line.account)}: report missing, says {by}", [section(words, row)])
    told = entry.told
    if told is not None and told.acknowledged_at is not None:
        who = name(told.acknowledged_by or "a colleague", 40)
        done = f":white_check_mark: Acknowledged {moment_words(told.acknowledged_at, report.now)} · {who}"
        drawn.blocks.append(section(done, ids.run_block(line.run_id, "acknowledged")))
        return drawn
    ref = FactRef(report.fact_id, report.message_id or None).encode()
    row_of = [button("Acknowledge", ids.ACKNOWLEDGE_REPORT, ref, about=line.account, style="primary")]
    drawn.blocks.append(actions(row_of, ids.run_block(line.run_id, "actions")))
    return drawn
