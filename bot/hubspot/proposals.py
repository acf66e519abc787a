"""What the setup proposes, and which of it only a person can decide. Pure: an account and a file in, questions out.

A proposal is certain when the file says so already, or when one thing and no other bears the name. All else is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.config import HubSpotConfig, HubSpotProperties
from bot.hubspot import stage_words as words
from bot.hubspot.questions import NONE, Answers, Choice, Question, named
from bot.hubspot.roles import HELD, HUBSPOT_NPS, RECOGNISED, ROLES, Role, period_of
from bot.hubspot.seen import PipelineSeen, PropertySeen, StageSeen, Survey

MOST_CHOICES = 9
PERIODS = {"month": "a month", "year": "a year", "term": "the whole term"}
MEANINGS = {
    "negotiation": ("In negotiation", "Which stage means that the rep is in negotiation?"),
    "moved_out": ("Moved out", "Which stage means moved out: taken from the rep on day 30?"),
    "won": ("Won", "Which stage means won?"),
    "lost": ("Lost", "Which stage means lost?"),
}


def propose(seen: Survey, stands: Mapping[str, Any], answers: Answers) -> list[Question]:
    """Every question in its order; those answered propose their answer. `stands`: the file's [hubspot] table."""
    found: list[Question] = []
    known: dict[str, tuple[str, ...]] = {}
    for question in _questions(seen, stands, known):
        answered = answers.get(question.key)
        if answered is not None:
            question = replace(question, proposed=answered, certain=True, why="")
        known[question.key] = question.proposed
        found.append(question)
    return found


def _questions(
    seen: Survey, stands: Mapping[str, Any], known: Mapping[str, tuple[str, ...]]
) -> Iterator[Question]:
    """Each is asked in view of what came before it, which `known` has by then."""
    if (said := stands.get("portal_id")) and said != seen.account_id:
        yield Question(
            "account",
            "HubSpot account",
            f"The file is of account {said}, the token of account {seen.account_id}. Go on with the token's?",
            (Choice(seen.account_id, f"yes, account {seen.account_id}"),),
            (seen.account_id,),
            False,
            f"the file is of account {said}, the token of {seen.account_id}",
        )
    yield _pipeline(seen, stands)
    chosen = next((one for one in seen.pipelines if (one.id,) == known["pipeline"]), None)
    if chosen is not None:
        for meaning in MEANINGS:
            taken = {stage for other in MEANINGS for stage in known.get(f"stage.{other}", ())}
            yield _stage(meaning, chosen, _standing(stands, chosen), taken)
    for role in ROLES:
        yield _property(role, seen, stands, known)
        if role.key == "price":
            yield _period(seen, stands, known)
    yield _new_deals(seen, stands, known)
    yield _next_term(stands)
    for outcome_id, label in seen.outcomes.items():
        yield _outcome(outcome_id, label, stands)


def _pipeline(seen: Survey, stands: Mapping[str, Any]) -> Question:
    called_so = [one for one in seen.pipelines if words.RENEWALS.search(f"{one.label} {one.id}")]
    said = stands.get("pipeline")
    there = next((one for one in seen.pipelines if one.id == said), None)
    guess = called_so or (list(seen.pipelines) if len(seen.pipelines) == 1 else [])
    proposed = there or (guess[0] if guess else None)
    certain = there is not None or (len(called_so) == 1 and not said)
    if said:
        why = f"the file names {said}, which HubSpot does not have"
    else:
        why = f"{len(called_so)} of {len(seen.pipelines)} pipelines sound like renewals"
    return Question(
        "pipeline",
        "Renewals pipeline",
        "Which pipeline has the renewals?",
        tuple(Choice(one.id, named(one.label, one.id)) for one in seen.pipelines),
        (proposed.id,) if proposed else (),
        certain,
        "" if certain else why,
    )


def _standing(stands: Mapping[str, Any], pipeline: PipelineSeen) -> dict[str, str]:
    """What the file says of this pipeline's stages, in the file's order."""
    there = {stage.id for stage in pipeline.stages}
    said = stands.get("stages")
    return {one: str(what) for one, what in said.items() if one in there} if isinstance(said, dict) else {}


