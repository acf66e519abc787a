"""The team that the sandbox's people belong to: who they are, where they work, which channels they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DOMAIN = "harborline.example"


@dataclass(frozen=True)
class TeamMember:
    """A colleague. `tz` is an IANA zone; `country` and `subdivision` say which public holidays they have."""

    key: str
    name: str
    title: str
    role: str
    tz: str
    country: str
    subdivision: str | None = None

    @property
    def email(self) -> str:
        """The address that HubSpot's owner and Slack's user share."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


MAYA = TeamMember("maya", "Maya Okafor", "Renewals, East", "rep", "America/New_York", "US", "NY")
DIEGO = TeamMember("diego", "Diego Ramirez", "Renewals, West", "rep", "America/Los_Angeles", "US", "CA")
IMOGEN = TeamMember("imogen", "Imogen Clarke", "Renewals, Europe", "rep", "Europe/London", "GB", "ENG")
REPS = (MAYA, DIEGO, IMOGEN)
PRIYA = TeamMember("priya", "Priya Nair", "Renewals Manager", "manager", "America/New_York", "US", "NY")
WALTER = TeamMember(
    "walter", "Walter Hobbs", "Department Manager", "department_manager", "America/New_York", "US", "NY"
)
LENA = TeamMember("lena", "Lena Fischer", "Customer Care", "customer_care", "America/New_York", "US", "NY")
TOM = TeamMember("tom", "Tom Achebe", "Customer Care", "customer_care", "Europe/London", "GB", "ENG")
SAM = TeamMember("sam", "Sam Whitfield", "Sales Systems", "admin", "America/New_York", "US", "NY")
TEAM = (*REPS, PRIYA, WALTER, LENA, TOM, SAM)

GUS = TeamMember("gus", "Gus Onley", "Renewals (left)", "former_rep", "America/New_York", "US", "NY")
"""Left the company: nobody took his HubSpot user or his one deal away; in Slack he is no more."""

CARE_GROUP = "customer-care"
"""The handle of Customer Care's user group: in it is whoever may confirm that a site is down."""

MANAGERS_CHANNEL, CARE_CHANNEL, GENERAL_CHANNEL = "renewals-managers", "customer-care", "general"
CHANNELS: Mapping[str, tuple[TeamMember, ...]] = {
    MANAGERS_CHANNEL: (PRIYA, WALTER, SAM),
    CARE_CHANNEL: (LENA, TOM, PRIYA),
    GENERAL_CHANNEL: TEAM,
}
