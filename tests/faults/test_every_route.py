"""Everything that can be pressed, sent or chosen is put before the wrong people, in stale states and with forged
values: no effect, no name told, a sentence, and the refusal kept (FAULTS 21, 28; I4, I5).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers
from tests.faults.routes import CLOSED, FORMS, GONE, MOVED_OUT, PRESSES, SHORTCUTS, YESTERDAY, Route
from tests.faults.stage import YESTERDAY as THE_DAY_BEFORE
from tests.faults.stage import Stage
from tests.living import living

ROUTES = [pytest.param(route, id=route.id) for route in (*PRESSES, *FORMS)]
# A link opens a page in the browser: nothing is done here, by nobody. And some values say nothing.
DONE_HERE = [one for one in ROUTES if one.values[0].ref != "link"]
WITH_A_VALUE = [one for one in DONE_HERE if one.values[0].ref not in ("own", "own_several")]
STATES = (CLOSED, MOVED_OUT, GONE, YESTERDAY)
OTHERS = ("ben", "olga", "adam", "cara", "ana", "maria", "walt")
ADD_A_ROW = (
    "has no row in tests/faults/routes.py. Add one to {table}: the state its account is in, what its value names, and"
    " who may do it; then run tests/faults/test_every_route.py, which puts it before the wrong people, in stale states"
    " and with forged values. What refuses is services.acts.acting (locked, authorised, audited) or the like."
)


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One team for all rows, each on an account of its own; Monday 23 Nov 2026, 08:30 in New York."""
    path = tmp_path_factory.mktemp("routes") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}", connected=False) as team:
        yield Stage(team)


def test_everything_in_the_route_table_has_its_row() -> None:
    for table, keys in (
        ("PRESSES", handlers.PRESSES),
        ("FORMS", handlers.FORMS),
        ("SHORTCUTS", handlers.SHORTCUTS),
    ):
        rows = {"PRESSES": PRESSES, "FORMS": FORMS, "SHORTCUTS": SHORTCUTS}[table]
        for key in keys:
            found = [row for row in rows if (row.id == key if isinstance(key, str) else key.search(row.id))]
            named = key if isinstance(key, str) else key.pattern
            assert found, f"{named} of handlers.{table} {ADD_A_ROW.format(table=table)}"
        for row in rows:
            matched = [key for key in keys if (row.id == key if isinstance(key, str) else key.search(row.id))]
            assert matched, f"{row.id}: handlers.{table} knows no such thing any more; take its row away"


def wrong_people(route: Route) -> tuple[str, ...]:
    """Who of the team may not: for what is one's own, nobody else is asked about."""
    if route.of_a_run:
        may = {route.by, "maria", "walt"} if route.by == "ana" else {route.by}
        may |= {"walt"} if route.by == "maria" else set()
    elif route.ref in ("page", "said", "asked", "several", "plan", "logged_plan", "status"):
        may = {"ana"}
    elif route.ref in ("book", "leave", "leave_id"):
        may = {"ana", "maria", "walt"}
    else:
        may = set(OTHERS)
    return tuple(who for who in OTHERS if who not in {*may, *route.also})


@pytest.mark.parametrize("route", DONE_HERE)
def test_the_wrong_person_has_no_effect_and_hears_no_name(stage: Stage, route: Route) -> None:
    tries = [(who, None, "") for who in wrong_people(route)]
    tries += [(route.by, None, "deactivated"), (route.by, "TOTHER", ""), ("UNOBODY", None, "")]
    tries += [(route.by, None, "ex-owner")] if route.of_a_run and route.by == "ana" else []
    before = stage.effects()
    for who, workspace, state in tries:
        told = f"{route.id} by {who} {state} {workspace or ''}"
        refused = stage.refusals()
        with stage.otherwise(route, state):
            answer = stage.act(route, who, stage.value(route), workspace=workspace)
        assert answer.status == 200, told
        assert answer.told, f"{told}: hears nothing"
        assert "reference" not in answer.told, f"{told}: {answer.told}"
        assert stage.name(route) not in answer.told + answer.opened, told
        kept = stage.refusals()[len(refused) :]
        assert [user for user, _ in kept] == [stage.team.ids.get(who, who)], (
            f"{told}: kept {kept}: {answer.told}"
        )
        assert stage.effects() == before, told