def _stage(meaning: str, pipeline: PipelineSeen, standing: Mapping[str, str], taken: set[str]) -> Question:
    free = [stage for stage in pipeline.stages if stage.id not in taken]
    proposed: Sequence[str] = [one for one, what in standing.items() if what == meaning and one not in taken]
    certain, why = bool(proposed), ""
    if not proposed:
        free = [stage for stage in free if stage.id not in standing]
        found, sure = _by_name(meaning, free)
        # A file that names stages and none for this has said so.
        certain = (sure and len(found) == 1) or (bool(standing) and not found)
        proposed = [stage.id for stage in found]
        if len(found) > 1:
            why = f"{len(found)} stages could be it"
        elif not certain:
            why = "no stage is called so" if not found else "its name does not say it outright"
    title, ask = MEANINGS[meaning]
    return Question(
        f"stage.{meaning}",
        title,
        ask,
        (
            *(Choice(stage.id, named(stage.label, stage.id)) for stage in pipeline.stages),
            Choice(NONE, "none"),
        ),
        tuple(proposed) or (NONE,),
        certain,
        why,
        several=True,
    )


def _by_name(meaning: str, free: Sequence[StageSeen]) -> tuple[list[StageSeen], bool]:
    """The stages that could mean this, and whether their name or HubSpot itself says so."""
    away = [stage for stage in free if words.MOVED_OUT.search(stage.label) and not stage.won]
    if meaning == "moved_out":
        return away, True
    if meaning == "won":
        return [stage for stage in free if stage.won], True
    if meaning == "lost":
        return [stage for stage in free if stage.closed and not stage.won], True
    going_on = [stage for stage in free if not stage.closed]
    if said := [stage for stage in going_on if words.NEGOTIATION.search(stage.label)]:
        return said, True
    return [stage for stage in going_on if words.PERHAPS_NEGOTIATION.search(stage.label)][-1:], False


def _property(role: Role, seen: Survey, stands: Mapping[str, Any], known: Answers) -> Question:
    table = stands.get("properties")
    said = table.get(role.key) if isinstance(table, dict) else None
    fitting = {
        one.name: (one, kind)
        for kind in reversed(role.on)
        for one in seen.of(kind).values()
        # What somebody has chosen by hand stays, though it cannot be written.
        if role.can_be(one) or (one.name == said and role.holds(one))
    }
    ranked = sorted(
        (one for one, _ in fitting.values()), key=lambda one: (-role.rank(one), not one.own, one.label)
    )
    to_make = role.new_beside(seen.of("deals"))
    new = to_make["name"] if to_make else None
    proposed, certain, why = _for_role(role, said, ranked, stands, known, new)
    if proposed == new and new not in fitting and (taken := _taken(role, seen, new)):
        certain, why = certain and said == new, why or taken
    first = [name for name in (proposed, HUBSPOT_NPS.get(role.key)) if name in fitting]
    listed = [*first, *(one.name for one in ranked if one.name not in first and (one.own or role.rank(one)))]
    labels = {
        name: named(one.label, name)
        + (", of the company" if kind == "companies" and len(role.on) > 1 else "")
        for name, (one, kind) in fitting.items()
    }
    choices = [Choice(name, labels[name]) for name in listed[:MOST_CHOICES]]
    if to_make is not None and new not in fitting:
        choices.append(Choice(to_make["name"], f"make it: {named(to_make['label'], to_make['name'])}"))
    if role.optional:
        choices.append(Choice(NONE, "none"))
    also = {name: label for name, label in labels.items() if name not in listed[:MOST_CHOICES]}
    return Question(
        role.key,
        role.title,
        role.ask,
        tuple(choices),
        () if proposed is None else (proposed,),
        certain,
        why,
        also=also,
    )


def _taken(role: Role, seen: Survey, new: str | None) -> str:
    """Why the property to make cannot have its usual name; empty when it has it."""
    usual = role.new["name"] if role.new else None
    if role.new is None or usual == new:
        return ""
    there = seen.of("deals")[role.new["name"]]
    if role.holds(there):
        return f"{usual} is there, but it cannot be written"
    return f"{usual} is there, but it holds {HELD.get(there.type, there.type)}, not {HELD[role.types[0]]}"


