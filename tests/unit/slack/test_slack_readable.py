"""Readable: what holds for everything that the assistant shows, asked of one example of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.slack.gateway import keyed
from bot.slack.text import MONTHS, WEEKDAYS, length
from bot.slack.views.blocks import MOST_CHARACTERS
from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.blockkit.size import characters
from tests.examples import NAMES, digest, digest_message, done, due, empty_messages, forms, messages

MESSAGES, FORMS = messages(), forms()
LOUD = ("digest_60", "digest_500", "manager_60", "manager_500", "review_list")  # several of one name
# What a message asks its reader to do, or says has happened: in its notification.
ACTIONS = {
    "digest": "follow-up call (1 of 2)",
    "digest_done": "all done",
    "digest_60": "follow-up call (1 of 2)",
    "digest_500": "follow-up call (1 of 2)",
    "second_calls": "Second calls due now: Acme Dental: second call today",
    "new_runs": "New accounts for you: Acme Dental: first call",
    "returning": "Back from a deferral: Acme Dental: call back as agreed",
    "reminder": "You asked to be reminded: Acme Dental: follow-up call",
    "takedown": "Site down: contact the customer now: Acme Dental",
    "undocumented": "Put out and still blank: Acme Dental: first call",
    "moved_out": "Moved out on day 30: Acme Dental",
    "given_back": "Back in your book: Acme Dental",
    "account": "follow-up call",
    "account_done": "No answer 10:05",
    "card": "follow-up call late since Fri 20 Nov",
    "card_of_manager": "follow-up call late since Fri 20 Nov",
    "card_blank": "follow-up call late since Fri 20 Nov",
    "choice": "Which one do you want to log something on?",
    "care": "please take down the website",
    "care_done": "the website is down",
    "care_withdrawn": "do not take down the website",
    "report_missing": "report missing",
    "report_acknowledged": "report missing",
    "report_taken_back": "no report is missing",
    "manager": "first call (1 of 2), late since Mon 16 Nov",
    "manager_60": "60 move-outs to decide",
    "manager_500": "500 move-outs to decide",
    "review_list": "keep it or move it out",
    "read_back_call": "No answer, not again before Thu 26 Nov 2026. Log it?",
    "read_back_deferral": "deferred until Fri 15 Jan 2027",
    "read_back_reminder": "reminder today at 13:30",
    "read_back_question": "What happened? No answer, not again before Thu 26 Nov 2026; Left voicemail",
}
LONGEST = ("&<é😀" * 200)[:500]
HOSTILE = "<!channel> <@U1> <https://evil.example|invoice>"
ARABIC = "شركة الأسنان المتحدة \u202e abc"
DAY_OF_MONTH = re.compile(rf"(\w+ )?\b\d{{1,2}} ({'|'.join(MONTHS)})\b")
ONE_OF_MANY = re.compile(r"(?<![\d,.] )(?<![\d,.:])\b1 (?!of\b)[a-z-]*[^s\W]s\b")
MANY_OF_ONE = re.compile(
    r"\b([2-9]|\d{2,}) (account|rep|contact|email|takedown|move-out|working day|call)\b(?!s)"
)


def parts(shown: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, at any depth; what a placeholder gives as an example is the typist's way to say it."""
    if isinstance(shown, list):
        for member in shown:
            yield from parts(member)
    elif isinstance(shown, dict):
        yield shown
        yield from parts([value for key, value in shown.items() if key != "placeholder"])


def texts(shown: Any) -> list[str]:
    return [part["text"] for part in parts(shown) if isinstance(part.get("text"), str)]


def buttons(shown: Any) -> list[dict[str, Any]]:
    return [part for part in parts(shown) if part.get("type") == "button"]


def everything() -> Iterator[tuple[str, list[str]]]:
    """All that is read of each message and form."""
    for name, drawn in MESSAGES.items():
        yield name, [drawn.text, *texts(drawn.blocks)]
    for name, view in FORMS.items():
        yield f"form {name}", texts(view)


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_notification_names_the_account_and_the_action(kind: str) -> None:
    text = MESSAGES[kind].text
    assert NAMES[0] in text
    assert ACTIONS[kind] in text


@pytest.mark.parametrize("account", [NAMES[0], LONGEST, HOSTILE, ARABIC, "", "\u200b"], ids=range(6))
def test_whatever_an_account_is_called_all_fits_and_nothing_mentions(account: str) -> None:
    for kind, drawn in messages(account).items():
        blocks = keyed(drawn.blocks, "k" * 240)
        assert check_blocks(blocks) == [], kind
        assert characters(blocks) + length(drawn.text) <= MOST_CHARACTERS, kind
        assert 0 < length(drawn.text) <= 3000, kind
        marked = [part["text"] for part in parts(blocks) if part.get("type") == "mrkdwn"]
        for text in [drawn.text, *marked]:
            assert not re.search(r"<[!@#]|<https?://evil", text), kind
    for kind, view in forms(account).items():
        assert check_view(view, surface="modal") == [], kind