@pytest.mark.parametrize("route", [one for one in ROUTES if one.values[0].of_a_run])
def test_a_stale_one_has_no_effect_and_shows_the_fresh_state(stage: Stage, route: Route) -> None:
    before = stage.effects()
    for state in STATES:
        if state in route.still:
            continue
        on = {"on": THE_DAY_BEFORE} if state == YESTERDAY else {}
        if state == YESTERDAY and route.step is None:
            continue
        with stage.otherwise(route, state):
            answer = stage.act(route, route.by, stage.value(route, **on))
        assert answer.told, f"{route.id} {state}: hears nothing"
        assert "reference" not in answer.told, f"{route.id} {state}: {answer.told}"
        assert stage.effects() == before, f"{route.id} {state}"
        if route in PRESSES and route.within is None and state != GONE:
            assert stage.redrawn(), f"{route.id} {state}: {answer.told}"


def _compact(parts: list[object]) -> str:
    return json.dumps(parts, separators=(",", ":"))


@pytest.mark.parametrize("route", WITH_A_VALUE)
def test_a_forged_value_has_no_effect(stage: Stage, route: Route) -> None:
    true = stage.value(route)
    forged = ["x", "[]", "\u0000", "9" * 30]
    if true.startswith("["):
        version, kind, *fields = json.loads(true)
        named = 1 if route.ref == "change" else 0  # of a change the fact decides, not the run
        for wrong in (2**62, -1, str(fields[named]), {}):
            fields_then = [*fields[:named], wrong, *fields[named + 1 :]]
            forged.append(_compact([version, kind, *fields_then]))
        forged += [_compact([version - 1, kind, *fields]), _compact([version, "nothing", *fields])]
        forged += [_compact([version, kind, *fields, 1]), _compact([version, kind])]
    before = stage.effects()
    for value in (one for one in forged if one != true):
        answer = stage.act(route, route.by, value)
        assert answer.told, f"{route.id} {value!r}: hears nothing"
        assert "reference" not in answer.told, f"{route.id} {value!r}: {answer.told}"
        assert stage.effects() == before, f"{route.id} {value!r}"


@pytest.mark.parametrize("route", [one for one in ROUTES if one.values[0].sent])
def test_a_form_says_at_the_field_what_is_missing(stage: Stage, route: Route) -> None:
    before = stage.effects()
    answer = stage.act(route, route.by, stage.value(route), sent=route.lacking)
    assert answer.errors, f"{route.id}: {answer.told}"
    assert all(re.search(r"\w.*[.:?]", sentence) for sentence in answer.errors.values()), answer.errors
    assert stage.effects() == before


@pytest.mark.parametrize("route", DONE_HERE)
def test_whoever_may_does_it(stage: Stage, route: Route) -> None:
    """The other tests prove nothing about a row that would do nothing for anybody. And a copy of it adds nothing to
    it, and is no surprise (FAULTS 1).
    """
    before = stage.effects()
    answer = stage.act(route, route.by, stage.value(route))
    done = stage.effects()
    assert done != before or answer.opened or "card" in route.id, answer
    copy = stage.again()
    assert copy.status == 200
    assert "reference" not in copy.told, f"{route.id}: {copy.told}"
    assert stage.effects() == done, route.id


def test_a_shortcut_shows_only_what_is_theirs(stage: Stage) -> None:
    """It changes nothing, so all that can go wrong is that somebody reads of an account."""
    for route in SHORTCUTS:
        before = stage.effects()
        for who, workspace in (("ben", None), ("olga", None), ("ana", "TOTHER"), ("UNOBODY", None)):
            answer = stage.act(route, who, "", workspace=workspace)
            assert answer.told, f"{route.id} by {who}: hears nothing"
            assert not any(account in answer.told + answer.opened for account in stage.runs), answer
        mine = stage.act(route, "ana", "")
        assert any(account in mine.told + mine.opened for account in stage.runs), mine
        assert stage.effects() == before
