"""What the documents say, held against the code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from bot import settings
from bot.cli import COMMANDS
from bot.config import Config, HubSpotConfig, HubSpotProperties, Office, Team
from bot.config_file import load_config
from bot.services.incoming.book_rows import COLUMNS, REQUIRED, read_book

ROOT = Path(__file__).resolve().parents[2]
ADMINS = (ROOT / "docs" / "for-admins.md").read_text("utf-8")
DOCS = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "sandbox" / "README.md"]


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", ADMINS, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_configuration_shown_to_admins_is_read_and_leaves_no_key_out(tmp_path: Path) -> None:
    file = tmp_path / "renewals.toml"
    file.write_text(block("toml"), "utf-8")
    config = load_config(file)
    assert config.hubspot.stage_for.keys() == {"open", "negotiation", "won", "lost", "moved_out"}
    shown = tomllib.loads(block("toml"))
    assert shown["teams"][0].keys() == {f.name for f in fields(Team)}
    assert shown["offices"][0].keys() == {f.name for f in fields(Office)}
    assert shown["hubspot"].keys() == {f.name for f in fields(HubSpotConfig)}
    assert shown["hubspot"]["properties"].keys() == {f.name for f in fields(HubSpotProperties)}
    told = {*shown, *shown["roles"], "care_channel", "playbook_file", "outbox_looks", "outbox_tries"}
    assert {f.name for f in fields(Config)} <= told


def test_every_setting_and_command_is_told() -> None:
    source = Path(settings.__file__).read_text("utf-8")
    for name in set(re.findall(r'"((?:SLACK|HUBSPOT|DATABASE|RENEWALS)_[A-Z_]+)"', source)):
        assert f"`{name}`" in ADMINS, name
    for name in COMMANDS:
        assert f"`renewals {name}" in ADMINS or f"\nrenewals {name}" in ADMINS, name
    for name in re.findall(r"renewals ([a-z-]+)[ `]", "".join(re.findall(r"`renewals [^`]*`", ADMINS))):
        assert name in COMMANDS, name


def test_the_book_shown_to_admins_is_read(tmp_path: Path) -> None:
    header = ",".join((*REQUIRED, "owner_email"))
    found = re.search(rf"```\n({header}\n.*?)```", ADMINS, re.DOTALL)
    assert found is not None and set(header.split(",")) <= COLUMNS.keys()
    book = tmp_path / "book.csv"
    book.write_text(found.group(1), "utf-8")
    assert len(read_book(book)) == 1


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).strip().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target
