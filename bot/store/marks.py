"""Records of the CRM that are to be read again, by their ids; one that is noted already is named once more."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.tables import CrmMark


def mark_to_read(session: Session, records: Iterable[tuple[str, str]]) -> None:
    """Note these (type, id); a pass that is reading one now does not forget it: it was named after that."""
    # In one order, so that two who note the same ones do not wait for each other.
    rows = [{"object_type": kind, "object_id": one, "times": 1} for kind, one in sorted(set(records))]
    if not rows:
        return
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    again = {"times": CrmMark.times + 1}
    wanted = made(CrmMark).values(rows)
    session.execute(wanted.on_conflict_do_update(index_elements=["object_type", "object_id"], set_=again))
