"""The settings: their defaults, each other value, and every mistake at once.

What a setting does is tested where it acts; here it is read.
"""

import tomllib
from datetime import time

import pytest

from bot.playbook.policy import DEFAULT_FILE, PolicyError, load_policy, policy_from

DEFAULTS = tomllib.loads(DEFAULT_FILE.read_text())

FROM_OPEN = "a list of stages from negotiation, won, lost, moved_out, each once, moved_out among them"
FROM_NEGOTIATION = "a list of stages from open, won, lost, moved_out, each once"


def policy(**changes):
    return policy_from({**DEFAULTS, **changes}, source="team.toml")


def test_the_defaults_are_the_playbook_s():
    defaults = load_policy()
    assert (defaults.contacts_per_day, defaults.calls_per_week) == (2, 3)
    assert (defaults.second_call_after_hours, defaults.second_call_before_day_end_hours) == (3, 1)
    assert (defaults.check_in_after_working_days, defaults.care_answer_working_days) == (5, 2)
    assert (defaults.move_out, defaults.email_tracking, defaults.email_match_hours) == ("auto", "on", 24)
    assert (defaults.digest_at, defaults.digest_until) == (time(8, 30), time(12))
    assert (defaults.in_day_batch_minutes, defaults.hubspot_undo_seconds) == (15, 15)
    assert (defaults.change_hours, defaults.nps_valid_days) == (24, 180)


def test_each_setting_has_its_legal_values_beside_it():
    lines = DEFAULT_FILE.read_text().splitlines()
    for name in DEFAULTS:
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{name} ="))
        assert lines[at - 1].startswith("# ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contacts_per_day", 1),
        ("calls_per_week", 1),
        ("calls_per_week", 5),
        ("second_call_after_hours", 0),
        ("second_call_after_hours", 2.5),
        ("second_call_before_day_end_hours", 12),
        ("check_in_after_working_days", 60),
        ("move_out", "confirm"),
        ("care_answer_working_days", 20),
        ("email_tracking", "off"),
        ("email_match_hours", 168),
        ("in_day_batch_minutes", 120),
        ("hubspot_undo_seconds", 0),
        ("change_hours", 0),
        ("change_hours", 168),
        ("moves_from_open", ("negotiation", "moved_out")),
        ("moves_from_negotiation", ("won",)),
        ("reopen", ()),
        ("term_months", 60),
        ("put_out_lead_days", 1),
    ],
)
def test_other_legal_values(name, value):
    assert getattr(policy(**{name: value}), name) == value


def test_times_of_day_in_quotes_or_as_toml_has_them():
    assert policy(digest_at="07:15").digest_at == time(7, 15)
    assert policy(digest_until=time(11, 0)).digest_until == time(11)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("contacts_per_day", 3, "a whole number from 1 to 2"),
        ("contacts_per_day", True, "a whole number from 1 to 2"),
        ("contacts_per_day", 2.0, "a whole number from 1 to 2"),
        ("calls_per_week", 0, "a whole number from 1 to 5"),
        ("calls_per_week", 6, "a whole number from 1 to 5"),
        ("second_call_after_hours", -1, "a number of hours from 0 to 12"),
        ("second_call_after_hours", float("nan"), "a number of hours from 0 to 12"),
        ("second_call_before_day_end_hours", "1", "a number of hours from 0 to 12"),
        ("check_in_after_working_days", 0, "a whole number from 1 to 60"),
        ("move_out", "never", '"auto" or "confirm"'),
        ("move_out", ["auto"], '"auto" or "confirm"'),
        ("care_answer_working_days", 0, "a whole number from 1 to 20"),
        ("email_tracking", True, '"on" or "off"'),
        ("email_match_hours", 169, "a number of hours from 1 to 168"),
        ("untracked_manager_working_days", 21, "a whole number from 0 to 20"),
        ("digest_at", "8:30", 'a time of day such as "08:30"'),
        ("digest_at", "25:00", 'a time of day such as "08:30"'),
        ("digest_until", 12, 'a time of day such as "08:30"'),
        ("in_day_batch_minutes", 0, "a whole number from 1 to 120"),
        ("hubspot_undo_seconds", 301, "a whole number from 0 to 300"),
        ("change_hours", 168.5, "a number of hours from 0 to 168"),
        ("nps_valid_days", 0, "a whole number from 1 to 3650"),
        *(
            (("moves_from_open", value, FROM_OPEN))
            for value in ("won", ["won"], ["open", "moved_out"], [["won"]])
        ),
        ("moves_from_open", ["won", "won", "moved_out"], FROM_OPEN),
        ("moves_from_negotiation", ["negotiation"], FROM_NEGOTIATION),
        ("reopen", ["open"], "a list of stages from won, lost, moved_out, each once"),
        ("stage_lag_working_days", 0, "a whole number from 1 to 20"),
        ("term_months", 61, "a whole number from 1 to 60"),
        ("put_out_lead_days", 366, "a whole number from 1 to 365"),
    ],
)
def test_what_is_not_legal_is_refused_with_what_is(name, value, allowed):
    with pytest.raises(PolicyError) as refused:
        policy(**{name: value})
    assert refused.value.problems == [f"team.toml: {name} must be {allowed}, not {value!r}"]


def test_all_problems_come_at_once():
    with pytest.raises(PolicyError) as refused:
        policy(day_fourteen=15, calls_per_week=9, digest_at="13:00")
    assert refused.value.problems == [
        "team.toml: day_fourteen is not a setting of the playbook",
        "team.toml: calls_per_week must be a whole number from 1 to 5, not 9",
        "team.toml: digest_until must be later than digest_at",
    ]


def test_a_missing_setting_is_named():
    with pytest.raises(PolicyError, match=r"team\.toml: move_out is missing"):
        policy_from(
            {name: value for name, value in DEFAULTS.items() if name != "move_out"}, source="team.toml"
        )
