"""Reading a book of renewals from CSV or JSON: every row checked, all problems told at once, none half-read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.services.incoming.web_links import LONGEST_LINK, read_link
from bot.services.runs.run_details import Details

COLUMNS = {
    "id": "what names the renewal in your own system",
    "account": "the customer's name",
    "put_out_on": "the put-out date, 2026-11-02",
    "expires_on": "the contract expiration, 2026-12-31 (may be empty)",
    "price": "the price, 140 or 140.50 (may be empty)",
    "currency": "USD, EUR ... (USD)",
    "price_period": "month, year or term (month)",
    "hosts_site": "yes or no: do we host the customer's site? (no)",
    "stage": "open, negotiation, won, lost or moved_out (kept as it is; open when new)",
    "owner_email": "the rep's e-mail, as in Slack",
    "contact": "whom to call",
    "phone": "the contact's phone",
    "email": "the contact's e-mail",
    "nps": "the customer's last NPS score, 0 to 10 (may be empty)",
    "nps_on": "the date of that survey, 2026-10-12 (may be empty)",
    "nps_why": "why, in the customer's words (may be empty)",
    "reports_url": "a link to the customer's reports (may be empty)",
    "analytics_url": "a link to the customer's analytics (may be empty)",
}
REQUIRED = ("id", "account", "put_out_on")
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n", "")
STAGES = ("open", "negotiation", "won", "lost", "moved_out")
LONGEST = 500
HIGHEST_NPS = 10
PLAUSIBLE_YEARS = range(2000, 2101)
TOO_MANY = "\x00more"  # no column of a file can be called so
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # JSON can spell it, no database stores it


class BookError(Exception):
    """The file cannot be taken over; `problems` names every one with its row."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class BookRow:
    """One renewal of the book. Dates are local dates of its rep; `owner_email` is in lower case."""

    id: str
    account: str
    put_out_on: date
    expires_on: date | None
    price_cents: int | None
    currency: str
    price_period: str
    hosts_site: bool
    stage: str | None
    owner_email: str
    contact: str | None
    phone: str | None
    email: str | None
    details: Details


def read_book(path: Path) -> list[BookRow]:
    """The rows of a CSV file, or of a JSON file with a list of objects. Raises BookError with all problems."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BookError([f"{path}: cannot be read ({error.strerror})."]) from error
    except UnicodeDecodeError as error:
        raise BookError([f"{path}: is not UTF-8 text: save it as “CSV UTF-8”."]) from error
    reader = _RowReader(str(path))
    read = _json_rows if text.lstrip()[:1] in ("[", "{") else _csv_rows
    raw = read(path, text, reader.problems)
    rows = [reader.row(number, fields) for number, fields in raw]
    reader.require_unique(rows)
    if not raw and not reader.problems:
        reader.problems.append(f"{path}: has no rows.")
    if reader.problems:
        raise BookError(reader.problems)
    return rows


def _csv_rows(path: Path, text: str, problems: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The rows and their places; what is wrong with the columns, and what cannot be read, goes to `problems`."""
    header = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), restkey=TOO_MANY, strict=True
    )
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise BookError([f"{path}: the row of column names: {error}."]) from error
    unknown = {name for name in names if name not in COLUMNS}
    problems += [
        f"{path}: the column {name!r} is not known; known: {', '.join(COLUMNS)}." for name in sorted(unknown)
    ]
    useless = [
        f"{path}: the column {name!r} is missing: {COLUMNS[name]}." for name in REQUIRED if name not in names
    ]
    useless += [f"{path}: the column {name!r} is there twice." for name in COLUMNS if names.count(name) > 1]
    if useless:  # each row would only say the same again
        raise BookError(problems + useless)
    reader.fieldnames = names
    rows: list[tuple[str, dict[str, Any]]] = []
    try:
        for row in reader:
            if any(row.values()):
                known = {name: value for name, value in row.items() if name not in unknown}
                rows.append((f"row {reader.line_num}", known))
    except csv.Error as error:
        problems.append(f"{path}: row {reader.line_num + 1}: {error}: look at its quotes.")
    return rows


