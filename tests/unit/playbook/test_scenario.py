"""PLAYBOOK 9: what a scenario may say, and every problem with its field and reason."""

import copy
from datetime import date, time

import pytest

from bot.playbook.calendar import Leave
from bot.playbook.scenarios.scenario import read_scenario

WHOLE = {
    "now": "2026-11-03T08:30-05:00",
    "rep": {
        "tz": "America/New_York",
        "workdays": ["mon", "wed"],
        "day_ends": "17:30",
        "holidays": ["2026-11-26"],
        "leave": [{"from": "2026-12-01", "to": "2026-12-01"}],
    },
    "renewal": {
        "id": "harbor",
        "account": "Harbor Bakery",
        "put_out_on": "2026-11-02",
        "expires_on": "2026-11-09",
        "hosts_site": False,
        "stage": "open",
    },
    "appointments": [{"starts_at": "2026-11-04T15:00Z", "status": "scheduled"}],
    "activities": [
        {"at": "2026-11-02 10:05:30.5+0100", "kind": "call", "outcome": "busy"},
        {"at": "2026-11-02T10:10-05:00", "kind": "note", "outcome": None},
    ],
    "deferrals": [{"made_at": "2026-11-02T10:11-05:00", "until": "2026-11-04"}],
}
SHORTEST = {
    "now": "2026-11-03T08:30-05:00",
    "rep": {"tz": "UTC", "workdays": ["mon"], "day_ends": "17:30"},
    "renewal": {"put_out_on": "2026-11-02", "hosts_site": True, "stage": "open"},
}
NOTHING = object()


def changed(path, value, whole=WHOLE):
    """The scenario with another value at a path such as ("rep", "tz"); NOTHING takes the key away."""
    scenario = copy.deepcopy(whole)
    place = scenario
    for key in path[:-1]:
        place = place[key]
    if value is NOTHING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return scenario


def problems(document):
    scenario, found = read_scenario(document)
    assert (scenario is None) == bool(found)
    return [f"{one.field}: {one.reason}" for one in found]


def test_everything_is_read():
    scenario, found = read_scenario(WHOLE)
    assert found == []
    assert scenario.now.isoformat() == "2026-11-03T08:30:00-05:00"
    assert scenario.calendar.workdays == frozenset({0, 2})
    assert scenario.calendar.day_ends == time(17, 30)
    assert scenario.calendar.leave == (Leave(date(2026, 12, 1), date(2026, 12, 1)),)
    run = scenario.run
    assert (run.id, run.account, run.hosts_site) == ("harbor", "Harbor Bakery", False)
    assert [(one.at.isoformat(), one.kind, one.outcome) for one in run.activities] == [
        ("2026-11-02T10:05:30.500000+01:00", "call", "busy"),
        ("2026-11-02T10:10:00-05:00", "note", None),
    ]
    assert run.appointments[0].status == "scheduled"
    assert run.deferrals[0].until == date(2026, 11, 4)


def test_bare_or_beside_an_expectation():
    assert read_scenario({"scenario": WHOLE, "expect": {"on": 3}}) == read_scenario(WHOLE)


def test_lists_and_the_expiration_may_be_left_out_or_empty():
    scenario, found = read_scenario(SHORTEST)
    assert found == []
    assert scenario.run.expires_on is None
    assert scenario.run.activities == scenario.run.appointments == scenario.run.deferrals == ()
    empty = {**SHORTEST, "activities": None, "appointments": [], "deferrals": None}
    assert read_scenario(empty) == read_scenario(SHORTEST)


