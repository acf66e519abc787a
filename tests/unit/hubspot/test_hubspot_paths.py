"""Versions and limits, without a network."""

from __future__ import annotations

import pytest

from bot.hubspot.budget import OwnBudget
from bot.hubspot.failures import refused
from bot.hubspot.paths import check_version, versioned
from bot.services.crm_errors import (
    DailyLimit,
    Invalid,
    MissingScope,
    NotFound,
    RateLimited,
    ServerTrouble,
    Unauthorised,
)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/crm/v3/objects/{objectType}/batch/read", "/crm/objects/2026-09/{objectType}/batch/read"),
        ("/crm/v4/associations/{a}/{b}/batch/read", "/crm/associations/2026-09/{a}/{b}/batch/read"),
        (
            "/crm/v4/objects/{a}/{i}/associations/default/{b}/{j}",
            "/crm/objects/2026-09/{a}/{i}/associations/default/{b}/{j}",
        ),
        ("/crm/v3/owners/", "/crm/owners/2026-09"),
        ("/crm/v3/pipelines/{objectType}", "/crm/pipelines/2026-09/{objectType}"),
        ("/crm/v3/properties/{objectType}", "/crm/properties/2026-09/{objectType}"),
        ("/account-info/v3/details", "/account-info/2026-09/details"),
        ("/scheduler/v3/meetings/meeting-links", "/scheduler/2026-09/meetings/meeting-links"),
    ],
)
def test_the_librarys_paths_go_to_the_configured_version(path: str, current: str) -> None:
    assert versioned(path, "2026-09") == current
    assert versioned(path, "v3") == path.rstrip("/")


def test_other_paths_and_versions_are_refused() -> None:
    with pytest.raises(ValueError, match="not one of"):
        versioned("/oauth/v1/token", "2026-09")
    with pytest.raises(ValueError, match="HUBSPOT_API_VERSION"):
        check_version("latest")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, "", Unauthorised),
        (403, '{"category": "MISSING_SCOPES"}', MissingScope),
        (404, "{}", NotFound),
        (429, '{"policyName": "SECONDLY"}', RateLimited),
        (429, '{"policyName": "DAILY"}', DailyLimit),
        (400, '{"message": "no"}', Invalid),
        (409, '{"message": "taken"}', Invalid),
        (502, "<html>", ServerTrouble),
        (302, "", ServerTrouble),
    ],
)
def test_an_answer_is_what_it_says(status: int, body: str, kind: type[Exception]) -> None:
    assert type(refused(status, {}, body)) is kind


def test_a_missing_scope_is_named_and_a_refusal_keeps_hubspots_words() -> None:
    scopes = '{"errors": [{"context": {"requiredGranularScopes": ["crm.objects.deals.write"]}}]}'
    assert str(refused(403, {}, scopes)) == "HubSpot refuses (403): the token lacks crm.objects.deals.write."
    said = refused(400, {}, '{"message": "[{json}]", "errors": [{"message": "Amount is required"}]}')
    assert isinstance(said, Invalid) and said.reason == "Amount is required"


@pytest.mark.parametrize(("asked", "seconds"), [("7", 7), ("0", 3), (None, 3), ("x", 3), ("1e99", 86400)])
def test_retry_after_is_obeyed_within_reason(asked: str | None, seconds: int) -> None:
    headers = {} if asked is None else {"Retry-After": asked}
    limited = refused(429, headers, '{"policyName": "TEN_SECONDLY_ROLLING"}')
    assert isinstance(limited, RateLimited) and limited.after.total_seconds() == seconds


def test_a_budget_waits_for_room_or_says_when_there_is_some() -> None:
    now = [0.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    budget = OwnBudget("searches", 3, 1.0, lambda: now[0], sleep)
    budget.take(True)
    now[0] = 0.4
    budget.take(True)
    with pytest.raises(RateLimited, match=r"searches: again in 0\.6 s"):
        budget.take(False)
    budget.take(True)
    assert waits == [pytest.approx(0.6)]