def _json_rows(path: Path, text: str, problems: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The same for JSON."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BookError([f"{path}: is not valid JSON ({error})."]) from error
    rows = raw.get("renewals") if isinstance(raw, dict) else raw
    if not isinstance(rows, list):
        raise BookError([f'{path}: must be a list of renewals, or an object {{"renewals": [...]}}.'])
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            problems.append(f'{path}: renewal {number}: must be an object: {{"id": ..., "account": ...}}.')
    return [(f"renewal {number}", row) for number, row in enumerate(rows, 1) if isinstance(row, dict)]


class _RowReader:
    """Turns raw fields into rows, collecting problems."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[str] = []

    def row(self, where: str, fields: Mapping[str, Any]) -> BookRow:
        for name in fields:
            if name == TOO_MANY:
                self._wrong(
                    where,
                    "it",
                    "has more cells than there are columns: put quotes around a cell with a comma",
                )
            elif name not in COLUMNS:
                self._wrong(where, str(name)[:40] or "it", "is not known")
        price = self._price(where, fields)
        return BookRow(
            id=self._text(where, fields, "id") or "",
            account=self._text(where, fields, "account") or "",
            put_out_on=self._date(where, fields, "put_out_on") or date.min,
            expires_on=self._date(where, fields, "expires_on"),
            price_cents=price,
            currency=self._currency(where, fields),
            price_period=self._choice(where, fields, "price_period", ("month", "year", "term")) or "month",
            hosts_site=self._flag(where, fields),
            stage=self._choice(where, fields, "stage", STAGES),
            owner_email=self._email(where, fields, "owner_email") or "",
            contact=self._text(where, fields, "contact"),
            phone=self._text(where, fields, "phone", longest=64),
            email=self._email(where, fields, "email"),
            details=Details(
                nps_score=self._nps(where, fields),
                nps_on=self._date(where, fields, "nps_on"),
                nps_why=self._text(where, fields, "nps_why", longest=2000),
                reports_url=self._link(where, fields, "reports_url"),
                analytics_url=self._link(where, fields, "analytics_url"),
            ),
        )

    def require_unique(self, rows: list[BookRow]) -> None:
        seen: set[str] = set()
        for row in rows:
            if row.id and row.id in seen:
                self.problems.append(f"{self.source}: the id {row.id!r} is there twice.")
            seen.add(row.id)

    def _wrong(self, where: str, name: str, why: str) -> None:
        self.problems.append(f"{self.source}: {where}: {name} {why}.")

    def _text(self, where: str, fields: Mapping[str, Any], name: str, longest: int = LONGEST) -> str | None:
        value = fields.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
            self._wrong(where, name, "must be a text or a number")
            return None
        text = "" if value is None else LONE_SURROGATE.sub("", str(value)).replace("\x00", "").strip()
        if not text and name in REQUIRED:
            self._wrong(where, name, f"is missing: give {COLUMNS[name]}")
        if len(text) > (64 if name == "id" else longest):
            self._wrong(where, name, "is too long")
        return text or None

    def _date(self, where: str, fields: Mapping[str, Any], name: str) -> date | None:
        text = self._text(where, fields, name)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self._wrong(where, name, f"{text[:40]!r} is no date: write it as 2026-11-02")
            return None
        if day.year not in PLAUSIBLE_YEARS:
            self._wrong(where, name, f"{text[:40]!r} is not of this century")
            return None
        return day

    def _price(self, where: str, fields: Mapping[str, Any]) -> int | None:
        text = self._text(where, fields, "price")
        if text is None:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or not 0 <= amount < 10**9 or amount * 100 != int(amount * 100):
            self._wrong(where, "price", f"{text[:40]!r} is no price: write 140 or 140.50")
            return None
        return int(amount * 100)

    def _nps(self, where: str, fields: Mapping[str, Any]) -> int | None:
        text = self._text(where, fields, "nps")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and int(text[:9]) <= HIGHEST_NPS):
            self._wrong(where, "nps", f"{text[:20]!r} is no score: write 0 to {HIGHEST_NPS}")
            return None
        return int(text)

    def _link(self, where: str, fields: Mapping[str, Any], name: str) -> str | None:
        text = self._text(where, fields, name, longest=LONGEST_LINK)
        if text is None:
            return None
        try:
            return read_link(text)
        except ValueError as error:
            self._wrong(where, name, str(error))
            return None

    def _currency(self, where: str, fields: Mapping[str, Any]) -> str:
        text = (self._text(where, fields, "currency") or "USD").upper()
        if len(text) != 3 or not text.isascii() or not text.isalpha():
            self._wrong(where, "currency", f"{text[:20]!r} is no currency: write USD")
        return text[:3]

    def _choice(self, where: str, fields: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str | None:
        text = self._text(where, fields, name)
        if text is not None and text.lower() not in known:
            self._wrong(where, name, f"{text[:40]!r} is not one of {', '.join(known)}")
            return None
        return text.lower() if text else None

    def _flag(self, where: str, fields: Mapping[str, Any]) -> bool:
        value = fields.get("hosts_site")
        text = str(value).strip().lower() if value is not None else ""
        if text not in YES + NO:
            self._wrong(where, "hosts_site", f"{text[:20]!r} is neither yes nor no")
        return text in YES

    def _email(self, where: str, fields: Mapping[str, Any], name: str) -> str | None:
        text = self._text(where, fields, name, longest=320)
        if text is not None and ("@" not in text or any(c.isspace() for c in text)):
            self._wrong(where, name, f"{text[:60]!r} is no e-mail address")
        return text.lower() if text else None
