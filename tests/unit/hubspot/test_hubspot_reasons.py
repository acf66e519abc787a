"""Why HubSpot refused a value, in words for people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.hubspot.failures import of_input, refused
from bot.hubspot.reasons import reason_words
from bot.services.crm_errors import Invalid, NotFound, RateLimited, ServerTrouble


def problem(message: str, name: str | None = None) -> dict[str, Any]:
    return {"message": message, "context": {"propertyName": [name]} if name else {}}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"errors": [problem("amount: must be at most 10000", "amount")]}, "Amount must be at most 10,000"),
        (
            {"errors": [problem("must be between 1000 and 20000", "amount")]},
            "Amount must be between 1,000 and 20,000",
        ),
        ({"errors": [problem("hs_call_body: too long", "hs_call_body")]}, "Call notes: too long"),
        ({"errors": [problem('Property "nickname" does not exist', "nickname")]}, "Nickname does not exist"),
        (
            {"errors": [problem("expires on 2026-12-31", "renewal_expiration_date")]},
            "Expiration date: expires on 2026-12-31",
        ),
        (
            {"errors": [problem("won was not one of the allowed options: [open, lost]", "dealstage")]},
            "Stage: won was not one of the allowed options",
        ),
        (
            {"errors": [problem("must be at most 5", "amount"), problem("is required", "closedate")]},
            "Amount must be at most 5; Close date is required",
        ),
        (
            {
                "message": 'Property values were not valid: [{"isValid":false,"message":"must be a number",'
                '"error":"INVALID_LONG","name":"amount"}]'
            },
            "Amount must be a number",
        ),
        ({"message": 'Invalid input: {"a": 1}'}, "Invalid input"),
        ({"message": "Amount is required"}, "Amount is required"),
        ({"message": '{"x": 1}'}, "HubSpot gave no reason in words"),
        ({}, ""),
        ({"errors": ["odd"], "message": "Not today"}, "Not today"),
    ],
)
def test_a_refusal_is_said_in_words(said: dict[str, Any], words: str) -> None:
    assert reason_words(said) == words


def test_a_reason_without_end_is_cut() -> None:
    assert len(reason_words({"message": "x" * 10_000})) == 500


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("VALIDATION_ERROR", Invalid),
        ("CONFLICT", Invalid),
        ("OBJECT_NOT_FOUND", NotFound),
        ("RATE_LIMITS", RateLimited),
        ("INTERNAL_ERROR", ServerTrouble),
    ],
)
def test_one_input_of_a_lot_fails_in_its_own_way(category: str, kind: type[Exception]) -> None:
    assert type(of_input({"category": category, "message": "because"})) is kind


def test_a_400_carries_the_words() -> None:
    body = {"status": "error", "message": "x", "errors": [problem("amount: must be at most 10000", "amount")]}
    assert str(refused(400, {}, json.dumps(body))) == "Amount must be at most 10,000"
