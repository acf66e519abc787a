"""What a team's configuration says: teams, roles, offices, and how HubSpot is laid out.

Everything has a default: without a file there is one team without a channel, and one office in the rep's own
zone, Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

from bot.playbook.email_templates import Emails


@dataclass(frozen=True, slots=True)
class Team:
    """Reps, who manages them, and the channel that hears of overdue renewals. People are named by e-mail,
    managers by their user group's handle, too."""

    name: str
    manager_channel: str | None = None
    managers: tuple[str, ...] = ()
    reps: tuple[str, ...] = ()  # none named: everybody who owns a renewal
    moved_out_owner: str | None = None  # the HubSpot owner of what is moved out; none: it keeps its owner


@dataclass(frozen=True, slots=True)
class Office:
    """Where people work: public holidays (country and subdivision as ISO codes), weekdays, and hours."""

    name: str
    country: str | None = None
    subdivision: str | None = None
    workdays: frozenset[int] = frozenset(range(5))  # 0 is Monday
    day_starts: time = time(8, 30)
    day_ends: time = time(17, 30)
    own_holidays: frozenset[date] = frozenset()
    people: tuple[str, ...] = ()  # none named: everybody who is in no other office


@dataclass(frozen=True, slots=True)
class HubSpotProperties:
    """Which properties carry the renewal's dates, facts and links: the deal's, unless it says otherwise."""

    put_out_on: str = "renewal_put_out_date"
    expires_on: str = "renewal_expiration_date"
    price: str = "renewal_monthly_price"
    hosts_site: str = "renewal_hosted_site"
    site_down_at: str | None = "site_taken_down_at"
    # The same dates on the deal's company, where a portal keeps them there as well: they have to agree.
    company_put_out_on: str | None = None
    company_expires_on: str | None = None
    # Links for the account's card, on the deal or on its company; not used unless named.
    reports_url: str | None = None
    analytics_url: str | None = None
    # The contact's last answer to the NPS survey, by HubSpot's own properties unless others are named.
    nps_score: str = "hs_feedback_last_nps_rating_number"
    nps_on: str | None = "hs_feedback_last_survey_date"
    nps_why: str | None = "hs_feedback_last_nps_follow_up"


@dataclass(frozen=True, slots=True)
class HubSpotConfig:
    """The renewals pipeline and what its stages and call outcomes mean."""

    pipeline: str = "renewals"
    stages: Mapping[str, str] = field(default_factory=dict)  # HubSpot stage id -> our stage
    properties: HubSpotProperties = HubSpotProperties()
    price_period: str = "month"
    call_outcomes: Mapping[str, bool] = field(default_factory=dict)  # the portal's own: id -> was it contact?
    portal_id: str | None = None
    sync_seconds: int = 60  # between two readings of what changed
    new_deals_pipeline: str = "default"  # where an upsell or a new customer's deal begins ...
    new_deals_stage: str | None = None  # ... and in which stage: its first, unless named
    next_term: str = "create"  # or "leave": the portal's own workflow makes a won renewal's next deal

    @property
    def stage_for(self) -> dict[str, str]:
        """Our stage -> the HubSpot stage id to write (the first one named for it)."""
        found: dict[str, str] = {}
        for stage_id, stage in self.stages.items():
            found.setdefault(stage, stage_id)
        return found


@dataclass(frozen=True, slots=True)
class Config:
    """All of the file. Roles are e-mails in lower case, and handles of user groups in Slack ("@customer-care")."""

    teams: tuple[Team, ...] = (Team("Renewals"),)
    care_channel: str | None = None
    department_managers: tuple[str, ...] = ()
    customer_care: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    offices: tuple[Office, ...] = (Office("default"),)
    hubspot: HubSpotConfig = HubSpotConfig()
    playbook_file: Path | None = None
    emails: Emails = field(default_factory=Emails)
    outbox_tries: int = 8  # that fail by the entry's own fault, before it is set aside and told
    outbox_looks: int = 300  # for what may have arrived and nobody confirms; then a person decides

    def office_of(self, email: str) -> Office:
        """The office that names this person, else the one that names nobody, else the first."""
        named = [office for office in self.offices if email.lower() in office.people]
        open_to_all = [office for office in self.offices if not office.people]
        return (named or open_to_all or list(self.offices))[0]

    def team_of(self, email: str) -> Team:
        """The team that names this rep, else the one that names nobody, else the first."""
        named = [team for team in self.teams if email.lower() in team.reps]
        open_to_all = [team for team in self.teams if not team.reps]
        return (named or open_to_all or list(self.teams))[0]
