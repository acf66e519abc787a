"""`renewals setup hubspot` as an admin meets it: a real account on the wire, a real file, answers at a terminal."""

from __future__ import annotations

import stat

from bot.config_file import load_config
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.setup import check
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.pipelines import Pipeline, Stage
from tests.desk import COLUMNS, Desk

OWN_OUTCOME = "5e2d8c1a-7b64-4f0e-9a35-c1f6d2e8b740"
BY_HAND = """# Ours: ask Sam.
[[teams]]
name = "East"          # the only one
"""


def test_a_newcomer_presses_enter_types_yes_and_is_done(desk: Desk) -> None:
    done = desk.run(typed="\nyes\n")

    assert done.code == 0, done
    config = load_config(desk.file).hubspot
    assert (config.pipeline, config.portal_id, config.price_period) == ("renewals", "4711000", "month")
    assert config.stage_for == {
        "open": "renewal_put_out",
        "negotiation": "renewal_in_negotiation",
        "won": "renewal_closed_won",
        "lost": "renewal_closed_lost",
        "moved_out": "renewal_moved_out",
    }
    assert config.call_outcomes == {OWN_OUTCOME: False}
    assert config.properties.analytics_url == "site_analytics_url"
    assert f"RENEWALS_CONFIG={desk.file}" in done.out and "renewals check" in done.out
    assert [one for one in check(HubSpotGateway(desk.client(), config)) if not one.ok] == []
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o644
    assert sorted(path.name for path in desk.folder.iterdir()) == ["renewals.toml"]


def test_a_second_run_proposes_what_stands_and_changes_nothing(desk: Desk) -> None:
    desk.run(typed="\nyes\n")
    written = desk.file.read_bytes()
    again, silent = desk.run(typed="\n"), desk.run("--yes", RENEWALS_CONFIG=str(desk.file))
    assert [(one.code, one.writes) for one in (again, silent)] == [(0, []), (0, [])]
    assert "Nothing to change" in again.out and "Type yes" not in again.out
    assert desk.file.read_bytes() == written


def test_a_dry_run_tells_the_very_calls_and_lines_of_the_real_one_and_does_nothing(desk: Desk) -> None:
    dry = desk.run("--dry-run")
    assert (dry.code, dry.writes, desk.file.exists()) == (0, [], False)
    real = desk.run("--yes")
    told = [line.split() for line in dry.out.splitlines() if line.strip().startswith("POST ")]
    assert [f"POST {path.replace('/2026-09', '')}" for _, path, *_ in told] == real.writes
    assert len(real.writes) == 12
    lines = [line[3:] for line in dry.out.splitlines() if line.startswith("  +")]
    assert lines == desk.file.read_text("utf-8").splitlines()


def test_the_older_version_is_used_where_it_is_set(desk: Desk) -> None:
    settings = desk.world.hubspot.settings
    versions, settings.versions = settings.versions, frozenset({"v3"})
    try:
        dry = desk.run("--dry-run", HUBSPOT_API_VERSION="v3")
        done = desk.run("--yes", HUBSPOT_API_VERSION="v3")
    finally:
        settings.versions = versions
    assert "POST /crm/v3/properties/calls/groups" in dry.out and "2026-09" not in dry.out
    assert (done.code, len(done.writes)) == (0, 12)


def test_all_of_it_fits_a_terminal_of_eighty_columns(desk: Desk) -> None:
    desk.world.hubspot.pipelines.append(Pipeline("2", "Renewals " + "of a very long name " * 9, ()))
    done = desk.run(typed="1\n2\n1,2\n\nno\n")
    file_lines = [line for line in done.out.splitlines() if line.startswith("  +") or str(desk.file) in line]
    too_long = [line for line in done.out.splitlines() if len(line) > COLUMNS and line not in file_lines]
    assert too_long == [] and "..." in done.out


def test_a_call_outcome_is_shown_by_its_whole_name(desk: Desk) -> None:
    assert "Call: Spoke with gatekeeper  no contact" in desk.run("--dry-run").out


def test_what_is_chosen_otherwise_is_written_and_the_rest_of_the_file_stays(desk: Desk) -> None:
    desk.file.write_text(BY_HAND, "utf-8")
    before = desk.file.read_bytes()
    desk.file.chmod(0o600)
    number = line_of(desk, "Link to analytics")
    done = desk.run(typed=f"{number}\nnone at all\ndealname\n\nyes\n", RENEWALS_CONFIG=str(desk.file))
    assert done.code == 0 and "'none at all' is none of them" in done.out, done
    assert load_config(desk.file).hubspot.properties.analytics_url == "dealname"
    assert desk.file.read_bytes().startswith(before)
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
    assert f"Set RENEWALS_CONFIG={desk.file}" not in done.out


