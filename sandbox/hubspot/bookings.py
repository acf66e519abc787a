"""What a customer does on a booking page: the meeting stands in the CRM, made by the page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.hubspot.errors import ApiError, invalid
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.portal import MeetingLink, Portal
from sandbox.hubspot.records import Record
from sandbox.hubspot.values import instant_text

LASTS = timedelta(minutes=30)
SOURCE = "MEETINGS_PUBLIC"


def book(portal: Portal, slug: str, email: str, starts_at: datetime) -> Record:
    """The meeting that a customer books: with the contact of that e-mail, who is made when nobody has it, and their
    companies; not with a deal, of which a booking page knows nothing. Raises ApiError 400 or 404.
    """
    with portal.lock:
        link = page_of(portal, slug)
        owner = next((one for one in portal.owners.values() if one.user_id == link.organizer_user_id), None)
        if owner is None or owner.archived:
            raise invalid(f"Nobody can be met on {slug}.")
        if starts_at <= portal.clock.now():
            raise invalid("A time that is past cannot be booked.", field="starts_at")
        if "@" not in email:
            raise invalid("email must be an e-mail address.", field="email")
        contact = _contact(portal, email)
        companies = portal.associated(contact, "companies")
        values = {
            "hs_timestamp": instant_text(starts_at),
            "hs_meeting_title": link.name,
            "hs_meeting_start_time": instant_text(starts_at),
            "hs_meeting_end_time": instant_text(starts_at + LASTS),
            "hs_meeting_outcome": "SCHEDULED",
            "hs_meeting_source": SOURCE,
            "hubspot_owner_id": owner.id,
        }
        targets = [("contacts", contact.id), *(("companies", one.id) for one in companies)]
        return portal.create("meetings", values, targets)


def page_of(portal: Portal, slug: str) -> MeetingLink:
    """The booking page. Raises ApiError 404."""
    found = next((one for one in portal.outside.meeting_links if one.slug == slug), None)
    if found is None:
        raise ApiError(404, "OBJECT_NOT_FOUND", f"There is no booking page {slug}.")
    return found


def _contact(portal: Portal, email: str) -> Record:
    wanted = email.casefold()
    for one in portal.records.all(kind_of("contacts")):
        if not one.archived and one.properties.get("email", "").casefold() == wanted:
            return one
    return portal.create("contacts", {"email": email})