def test_a_button_says_what_happens_and_aloud_for_which_account() -> None:
    for kind, drawn in MESSAGES.items():
        alike: dict[str, set[str]] = {}
        for one in buttons(drawn.blocks):
            label, aloud = one["text"]["text"], one.get("accessibility_label")
            assert re.search(r"[A-Za-z]{2}", label), kind  # words, not a colour or a picture
            assert aloud is None or aloud.startswith(f"{label}, "), kind
            assert len(aloud or "") <= 75
            alike.setdefault(aloud or label, set()).add(one.get("value") or one.get("url") or "")
        if kind not in LOUD:
            twice = {name: values for name, values in alike.items() if len(values) > 1 and kind != "digest"}
            assert not twice or kind == "choice", (kind, twice)
    rows = [one for one in buttons(MESSAGES["digest"].blocks) if one["action_id"] == "log_call:no_answer"]
    assert {one["accessibility_label"] for one in rows} == {"No answer, Acme Dental"}
    (undo, *_) = (one for one in buttons(MESSAGES["digest_done"].blocks) if one["action_id"] == "undo_fact")
    assert undo["accessibility_label"] in ("Undo, Acme Dental", "Undo, No answer, Acme Dental")


def test_every_account_button_of_a_message_names_its_account_aloud() -> None:
    """Messages of one account and their forms need it too: on a phone one swipes from button to button."""
    pages = ("turn_page:next", "turn_page:previous")
    said = (
        "log_said",
        "change_said",
        "choose_said",
    )  # their question stands right above, and their labels differ
    for kind, drawn in MESSAGES.items():
        for one in buttons(drawn.blocks):
            if one["action_id"] not in pages and not one["action_id"].startswith(said):
                assert NAMES[0] in one.get("accessibility_label", ""), (kind, one["text"]["text"])


def test_pictures_have_their_words() -> None:
    shown = [*(drawn.blocks for drawn in MESSAGES.values()), *FORMS.values()]
    for part in parts(shown):
        if part.get("type") == "image":
            assert part["alt_text"].strip()


def test_a_sign_never_stands_for_words() -> None:
    """An emoji is an ornament: without it each line still says all."""
    for kind, said in everything():
        for line in "\n".join(said).splitlines():
            without = re.sub(r":[a-z_]+:", "", line)
            assert without == line or re.search(r"[A-Za-z]{3}", without), (kind, line)


def test_dates_are_in_words_with_their_weekday() -> None:
    for kind, said in everything():
        for text in said:
            assert not re.search(r"\b\d{4}-\d\d-\d\d\b", text), (kind, text)
            for found in DAY_OF_MONTH.finditer(text):
                before = (found[1] or "").strip()
                assert before in WEEKDAYS, (kind, found[0], text)


def test_times_are_those_of_the_reader() -> None:
    """What was logged at 15:05 in UTC was logged at 10:05 for somebody in New York."""
    seen = 0
    for kind, said in everything():
        seen += "10:05" in " ".join(said)
        assert "15:05" not in " ".join(said), kind
    assert seen > 5


def test_one_is_singular_and_more_are_plural() -> None:
    for kind, said in everything():
        for text in said:
            assert not ONE_OF_MANY.search(text), (kind, ONE_OF_MANY.search(text), text)
            assert not MANY_OF_ONE.search(text), (kind, MANY_OF_ONE.search(text), text)


def test_the_words_for_singular_and_plural_find_what_is_wrong() -> None:
    assert ONE_OF_MANY.search("there are 1 accounts") and not ONE_OF_MANY.search("1 of 2 contacts, 1 account")
    assert MANY_OF_ONE.search("2 account") and not MANY_OF_ONE.search("2 accounts, day 2 of 30")


@pytest.mark.parametrize("kind", empty_messages())
def test_what_is_empty_says_what_to_do_next(kind: str) -> None:
    drawn = empty_messages()[kind]
    said = " ".join([drawn.text, *texts(drawn.blocks)])
    assert re.search(r"`/renewal \w+`|HubSpot: link", said)


def test_a_list_says_which_page_it_is_and_how_many_are_left() -> None:
    for kind in ("digest_60", "digest_500", "manager_60", "manager_500", "review_list"):
        said = texts(MESSAGES[kind].blocks)
        assert any(re.fullmatch(r"Page \d+ of \d+", text) for text in said), kind
        turns = [
            one["accessibility_label"]
            for one in buttons(MESSAGES[kind].blocks)
            if "turn_page" in one["action_id"]
        ]
        assert turns and all(re.fullmatch(r"(Next|Previous), page \d+ of \d+", turn) for turn in turns)


def test_a_line_parts_what_was_logged_on_one_account_from_the_next() -> None:
    """Buttons end an account by themselves; an entry would read as the beginning of what follows."""
    lines = (done("Acme Dental"), replace(due("May", 0), run_id=2), replace(due("Call Center", 3), run_id=3))
    shown = digest_message(digest(("x",), 3, lines=lines)).blocks
    kinds = [block["type"] for block in shown]
    assert kinds == [
        "header",
        "section",
        "section",
        "section",
        "divider",
        "section",
        "actions",
        "section",
        "actions",
    ]
    assert check_blocks(shown) == []