def line_of(desk: Desk, title: str) -> int:
    """The number of this line in the review."""
    lines = desk.run("--dry-run").out.splitlines()
    return next(int(line.split()[0]) for line in lines if line[6:].startswith(title))


def test_a_stage_means_one_thing_only(desk: Desk) -> None:
    number = line_of(desk, "Lost")
    done = desk.run(typed=f"{number}\n5\n4\n\nyes\n")
    assert "Moved out (renewal_moved_out) means something else already" in done.out
    assert done.code == 0


def test_of_two_renewals_pipelines_a_person_chooses(desk: Desk) -> None:
    stages = (
        Stage("e1", "Verhandlung", 0.5),
        Stage("e2", "Verlängert", 1.0, closed=True),
        Stage("e3", "Gekündigt: Preis", 0.0, closed=True),
        Stage("e4", "Gekündigt: sonst", 0.0, closed=True),
    )
    desk.world.hubspot.pipelines.append(Pipeline("emea", "Verlängerungen EMEA", stages))
    refused = desk.run("--yes")
    assert (refused.code, refused.writes, desk.file.exists()) == (1, [], False)
    assert "1 choice to be made" in refused.err and "hubspot.pipeline" in refused.err
    assert "Verlängerungen EMEA (emea)" in refused.err
    dry = desk.run("--dry-run")
    assert (dry.code, dry.writes, desk.file.exists()) == (0, [], False)
    assert "You would be asked first:" in dry.out and "2 of 3 pipelines sound like renewals" in dry.out
    # Pipeline 3, nothing means moved out, two mean lost and the second is written.
    done = desk.run(typed="3\n\n4, 3\n\nyes\n")
    assert done.code == 0, done
    config = load_config(desk.file).hubspot
    assert (config.pipeline, config.stage_for) == ("emea", {"negotiation": "e1", "won": "e2", "lost": "e4"})
    assert "No stage means moved out, so day 30 can move nothing" in done.out.replace("\n", " ")
    assert desk.run("--yes").code == 0  # what was decided stands in the file


def test_what_is_missing_is_made_on_deals_in_one_group(desk: Desk) -> None:
    deals = desk.world.hubspot.schema._by_kind["deals"]
    for name in [name for name, one in deals.items() if not one.hubspot_defined]:
        del deals[name]
    # The price is a person's to say: the amount of deals, or a property of its own.
    refused = desk.run("--yes")
    assert refused.code == 1 and "hubspot.properties.price" in refused.err and refused.writes == []
    done = desk.run(typed="2\n\nyes\n")
    assert done.code == 0, done
    made = {name: one for name, one in deals.items() if one.group == "renewal_assistant"}
    assert set(made) == {
        *("renewal_put_out_date", "renewal_expiration_date", "renewal_monthly_price", "renewal_hosted_site"),
        *("site_taken_down_at", "renewals_key"),
    }
    assert (made["renewal_hosted_site"].type, made["renewals_key"].unique) == ("bool", True)
    config = load_config(desk.file).hubspot
    assert [one for one in check(HubSpotGateway(desk.client(), config)) if not one.ok] == []


def test_owners_whom_nobody_in_slack_answers_to_are_listed(desk: Desk) -> None:
    portal, slack = desk.world.hubspot, desk.world.slack
    portal.add_owner(Owner("501", "Ana@Team.example", "Ana", "Reyes", 1))
    portal.add_owner(Owner("502", "gus@team.example", "Gus\x1b[31m", "Onley", 2))
    portal.add_owner(Owner("503", "old@team.example", "Old", "One", 3, archived=True))
    slack.add_person("Ana Reyes", "ana@team.example", "America/New_York")
    with_slack = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": desk.server.slack_api_url}
    done = desk.run("--dry-run", **with_slack)
    listed = done.out.partition("reach nobody:\n")[2].splitlines()
    assert listed[0].strip() == "Gus [31m Onley (gus@team.example)" and "\x1b" not in done.out
    assert "ana@team" not in done.out.lower() and "old@team" not in done.out
    refused = desk.run("--dry-run", **with_slack | {"SLACK_BOT_TOKEN": "xoxb-canary-1"})
    assert refused.code == 0 and "cannot be told" in refused.out and "canary" not in refused.out
