"""What may be put into a person's mouth as a suggested prompt."""

from __future__ import annotations

import pytest

from bot.services.words.prompts import can_be_said


@pytest.mark.parametrize("account", ["Acme Dental", "Smith & Co", "Caf\u00e9 Ol\u00e9", "O'Neil"])
def test_a_name_is_said_as_it_stands(account: str):
    assert can_be_said(account)


@pytest.mark.parametrize("account", ["<!channel>", "Acme <@U1>", "a>b", "<https://evil.example|invoice>"])
def test_a_name_that_slack_would_read_as_a_mention_or_a_link_is_not_offered(account: str):
    assert not can_be_said(account)
