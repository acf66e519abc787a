"""A message that its caller sends, kept once however many processes were handed the same act."""

from __future__ import annotations

import threading
from datetime import date

from sqlalchemy import func, select

from bot.services.outgoing.messages import keep_message
from bot.store.session import Store
from bot.store.tables import Message, Person

MONDAY = date(2026, 11, 23)


def test_two_processes_that_were_handed_the_same_act_keep_one_message(store: Store) -> None:
    with store.write() as session:
        session.add(Person(email="ana@example.com", name="Ana", tz="Europe/Berlin"))
    kept: list[tuple[int, bool]] = []

    def keep(*, wait: bool = False) -> None:
        with store.write() as session:
            ana = session.scalars(select(Person)).one()
            message, is_new = keep_message(session, ana, kind="card", slot="Ev1", on=MONDAY, data={})
            kept.append((message.id, is_new))
            if wait:
                later.start()
                later.join(0.3)  # the other one reads, finds nothing, and waits for this one's end
                assert len(kept) == 1

    later = threading.Thread(target=keep)
    keep(wait=True)
    later.join(10)
    (first, is_new), (second, is_new_again) = kept
    assert first == second
    assert (is_new, is_new_again) == (True, False)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
