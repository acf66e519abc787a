"""Each rep's page on which customers book a time, read from the CRM with the people."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.logs import LOGGER, log
from bot.services.crm import CrmOwner, CrmReader
from bot.services.crm_errors import CrmError, MissingScope
from bot.services.people.book_of import reps_query
from bot.services.work import Work

logger = logging.getLogger(LOGGER)


def keep_meeting_links(work: Work, crm: CrmReader, owners: Iterable[CrmOwner]) -> None:
    """Bring the reps' links up to date. Never raises CrmError: without the scope there are none, and when the CRM
    does not answer those known before stay."""
    users = {owner.email: owner.user_id for owner in owners if owner.active and owner.user_id is not None}
    with work.store.read() as session:
        reps = {rep.id: users.get(rep.email) for rep in session.scalars(reps_query(work.config))}
    try:
        links = crm.meeting_links(sorted({user_id for user_id in reps.values() if user_id is not None}))
    except MissingScope:
        links = {}
        log(logger, logging.INFO, "people.no_meeting_links", why="scope")
    except CrmError as error:
        log(logger, logging.WARNING, "people.no_meeting_links", error=error)
        return
    with work.store.write() as session:
        for rep in session.scalars(reps_query(work.config)):
            link = links.get(reps.get(rep.id) or "")
            if rep.id in reps and rep.meeting_link != link:
                rep.meeting_link = link
