"""An assessment as a line of JSON (PLAYBOOK 9), and as a few lines to read."""

import json
from datetime import date

from bot.playbook.assessment import Assessment, Touch
from bot.playbook.scenarios.scenario import Scenario


def as_json(answer: Assessment) -> str:
    """One JSON object on one line; dates as 2026-11-02, instants with the offset of the rep's zone."""
    move_out = answer.move_out
    return json.dumps(
        {
            "date": answer.on.isoformat(),
            "playbook_day": answer.playbook_day,
            "state": answer.state,
            "touches": [_touch(one) for one in answer.touches],
            "move_out": None
            if move_out is None
            else {
                "on": move_out.on.isoformat(),
                "status": move_out.status,
                "exempt_because": move_out.exempt_because,
            },
            "undocumented_put_out": answer.undocumented_put_out,
        }
    )


def _touch(one: Touch) -> dict[str, object]:
    return {
        "step": one.step,
        "kind": one.kind,
        "slot": one.slot,
        "of": one.of,
        "due_on": one.due_on.isoformat(),
        "not_before": None if one.not_before is None else one.not_before.isoformat(),
        "blocked": one.blocked,
        "takedown_wording": one.takedown_wording,
    }


def as_text(scenario: Scenario, answer: Assessment) -> str:
    """A heading, then a line for each touch and for what else there is to know."""
    account = "".join(letter if letter.isprintable() else "?" for letter in scenario.run.account)
    day = "before the put-out date" if answer.playbook_day is None else f"day {answer.playbook_day}"
    lines = [f"{account or 'Unnamed account'}: {_long(answer.on)}, {day}, {_words(answer.state)}"]
    if answer.deferred_until is not None:
        lines[0] += f" until {_long(answer.deferred_until)}"
    lines += [f"  {_touch_in_words(one, answer.on)}" for one in answer.touches]
    if not answer.touches:
        lines.append("  nothing due")
    if answer.move_out is not None:
        because = f" ({answer.move_out.exempt_because})" if answer.move_out.exempt_because else ""
        lines.append(f"  move-out {_long(answer.move_out.on)}: {answer.move_out.status}{because}")
    if answer.undocumented_put_out:
        lines.append(f"  put-out date {_long(scenario.run.put_out_on)}: nothing documented")
    return "\n".join(lines)


def _touch_in_words(one: Touch, on: date) -> str:
    parts = [_words(one.step)]
    if one.slot is not None:
        parts.append(f"{one.slot} of {one.of}")
    if one.overdue(on):
        parts.append(f"late since {_long(one.due_on)}")
    if one.not_before is not None:
        parts.append(f"not before {one.not_before:%H:%M}")
    if one.blocked is not None:
        parts.append(f"blocked: {_words(one.blocked)}")
    if one.takedown_wording is not None:
        parts.append("with takedown wording" if one.takedown_wording else "without takedown wording")
    return ", ".join(parts)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _long(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
