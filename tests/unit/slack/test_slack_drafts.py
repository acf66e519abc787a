"""Drafts: filled in once, inert, and in an address that Outlook or a mail program opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.playbook.assessment import State, Step, touch
from bot.playbook.email_templates import DEFAULTS, PLACEHOLDERS, Emails, EmailTemplate
from bot.services.models import AccountLine
from bot.slack.views.drafts import LONGEST_URL, email_draft, email_touch, open_draft_blocks
from bot.slack.views.email_modal import email_modal

Line = Callable[..., AccountLine]
ON = date(2026, 11, 23)
MAIL = Emails("mail_client")
EVERY = EmailTemplate("{account}", " / ".join(f"{name}={{{name}}}" for name in PLACEHOLDERS))


def test_each_placeholder_is_filled_and_what_is_not_known_reads_on(a_line: Line) -> None:
    emails = Emails(own={"opening_email": EVERY})
    opening = touch(Step.OPENING_EMAIL, ON)
    known = email_draft(a_line(emails=emails, rep="Ana Reyes", price="140 USD/month"), opening).body
    assert "rep=Ana Reyes" in known and "price=140 USD/month" in known and "{" not in known
    bare = a_line(emails=emails, contact_name=None, expires_on=None, price=None)
    body = email_draft(bare, opening).body
    for part in ("greeting=Hello,", "contact=there", "expires_on=the end of your term", "paid_until= /"):
        assert part in body
    assert "price=the agreed price" in body and "meeting=the agreed time" in body


def test_what_is_filled_in_is_not_read_again(a_line: Line) -> None:
    line = a_line(account="{contact} {takedown} {account.__class__}", contact_name="{account}")
    draft = email_draft(line, touch(Step.CANCELLATION_EMAIL, ON, takedown_wording=False))
    assert "{contact} {takedown} {account.__class__}" in draft.body and "Hello {account}," in draft.body
    assert "taken down" not in draft.body


def test_a_mail_programs_address_carries_line_breaks_and_every_sign(a_line: Line) -> None:
    line = a_line(account="Müller & Söhne? #1 100%", contact_email="ann+x@bay.example", emails=MAIL)
    draft = email_draft(line, touch(Step.OPENING_EMAIL, ON))
    found = urlsplit(draft.url)
    assert (found.scheme, unquote(found.path)) == ("mailto", "ann+x@bay.example")
    said = parse_qs(found.query, strict_parsing=True)
    assert said["subject"] == ["Your renewal: Müller & Söhne? #1 100%"]
    assert said["body"][0].startswith("Hello ") and "\r\n\r\n" in said["body"][0]
    assert "%0D%0A" in draft.url and "+" not in found.query and "\n" not in draft.url


def test_a_recipient_cannot_add_a_header(a_line: Line) -> None:
    line = a_line(contact_email="a@b.example?bcc=evil@x.example&body=hi", emails=MAIL)
    found = urlsplit(email_draft(line, touch(Step.OPENING_EMAIL, ON)).url)
    assert set(parse_qs(found.query)) == {"subject", "body"}


def test_a_mail_program_is_opened_by_a_link_and_outlook_by_a_button(a_line: Line) -> None:
    opening = touch(Step.OPENING_EMAIL, ON)
    (row,) = open_draft_blocks(email_draft(a_line(), opening))
    assert row["elements"][0]["url"].startswith("https://outlook.office.com/")
    (text,) = open_draft_blocks(email_draft(a_line(emails=MAIL), opening))
    assert text["type"] == "section" and "<mailto:" in text["text"]["text"]
    assert text["text"]["text"].endswith("|Open draft in your mail program>*")
    assert "&amp;body=" in text["text"]["text"] and len(text["text"]["text"]) <= 3000


def test_without_an_email_touch_the_draft_fits_where_the_account_stands(a_line: Line) -> None:
    def subject(**line: object) -> str:
        return email_draft(a_line(touches=(), **line), None).subject.partition(":")[0]

    at = datetime(2026, 11, 25, 14, tzinfo=ZoneInfo("America/New_York"))
    assert subject(state=State.NEGOTIATION) == "Our conversation about your renewal"
    assert subject(state=State.RESPONDED) == "Our conversation about your renewal"
    assert subject(state=State.APPOINTMENT, appointment_at=at) == "Our appointment"
    assert subject(state=State.OUTREACH) == "Following up on your renewal"
    ahead = email_draft(a_line(touches=(), state=State.APPOINTMENT, appointment_at=at), None)
    assert "on Wed 25 Nov 2026 at 14:00." in ahead.body
    guarded = a_line(touches=(touch(Step.CANCELLATION_EMAIL, ON),))
    assert email_touch(guarded) is None


def test_any_name_fits_into_the_address_and_a_body_that_does_not_is_shown_to_copy(a_line: Line) -> None:
    for drafts, longest in LONGEST_URL.items():
        for name in ("😀" * 300, "Ä" * 300, "&" * 300, "x" * 300):
            email = f"{'a' * 240}@x.example"
            line = a_line(account=name, contact_name=name, contact_email=email, emails=Emails(drafts))
            for step in (Step(one) for one in DEFAULTS if one in set(Step)):
                draft = email_draft(line, touch(step, ON, takedown_wording=True))
                assert len(draft.url) <= longest and draft.carried
    own = {"opening_email": EmailTemplate("s", "{account}{contact}{rep}" * 3 + "b" * 2390)}
    wide = a_line(account="😀" * 60, rep="😀" * 60, contact_name="😀" * 60, emails=Emails(own=own))
    draft = email_draft(wide, touch(Step.OPENING_EMAIL, ON))
    assert not draft.carried and len(draft.url) <= 3000 and "bbb" not in draft.url
    assert "copy it from here" in str(email_modal("Acme", draft, "x"))


def test_a_letter_begins_with_a_capital() -> None:
    for name, template in DEFAULTS.items():
        _, _, body = template.body.partition("{greeting}\n\n")
        assert body[:1].isupper(), name
