"""An account's card: found by name, typo or message; what each reader may do on it; kept as things are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.config import Config, HubSpotProperties
from bot.store.tables import Refusal
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
WEDNESDAY = date(2026, 11, 18)


def with_links(_: Living, usual: Config) -> Config:
    named = HubSpotProperties(reports_url="renewal_reports_url", analytics_url="site_analytics_url")
    return replace(usual, hubspot=replace(usual.hubspot, properties=named, portal_id="4711000"))


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, config=with_links) as found:
        yield in_the_morning(found)


def in_the_morning(team: Living) -> Living:
    """Ana's morning: three accounts, one of them on day 6 with a survey, a second contact and history."""
    deal = team.account("Bay & Sons", WEDNESDAY, renewal_reports_url="https://reports.example/bay")
    portal = team.world.hubspot
    (company,) = team.records("companies")
    portal.update("companies", company["id"], {"site_analytics_url": "https://stats.example/bay"})
    contact = next(one for one in team.records("contacts"))
    portal.update(
        "contacts",
        contact["id"],
        {
            "hs_feedback_last_nps_rating_number": "6",
            "hs_feedback_last_survey_date": "2026-10-12T12:00:00Z",
            "hs_feedback_last_nps_follow_up": "Too <slow>",
        },
    )
    more = {"firstname": "Eve", "lastname": "Ito", "phone": "+1 212 555 0199", "email": "eve@bay.example"}
    portal.create("contacts", more, [("deals", deal)])
    team.account("Acme Dental", MONDAY)
    team.account("Acme Garage", MONDAY)
    team.account("St. Mary's", date(2026, 11, 30))
    team.account("Foreign Foods", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    return team


def card(team: Living, who: str = "ana", channel: str | None = None) -> dict[str, Any]:
    """The newest answer that only this person sees."""
    return next(one for one in reversed(team.messages(who, channel)) if one["ephemeral"])


def shortcut(team: Living, who: str, message: dict[str, Any], channel: str | None = None) -> None:
    """*Open account* in the menu of a message."""
    body = {"channel": channel or team.dm(who), "ts": message["ts"], "callback_id": "open_account"}
    answer = team.http.post(f"/people/{team.ids[who]}/shortcuts", json=body)
    assert answer.json() == {"acked": True, "ms": answer.json()["ms"]}


def buttons(shown: dict[str, Any]) -> list[str]:
    found = [element for block in shown["blocks"] for element in block.get("elements", [])]
    return [element["text"]["text"] for element in found if element.get("type") == "button"]


def press_in_modal(team: Living, who: str, action_id: str) -> None:
    assert team.press_in_form(who, action_id)["acked"]


def test_a_name_shows_where_it_stands_and_all_that_is_known(team: Living) -> None:
    said = team.command("ana", "bay")
    assert "Day 6 of 30, 0 of 2 contacts today, account review and first call late since" in said
    for fact in (
        "*Put out:* Wed 18 Nov 2026",
        "*Contract expires:* Tue 8 Dec 2026, we host the site",
        "*Price:* 140 USD/month",
        "*NPS:* 6 on Mon 12 Oct, not satisfied",
        "*Owner:* Ana Reyes",
        "*Carl Customer* · <tel:+12125550101|+1 212 555 0101> · <mailto:",
        "*Eve Ito* · <tel:+12125550199|+1 212 555 0199> · <mailto:eve@bay.example|eve@bay.example>",
        "Nothing logged yet",
        "<https://reports.example/bay|Reports> · <https://stats.example/bay|Analytics>",
    ):
        assert fact in said, fact
    deal = next(one for one in team.records("deals") if one["dealname"] == "Bay & Sons")
    assert f"<https://app.hubspot.com/contacts/4711000/record/0-3/{deal['id']}|Open in HubSpot>" in said
    assert buttons(card(team)) == [
        *("Review…", "Review done", "Report missing", "No answer", "Left voicemail", "Connected…"),
        *("Email…", "Meeting…", "Defer…", "More…", "Won…", "Lost…"),
    ]
    assert "listen first" in said and "“Too &lt;slow&gt;”" in said


def test_a_typo_finds_it_and_several_are_a_choice(team: Living) -> None:
    assert "Bay & Sons" in team.command("ana", "bya & sons")
    assert "St. Mary's" in team.command("ana", "st marys")  # "st" is like no command
    said = team.command("ana", "acme")
    assert "2 accounts match “acme”. Which one?" in said and "Day 1 of 30" in said
    team.press("ana", "open_card", "Garage")
    assert "Acme Garage" in words(team.form("ana"))
    assert "Did you mean `today`?" in team.command("ana", "tody")
    nobody = team.command("ana", "zebra crossing")
    assert "No account of yours is called so" in nobody
    foreign = team.command("ana", "foreign foods")
    assert "Foreign Foods" not in foreign and "Ben" not in foreign


def test_what_is_logged_on_it_draws_it_again_and_undo_stands_there(team: Living) -> None:
    team.command("ana", "bay")
    team.press("ana", "log_call:no_answer", "")
    shown = words(card(team))
    assert "Day 6 of 30, 1 of 2 contacts today" in shown
    assert "• No answer 08:30 · Ana Reyes" in shown
    team.press("ana", "undo_fact", "")
    assert "• No answer 08:30" not in words(card(team))


def test_it_lists_the_last_five_touches_with_who_and_when_the_newest_first(team: Living) -> None:
    deal = next(one["id"] for one in team.records("deals") if one["dealname"] == "Bay & Sons")
    for minute in range(6):
        note = {"hs_timestamp": f"2026-11-23T13:0{minute}:00Z", "hs_note_body": f"Note {minute}"}
        team.world.hubspot.create("notes", note, [("deals", deal)])
    team.go("2026-11-23 08:35")
    team.tick("sync")
    team.command("ana", "log bay no answer")
    said = team.command("ana", "bay")
    history = said.split("*Last touches* (+2 earlier)")[1]
    touches = ("No answer 08:35 · Ana Reyes", *(f"Note 08:0{n} · HubSpot · “Note {n}”" for n in (5, 4, 3, 2)))
    places = [history.index(touch) for touch in touches]
    assert places == sorted(places)
    assert "“Note 1”" not in history and "“Note 0”" not in history


def test_the_card_in_a_conversation_follows_hubspot(team: Living) -> None:
    team.say("ana", "status of bay & sons")
    shown = team.messages("ana")[-1]
    assert "*NPS:* 6 on Mon 12 Oct" in words(shown)
    contact = next(one for one in team.records("contacts") if one.get("hs_feedback_last_nps_rating_number"))
    team.world.hubspot.update("contacts", contact["id"], {"hs_feedback_last_nps_rating_number": "9"})
    team.go("2026-11-23 08:40")
    team.tick("sync")
    again = team.messages("ana")[-1]
    assert again["ts"] == shown["ts"]
    assert "*NPS:* 9 on Mon 12 Oct, satisfied" in words(again)
    assert "with an upsell" in words(again)


def test_from_the_digest_by_more_and_logging_in_the_modal(team: Living) -> None:
    team.press("ana", "open_more", "Bay")
    press_in_modal(team, "ana", "open_card")
    assert "Day 6 of 30, 0 of 2 contacts today" in words(team.form("ana"))
    press_in_modal(team, "ana", "log_call:left_voicemail")
    form = team.form("ana")
    assert "1 of 2 contacts today" in words(form) and "• Left voicemail 08:30" in words(form)
    assert "Left voicemail 08:30" in words(team.messages("ana")[0])  # the digest too

    press_in_modal(team, "ana", "open_defer")
    team.submit(
        "ana",
        reason={"selected_option": {"value": "out_of_town"}},
        when={"value": "next monday"},
        note={"value": "Away"},
    )
    form = team.form("ana")
    assert form["callback_id"] == "account_card"
    assert "Bay &amp; Sons: deferred until Mon 30 Nov 2026." in words(form)
    assert "Day 6 of 30, deferred, 1 contact today, call back Mon 30 Nov" in words(form)
    assert "Review…" not in buttons(form) and "More…" in buttons(form)


def test_a_stale_press_in_the_modal_says_why_and_shows_it_as_it_is(team: Living) -> None:
    team.press("ana", "open_more", "Bay")
    press_in_modal(team, "ana", "open_card")
    team.press("ana", "log_review", "Bay")  # meanwhile, in the digest
    press_in_modal(team, "ana", "log_review")
    form = team.form("ana")
    assert "already logged by Ana Reyes" in words(form)
    assert "Review done" not in buttons(form)


def test_the_shortcut_opens_what_the_message_shows(team: Living) -> None:
    digest = team.messages("ana")[0]
    shortcut(team, "ana", digest)
    form = team.form("ana")
    assert "This message shows 3 accounts." in words(form)
    view = {"type": "view", "view_id": form["id"]}
    row = next(b for b in form["blocks"] if "Garage" in words({"blocks": [b]}))
    team.act("ana", view, row["block_id"], "open_card")
    assert "Acme Garage" in words(team.form("ana")) and "Day 1 of 30" in words(team.form("ana"))


def test_the_shortcut_on_somebodys_words_opens_the_account_they_name(team: Living) -> None:
    channel = team.managers_channel
    path = f"/people/{team.ids['maria']}/conversations/{channel}/messages"
    for text in ("Any news of bay & sons?", "Foreign Foods is unhappy", "Lunch?"):
        team.http.post(path, json={"text": text}).raise_for_status()
    named, foreign, nothing = team.messages("ana", channel)[-3:]
    shortcut(team, "ana", named, channel)
    assert "Bay &amp; Sons" in words(team.form("ana")) or "Bay & Sons" in words(team.form("ana"))
    for message in (foreign, nothing):
        shortcut(team, "ana", message, channel)
        assert "names no account of yours" in words(team.form("ana"))


def test_a_manager_sees_it_with_what_managers_decide(team: Living) -> None:
    team.go("2026-12-17 09:00")  # day 30 of Bay & Sons
    said = team.command("maria", "bay")
    assert "Day 30 of 30" in said and "moves out Thu 17 Dec" in said and "*Owner:* Ana Reyes" in said
    assert {"Keep…", "Move out now"} <= set(buttons(card(team, "maria")))
    team.press("maria", "open_keep", "")
    team.submit("maria", reason={"value": "Nearly there"}, until={"selected_date": "2026-12-22"})
    assert "kept until Tue 22 Dec" in words(card(team, "maria"))
    assert "Keep longer…" in buttons(card(team, "maria"))
    team.command("ana", "bay")
    assert not {"Keep…", "Keep longer…", "Move out now"} & set(buttons(card(team, "ana")))


def test_customer_care_sees_only_what_waits_for_it_and_may_only_confirm(team: Living) -> None:
    assert "No account of yours" in team.command("cara", "bay")
    team.go("2026-12-16 09:00")
    _send_takedown_email(team)
    said = team.command("cara", "bay")
    assert "Customer Care asked Wed 16 Dec, site not down yet" in said
    assert "*Contract expired:* Tue 8 Dec 2026" in said
    assert buttons(card(team, "cara")) == ["The site is down…"]
    team.press("cara", "confirm_site_down", "")
    block = next(b for b in team.form("cara")["blocks"] if b.get("block_id") == "checked")
    team.submit("cara", checked={"selected_options": block["element"]["options"]})
    assert "Site down since Wed 16 Dec: *contact the customer now*." in words(card(team, "cara"))
    assert buttons(card(team, "cara")) == []
    assert "call to the customer whose site is down now" in team.command("ana", "bay")


def _send_takedown_email(team: Living) -> None:
    """Ana calls without contact, sends the cancellation email, then the takedown email."""
    team.command("ana", "log bay no answer")
    for _ in range(2):
        team.command("ana", "bay")
        team.press("ana", "open_guarded_email", "")
        team.submit("ana", checked={"selected_options": [{"value": "checked"}]})


def test_a_foreign_person_is_refused_and_it_is_noted(team: Living) -> None:
    team.command("ben", "help")  # something of ours to press on
    team.command("ana", "acme")
    choice = card(team)
    block = next(b for b in choice["blocks"] if "accessory" in b)
    container = {"type": "message", "channel": team.dm("ben"), "ts": team.messages("ben")[0]["ts"]}
    value = {"type": "button", "value": block["accessory"]["value"]}
    team.act("ben", container, "x", "open_card", value=value, forge=True)
    assert "This account is not in your book" in team.seen("ben")
    assert team.http.get(f"/people/{team.ids['ben']}/views").json() == []
    with team.assistant.work.store.read() as session:
        assert [one.action for one in session.scalars(select(Refusal))] == ["open_card"]


def test_an_account_that_left_the_book_shows_nothing_any_more(team: Living) -> None:
    team.command("ana", "bay")
    team.press("ana", "log_call:no_answer", "")
    deal = next(one for one in team.records("deals") if one["dealname"] == "Bay & Sons")
    team.world.hubspot.update("deals", deal["id"], {"hubspot_owner_id": team.owners["ben"]})
    team.go("2026-11-23 08:50")
    team.tick("sync")
    shown = words(card(team))
    assert "moved to Ben Stone" in shown and "Carl Customer" not in shown and "NPS" not in shown
