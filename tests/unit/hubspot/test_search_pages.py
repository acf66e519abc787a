"""Paging a search by id stands on HubSpot's order."""

from __future__ import annotations

from typing import Any

import pytest

from bot.hubspot.batches import Batches
from bot.services.crm_errors import ServerTrouble


class Shuffled:
    """An account that does not keep the order it was asked for."""

    def search(self, *_: object) -> Any:
        return {"total": 3, "results": [{"id": "9"}, {"id": "10"}, {"id": "8"}]}


def test_a_page_out_of_order_is_trouble_and_never_read_on_from() -> None:
    pages = Batches(Shuffled()).search("deals", (), ("dealname",))  # type: ignore[arg-type]
    with pytest.raises(ServerTrouble, match="out of order"):
        next(pages)
