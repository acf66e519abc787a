"""From what was decided to what is to be done: properties to make in HubSpot, values to set in the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.config import HubSpotConfig, HubSpotProperties
from bot.hubspot.proposals import MEANINGS
from bot.hubspot.questions import NONE, Question
from bot.hubspot.roles import GROUP, ROLES, Json, key_definition
from bot.hubspot.seen import PipelineSeen, Survey
from bot.toml_edit import Change, Path

TOP = "hubspot"
STAGES: Path = (TOP, "stages")


@dataclass(frozen=True, slots=True)
class Creation:
    """A property to make, in our own group."""

    object_type: str
    definition: Json

    @property
    def name(self) -> str:
        """The property's internal name."""
        return str(self.definition["name"])


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done after a yes. `ordered`: the order in which stages stand, the written ones first."""

    creations: tuple[Creation, ...]
    changes: tuple[Change, ...]
    ordered: Mapping[Path, Sequence[str]]
    warnings: tuple[str, ...]


def plan(seen: Survey, stands: Mapping[str, Any], decided: Sequence[Question]) -> Plan:
    """What follows from the decisions; nothing at all when everything is so already."""
    answers = {question.key: question.proposed for question in decided}
    pipeline = next((one for one in seen.pipelines if (one.id,) == answers.get("pipeline")), None)
    stages, order = _stages(pipeline, stands, answers) if pipeline else ([], [])
    return Plan(
        creations=tuple(_creations(seen, answers)),
        changes=(
            *_top(seen, stands, answers, pipeline),
            *stages,
            *_properties(stands, decided),
            *_outcomes(seen, stands, answers),
        ),
        ordered={STAGES: order} if order else {},
        warnings=tuple(_warnings(answers)),
    )


def _creations(seen: Survey, answers: Mapping[str, tuple[str, ...]]) -> list[Creation]:
    there = seen.of("deals")
    found = [
        Creation("deals", {**new, "groupName": GROUP})
        for role in ROLES
        if (new := role.new_beside(there)) is not None and answers.get(role.key) == (new["name"],)
        if new["name"] not in there
    ]
    keys = [Creation(kind, key_definition()) for kind, unique in seen.keys.items() if unique is None]
    return sorted([*found, *keys], key=lambda one: one.object_type != "deals")  # a type's together


def _top(
    seen: Survey,
    stands: Mapping[str, Any],
    answers: Mapping[str, tuple[str, ...]],
    pipeline: PipelineSeen | None,
) -> list[Change]:
    wanted = {
        "pipeline": pipeline.id if pipeline else "",
        "portal_id": seen.account_id,
        "price_period": (answers.get("price_period") or ("",))[0],
        "new_deals_pipeline": (answers.get("new_deals_pipeline") or ("",))[0],
        "next_term": (answers.get("next_term") or ("",))[0],
    }
    usual = HubSpotConfig()
    in_force = {**{key: getattr(usual, key) for key in wanted}, **stands}
    labels = {"pipeline": pipeline.label if pipeline else ""}
    changes = [
        Change((TOP, key), value, labels.get(key, ""))
        for key, value in wanted.items()
        if value and (value != in_force.get(key) or not stands)
    ]
    stage = stands.get("new_deals_stage")
    sold_in = [one for one in seen.pipelines if one.id == wanted["new_deals_pipeline"]]
    if stage and not any(stage == one.id for pipe in sold_in for one in pipe.stages):
        changes.append(Change((TOP, "new_deals_stage"), None))  # without it: the pipeline's first
    return changes


def _stages(
    pipeline: PipelineSeen, stands: Mapping[str, Any], answers: Mapping[str, tuple[str, ...]]
) -> tuple[list[Change], list[str]]:
    """Every stage by its meaning, of the same meaning the one that is written first; and their order."""
    said = stands.get("stages")
    known: Mapping[str, Any] = said if isinstance(said, dict) else {}
    there = {stage.id: stage.label for stage in pipeline.stages}
    meaning = {
        stage: what for what in MEANINGS for stage in answers.get(f"stage.{what}", ()) if stage in there
    }
    # Who lists only what is closed leaves the others to HubSpot's own word; a file without any gets them all.
    standing = [stage for stage in known if stage in there]
    opened = [stage for stage in (standing or there) if stage not in meaning]
    wanted = {**dict.fromkeys(opened, "open"), **meaning}
    if standing:  # what was said to be closed and is not any more is again what HubSpot says of it
        wanted = {one: what for one, what in wanted.items() if what != "open" or known[one] == "open"}
    changes = [Change((*STAGES, stage), None) for stage in known if stage not in wanted]
    order = [*(one for one in standing if one in wanted), *(one for one in there if one in wanted)]
    order = list(dict.fromkeys(order))
    changes += [
        Change((*STAGES, stage), wanted[stage], there[stage])
        for stage in order
        if wanted[stage] != known.get(stage)
    ]
    for what in MEANINGS:
        chosen = [stage for stage in answers.get(f"stage.{what}", ()) if stage in there]
        slots = [place for place, stage in enumerate(order) if wanted[stage] == what]
        for place, stage in zip(slots, chosen, strict=True):
            order[place] = stage
    return changes, order


def _properties(stands: Mapping[str, Any], decided: Sequence[Question]) -> list[Change]:
    said = stands.get("properties")
    known: Mapping[str, Any] = said if isinstance(said, dict) else {}
    in_force = {**asdict(HubSpotProperties()), **known}
    roles = {role.key for role in ROLES}
    changes = []
    for question in decided:
        if question.key not in roles or not question.proposed:
            continue
        (value,) = question.proposed
        # That there is none is written down where there was a choice: else it would be proposed again.
        unsaid = question.key not in known and (not stands or (value == NONE and len(question.choices) > 1))
        if value != (in_force[question.key] or NONE) or unsaid:
            changes.append(Change((TOP, "properties", question.key), value))
    return changes


def _outcomes(
    seen: Survey, stands: Mapping[str, Any], answers: Mapping[str, tuple[str, ...]]
) -> list[Change]:
    said = stands.get("call_outcomes")
    known = {str(one).lower(): (one, what) for one, what in said.items()} if isinstance(said, dict) else {}
    changes = []
    for outcome_id, label in seen.outcomes.items():
        (value,) = answers[f"outcome.{outcome_id}"]
        name, what = known.get(outcome_id.lower(), (outcome_id, None))
        if value != what:
            changes.append(Change((TOP, "call_outcomes", name), value, label))
    return changes


def _warnings(answers: Mapping[str, tuple[str, ...]]) -> list[str]:
    without = {
        "negotiation": "logging 'in negotiation' can move no deal",
        "moved_out": "day 30 can move nothing",
        "won": "no renewal can be closed as won",
        "lost": "no renewal can be closed as lost",
    }
    return [
        f"No stage means {MEANINGS[what][0].lower()}, so {so}: add one to the pipeline in HubSpot (Settings >"
        " Objects > Deals > Pipelines), and run this again."
        for what, so in without.items()
        if answers.get(f"stage.{what}") == (NONE,)
    ]
