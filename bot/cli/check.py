"""`renewals check`: tokens, scopes, channels, people, HubSpot and the database, each failure with its mend."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bot.bootstrap import hubspot_client
from bot.cli.check_groups import all_there, user_groups
from bot.cli.check_webhooks import webhooks
from bot.cli.opened import is_empty
from bot.cli.output import say
from bot.cli.words import parser_of
from bot.config import Config
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.setup import Check
from bot.hubspot.setup import check as check_hubspot
from bot.services.crm_errors import CrmError
from bot.services.people.people import owners_of_open_runs
from bot.services.people.user_groups import is_group
from bot.services.runs.go_live import approved_from, unowned
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.directory import SlackUser
from bot.slack.gateway import SlackGateway
from bot.slack.trouble import CallRefused, ChannelGone, NoAnswer, SlackTrouble
from bot.store.errors import StoreError
from bot.store.migrate import check_current
from bot.store.session import Store

# Those of manifest.yml; reinstalling the app after a change of the manifest grants them.
SCOPES = frozenset(
    {
        "chat:write",
        "commands",
        "im:history",
        "im:read",
        "im:write",
        "channels:history",
        "channels:read",
        "groups:history",
        "groups:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
# Roles that need nobody, and what that means.
NOBODY = {
    "reps": "nobody is named: everybody who owns a renewal",
    "admins": "nobody is named under roles.admins: nobody is told when HubSpot takes nothing",
}
NAMED = 10  # people named in one line; the rest is counted


def main(argv: list[str]) -> int:
    """0 when everything is fine, 1 when anything is not."""
    parser_of("check", __doc__).parse_args(argv)
    failed = 0
    for one in _checks():
        say(f"{'ok  ' if one.ok else 'FAIL'}  {one.name}: {one.says}")
        failed += not one.ok
    if failed:
        say(f"{failed} to mend.")
    return 1 if failed else 0


def _checks() -> Iterator[Check]:
    try:
        settings = load_settings(os.environ, ("SLACK_BOT_TOKEN",))
    except SettingsError as error:
        yield from (Check("settings", False, problem) for problem in error.problems)
        return
    yield Check("settings", True, "read")
    slack = SlackGateway(settings)
    looked = list(_slack(settings, slack))
    yield from looked
    speaks = looked[0].ok  # otherwise nothing that is asked of Slack says more
    directory = _directory(slack) if speaks else None
    if speaks:
        yield from _channels(settings.config, slack)
    client = hubspot_client(settings)
    gateway = HubSpotGateway(client, settings.config.hubspot) if client is not None else None
    if gateway is None:
        yield Check("HubSpot", True, "no HUBSPOT_ACCESS_TOKEN: the assistant works an imported book")
    else:
        yield from check_hubspot(gateway)
        yield webhooks(settings)
        yield from moved_out_owners(settings.config, gateway)
    if speaks:
        yield from _people(settings.config, directory)
        yield from user_groups(settings.config, slack)
    yield from _database(settings, gateway, directory)


def _slack(settings: Settings, slack: SlackGateway) -> Iterator[Check]:
    try:
        who = slack.identity()
        scopes = slack.scopes()
    except NoAnswer as trouble:
        mend = "check this machine's network, and SLACK_API_URL, which is only set if it is not Slack's own"
        yield Check("Slack", False, f"no answer from {settings.slack_api_url} ({trouble}): {mend}")
        return
    except SlackTrouble as trouble:
        mend = "set a valid SLACK_BOT_TOKEN, and SLACK_API_URL only if it is not Slack's own"
        yield Check("Slack token", False, f"refused ({trouble}): {mend}")
        return
    yield Check("Slack token", True, f"accepted in the workspace {who.team or who.team_id}")
    if scopes is None:
        yield Check("Slack scopes", True, "this server does not say")
    elif missing := sorted(SCOPES - scopes):
        mend = "add them to the app (manifest.yml has them all) and reinstall it"
        yield Check("Slack scopes", False, f"{', '.join(missing)} missing: {mend}")
    else:
        yield Check("Slack scopes", True, "all there")
    yield _way_in(settings, slack)


def _way_in(settings: Settings, slack: SlackGateway) -> Check:
    """Socket Mode, or signed HTTP: one of both."""
    if not settings.slack_app_token:
        if settings.slack_signing_secret:
            return Check("Slack way in", True, "signed HTTP: start with `renewals run --http`")
        mend = "set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for `renewals run --http`"
        return Check("Slack way in", False, f"neither Socket Mode nor signed HTTP: {mend}")
    try:
        slack.can_connect(settings.slack_app_token)
    except SlackTrouble as trouble:
        mend = "make an app-level token with connections:write and switch Socket Mode on"
        return Check("Slack way in", False, f"SLACK_APP_TOKEN is refused ({trouble}): {mend}")
    return Check("Slack way in", True, "Socket Mode")


def _directory(slack: SlackGateway) -> dict[str, SlackUser] | None:
    """The workspace's people by e-mail; None when Slack does not list them."""
    try:
        return {user.email: user for user in slack.directory() if user.email and not user.is_bot}
    except SlackTrouble:
        return None


def _channels(config: Config, slack: SlackGateway) -> Iterator[Check]:
    for team in config.teams:
        name = f"manager channel of {team.name}"
        if team.manager_channel is None:
            mend = f"set manager_channel of the team {team.name} to a channel's id"
            yield Check(name, False, f"nobody hears of overdue renewals and nothing moves out: {mend}")
        else:
            yield _channel(name, team.manager_channel, slack)
    if config.care_channel is None:
        mend = "set channels.care to a channel's id"
        yield Check("Customer Care's channel", False, f"nobody is asked to take a site down: {mend}")
    else:
        yield _channel("Customer Care's channel", config.care_channel, slack)


