"""An account on the wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.hubspot.calls import Account, account_on_the_wire


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account_on_the_wire(monkeypatch) as account:
        yield account
