"""A team's own words for its emails: taken over as text, refused at the start where they could do more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config_file import ConfigError, load_config
from bot.playbook.email_templates import DEFAULTS, PLACEHOLDERS, problems_of

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "renewals.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    return str(raised.value)


def test_a_team_names_where_drafts_open_and_only_what_differs(write: Write) -> None:
    config = load_config(
        write(
            '[emails]\ndrafts = "mail_client"\n[emails.opening_email]\nsubject = "{account}: your renewal"\n'
            '[emails.cancellation_email]\nbody = """\n{greeting}\n{takedown}Yours, {rep}"""\ntakedown = "Site ends."\n'
        )
    )
    assert config.emails.drafts == "mail_client"
    opening = config.emails.template("opening_email")
    assert (opening.subject, opening.body) == ("{account}: your renewal", DEFAULTS["opening_email"].body)
    assert config.emails.template("cancellation_email").takedown == "Site ends. "
    assert config.emails.template("summary") == DEFAULTS["summary"]
    assert load_config(None).emails.drafts == "outlook"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Hi {acount}", "“{acount}” is no placeholder; use {greeting}, {account}"),
        ("{account.__class__.__mro__}", "“{account.__class__.__mro__}” is no placeholder"),
        ("{account!r}", "is no placeholder"),
        ("{account:>1000000000}", "is no placeholder"),
        ("{0}", "is no placeholder"),
        ("{{account}}", "is no placeholder"),
        ("50 % off {", "no other braces"),
        ("{account}" * 4, "repeats {account}; at most 3 times"),
        ("word " * 600, "has 3,000 characters; at most 2,400 fit"),
        ("ä" * 500, "takes 3,003 characters as a link"),
        ("{takedown}", "“{takedown}” is no placeholder"),
        ("We will take your website down.", "speaks of a takedown (“take your website down”)"),
    ],
)
def test_anything_but_a_named_placeholder_is_refused_with_a_sentence(
    write: Write, body: str, sentence: str
) -> None:
    problem = refused(write(f'[emails.opening_email]\nbody = "{body}"\n'))
    assert "emails.opening_email.body: " in problem and sentence in problem


def test_twenty_megabytes_are_refused_before_they_are_read(write: Write) -> None:
    path = write('[emails.opening_email]\nbody = "' + "{account}" * 2_300_000 + '"\n')
    assert "is larger than 1,000,000 bytes" in refused(path)


def test_the_cancellation_email_speaks_of_a_takedown_by_its_placeholder_alone(write: Write) -> None:
    """Before expiration + 7 days it may not; a team cannot write it in, nor leave it out (PLAYBOOK 6)."""
    without = refused(write('[emails.cancellation_email]\nbody = "Please reply."\n'))
    assert "must contain {takedown}" in without
    hard = refused(write('[emails.cancellation_email]\nbody = "{takedown}Your site goes offline."\n'))
    assert "speaks of a takedown (“offline”)" in hard and "write {takedown} in its place" in hard
    subject = refused(write('[emails.cancellation_email]\nsubject = "{takedown}"\n'))
    assert "emails.cancellation_email.subject" in subject


def test_every_mistake_is_told_at_once(write: Write) -> None:
    problem = refused(
        write(
            '[emails]\ndrafts = "gmail"\nopening = 1\n[emails.summary]\nsubject = "a\\nb"\ntakedown = "x"\nbody = 3\n'
        )
    )
    for sentence in (
        'emails.drafts: \'gmail\'; use "outlook" or "mail_client"',
        "emails.opening: is not a setting",
        "emails.summary.subject: must be one line",
        "emails.summary.takedown: is not a setting",
        "emails.summary.body: must be a text in quotes",
    ):
        assert sentence in problem


def test_the_built_in_words_pass_their_own_rules_for_both_ways() -> None:
    for name, template in DEFAULTS.items():
        assert problems_of(name, template, "outlook") == problems_of(name, template, "mail_client") == []
    assert {"account", "contact", "rep", "expires_on", "price"} <= set(PLACEHOLDERS)
