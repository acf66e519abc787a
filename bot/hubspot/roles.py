"""What a property can be for: the words by which it is recognised, and how it is made where there is none. Pure.

Words are looked for in a property's name and label, in English, German and, for what is common, French and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.hubspot.activities import KEY_PROPERTY
from bot.hubspot.seen import PropertySeen
from bot.hubspot.values import read_yes_no

Json = dict[str, Any]
GROUP, GROUP_LABEL = "renewal_assistant", "Renewal assistant"
DATES, INSTANTS, NUMBERS = ("date", "datetime"), ("datetime", "date"), ("number",)
TEXTS, CHOICES = ("string",), ("bool", "enumeration")
RECOGNISED, POSSIBLE = 2, 1
# What a property of this type holds, in words.
HELD = {
    "date": "dates",
    "datetime": "times",
    "number": "numbers",
    "string": "text",
    "bool": "yes or no",
    "enumeration": "a choice",
}


@dataclass(frozen=True, slots=True)
class Role:
    """One key of `hubspot.properties`: on which records it may be, of which types, and by what words it is known.

    `new`: the property to make where none is; without it the role may stay empty.
    """

    key: str
    title: str
    ask: str
    on: tuple[str, ...]
    types: tuple[str, ...]
    words: re.Pattern[str]
    not_words: re.Pattern[str] | None = None
    maybe: tuple[str, ...] = ()  # HubSpot's own properties that some teams use for it
    new: Json | None = None
    optional: bool = False
    written: bool = False  # the assistant writes it, too: on the next term's deal
    fits: Callable[[PropertySeen], bool] = lambda _: True

    def rank(self, seen: PropertySeen) -> int:
        """RECOGNISED, POSSIBLE, or 0: only somebody who knows can tell."""
        if seen.name in self.maybe:
            return POSSIBLE
        text = f"{seen.name} {seen.label}".lower().replace("_", " ")
        if not seen.own or (self.not_words is not None and self.not_words.search(text)):
            return 0
        return RECOGNISED if self.words.search(text) else 0

    def holds(self, seen: PropertySeen) -> bool:
        """Whether the property can hold such values at all."""
        return seen.type in self.types and self.fits(seen)

    def can_be(self, seen: PropertySeen) -> bool:
        """Whether it can also be written, where that is needed."""
        return self.holds(seen) and not (self.written and seen.read_only)

    def new_beside(self, there: Mapping[str, PropertySeen]) -> Json | None:
        """The property to make, under a name that nothing which cannot hold it has taken; None: none is made."""
        if self.new is None:
            return None
        for number in count(1):
            name = self.new["name"] if number == 1 else f"{self.new['name']}_{number}"
            if name not in there or self.can_be(there[name]):
                break
        return (
            self.new if number == 1 else {**self.new, "name": name, "label": f"{self.new['label']} {number}"}
        )


def _yes_or_no(seen: PropertySeen) -> bool:
    try:
        return seen.type == "bool" or [read_yes_no(value) for value in seen.values] != []
    except ValueError:
        return False


def _new(name: str, label: str, kind: str, field: str, about: str, **more: object) -> Json:
    return {"name": name, "label": label, "type": kind, "fieldType": field, "description": about, **more}


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_PUT_OUT = _words(
    r"\b(put|load|hand|given)(ed)?[ -]?(out|over)\b",
    r"\bload(ed)? ?(date|on|at)\b",
    r"\bofl\b",
    r"\brenewal.*\b(start|begin|kick ?-?off|open)\w*",
    r"übergabe|uebergabe|zuteilung|vorlagedatum",
    r"verlängerung\w*.*(start|beginn|ab)\b",
)
_ENDS = r"(expir\w*|ends?\b|end ?date|ablauf\w*|ende\b|endet\b|bis\b|fin\b|échéance|echeance|vencimiento)"
_EXPIRES = _words(
    rf"\b(contract|renewal|subscription|term|vertrag\w*|laufzeit|abo|contrat|contrato)\b.*{_ENDS}",
    r"\bexpir(es|y|ation)\b|vertragsende|vertragsablauf|laufzeitende|échéance|vencimiento",
)
_ENDS_ELSEWHERE = _words(
    r"\b(card|kreditkarte|trial|testphase|domain|ssl|certificate|warranty|quote|angebot)\b"
)
_PRICE = r"(price|fees?|rate|value|amount|revenue|preis\w*|gebühr\w*|beitrag|wert|betrag|prix|precio|cuota)"
_PERIOD = r"(month\w*|monat\w*|year\w*|annual\w*|jahr\w*|jährlich\w*|contract|renewal|vertrag\w*|recurring|mensu\w*)"

ROLES: tuple[Role, ...] = (
    Role(
        "put_out_on",
        "Put-out date",
        "Which deal property is the put-out date: the day a renewal is handed to its rep?",
        ("deals",),
        DATES,
        _PUT_OUT,
        new=_new(
            *("renewal_put_out_date", "Renewal put-out date", "date", "date"),
            "The day the renewal is handed to its rep: day 1 of the playbook.",
        ),
        written=True,
    ),
    Role(
        "expires_on",
        "Contract expiration",
        "Which deal property is the contract's expiration: the last day of the paid term?",
        ("deals",),
        DATES,
        _EXPIRES,
        not_words=_ENDS_ELSEWHERE,
        new=_new(
            *("renewal_expiration_date", "Contract expiration", "date", "date"),
            "The last day of the paid term. Takedown dates are counted from it.",
        ),
        written=True,
    ),
    Role(
        "price",
        "Price",
        "Which deal property is the price that the customer pays, after discount?",
        ("deals",),
        NUMBERS,
        _words(rf"\b{_PERIOD}\b.*\b{_PRICE}\b", rf"\b{_PRICE}\b.*\b{_PERIOD}\b", r"\bmrr\b", r"\barr\b"),
        not_words=_words(r"\b(last|previous|old|list|discount\w*|letzter|alter|rabatt\w*)\b"),
        maybe=("amount",),
        new=_new(
            *("renewal_monthly_price", "Renewal price per month", "number", "number"),
            "What the customer pays each month, after discount.",
        ),
        written=True,
    ),
    Role(
        "hosts_site",
        "We host the site",
        "Which deal property says whether you host the customer's site?",
        ("deals",),
        CHOICES,
        _words(r"\bhost(s|ed|ing)?\b", r"gehostet|webhosting|hosting"),
        new=_new(
            *("renewal_hosted_site", "We host the site", "bool", "booleancheckbox"),
            "Only hosted sites get a takedown email and are taken down.",
            options=[
                {"label": "Yes", "value": "true", "hidden": False},
                {"label": "No", "value": "false", "hidden": False},
            ],
        ),
        written=True,
        fits=_yes_or_no,
    ),
    Role(
        "site_down_at",
        "Site down since",
        "Which deal property says when the customer's site went down?",
        ("deals",),
        INSTANTS,
        _words(
            r"\b(site|web ?site|page)\b.*\b(down|offline|taken)\b", r"take ?-?down|abgeschaltet|abschaltung"
        ),
        new=_new(
            *("site_taken_down_at", "Site taken down at", "datetime", "date"),
            "When the customer's site went down.",
        ),
        optional=True,
    ),
    Role(
        "reports_url",
        "Link to reports",
        "Which property of the deal or its company has the link to the customer's reports?",
        ("deals", "companies"),
        TEXTS,
        _words(r"\b(reports?|reporting|berichte?)\b.*\b(url|link|page|seite|dashboard)\b", r"berichtslink"),
        optional=True,
    ),
    Role(
        "analytics_url",
        "Link to analytics",
        "Which property of the deal or its company has the link to the site's analytics?",
        ("deals", "companies"),
        TEXTS,
        _words(r"\b(analytics?|statisti\w+|traffic)\b.*\b(url|link|page|seite|dashboard)\b"),
        optional=True,
    ),
    Role(
        "company_expires_on",
        "Expires, on company",
        "Is the contract's expiration kept on the company as well? Where both disagree, a person decides.",
        ("companies",),
        DATES,
        _EXPIRES,
        not_words=_ENDS_ELSEWHERE,
        optional=True,
    ),
    Role(
        "company_put_out_on",
        "Put-out, on company",
        "Is the put-out date kept on the company as well? Where both disagree, a person decides.",
        ("companies",),
        DATES,
        _PUT_OUT,
        optional=True,
    ),
    Role(
        "nps_score",
        "NPS score",
        "Which contact property has the last NPS score, 0 to 10?",
        ("contacts",),
        NUMBERS,
        _words(r"\bnps\b|net promoter"),
        not_words=_words(r"\b(count|number of|anzahl|average|avg|durchschnitt\w*)\b"),
    ),
    Role(
        "nps_on",
        "NPS given on",
        "Which contact property says when that score was given?",
        ("contacts",),
        INSTANTS,
        _words(r"\b(nps|net promoter|survey|umfrage)\b"),
        optional=True,
    ),
    Role(
        "nps_why",
        "NPS comment",
        "Which contact property has the customer's comment on that score?",
        ("contacts",),
        TEXTS,
        _words(r"\b(nps|net promoter)\b.*\b(comment|why|reason|feedback|answer|kommentar|grund)\b"),
        optional=True,
    ),
)
HUBSPOT_NPS = {
    "nps_score": "hs_feedback_last_nps_rating_number",
    "nps_on": "hs_feedback_last_survey_date",
    "nps_why": "hs_feedback_last_nps_follow_up",
}


def key_definition() -> Json:
    """The property of activities by which a repeated write finds its own record."""
    return {
        "name": KEY_PROPERTY,
        "label": "Renewal assistant key",
        "description": "Says which entry of the renewal assistant this record carries. Do not change it.",
        "groupName": GROUP,
        "type": "string",
        "fieldType": "text",
        "hasUniqueValue": True,
    }


def period_of(seen: PropertySeen | None) -> str | None:
    """What a price is for, as far as its words say: month, year, term."""
    text = f"{seen.name} {seen.label}".lower().replace("_", " ") if seen else ""
    for period, words in (
        ("month", r"month|monat|\bmrr\b|mensu"),
        ("year", r"year|annual|\barr\b|\bacv\b|jahr|jährlich|annuel"),
        ("term", r"\bterm\b|\btcv\b|laufzeit|contract (value|price)|vertragswert"),
    ):
        if re.search(words, text):
            return period
    return None
