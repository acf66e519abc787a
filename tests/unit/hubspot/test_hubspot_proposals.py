"""What the setup proposes for the accounts that teams really have, and what it leaves to a person."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from bot.hubspot.proposals import propose
from bot.hubspot.questions import Question
from bot.hubspot.seen import PipelineSeen, PropertySeen, StageSeen, Survey
from bot.hubspot.set_up_plan import Plan, plan
from bot.toml_edit import edited

AMOUNT = PropertySeen("amount", "Amount", "number", own=False)
CLOSE = PropertySeen("closedate", "Close date", "datetime", own=False)
MRR = PropertySeen("hs_mrr", "Monthly recurring revenue", "number", own=False, read_only=True)
NPS = PropertySeen("hs_feedback_last_nps_rating_number", "Last NPS survey rating", "number", own=False)
KEYS = dict.fromkeys(("calls", "emails", "meetings", "notes", "tasks"), True)


def pipeline(name: str, *stages: tuple[str, str], label: str | None = None) -> PipelineSeen:
    closed = {"open": (False, False), "won": (True, True), "lost": (True, False)}
    seen = tuple(StageSeen(f"{name}_{n}", said, *closed[what]) for n, (said, what) in enumerate(stages))
    return PipelineSeen(name, label or name, seen)


SALES = pipeline("default", ("Appointment", "open"), ("Won", "won"), ("Lost", "lost"), label="Sales Pipeline")
ENGLISH = pipeline(
    "77",
    *(("Put out", "open"), ("In negotiation", "open"), ("Closed won", "won"), ("Closed lost", "lost")),
    ("Moved out", "lost"),
    label="Renewals",
)
GERMAN = pipeline(
    "9001",
    *(("Neu", "open"), ("In Verhandlung", "open"), ("Verlängert", "won"), ("Gekündigt", "lost")),
    ("An Innendienst weitergegeben", "lost"),
    label="Vertragsverlängerungen",
)


def account(*pipelines: PipelineSeen, **more: Any) -> Survey:
    deals = (AMOUNT, CLOSE, MRR, *more.pop("deals", ()))
    properties = {
        "deals": deals,
        "companies": more.pop("companies", ()),
        "contacts": (NPS, *more.pop("contacts", ())),
    }
    return Survey("4711", pipelines, properties, keys=more.pop("keys", KEYS), **more)


def own(name: str, label: str, kind: str = "date", *values: str) -> PropertySeen:
    return PropertySeen(name, label, kind, values=values)


COMPLETE = (
    own("put_out", "Put out on"),
    own("contract_end", "Contract end date"),
    own("monthly_fee", "Monthly fee", "number"),
    own("hosting", "Hosted by us", "bool", "true", "false"),
    own("site_offline_since", "Site offline since", "datetime"),
)


def asked(seen: Survey, stands: dict[str, Any] | None = None, **answers: str) -> dict[str, Question]:
    by_key = {key.replace("__", "."): (value,) for key, value in answers.items()}
    return {one.key: one for one in propose(seen, stands or {}, by_key)}


def open_ones(questions: dict[str, Question]) -> set[str]:
    return {key for key, question in questions.items() if not question.certain}


def proposed(questions: dict[str, Question], *keys: str) -> list[tuple[str, ...]]:
    return [questions[key].proposed for key in keys]


STAGES = ("stage.negotiation", "stage.moved_out", "stage.won", "stage.lost")


def test_where_everything_bears_its_name_nothing_is_asked() -> None:
    found = asked(account(SALES, ENGLISH, deals=COMPLETE))
    assert open_ones(found) == set()
    assert proposed(found, "pipeline", *STAGES) == [("77",), ("77_1",), ("77_4",), ("77_2",), ("77_3",)]
    assert proposed(found, "put_out_on", "expires_on", "price", "price_period") == [
        *(("put_out",), ("contract_end",), ("monthly_fee",), ("month",)),
    ]
    assert proposed(
        found, "hosts_site", "site_down_at", "reports_url", "nps_score", "company_expires_on"
    ) == [
        *(("hosting",), ("site_offline_since",), ("",), ("hs_feedback_last_nps_rating_number",), ("",)),
    ]


def test_a_german_account() -> None:
    deals = (
        own("uebergabedatum", "Übergabedatum"),
        own("vertragsende", "Vertragsende"),
        own("kreditkarte_bis", "Kreditkarte gültig bis"),
        own("monatspreis", "Monatlicher Preis", "number"),
        own("webhosting", "Webhosting", "enumeration", "true", "false"),
        own("abgeschaltet_am", "Website abgeschaltet am", "datetime"),
        own("bericht_link", "Bericht Link", "string"),
    )
    outcomes = {"a": "Nicht erreicht", "b": "Gespräch mit Entscheider", "c": "Rückruf", "d": "Sekretariat"}
    found = asked(account(SALES, GERMAN, deals=deals, outcomes=outcomes))
    assert open_ones(found) == {"outcome.c"}
    assert proposed(found, *STAGES) == [("9001_1",), ("9001_4",), ("9001_2",), ("9001_3",)]
    assert proposed(found, "put_out_on", "expires_on", "price", "price_period") == [
        *(("uebergabedatum",), ("vertragsende",), ("monatspreis",), ("month",)),
    ]
    assert proposed(found, "hosts_site", "site_down_at", "reports_url") == [
        *(("webhosting",), ("abgeschaltet_am",), ("bericht_link",)),
    ]
    assert proposed(found, *(f"outcome.{one}" for one in "abcd")) == [
        *(("no_contact",), ("contact",), ("no_contact",), ("no_contact",)),
    ]


def test_of_two_renewals_pipelines_a_person_chooses_and_the_stages_follow() -> None:
    other = pipeline("88", ("New", "open"), ("Renewed", "won"), ("Churned", "lost"), label="Renewals EMEA")
    seen = account(ENGLISH, other, deals=COMPLETE)
    found = asked(seen)
    assert open_ones(found) == {"pipeline"} and found["pipeline"].proposed == ("77",)
    after = asked(seen, pipeline="88")
    assert open_ones(after) == {"stage.negotiation", "stage.moved_out"}
    assert proposed(after, *STAGES) == [("",), ("",), ("88_1",), ("88_2",)]


def test_a_pipeline_without_a_telling_name_is_asked_and_of_several_none_is_proposed() -> None:
    alone, several = asked(account(SALES)), asked(account(SALES, pipeline("x", ("A", "open"))))
    assert (alone["pipeline"].certain, alone["pipeline"].proposed) == (False, ("default",))
    assert (several["pipeline"].certain, several["pipeline"].proposed) == (False, ())
    assert "stage.won" not in several


def test_a_price_in_amount_is_asked_with_what_it_is_for() -> None:
    term = own("renewal_term", "Renewal term (months)", "number")
    found = asked(account(ENGLISH, deals=(*COMPLETE[:2], *COMPLETE[3:], term)))
    assert open_ones(found) == {"price", "price_period"}
    assert proposed(found, "price", "price_period") == [("amount",), ("term",)]
    assert "renewal_term" in {choice.value for choice in found["price"].choices}
    made = asked(account(ENGLISH, deals=COMPLETE[:2]), price="renewal_monthly_price")
    assert (made["price_period"].proposed, made["price_period"].certain) == (("month",), True)
    by_year = asked(account(ENGLISH, deals=(own("fee", "Annual contract value", "number"),)))
    assert proposed(by_year, "price", "price_period") == [("fee",), ("year",)]


def test_of_two_that_could_be_it_a_person_chooses() -> None:
    found = asked(account(ENGLISH, deals=(*COMPLETE, own("expiry", "Expiry date"))))
    assert open_ones(found) == {"expires_on"}
    assert {"contract_end", "expiry"} <= {choice.value for choice in found["expires_on"].choices}
    assert "2 properties" in found["expires_on"].why


def test_what_cannot_hold_the_value_is_no_choice() -> None:
    deals = (
        own("contract_end", "Contract end", "string"),
        own("hosted", "Hosted", "enumeration", "us", "them"),
        PropertySeen("monthly", "Monthly price", "number", read_only=True),
    )
    found = asked(account(ENGLISH, deals=deals))
    for key, name in (
        ("expires_on", "contract_end"),
        ("hosts_site", "hosted"),
        ("site_down_at", "site_down"),
    ):
        legal = {choice.value for choice in found[key].choices} | found[key].also.keys()
        assert name not in legal


def test_what_cannot_be_written_stays_where_somebody_chose_it_by_hand() -> None:
    seen = account(ENGLISH, deals=(PropertySeen("monthly", "Monthly price", "number", read_only=True),))
    stands = {"pipeline": "77", "properties": {"price": "monthly"}}
    found = asked(seen, stands)["price"]
    assert (found.proposed, found.certain) == (("monthly",), True)


def test_in_an_empty_account_all_is_made_new() -> None:
    seen = account(ENGLISH, keys=dict.fromkeys(KEYS))
    made = planned(seen, {}, price="renewal_monthly_price")
    assert [(one.object_type, one.name) for one in made.creations] == [
        *(("deals", "renewal_put_out_date"), ("deals", "renewal_expiration_date")),
        *(("deals", "renewal_monthly_price"), ("deals", "renewal_hosted_site")),
        ("deals", "site_taken_down_at"),
        *((kind, "renewals_key") for kind in KEYS),
    ]
    assert {one.definition["groupName"] for one in made.creations} == {"renewal_assistant"}
    keyed = account(ENGLISH, deals=COMPLETE[1:], keys=dict.fromkeys((*KEYS, "deals")))
    kinds = [one.object_type for one in planned(keyed, {}).creations]
    assert kinds == ["deals", "deals", *KEYS]  # a type's in one go: one call for its group


def test_another_survey_tool_is_asked_for_and_brings_its_date_and_comment() -> None:
    contacts = (
        own("delighted_nps", "NPS score", "number"),
        own("delighted_nps_on", "NPS date", "datetime"),
        own("delighted_nps_comment", "NPS comment", "string"),
    )
    seen = account(ENGLISH, deals=COMPLETE, contacts=contacts)
    assert open_ones(asked(seen)) == {"nps_score"}
    found = asked(seen, nps_score="delighted_nps")
    assert proposed(found, "nps_on", "nps_why") == [("delighted_nps_on",), ("delighted_nps_comment",)]
    kept = asked(seen, nps_score="hs_feedback_last_nps_rating_number")
    assert proposed(kept, "nps_on") == [("hs_feedback_last_survey_date",)]


def test_two_stages_that_mean_lost_are_asked_and_the_first_chosen_is_written() -> None:
    many = pipeline(
        *("5", ("Sent", "open"), ("Negotiation", "open"), ("Won", "won"), ("Lost: price", "lost")),
        *(("Lost: silent", "lost"), ("Moved out", "lost")),
        label="Renewal",
    )
    seen = account(many, deals=COMPLETE)
    assert open_ones(asked(seen)) == {"stage.lost"}
    decided = propose(seen, {}, {"stage.lost": ("5_4", "5_3")})
    text = written("", plan(seen, {}, decided))
    stages = tomllib.loads(text)["hubspot"]["stages"]
    assert list(stages.items()) == [
        *(("5_0", "open"), ("5_1", "negotiation"), ("5_2", "won"), ("5_4", "lost"), ("5_3", "lost")),
        ("5_5", "moved_out"),
    ]
    assert '5_4 = "lost"  # Lost: silent' in text


def planned(seen: Survey, stands: dict[str, Any], **answers: str) -> Plan:
    return plan(seen, stands, list(asked(seen, stands, **answers).values()))


def written(text: str, made: Plan) -> str:
    return edited(text, made.changes, made.ordered)


def hubspot_of(text: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(text).get("hubspot", {})
    return table


ACCOUNTS = {
    "english": account(SALES, ENGLISH, deals=COMPLETE, outcomes={"id-1": "Spoke with gatekeeper"}),
    "german": account(SALES, GERMAN, deals=COMPLETE[:2], outcomes={"x": "Rückruf"}),
    "empty": account(ENGLISH),
    "other survey": account(ENGLISH, deals=COMPLETE, contacts=(own("nps", "NPS", "number"),)),
    "no stages": account(pipeline("r", ("All", "open"), label="Renewals"), deals=COMPLETE),
    "companies": account(
        ENGLISH, deals=COMPLETE, companies=(own("ends", "Contract ends"), own("r", "Reports url", "string"))
    ),
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_second_run_proposes_what_stands_is_sure_of_it_and_changes_nothing(name: str) -> None:
    seen = ACCOUNTS[name]
    first = planned(seen, {})
    text = written("# ours\n", first)
    grown = {
        kind: (*seen.properties[kind], *(_as_seen(one) for one in first.creations if one.object_type == kind))
        for kind in seen.properties
    }
    later = Survey(seen.account_id, seen.pipelines, grown, seen.outcomes, dict.fromkeys(KEYS, True))
    again = asked(later, hubspot_of(text))
    assert open_ones(again) == set()
    made = plan(later, hubspot_of(text), list(again.values()))
    assert (made.creations, made.changes) == ((), ())
    assert written(text, made) == text


def _as_seen(creation: Any) -> PropertySeen:
    made = creation.definition
    values = [option["value"] for option in made.get("options", ())]
    return own(made["name"], made["label"], made["type"], *values)


def test_a_file_made_by_hand_is_left_as_it_is_where_it_is_right() -> None:
    by_hand = """