@pytest.mark.parametrize(
    "path",
    [
        ("now",),
        ("rep",),
        ("renewal",),
        ("rep", "tz"),
        ("rep", "workdays"),
        ("rep", "day_ends"),
        ("rep", "leave", 0, "from"),
        ("rep", "leave", 0, "to"),
        ("renewal", "put_out_on"),
        ("renewal", "hosts_site"),
        ("renewal", "stage"),
        ("activities", 0, "at"),
        ("activities", 0, "kind"),
        ("activities", 0, "outcome"),
        ("appointments", 0, "starts_at"),
        ("appointments", 0, "status"),
        ("deferrals", 0, "made_at"),
        ("deferrals", 0, "until"),
    ],
)
def test_what_is_missing_is_named(path):
    field = ".".join(str(key) for key in path).replace(".0", "[0]")
    assert problems(changed(path, NOTHING)) == [f"{field}: is missing"]


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("rep",),
        ("renewal",),
        ("activities", 0),
        ("appointments", 0),
        ("deferrals", 0),
        ("rep", "leave", 0),
    ],
)
def test_a_key_that_does_not_exist_is_named(path):
    field = ".".join(str(key) for key in (*path, "why")).replace(".0", "[0]")
    assert problems(changed((*path, "why"), "because")) == [f"{field}: this key does not exist"]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("now",), "2026-11-03T08:30", "has no offset from UTC: write it as in 2026-11-03T08:30-05:00"),
        (("now",), "2026-02-30T08:30Z", "is not a time of the calendar and clock"),
        (("now",), "2026-11-03", "must be a time with its offset, such as"),
        (("now",), 1793700000, "must be a time with its offset, such as"),
        (("now",), "0001-01-01T00:00+14:00", "is not between the years 1900 and 2999"),
        (("now",), "２０２６-11-03T08:30Z", "must be a time with its offset, such as"),
        (("rep", "tz"), "Mars/Olympus", "is not a time zone of the IANA database"),
        (("rep", "tz"), "../x", "is not a time zone of the IANA database"),
        (("rep", "tz"), "/etc/localtime", "is not a time zone of the IANA database"),
        (("rep", "tz"), "", "is not a time zone of the IANA database"),
        (("rep", "tz"), "America", "is not a time zone of the IANA database"),
        (("rep", "tz"), "localtime", "is not a time zone of the IANA database"),
        (("rep", "tz"), "UTC\x00", "is not a time zone of the IANA database"),
        (("rep", "tz"), 5, "must be a time zone such as America/New_York, not 5"),
        (("rep", "workdays"), "mon", "must be a list of weekdays"),
        (("rep", "workdays"), [], "names no weekday"),
        (("rep", "workdays"), ["mon", "mon"], "names a weekday twice"),
        (("rep", "workdays"), ["monday"], "'monday' is not a weekday: use mon, tue, wed, thu, fri, sat, sun"),
        (("rep", "workdays"), [["mon"]], "a list is not a weekday"),
        (("rep", "day_ends"), 1050, "must be a time of day such as '17:30', not 1050"),
        (("rep", "day_ends"), "24:00", "24:00 is not a time of day"),
        (("rep", "holidays"), "2026-11-26", "must be a list"),
        (("rep", "leave"), {"from": "2026-12-01"}, "must be a list, not a mapping"),
        (("renewal", "put_out_on"), "2026-13-01", "2026-13-01 is not a day of the calendar"),
        (("renewal", "put_out_on"), "2026-11-02T00:00Z", "must be a date such as 2026-11-02"),
        (("renewal", "put_out_on"), "9999-12-31", "is not between the years 1900 and 2999"),
        (("renewal", "expires_on"), "soon", "must be a date such as 2026-11-02, not 'soon'"),
        (("renewal", "hosts_site"), "yes", "must be true or false, not 'yes'"),
        (("renewal", "hosts_site"), 1, "must be true or false, not 1"),
        (
            ("renewal", "stage"),
            "opened",
            "must be one of open, negotiation, won, lost, moved_out, not 'opened'",
        ),
        (("renewal", "account"), 12, "must be text, not 12"),
        (
            ("appointments", 0, "status"),
            "done",
            "must be one of scheduled, held, no_show, canceled, not 'done'",
        ),
        (("activities", 0, "kind"), "fax", "must be one of call, email, reply, "),
        (("activities", 0, "outcome"), "hung_up", "must be one of connected, no_answer, "),
        (("activities", 1, "outcome"), "busy", "only a call has an outcome, not note"),
        (("activities",), 3, "must be a list, not 3"),
    ],
)
def test_what_is_wrong_is_named(path, value, reason):
    field = ".".join(str(key) for key in path).replace(".0", "[0]").replace(".1", "[1]")
    found = [one for one in problems(changed(path, value)) if one.startswith(f"{field}: ")]
    assert len(found) == 1
    assert reason in found[0]


def test_a_key_cannot_write_lines_of_its_own():
    assert problems({**WHOLE, "a\nb": 1}) == ["'a\\nb': this key does not exist"]


@pytest.mark.parametrize("document", [None, 3, "text", [], True])
def test_a_document_has_to_be_a_mapping(document):
    assert problems(document)[0].startswith(": must be a mapping of names to values, not ")


def test_an_entry_of_a_list_has_its_place():
    assert problems(changed(("rep", "holidays"), ["2026-11-26", "2026-99-26"])) == [
        "rep.holidays[1]: 2026-99-26 is not a day of the calendar"
    ]
    assert problems(changed(("activities",), ["call"])) == [
        "activities[0]: must be a mapping of names to values, not 'call'"
    ]


def test_a_leave_has_to_end_after_it_begins():
    assert problems(changed(("rep", "leave", 0, "to"), "2026-11-30")) == [
        "rep.leave[0].to: 2026-11-30 is before the first day of the leave, 2026-12-01"
    ]


def test_all_problems_come_at_once_and_under_their_wrapper():
    broken = changed(("rep", "tz"), "Nowhere", changed(("renewal", "stage"), None))
    assert [one.split(":")[0] for one in problems({"scenario": broken, "notes": 1})] == [
        "notes",
        "scenario.rep.tz",
        "scenario.renewal.stage",
    ]
    assert problems({"expect": {}}) == ["scenario: is missing"]
