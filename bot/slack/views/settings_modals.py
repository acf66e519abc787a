"""A person's own settings, and leave with the colleague who covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Final

from bot.services.acts.leave import LeaveLine
from bot.services.acts.preferences import Preferred
from bot.slack import ids
from bot.slack.text import day_words, escaped, name
from bot.slack.views.blocks import (
    Block,
    button,
    chosen,
    date_picker,
    input_block,
    modal,
    option,
    options,
    section,
    select,
)

AS_THE_TEAM: Final = "team"
NO_QUIET_HOURS: Final = "none"
NOBODY: Final = "nobody"
MOST_COLLEAGUES: Final = 99  # a menu has 100 options at most, and "Nobody" is one
MOST_TAKEN: Final = 20
NUDGES: Final = {
    "new_runs": "Accounts put out or handed to me during the day",
    "second_calls": "A second call when its hour has come",
    "returning": "Accounts back from a deferral",
    "away_status": "My Slack status that says I am off, offered as leave",
}
DIGEST_HOURS: Final = tuple(time(hour, minute) for hour in range(5, 12) for minute in (0, 15, 30, 45))
QUIET_HOURS: Final = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


def settings_modal(preferred: Preferred, team_hour: time, latest: time) -> Block:
    """Digest time, quiet hours, nudges. `team_hour` is what holds without a choice."""
    mornings = {AS_THE_TEAM: f"As the team: {team_hour:%H:%M}"} | _hours(
        at for at in DIGEST_HOURS if at < latest
    )
    quiet = {NO_QUIET_HOURS: "No quiet hours"} | _hours(QUIET_HOURS)
    wanted = [option(label, kind) for kind, label in NUDGES.items()]
    nudges: Block = {"type": "checkboxes", "action_id": ids.FIELD, "options": wanted}
    on = [one for one in wanted if one["value"] not in preferred.nudges_off]
    if on:
        nudges["initial_options"] = on
    blocks = [
        input_block(
            "My list comes at",
            ids.DIGEST_AT_BLOCK,
            _menu(mornings, preferred.digest_at, AS_THE_TEAM),
            hint="In your own time zone, on your working days.",
        ),
        input_block("Quiet from", ids.QUIET_FROM_BLOCK, _menu(quiet, preferred.quiet_from, NO_QUIET_HOURS)),
        input_block(
            "Quiet until",
            ids.QUIET_UNTIL_BLOCK,
            _menu(quiet, preferred.quiet_until, NO_QUIET_HOURS),
            hint="What comes up meanwhile is told afterwards.",
        ),
        input_block(
            "Tell me during the day of",
            ids.NUDGES_BLOCK,
            nudges,
            optional=True,
            hint="A site that is down and a blank put-out day are always told.",
        ),
    ]
    return modal("Settings", ids.SETTINGS_FORM, blocks, "")


def leave_modal(
    whose: str | None,
    today: date,
    taken: Sequence[LeaveLine],
    colleagues: Mapping[int, str],
    private_metadata: str,
    until: date | None = None,
    *,
    asked: bool = True,
) -> Block:
    """Leave that is on or to come, and the way to enter more. `whose`: a rep's name, None for one's own.

    `until` fills in the last day; not `asked` for it, it is left to the person when there is none.
    """
    title = "You are away" if whose is None else f"*{name(whose)}* is away"
    covers = {NOBODY: "Nobody: the book rests"} | {
        str(person_id): colleague for person_id, colleague in list(colleagues.items())[:MOST_COLLEAGUES]
    }
    blocks = [_taken(one, today) for one in taken[:MOST_TAKEN]]
    blocks += [
        section(f"{title} from the first to the last day, both included. It ends by itself."),
        input_block("First day", ids.FIRST_BLOCK, date_picker(ids.FIELD, today)),
        input_block("Last day", ids.LAST_BLOCK, date_picker(ids.FIELD, until or (today if asked else None))),
        input_block(
            "Who covers?",
            ids.COVER_BLOCK,
            chosen(select(ids.FIELD, options(covers)), NOBODY),
            hint="The list and its buttons go to them. Without a cover nothing is due on these days.",
        ),
    ]
    return modal("Leave", ids.LEAVE_FORM, blocks, private_metadata, submit="Enter leave")


def _taken(one: LeaveLine, today: date) -> Block:
    days = day_words(one.first_on, today)
    if one.last_on != one.first_on:
        days += f" to {day_words(one.last_on, today)}"
    who = f"{escaped(one.cover, 60)} covers" if one.cover else "nobody covers"
    words = f":palm_tree: *{days}*, {who}" + (" · on now" if one.on_now else "")
    label = "End now" if one.on_now else "Take back"
    return section(words, f"leave:{one.id}", button(label, ids.END_LEAVE, str(one.id)))


def _hours(hours: Iterable[time]) -> dict[str, str]:
    return {f"{at:%H:%M}": f"{at:%H:%M}" for at in hours}


def _menu(labels: Mapping[str, str], at: time | None, otherwise: str) -> Block:
    return chosen(select(ids.FIELD, options(labels)), otherwise if at is None else f"{at:%H:%M}")
