"""What HubSpot did not take, and what both sides changed: said on the entry, decided there by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.cli import main
from bot.store.tables import OutboxRow, Refusal, RunChange, RunRow
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.rules import Rule
from scheduler import run_job
from tests.living import Living, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
DISPOSITION = "hs_call_disposition"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
NO_LONGER = "Call outcome must be one that the team uses"


@pytest.fixture
def refusing(team: Living) -> Living:
    """HubSpot has a rule that refuses what Ana logs on Acme Dental."""
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    rule = Rule("REGEX", "never", "must be one that the team uses")
    team.world.hubspot.schema.add_rule(kind_of("calls"), DISPOSITION, rule)
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    return team


def lift_the_rule(team: Living) -> None:
    kind = kind_of("calls")
    known = team.world.hubspot.schema.of(kind)
    object.__setattr__(known[DISPOSITION], "rules", ())


def rows(team: Living) -> list[tuple[str, str | None]]:
    with team.assistant.work.store.read() as session:
        wanted = select(OutboxRow.state, OutboxRow.reason).where(OutboxRow.service == "hubspot")
        return [(row.state, row.reason) for row in session.execute(wanted.order_by(OutboxRow.id))]


def decisions(team: Living) -> list[tuple[str | None, int | None]]:
    with team.assistant.work.store.read() as session:
        wanted = select(RunChange).where(RunChange.field == "hubspot_entry").order_by(RunChange.id)
        return [(one.new, one.actor_id) for one in session.scalars(wanted)]


def digest(team: Living) -> str:
    return team.seen("ana")


def test_the_entry_says_why_in_words_and_is_sent_after_the_mend(refusing: Living) -> None:
    assert f"*HubSpot did not take it:* {NO_LONGER}" in digest(refusing)
    assert "isValid" not in digest(refusing) and rows(refusing)[-1] == ("dead", NO_LONGER)

    lift_the_rule(refusing)
    assert refusing.press("ana", "try_again", "Acme")["acked"]

    assert len(refusing.records("calls")) == 1 and rows(refusing)[-1][0] == "sent"
    assert "did not take" not in digest(refusing) and "in HubSpot" in digest(refusing)
    assert [decided for decided, _ in decisions(refusing)] == ["tried again"]


def test_an_entry_that_is_dropped_stays_here_and_says_so(refusing: Living) -> None:
    refusing.press("ana", "drop_entry", "Acme")

    assert rows(refusing)[-1] == ("dropped", "dropped by Ana Reyes")
    assert "only here: HubSpot will not have it" in digest(refusing)
    lift_the_rule(refusing)
    refusing.tick("sync")
    refusing.deliver()
    assert refusing.records("calls") == [] and "No answer" in digest(refusing)


def test_who_may_not_decide_is_refused_and_an_admin_may(refusing: Living) -> None:
    ref, block = button(refusing, "try_again")
    for who in ("ben", "olga", "cara"):
        forged(refusing, who, ref, block)
    with refusing.assistant.work.store.read() as session:
        assert len(list(session.scalars(select(Refusal)))) == 3
    assert decisions(refusing) == []
    lift_the_rule(refusing)
    forged(refusing, "adam", ref, block)
    assert len(refusing.records("calls")) == 1


def test_what_was_refused_on_an_earlier_day_stands_in_the_next_morning(refusing: Living) -> None:
    refusing.go("2026-11-24 08:30")
    refusing.tick("mornings")
    newest = refusing.messages("ana")[-1]
    assert "HubSpot did not take it" in str(newest["blocks"]) and "drop_entry" in str(newest["blocks"])
    assert "undo_fact" not in str(newest["blocks"])  # of another day: it cannot be undone any more


def test_a_refused_close_is_told_the_next_morning_though_nothing_is_due_on_it(contested: Living) -> None:
    """Lost in HubSpot since: nothing is to do on the account, and somebody has to choose all the same."""
    contested.tick("sync")
    contested.go("2026-11-24 08:30")
    contested.tick("mornings")
    newest = str(contested.messages("ana")[-1]["blocks"])
    assert "Tue 24 Nov" in newest and "Acme Dental" in newest and "keep_theirs" in newest


def test_an_undone_entry_asks_nothing_any_more(refusing: Living) -> None:
    refusing.press("ana", "undo_fact", "Acme")
    assert ("dropped", "undone") in rows(refusing) and "did not take" not in digest(refusing)


def test_the_admin_hears_once_a_day_how_many(refusing: Living) -> None:
    refusing.tick("alarms", "alarms")
    told = [message["text"] for message in refusing.messages("adam")]
    assert len(told) == 1 and "1 entry" in told[0] and "renewals outbox" in told[0]
    assert NO_LONGER in told[0] and "Acme" not in told[0]


@pytest.fixture
def contested(team: Living) -> Living:
    """Ana moves Acme Dental into negotiation; before it arrives somebody closes it in HubSpot."""
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    team.submit("ana", note={"value": "Wants it"})
    team.world.hubspot.update("deals", deal_id(team), {"dealstage": "renewal_closed_lost"})
    team.let_undo_pass()
    return team


def deal_id(team: Living) -> str:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(RunRow.deal_id)).one()


def stages(team: Living) -> tuple[str, str]:
    """The stage here, and the deal's in HubSpot."""
    with team.assistant.work.store.read() as session:
        here = session.scalars(select(RunRow.stage)).one()
    return here, team.world.hubspot.get("deals", deal_id(team)).properties["dealstage"]