def _for_role(
    role: Role,
    said: Any,
    ranked: Sequence[PropertySeen],
    stands: Mapping[str, Any],
    known: Answers,
    new: str | None,
) -> tuple[str | None, bool, str]:
    """What is proposed, whether it is certain, and if not, why. `new`: what would be made."""
    names = {one.name for one in ranked}
    if said is not None and (said in names or said in (NONE, new, HUBSPOT_NPS.get(role.key))):
        return str(said), True, ""
    why = f"the file names {said}, which is not there or cannot hold it" if said is not None else ""
    if role.key in HUBSPOT_NPS and (
        stands or (role.key != "nps_score" and known.get("nps_score") == (HUBSPOT_NPS["nps_score"],))
    ):
        return HUBSPOT_NPS[role.key], not why, why
    if new in names:
        return new, not why, why
    recognised = [one.name for one in ranked if role.rank(one) >= RECOGNISED]
    if role.key == "nps_score":
        if recognised:
            return recognised[0], False, why or "HubSpot's own survey or another one's"
        return HUBSPOT_NPS[role.key], not why, why
    if recognised:
        many = f"{len(recognised)} properties could be it" if len(recognised) > 1 else ""
        return recognised[0], not why and not many, why or many
    if possible := [one.name for one in ranked if role.rank(one)]:
        return possible[0], False, why or "no property says it outright"
    return (NONE if role.optional and new is None else new), not why, why


def _period(seen: Survey, stands: Mapping[str, Any], known: Answers) -> Question:
    (price,) = known["price"] or (NONE,)
    table = stands.get("properties")
    said = table.get("price") if isinstance(table, dict) else None
    definition = seen.of("deals").get(price)
    proposed, certain = period_of(definition), True
    if stands and price == (said or HubSpotProperties().price) and (definition is not None or said):
        proposed = str(stands.get("price_period") or "month")
    elif definition is None:
        proposed = "month"
    elif proposed is None:
        proposed, certain = "term", False
    return Question(
        "price_period",
        "Price is for",
        "What is that price for?",
        tuple(Choice(period, label) for period, label in PERIODS.items()),
        (proposed,),
        certain,
        "" if certain else "its name does not say it",
    )


def _new_deals(seen: Survey, stands: Mapping[str, Any], known: Answers) -> Question:
    """Upsells and new customers are sold in another pipeline, as a rule; HubSpot's first one is called `default`."""
    there = {one.id: one.label for one in seen.pipelines}
    usual = HubSpotConfig().new_deals_pipeline
    others = [one for one in there if (one,) != known["pipeline"]]
    said = stands.get("new_deals_pipeline", usual)
    sold_in = said if said in there else others[0] if others else next(iter(there), None)
    return Question(
        "new_deals_pipeline",
        "New deals in",
        "In which pipeline do an upsell and a new customer's deal begin?",
        tuple(Choice(one, named(label, one)) for one, label in there.items()),
        () if sold_in is None else (sold_in,),
        said in there or len(others) <= 1,
        "" if said in there or len(others) <= 1 else f"one of {len(others)} pipelines",
    )


def _next_term(stands: Mapping[str, Any]) -> Question:
    """Whether a workflow of the portal makes next terms' deals cannot be read: what stands holds, else we make them."""
    said = str(stands.get("next_term") or HubSpotConfig().next_term)
    return Question(
        "next_term",
        "Next term's deal",
        "Who makes the deal of a won renewal's next term?",
        (Choice("create", "the assistant"), Choice("leave", "a workflow of yours")),
        (said if said in ("create", "leave") else HubSpotConfig().next_term,),
        True,
    )


def _outcome(outcome_id: str, label: str, stands: Mapping[str, Any]) -> Question:
    table = stands.get("call_outcomes")
    said = {str(one).lower(): str(what) for one, what in table.items()} if isinstance(table, dict) else {}
    by_name = words.was_contact(label)
    proposed = said.get(outcome_id.lower()) or ("contact" if by_name else "no_contact")
    certain = outcome_id.lower() in said or by_name is not None
    return Question(
        f"outcome.{outcome_id}",
        f"Call: {label}",
        f'A call with the outcome "{label}": was the customer reached?',
        (Choice("contact", "contact"), Choice("no_contact", "no contact")),
        (proposed,),
        certain,
        "" if certain else "its name does not say it",
    )