def _channel(name: str, channel: str, slack: SlackGateway) -> Check:
    try:
        shown = slack.channel_named(channel)
    except ChannelGone:
        mend = "name it by its id (C...), and invite the app if it is private"
        return Check(name, False, f"{channel} does not exist, or the app cannot see it: {mend}")
    except CallRefused as trouble:
        return Check(name, True, f"{channel}, which this server tells nothing of ({trouble.code})")
    except SlackTrouble as trouble:
        return Check(name, False, f"{channel} cannot be looked at ({trouble})")
    if shown.get("is_archived"):
        return Check(name, False, f"{channel} is archived: unarchive it or name another")
    if shown.get("is_member") is False:
        return Check(name, False, f"the app is not in {channel}: type /invite @Renewals there")
    return Check(name, True, f"#{shown.get('name') or channel}")


def moved_out_owners(config: Config, gateway: HubSpotGateway) -> Iterator[Check]:
    """Who owns what is moved out, where a team has set it, is an owner in HubSpot."""
    try:
        known = {owner.email for owner in gateway.owners() if owner.active}
    except CrmError:
        return  # the token's own check says so
    for team in config.teams:
        if team.moved_out_owner is None:
            continue
        name = f"owner of what {team.name} moves out"
        if team.moved_out_owner in known:
            yield Check(name, True, team.moved_out_owner)
        else:
            mend = f"mend moved_out_owner of the team {team.name}, or add the user in HubSpot"
            yield Check(name, False, f"HubSpot has no active owner {team.moved_out_owner}: {mend}")


def _people(config: Config, directory: dict[str, SlackUser] | None) -> Iterator[Check]:
    """Everybody whom the configuration names is in Slack, and somebody holds each role."""
    if directory is None:
        yield Check("people", False, "Slack does not list them: users:read and users:read.email are needed")
        return
    roles = {
        "managers": [email for team in config.teams for email in team.managers],
        "department managers": config.department_managers,
        "Customer Care": config.customer_care,
        "reps": [email for team in config.teams for email in team.reps],
        "admins": config.admins,
    }
    for role, names in roles.items():
        emails = [name for name in names if not is_group(name)]
        absent = sorted({email for email in emails if not _is_there(directory, email)})
        if absent:
            yield Check(role, False, f"no Slack account has {_some(absent)}: mend the e-mail in the config")
        elif names or role in NOBODY:
            yield Check(role, True, all_there(emails, names) if names else NOBODY[role])
        else:
            yield Check(role, False, "nobody is named: name their e-mails in the config")


def _database(
    settings: Settings, gateway: HubSpotGateway | None, directory: dict[str, SlackUser] | None
) -> Iterator[Check]:
    try:
        store = Store(settings.database_url)
    except StoreError as error:
        yield Check("database", False, error.sentence)
        return
    try:
        if is_empty(store):
            yield Check("database", False, "empty: run `renewals migrate`")
            return
        check_current(store)
        yield Check("database", True, f"up to date ({store.dialect})")
        with store.read() as session:
            emails, owner_ids = owners_of_open_runs(session)
            ownerless, start = unowned(session), approved_from(session)
        if directory is not None:
            yield _owners(emails, owner_ids, gateway, directory)
            yield _zones(settings.config, emails, directory)
        if ownerless:
            mend = "give them an owner who is in Slack"
            yield Check(
                "accounts", False, f"{len(ownerless)} without an owner in Slack ({_some(ownerless)}): {mend}"
            )
        quiet = "quiet: nothing is sent before `renewals go-live --from DATE` is approved"
        yield Check("go-live", True, quiet if start is None else f"approved: speaks from {start} on")
    except StoreError as error:
        yield Check("database", False, error.sentence)
    finally:
        store.close()


def _owners(
    emails: frozenset[str],
    owner_ids: frozenset[str],
    gateway: HubSpotGateway | None,
    directory: dict[str, SlackUser],
) -> Check:
    """Everybody who owns an open renewal reads Slack under the same e-mail."""
    try:
        known = {owner.id: owner.email for owner in gateway.owners()} if gateway is not None else {}
    except CrmError:
        known, owner_ids = {}, frozenset()  # who they are cannot be told; why is told already
    absent = {known.get(owner_id) or f"owner {owner_id}" for owner_id in owner_ids}
    absent |= {email for email in emails if not _is_there(directory, email)}
    if absent:
        mend = "give them the same e-mail in Slack, or their renewals to somebody else"
        return Check("owners", False, f"own renewals and are not in Slack: {_some(sorted(absent))}: {mend}")
    return Check("owners", True, f"{len(emails)} own renewals, all in Slack")


def _zones(config: Config, emails: frozenset[str], directory: dict[str, SlackUser]) -> Check:
    """Mornings are in each reader's zone; who has set none gets UTC's."""
    managers = [[name for name in team.managers if not is_group(name)] for team in config.teams]
    named = emails.union(*(team.reps for team in config.teams), *managers)
    shown = [user for email, user in directory.items() if email in named and not user.deleted]
    without = sorted(str(user.email) for user in shown if user.tz == "UTC")
    if without:
        return Check("time zones", False, f"none set in Slack by {_some(without)}: set it in the profile")
    return Check("time zones", True, "known of everybody who is told something")


def _is_there(directory: dict[str, SlackUser], email: str) -> bool:
    return email in directory and not directory[email].deleted


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
