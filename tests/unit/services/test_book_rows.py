"""Reading a book: what spreadsheets write, and every problem told at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services.incoming.book_rows import BookError, BookRow, read_book
from bot.services.runs.run_details import Details


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book"


def rows(book: Path, content: str | bytes) -> list[BookRow]:
    book.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_book(book)


def problems(book: Path, content: str | bytes) -> str:
    with pytest.raises(BookError) as error:
        rows(book, content)
    return "\n".join(error.value.problems)


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_spreadsheets_write(book: Path, between: str, ends: str, mark: str):
    lines = ["id|account|put_out_on|price", '"7"|"Joe ""The"" Diner|x"|2026-11-02|140.50', "|||", ""]
    (row,) = rows(book, mark + ends.join(lines).replace("Diner|x", f"Diner{between}x").replace("|", between))
    assert (row.id, row.account) == ("7", f'Joe "The" Diner{between}x')
    assert (row.put_out_on, row.price_cents, row.currency) == (date(2026, 11, 2), 14050, "USD")


def test_quoted_column_names_and_quotes_in_cells(book: Path):
    (row,) = rows(book, '"id";"account";"put_out_on"\n1;"Joe ""The"" Diner";2026-11-02\n')
    assert row.account == 'Joe "The" Diner'


def test_json_as_a_list_or_an_object(book: Path):
    one = '{"id": 7, "account": "Acme", "put_out_on": "2026-11-02", "price": 99.5, "hosts_site": true}'
    for text in (f"[{one}]", f'{{"renewals": [{one}]}}'):
        (row,) = rows(book, text)
        assert (row.id, row.price_cents, row.hosts_site, row.stage) == ("7", 9950, True, None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfei\x00d\x00", "is not UTF-8 text"),
        ("", "the column 'id' is missing"),
        ("id,account,put_out_on\n", "has no rows"),
        ("id,account,put_out_on,colour\n1,A,2026-11-02,red\n", "the column 'colour' is not known"),
        ("id,account,put_out_on,id\n1,A,2026-11-02,2\n", "the column 'id' is there twice"),
        (
            "id,account,put_out_on\n1,Smith, Jones,2026-11-02\n",
            "row 2: it has more cells than there are columns",
        ),
        ("id,account,put_out_on\n1,A\n", "row 2: put_out_on is missing"),
        ("id,account,put_out_on\n1,A,02.11.2026\n", "is no date: write it as 2026-11-02"),
        ("id,account,put_out_on\n1,A,0026-11-02\n", "is not of this century"),
        ("id,account,put_out_on\n1,A,9999-12-31\n", "is not of this century"),
        ('id,account,put_out_on\n1,"A,2026-11-02\n', "unexpected end of data"),
        ('[{"id": 1', "is not valid JSON"),
        ('{"rows": []}', "must be a list of renewals"),
        ('["x"]', "renewal 1: must be an object"),
        ('[{"id": 1, "account": ["A"], "put_out_on": "2026-11-02"}]', "account must be a text or a number"),
        ('[{"id": true, "account": "A", "put_out_on": "2026-11-02"}]', "id must be a text or a number"),
        ('[{"id": 1, "account": "A", "put_out_on": "2026-11-02", "price": NaN}]', "is no price"),
        ("id,account,put_out_on,price\n1,A,2026-11-02,1e9\n", "is no price"),
        ("id,account,put_out_on,price\n1,A,2026-11-02,1.005\n", "is no price"),
        ("id,account,put_out_on,currency\n1,A,2026-11-02,dollars\n", "is no currency: write USD"),
        (f"id,account,put_out_on\n1,{'A' * 501},2026-11-02\n", "account is too long"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(book: Path, content: str | bytes, said: str):
    assert said in problems(book, content)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(BookError, match="cannot be read"):
        read_book(tmp_path / "nothing.csv")


def test_all_problems_of_all_rows_at_once(book: Path):
    told = problems(book, "id,account,put_out_on,price\n1,,2026-11-02,x\n2,B,soon,\n").splitlines()
    assert len(told) == 3 and "row 2: account" in told[1] and "row 3: put_out_on" in told[2]


def test_a_wrong_column_or_an_open_quote_hides_no_wrong_row(book: Path):
    told = problems(book, 'id,account,put_out_on,colour\n1,,2026-11-02,red\n2,"B,soon,blue\n').splitlines()
    assert "'colour' is not known" in told[0] and "row 3: unexpected end" in told[1]
    assert "row 2: account" in told[2]
    assert sum("red" in line or "colour" in line for line in told) == 1
    told = problems(book, '[7, {"id": 1, "account": "A", "put_out_on": "soon"}]').splitlines()
    assert "renewal 1: must be an object" in told[0] and "renewal 2: put_out_on" in told[1]


def test_what_no_database_stores_is_left_out(book: Path):
    (row,) = rows(book, '[{"id": 1, "account": "A\\u0000\\ud83dcme", "put_out_on": "2026-11-02"}]')
    assert row.account == "Acme"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_file_is_read_or_refused(book: Path, content: bytes):
    for start in (b"", b"id,account,put_out_on\n", b"["):
        try:
            assert rows(book, start + content)
        except BookError as error:
            assert error.problems


def test_what_a_card_shows_of_the_customer(book: Path):
    header = "id,account,put_out_on,nps,nps_on,nps_why,reports_url,analytics_url\n"
    (row,) = rows(book, header + "7,Acme,2026-11-02,6,2026-10-12,Too slow,https://r.example/?a=1&b=2,\n")
    assert row.details == Details(6, date(2026, 10, 12), "Too slow", "https://r.example/?a=1&b=2", None)
    (row,) = rows(book, "id,account,put_out_on\n7,Acme,2026-11-02\n")
    assert row.details == Details()


@pytest.mark.parametrize("nps", ["11", "-1", "6.5", "six", "٣", "9" * 30])
def test_a_score_that_is_none_is_told(book: Path, nps: str):
    assert "nps" in problems(book, f"id,account,put_out_on,nps\n7,Acme,2026-11-02,{nps}\n")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "reports", "https://a@b.example", "http://"])
def test_a_link_that_no_browser_should_open_is_told(book: Path, link: str):
    told = problems(book, f"id,account,put_out_on,reports_url\n7,Acme,2026-11-02,{link}\n")
    assert "row 2: reports_url" in told
