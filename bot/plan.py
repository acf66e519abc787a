"""`renewals plan FILE...`: the playbook's answer to scenarios (PLAYBOOK 9). Needs no settings, no network."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.playbook.assessment import Assessment
from bot.playbook.calendar import NoWorkingDay
from bot.playbook.policy import Policy, PolicyError, load_policy
from bot.playbook.rules import assess
from bot.playbook.scenarios.answer import as_json, as_text
from bot.playbook.scenarios.scenario import Scenario, read_scenario
from bot.playbook.scenarios.text import documents_in

INVALID = 2


def main(argv: list[str]) -> int:
    """Prints one answer per scenario, in order, and returns 0.

    If anything is not valid, all of it goes to standard error, nothing to standard output, and it returns 2.
    """
    wanted = _parser().parse_args(argv)
    problems: list[str] = []
    policy = _policy(wanted.playbook, problems)
    scenarios = [scenario for file in wanted.files for scenario in _scenarios(file, problems)]
    answers = [] if policy is None else list(_answers(scenarios, policy, problems))
    if problems:
        sys.stderr.write("".join(f"{problem}\n" for problem in problems))
        return INVALID
    lines = (as_json(answer) if wanted.json else as_text(one, answer) for one, answer in answers)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="renewals plan", description="Print what the playbook says about the scenarios in files."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAML, JSON or JSON Lines")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for other programs")
    parser.add_argument(
        "--playbook", type=Path, metavar="FILE", help="a playbook file (TOML) with other settings"
    )
    return parser


def _policy(path: Path | None, problems: list[str]) -> Policy | None:
    try:
        return load_policy(path)
    except PolicyError as error:
        problems.extend(error.problems)
        return None


def _scenarios(file: Path, problems: list[str]) -> Iterator[tuple[str, Scenario]]:
    """The valid scenarios of a file, each with the place where it stands; the rest goes to `problems`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.append(f"{file}: cannot be read: {error.strerror or error}")
        return
    except UnicodeDecodeError:
        problems.append(f"{file}: is not UTF-8 text")
        return
    number = 0
    for number, document in enumerate(documents_in(text, file.suffix), start=1):
        place = f"{file}, document {number}"
        problems.extend(f"{place}: {problem}" for problem in document.problems)
        if document.problems and document.value is None:
            continue
        scenario, wrong = read_scenario(document.value)
        problems.extend(f"{place}, {one.field or 'whole document'}: {one.reason}" for one in wrong)
        if scenario is not None:
            yield place, scenario
    if number == 0:
        problems.append(f"{file}: holds no scenario")


def _answers(
    scenarios: list[tuple[str, Scenario]], policy: Policy, problems: list[str]
) -> Iterator[tuple[Scenario, Assessment]]:
    for place, scenario in scenarios:
        try:
            yield scenario, assess(scenario.run, scenario.calendar, scenario.now, policy)
        except NoWorkingDay as error:
            problems.append(f"{place}, rep: {error}")