def test_both_are_shown_and_nothing_is_written_before_the_choice(contested: Living) -> None:
    said = digest(contested)
    assert "*Changed in HubSpot, too.* Here: " in said and "Choose by Tue 24 Nov" in said
    assert "Keep HubSpot's" in said and "Write mine" in said
    contested.tick("sync")
    assert stages(contested) == ("lost", "renewal_closed_lost")  # of stages HubSpot's holds meanwhile


def test_keep_hubspots(contested: Living) -> None:
    contested.press("ana", "keep_theirs", "Acme")
    contested.tick("sync")
    contested.deliver()
    assert stages(contested) == ("lost", "renewal_closed_lost")
    assert [decided for decided, _ in decisions(contested)] == ["HubSpot's kept"]
    assert "Changed in HubSpot, too" not in digest(contested)


def test_write_mine_and_no_ping_pong(contested: Living) -> None:
    contested.tick("sync")
    contested.press("ana", "write_mine", "Acme")
    for _ in range(3):
        contested.tick("sync")
        contested.deliver()
    assert stages(contested) == ("negotiation", "renewal_in_negotiation")
    assert [decided for decided, _ in decisions(contested)] == ["ours written"]
    assert "*In HubSpot:*" not in digest(contested)  # what was written over is no news
    with contested.assistant.work.store.read() as session:
        moves = select(RunChange).where(RunChange.field == "stage").order_by(RunChange.id)
        history = [(one.old, one.new, one.source) for one in session.scalars(moves)]
    assert history == [
        ("open", "negotiation", "slack"),
        ("negotiation", "lost", "hubspot"),
        ("lost", "negotiation", "slack"),
    ]


@pytest.mark.parametrize("synced", [True, False])
def test_undo_takes_ours_back_and_leaves_what_was_chosen_in_hubspot(contested: Living, synced: bool) -> None:
    if synced:
        contested.tick("sync")
    contested.press("ana", "undo_fact", "Acme")
    contested.let_undo_pass()
    contested.tick("sync")
    contested.deliver()
    assert stages(contested)[1] == "renewal_closed_lost"
    if synced:
        assert stages(contested)[0] == "lost" and "Changed in HubSpot, too" not in digest(contested)


def test_another_change_in_hubspot_after_the_choice_is_asked_about_again(contested: Living) -> None:
    ref, block = button(contested, "write_mine")
    contested.world.hubspot.update("deals", deal_id(contested), {"dealstage": "renewal_closed_won"})
    forged(contested, "ana", ref, block)
    assert stages(contested)[1] == "renewal_closed_won" and "Changed in HubSpot, too" in digest(contested)


def test_when_nobody_answers_for_a_day_hubspots_stays(contested: Living) -> None:
    contested.clock.let_pass(timedelta(hours=23))
    assert run_job(contested.assistant, "alarms") and decisions(contested) == []
    contested.clock.let_pass(timedelta(hours=2))
    assert run_job(contested.assistant, "alarms")
    contested.tick("sync")
    assert decisions(contested) == [("HubSpot's stays: nobody chose within a day", None)]
    assert stages(contested) == ("lost", "renewal_closed_lost")


def test_a_contest_ends_when_the_deal_is_gone(contested: Living) -> None:
    """Nobody can choose any more: it waits for no day, and nothing is written when the deal comes back."""
    ref, block = button(contested, "write_mine")
    contested.world.hubspot.archive("deals", deal_id(contested))
    contested.tick("sync")
    said = "the deal is out of the book (deleted in HubSpot)"
    assert decisions(contested) == [(f"HubSpot's kept: {said}", None)]
    assert rows(contested)[-1] == ("dropped", said)
    forged(contested, "ana", ref, block)
    contested.world.hubspot.restore("deals", deal_id(contested))
    contested.tick("sync")
    contested.deliver()
    assert stages(contested) == ("lost", "renewal_closed_lost")
    assert "Changed in HubSpot, too" not in digest(contested)


