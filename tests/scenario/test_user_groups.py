"""Roles named by a user group in Slack: whoever is in it has the role, from the next sync of people on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.config import Config
from bot.services.acts.acting import Click
from bot.services.acts.care import account_to_confirm, confirm_site_down
from bot.services.errors import NotYours
from bot.services.people.roles import Who, manages
from bot.services.people.teams import manager_of
from bot.store.tables import Fact, OutboxRow, Person, Refusal, RunRow
from sandbox.faults import FaultRule
from sandbox.slack import profiles
from tests.living import Living, email, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def named_by_groups(team: Living, usual: Config) -> Config:
    slack = team.world.slack
    profiles.add_user_group(slack, "customer-care", "Customer Care", [team.ids["cara"]])
    profiles.add_user_group(slack, "east-leads", "East leads", [team.ids["walt"], team.ids["maria"]])
    profiles.add_user_group(slack, "ops", "Operations", [team.ids["adam"]])
    east, other = usual.teams
    return replace(
        usual,
        teams=(replace(east, managers=("@east-leads",)), other),
        customer_care=("@customer-care",),
        department_managers=(),
        admins=("@ops",),
    )


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, config=named_by_groups, connected=False) as team:
        team.account("Acme Dental", date(2026, 11, 20))
        team.tick("sync")
        yield team


def group(team: Living, handle: str) -> str:
    (found,) = [one.id for one in team.world.slack.user_groups.values() if one.handle == handle]
    return found


def asks(team: Living, who: str) -> str:
    """Whether a person may confirm that a site is down, at this moment."""
    work = team.assistant.work
    with work.store.read() as session:
        run_id = session.scalars(select(RunRow.id)).one()
    click = Click(Who(team.world.slack.team_id, team.ids[who]), f"{who}", "button")
    return account_to_confirm(work, click, run_id)


def notes_to(team: Living, who: str) -> list[str]:
    with team.assistant.work.store.read() as session:
        person = session.scalars(select(Person.id).where(Person.email == email(who))).one()
        rows = session.scalars(
            select(OutboxRow).where(OutboxRow.kind == "note", OutboxRow.recipient == f"person:{person}")
        )
        return [row.payload["text"] for row in rows]


def test_only_members_of_customer_cares_group_confirm_and_a_click_asks_slack_nothing(team: Living) -> None:
    asked = len(team.world.journal.entries(service="slack", method="usergroups.users.list"))
    assert asks(team, "cara") == "Acme Dental"
    with pytest.raises(NotYours):
        asks(team, "adam")
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(Refusal.why)).all() == ["not_customer_care"]
    assert len(team.world.journal.entries(service="slack", method="usergroups.users.list")) == asked


def test_a_changed_membership_holds_from_the_next_sync_of_people(team: Living) -> None:
    profiles.set_members(team.world.slack, group(team, "customer-care"), [team.ids["adam"]])
    assert asks(team, "cara") == "Acme Dental"
    team.tick("people")
    assert asks(team, "adam") == "Acme Dental"
    with pytest.raises(NotYours):
        asks(team, "cara")


def test_while_slack_cannot_be_asked_the_last_known_members_stay(team: Living) -> None:
    rule = team.world.faults.add(FaultRule(service="slack", method="usergroups.list", status=503))
    profiles.set_members(team.world.slack, group(team, "customer-care"), [])
    team.tick("people", "alarms")
    assert asks(team, "cara") == "Acme Dental" and notes_to(team, "adam") == []
    team.world.faults.remove(rule)
    team.tick("people")
    with pytest.raises(NotYours):
        asks(team, "cara")


def test_members_manage_and_the_first_by_name_gives_the_channel_its_zone(team: Living) -> None:
    config = team.assistant.work.config
    with team.assistant.work.store.read() as session:
        people = {one.email: one for one in session.scalars(select(Person))}
        assert manages(config, people[email("maria")], people[email("ana")])
        assert manages(config, people[email("walt")], people[email("ana")])
        assert not manages(config, people[email("cara")], people[email("ana")])
        assert not manages(config, people[email("olga")], people[email("ana")])
        found = manager_of(session, config.teams[0])
        assert found is not None and found.name == "Maria Lopez"


def test_a_group_that_is_disabled_or_gone_names_nobody_and_the_admins_hear_once(team: Living) -> None:
    profiles.set_disabled(team.world.slack, group(team, "customer-care"), disabled=True)
    del team.world.slack.user_groups[group(team, "east-leads")]
    team.tick("people", "alarms")
    team.tick("people", "alarms")
    (said,) = notes_to(team, "adam")
    assert "@customer-care is disabled" in said and "no user group @east-leads" in said
    with pytest.raises(NotYours):
        asks(team, "cara")
    with team.assistant.work.store.read() as session:
        assert manager_of(session, team.assistant.work.config.teams[0]) is None


def test_without_an_admin_left_the_managers_channels_hear(team: Living) -> None:
    del team.world.slack.user_groups[group(team, "ops")]
    team.tick("people", "alarms")
    assert "no user group @ops" in team.seen("maria", team.managers_channel)


def test_a_missing_scope_is_told_and_changes_nobody(team: Living) -> None:
    team.world.slack.remove_scope("usergroups:read")
    team.tick("people", "alarms")
    (said,) = notes_to(team, "adam")
    assert "usergroups:read" in said and asks(team, "cara") == "Acme Dental"


def test_confirming_is_refused_to_who_left_the_group_while_the_form_was_open(team: Living) -> None:
    """The role is read at the moment of the click, in the transaction that would act."""
    work = team.assistant.work
    with work.store.read() as session:
        run_id = session.scalars(select(RunRow.id)).one()
    assert asks(team, "cara") == "Acme Dental"  # the form opened
    profiles.set_members(team.world.slack, group(team, "customer-care"), [])
    team.tick("people")
    with pytest.raises(NotYours):
        confirm_site_down(
            work, Click(Who(team.world.slack.team_id, team.ids["cara"]), "c", "form"), run_id, None
        )
    with work.store.read() as session:
        assert session.scalars(select(Fact).where(Fact.kind == "site_down")).all() == []
