"""Lines and digests as the services fill them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playbook.assessment import State
from bot.services.models import AccountLine, Digest

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.fixture
def a_line() -> Callable[..., AccountLine]:
    def make(**changes: Any) -> AccountLine:
        usual: dict[str, Any] = {
            "run_id": 7,
            "account": "Acme Dental",
            "url": "https://app.hubspot.com/contacts/1/record/0-3/7",
            "playbook_day": 6,
            "state": State.OUTREACH,
            "stage": "open",
            "price": "140 USD/month",
            "put_out_on": date(2026, 11, 18),
            "expires_on": date(2026, 12, 31),
            "hosts_site": True,
            "contact_name": "Jane Roe",
            "contact_phone": "+1 (555) 010-0100",
            "contact_email": "jane@acme.example",
            "touches": (),
            "move_out": None,
        }
        return AccountLine(**{**usual, **changes})

    return make


@pytest.fixture
def a_digest() -> Callable[..., Digest]:
    def make(*lines: AccountLine, **changes: Any) -> Digest:
        usual: dict[str, Any] = {
            "message_id": 5,
            "kind": "digest",
            "reader": "Ana",
            "on": ON,
            "now": NOW,
            "lines": lines,
            "page": 0,
            "pages": 1,
            "total": len(lines),
            "late": 0,
            "done": 0,
        }
        return Digest(**{**usual, **changes})

    return make