[hubspot]
pipeline = "77"
portal_id = "4711"
[hubspot.stages]
77_1 = "negotiation"
77_2 = "won"
77_3 = "lost"
77_4 = "moved_out"
gone = "lost"
[hubspot.properties]
put_out_on = "put_out"
expires_on = "contract_end"
price = "monthly_fee"
hosts_site = "hosting"
site_down_at = ""
"""
    seen = ACCOUNTS["english"]
    made = planned(seen, hubspot_of(by_hand))
    assert written(by_hand, made) == by_hand.replace('gone = "lost"\n', "") + (
        '\n[hubspot.call_outcomes]\nid-1 = "no_contact"  # Spoke with gatekeeper\n'
    )


def test_what_the_file_names_and_hubspot_has_not_is_asked() -> None:
    stands = {
        "pipeline": "old",
        "portal_id": "1",
        "properties": {"expires_on": "contract_endd", "put_out_on": "renewal_put_out_date"},
    }
    found = asked(account(SALES, ENGLISH, deals=COMPLETE), stands)
    assert {"account", "pipeline", "expires_on"} == open_ones(found)
    assert found["expires_on"].proposed == ("contract_end",)
    assert "contract_endd" in found["expires_on"].why and "account 1" in found["account"].why
    # Our own name is no slip of the pen: it is made.
    assert proposed(found, "put_out_on") == [("renewal_put_out_date",)]


def test_new_deals_begin_in_hubspots_first_pipeline_or_the_only_other_one() -> None:
    own = pipeline("own", ("A", "open"), label="Neukunden")
    cases = [(SALES, ENGLISH, own), (ENGLISH, own), (ENGLISH,), (ENGLISH, own, pipeline("x", ("A", "open")))]
    found = [asked(account(*some, deals=COMPLETE))["new_deals_pipeline"] for some in cases]
    assert [(one.proposed, one.certain) for one in found] == [
        *((("default",), True), (("own",), True), (("77",), True), (("own",), False)),
    ]
    assert found[0].in_file == "hubspot.new_deals_pipeline"


def test_each_answer_has_its_place_in_the_file() -> None:
    found = asked(ACCOUNTS["english"], {"portal_id": "1"})
    assert [
        found[key].in_file for key in ("account", "stage.won", "price", "price_period", "outcome.id-1")
    ] == [
        *("hubspot.portal_id", "hubspot.stages", "hubspot.properties.price", "hubspot.price_period"),
        'hubspot.call_outcomes."id-1"',
    ]


def test_stages_without_a_meaning_are_said_with_what_follows() -> None:
    warnings = " ".join(planned(ACCOUNTS["no stages"], {}).warnings)
    for said in ("moved out, so day 30", "negotiation, so", "closed as won", "closed as lost"):
        assert said in warnings


def test_a_name_that_something_else_has_taken_is_asked_about_and_made_beside_it() -> None:
    taken = own("renewal_put_out_date", "Put-out notes", "string")
    seen = account(ENGLISH, deals=(*COMPLETE[1:], taken))
    question = asked(seen)["put_out_on"]

    assert (question.certain, question.proposed) == (False, ("renewal_put_out_date_2",))
    assert question.why == "renewal_put_out_date is there, but it holds text, not dates"
    assert "renewal_put_out_date" not in {choice.value for choice in question.choices}
    made = plan(seen, {}, propose(seen, {}, {"put_out_on": ("renewal_put_out_date_2",)}))
    (creation,) = made.creations
    assert (creation.name, creation.definition["type"]) == ("renewal_put_out_date_2", "date")
    assert creation.definition["label"] == "Renewal put-out date 2"

    there = own("renewal_put_out_date_2", "Renewal put-out date 2")
    again = account(ENGLISH, deals=(*COMPLETE[1:], taken, there))
    found = asked(again, {"properties": {"put_out_on": "renewal_put_out_date_2"}})["put_out_on"]
    assert (found.certain, found.proposed) == (True, ("renewal_put_out_date_2",))
    said = asked(again, {"properties": {"put_out_on": "renewal_put_out_date"}})["put_out_on"]
    assert not said.certain and "cannot hold it" in said.why


def test_a_stage_of_new_deals_that_the_pipeline_does_not_have_is_taken_out_of_the_file() -> None:
    stands = {"pipeline": "77", "new_deals_pipeline": "default", "new_deals_stage": "gone"}
    seen = account(SALES, ENGLISH, deals=COMPLETE)
    (change,) = [one for one in plan(seen, stands, propose(seen, stands, {})).changes if one.value is None]
    assert change.path == ("hubspot", "new_deals_stage")
    assert edited('[hubspot]\nnew_deals_stage = "gone"  # ours\n# kept\n', [change]) == "[hubspot]\n# kept\n"
    kept = {**stands, "new_deals_stage": "default_0"}
    assert None not in {one.value for one in plan(seen, kept, propose(seen, kept, {})).changes}


def test_who_makes_the_next_term_stands_as_it_is_and_is_written_into_a_new_file() -> None:
    """No workflow can be read: what is in the file holds, and a new file shows that there is a choice."""
    seen = account(SALES, ENGLISH, deals=COMPLETE)
    assert asked(seen)["next_term"].proposed == ("create",)
    question = asked(seen, {"next_term": "leave"})["next_term"]
    assert question.proposed == ("leave",) and question.in_file == "hubspot.next_term"
    written = {change.path[-1]: change.value for change in plan(seen, {}, list(asked(seen).values())).changes}
    assert written["next_term"] == "create"
