"""`renewals setup hubspot`: say where the renewals are in HubSpot, make what is missing, and write the config.

It proposes what it finds, asks what it cannot be sure of, shows all that it would do, and does it after a yes.
It can be run again at any time: it proposes what the config says, and changes nothing that is right.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from bot.bootstrap import hubspot_client
from bot.cli import asking
from bot.cli.carry_out import carry_out, show
from bot.cli.output import FAILED, WRONG, say, warn
from bot.cli.strangers import strangers
from bot.cli.words import parser_of
from bot.config_edit import BEGINNING, ConfigText, read_text
from bot.hubspot.client import HubSpotClient
from bot.hubspot.proposals import propose
from bot.hubspot.questions import NONE, Question
from bot.hubspot.seen import Survey
from bot.hubspot.set_up_plan import plan
from bot.hubspot.survey import survey
from bot.settings import Settings, load_settings
from bot.toml_edit import NotEditable, edited

HERE = "renewals.toml"
UNTOUCHED = "Nothing was changed."
NOBODY = (
    "Nobody is there to be asked: run it in a terminal. --yes takes what is certain, --dry-run only says what it"
    " would do."
)


def main(argv: list[str]) -> int:
    """0 when all is as decided; 1 when nothing was done and it says why; 2 for a token, scope or file to mend."""
    wanted = _parser().parse_args(argv)
    settings = load_settings(_without_file(), ("HUBSPOT_ACCESS_TOKEN",))
    config = read_text(Path(wanted.config or os.environ.get("RENEWALS_CONFIG", "").strip() or HERE))
    if not wanted.dry_run:
        config.must_be_writable()
    client = hubspot_client(settings)
    if client is None:
        return WRONG
    return _set_up(wanted, client, config, settings)


def _set_up(wanted: argparse.Namespace, client: HubSpotClient, config: ConfigText, settings: Settings) -> int:
    """Read the account, and go on if it can be worked with. Raises CrmError."""
    seen = survey(client)
    unusable = _unusable(seen)
    if not unusable and not (wanted.yes or wanted.dry_run or asking.is_there()):
        unusable = [NOBODY]
    if unusable:
        warn(unusable)
        return FAILED
    say(*_introduction(seen, config), *strangers(settings, seen.owners))
    try:
        return _settle(wanted, client, seen, config, settings.hubspot_api_version)
    except NotEditable as error:
        warn([f"{config.path}: {error}. {UNTOUCHED}"])
        return WRONG
    except asking.NobodyThere:
        say(UNTOUCHED)
        return FAILED


def _settle(
    wanted: argparse.Namespace, client: HubSpotClient, seen: Survey, config: ConfigText, version: str
) -> int:
    """Decide, show, and do it after a yes."""
    try:
        decided = _decided(seen, config, ask=not (wanted.yes or wanted.dry_run))
        open_ones = [question for question in decided if not question.certain]
        if wanted.yes and open_ones:
            warn(_refusal(open_ones, config))
            return FAILED
        made = plan(seen, config.table("hubspot"), decided)
        text = edited(config.text or BEGINNING, made.changes, made.ordered) if made.changes else config.text
        if not show(made, config, text, version):
            return 0
        if wanted.dry_run:
            say(*_to_be_asked(open_ones), "That was all: nothing was done.")
            return 0
        if not wanted.yes and not asking.agreed("Do this?"):
            say(UNTOUCHED)
            return FAILED
    except KeyboardInterrupt:
        say("", UNTOUCHED)
        raise
    carry_out(client, made, config, text)
    say(*_next(config))
    return 0


def _without_file() -> dict[str, str]:
    """The environment without the file, for one that is not there yet is no mistake here, and without a database."""
    return {**os.environ, "RENEWALS_CONFIG": "", "DATABASE_URL": "sqlite://"}


def _unusable(seen: Survey) -> list[str]:
    if not seen.pipelines:
        return [
            "HubSpot has no deal pipeline: make one for renewals (Settings > Objects > Deals > Pipelines), and run"
            " this again."
        ]
    return [
        f"The property renewals_key on {kind} is not unique, so it keeps no write from being made twice: delete it"
        " in HubSpot, and run this again."
        for kind, unique in seen.keys.items()
        if unique is False
    ]


def _introduction(seen: Survey, config: ConfigText) -> list[str]:
    about = f" ({seen.about})" if seen.about else ""
    file = "to be made" if config.is_new else "kept but for what is shown before it is changed"
    return [
        f"HubSpot account {seen.account_id}{about}: {_some(len(seen.pipelines), 'deal pipeline')},"
        f" {_some(len(seen.owners), 'owner')}.",
        asking.wrapped(f"Configuration: {config.path} ({file})."),
    ]


def _decided(seen: Survey, config: ConfigText, *, ask: bool) -> list[Question]:
    """Every question with its answer: asked where nothing is certain, and then all of it once for review."""
    stands = config.table("hubspot")
    answers: dict[str, tuple[str, ...]] = {}
    questions = propose(seen, stands, answers)
    if not ask:
        asking.overview(questions)
        return questions
    say("Nothing is changed before you type yes at the end. Ctrl-C stops.")
    while True:
        question = next((one for one in questions if not one.certain), None) or asking.review(questions)
        if question is None:
            return questions
        answers[question.key] = asking.choose(question, _taken(question, questions))
        _forget_what_follows(question, answers)
        questions = propose(seen, stands, answers)


def _taken(question: Question, questions: Sequence[Question]) -> list[str]:
    """Stages that a person or the file has given another meaning."""
    if not question.several:
        return []
    return [
        value
        for other in questions
        if other.several and other.certain and other.key != question.key
        for value in other.proposed
        if value != NONE
    ]


def _forget_what_follows(question: Question, answers: dict[str, tuple[str, ...]]) -> None:
    """Another pipeline has other stages; another price may be for another time."""
    follows = {
        "pipeline": ("stage.", "new_deals"),
        "price": ("price_period",),
        "nps_score": ("nps_on", "nps_why"),
    }
    for key in list(answers):
        if key.startswith(follows.get(question.key, ())):
            del answers[key]


def _refusal(open_ones: Sequence[Question], config: ConfigText) -> list[str]:
    lines = [f"{_some(len(open_ones), 'choice')} to be made by a person, so nothing was done:"]
    for question in open_ones:
        listed = "; ".join(choice.label for choice in question.choices)
        lines.append(asking.wrapped(f"{question.title} ({question.in_file}): {question.why}. {listed}", "  "))
    return [*lines, f"Run it without --yes in a terminal, or say it in {config.path}."]


def _to_be_asked(open_ones: Sequence[Question]) -> list[str]:
    lines = [
        asking.wrapped(f"{question.title} ({question.why}): {question.shown(question.proposed)}?", "  ")
        for question in open_ones
    ]
    return ["You would be asked first:", *lines, ""] if lines else []


def _next(config: ConfigText) -> list[str]:
    lines = [f"Done: {config.path} is written."]
    named = os.environ.get("RENEWALS_CONFIG", "").strip()
    if not named or Path(named).resolve() != config.path:
        lines.append(f"Set RENEWALS_CONFIG={config.path} in the environment of every command.")
    return [*lines, "Next: `renewals check`, then `renewals sync`."]


def _some(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("setup", __doc__)
    parser.add_argument("what", choices=["hubspot"], help="where the renewals are in HubSpot")
    parser.add_argument(
        "--config", metavar="FILE", help=f"the file to write (RENEWALS_CONFIG, else ./{HERE})"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="ask nothing: take what is certain, else do nothing")
    how.add_argument("--dry-run", action="store_true", help="say all that would be done, and do nothing")
    return parser