def test_an_edited_call_that_was_edited_in_hubspot_too(team: Living) -> None:
    """Ours stands until somebody chooses; then HubSpot's is read, though nothing has changed there since."""
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    (call,) = team.world.hubspot.records.all(kind_of("calls"))
    team.press("ana", "open_more", "Acme")
    change_to_voicemail(team)
    team.world.hubspot.update("calls", call.id, {DISPOSITION: BUSY})
    team.let_undo_pass()
    assert "Here: Left voicemail. In HubSpot: Busy." in digest(team)
    team.tick("sync")
    assert "Left voicemail" in digest(team)

    team.press("ana", "keep_theirs", "Acme")
    team.clock.let_pass(timedelta(minutes=1))
    team.tick("sync")

    assert "Busy" in digest(team) and "Changed in HubSpot, too" not in digest(team)
    assert team.world.hubspot.get("calls", call.id).properties[DISPOSITION] == BUSY


def change_to_voicemail(team: Living) -> None:
    team.press_in_form("ana", "open_change")
    team.submit("ana", outcome={"selected_option": {"value": "left_voicemail"}})


def button(team: Living, action_id: str) -> tuple[dict[str, Any], str]:
    """The newest such button of Ana's, and its block."""
    for message in reversed(team.messages("ana")):
        for block in message.get("blocks") or ():
            for element in block.get("elements") or ():
                if element.get("action_id") == action_id:
                    return element, block["block_id"]
    raise AssertionError(digest(team))


def forged(team: Living, who: str, element: dict[str, Any], block_id: str) -> None:
    """Somebody sends what stands on Ana's button."""
    team.command(who, "help")
    own = team.dm(who)
    container = {"type": "message", "channel": own, "ts": team.messages(who)[-1]["ts"]}
    team.act(
        who,
        container,
        block_id,
        element["action_id"],
        value={"type": "button", "value": element["value"]},
        forge=True,
    )


@pytest.fixture
def outbox(refusing: Living, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`renewals outbox WORDS` beside the team at work; answers its exit code and what it printed."""
    monkeypatch.setenv("DATABASE_URL", refusing.settings.database_url)
    monkeypatch.delenv("RENEWALS_CONFIG", raising=False)

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        try:
            code = main(["outbox", *words])
        except SystemExit as left:
            code = int(left.code or 0)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def set_aside_id(team: Living) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(OutboxRow.id).where(OutboxRow.state == "dead")).one()


def test_the_queue_is_listed_by_service_and_state_without_a_customers_words(
    refusing: Living, outbox: Any
) -> None:
    row_id = set_aside_id(refusing)
    code, said = outbox("--service", "hubspot", "--state", "set-aside")
    (line,) = [one for one in said.splitlines() if one.startswith("set aside:")]
    assert code == 0 and line.startswith(f"set aside: {row_id} activity to fact:")
    assert NO_LONGER in line and f"deal {deal_id(refusing)} · 1 try · " in line and line.endswith(" old")
    assert "Acme" not in said and "slack" not in said
    assert "hubspot  set aside" in said and "dead" not in said
    assert said.splitlines()[-1].startswith("Set aside: --retry ID sends it once more, --drop ID")
    assert outbox("--state", "waiting", "--service", "hubspot")[1].count("set aside:") == 0
    assert outbox("--state", "sideways")[0] == outbox("--why", "x")[0] == outbox("--retry", "x")[0] == 2


def test_an_admin_tries_all_again_or_drops_one_with_a_reason(refusing: Living, outbox: Any) -> None:
    row_id = set_aside_id(refusing)
    code, said = outbox("--retry", "all", "--service", "hubspot")
    assert code == 0 and "1 row will be sent again." in said
    refusing.deliver()  # the rule still stands
    assert outbox("--drop", str(row_id + 1))[0] == 1
    assert outbox("--drop", str(row_id), "--why", "typed there by hand")[0] == 0
    assert rows(refusing)[-1] == ("dropped", "dropped by an admin: typed there by hand")
    refusing.deliver()
    assert "only here: HubSpot will not have it" in digest(refusing)
    assert [one for one, _ in decisions(refusing)] == [
        "tried again by an admin",
        "dropped by an admin: typed there by hand",
    ]


def test_the_admins_home_counts_what_waits_and_what_was_set_aside(refusing: Living) -> None:
    def home(who: str) -> str:
        path = f"/people/{refusing.ids[who]}/home"
        refusing.http.post(f"{path}/open").raise_for_status()
        wait_until(lambda: (refusing.deliver(), refusing.http.get(path).json()["view"])[1])
        return str(refusing.http.get(path).json()["view"])

    refusing.press("ana", "log_review", "Acme")  # waits for Undo
    shown = home("adam")
    assert "HubSpot: 1 waiting, the oldest since 08:30 · :warning: *1 set aside*" in shown
    assert "`renewals outbox`" in shown and "set aside" not in home("ana")
