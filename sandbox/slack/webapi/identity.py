"""auth.test and apps.connections.open: who the app is and how it connects."""

from __future__ import annotations

from sandbox.slack.model import Json
from sandbox.slack.webapi.call import Call


def auth_test(call: Call) -> Json:
    """auth.test."""
    workspace = call.workspace
    return {
        "ok": True,
        "url": f"{workspace.base_url}/",
        "team": workspace.team_name,
        "user": workspace.person(workspace.app.bot_user_id).handle,
        "team_id": workspace.team_id,
        "user_id": workspace.app.bot_user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """apps.connections.open: an address for one WebSocket connection."""
    address = call.workspace.base_url.replace("http", "ws", 1)
    ticket = call.workspace.sockets.new_ticket()
    return {"ok": True, "url": f"{address}/slack/socket?ticket={ticket}"}
