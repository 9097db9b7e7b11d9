"""Uploads cut into lines and rows, whatever the pieces they come in."""

from collections.abc import Sequence
from typing import Any

import pytest

from catalog.errors import FileRefused
from catalog.files import uploads
from catalog.files.uploads import Form
from catalog.files.uploads.lines import LIMIT
from catalog.writes.staging import Problem, Sourced


def read(
    content: bytes, form: Form = "ndjson", noun: str = "product", *, piece: int = 7, **options: Any
) -> list[Sourced | Problem]:
    """What comes of an upload in pieces of as many bytes."""
    lines = uploads.Lines()
    reader = uploads.reader(form, noun, options.get("lists", "merge"))
    found: list[Sourced | Problem] = []
    for start in range(0, len(content), piece):
        found += reader.feed(lines.feed(content[start : start + piece]))
    return [*found, *reader.feed(lines.end()), *reader.end()]


def told(found: Sequence[Sourced | Problem]) -> list[tuple[int, str]]:
    """Line and key of records, line and code of problems."""
    return [
        (item.line, item.code)
        if isinstance(item, Problem)
        else (item.line, getattr(item.record, "slug", None) or getattr(item.record, "variant", ""))
        for item in found
    ]


LINES = b"""\
\xef\xbb\xbf{"slug": "hat", "name": "Hut \xc3\xbc"}\r

{"slug": "cap"
{"slug": "c\x00p"}
{"slug": "\xff"}
{"record": "brand", "slug": "north", "name": "North"}
{"record": "product", "slug": "coat"}
"a text"
{"slug": "scarf"}"""


@pytest.mark.parametrize("piece", [1, 2, 3, 16, 10_000])
def test_a_line_is_a_record_and_a_bad_one_fails_by_itself(piece: int) -> None:
    assert told(read(LINES, piece=piece)) == [
        (1, "hat"),
        (3, "BAD_JSON"),
        (4, "BAD_JSON"),
        (5, "BAD_JSON"),
        (6, "OTHER_RECORD"),
        (7, "coat"),
        (8, "INVALID"),
        (9, "scarf"),
    ]


def test_a_broken_line_is_told_with_line_and_column() -> None:
    problem = read(b'{"slug": "hat"}\n{"slug": "cap",}\n')[1]
    assert isinstance(problem, Problem)
    assert problem.message.startswith("line 2, column 15: is not JSON: trailing comma")


def test_a_line_past_the_limit_fails_by_itself_and_is_not_kept() -> None:
    lines = uploads.Lines()
    long = b'{"slug": "' + b"x" * LIMIT + b'"}\n'
    found = [
        line for start in range(0, len(long), 50_000) for line in lines.feed(long[start:][:50_000])
    ]
    found += lines.feed(b'{"slug": "hat"}\n')
    assert [(line.number, line.content) for line in found] == [(1, None), (2, b'{"slug": "hat"}\n')]
    assert told(uploads.reader("ndjson", "product", "merge").feed(found)) == [
        (1, "LINE_TOO_LONG"),
        (2, "hat"),
    ]


def test_every_record_is_told_how_lists_are_meant() -> None:
    found = read(b'{"slug": "hat"}', lists="replace")[0]
    assert isinstance(found, Sourced)
    assert found.lists == "replace"


TABLE = b"""\
slug,name,description,sku,option.size
hat,Hat,"A hat
of ""felt"", 5"" high",H-S,s
,,,H-M,m

cap,"Cap, flat",,C-5,5"
scarf,Scarf,,S-\xff,s
coat,Coat,,K-1,s
,,,K-2,m
"""


@pytest.mark.parametrize("piece", [1, 5, 10_000])
def test_rows_of_a_product_are_one_record_of_the_first_line(piece: int) -> None:
    found = read(TABLE, "csv", piece=piece)
    assert told(found) == [(2, "hat"), (6, "cap"), (7, "BAD_ENCODING"), (8, "coat")]
    hat = found[0]
    assert isinstance(hat, Sourced)
    assert hat.variant_lines == ()
    assert hat.record.model_dump()["description"] == 'A hat\nof "felt", 5" high'


def test_what_is_wrong_with_a_further_row_is_said_of_the_first() -> None:
    found = read(b"slug,sku,price.EUR\nhat,H-S,5\n,H-M,cheap\ncap,C,5\n", "csv")
    assert told(found) == [(2, "INVALID"), (4, "cap")]
    assert isinstance(found[0], Problem)
    assert found[0].path == ("price.EUR",)
    assert found[0].message.endswith("(line 3)")


def test_rows_below_a_broken_one_must_say_whose_they_are() -> None:
    table = b"slug,sku\nhat,H-S\n\xff,C-S\n,C-M\nhat,H-M\ncoat,K-1\n"
    found = read(table, "csv")
    assert told(found) == [
        (2, "hat"),
        (3, "BAD_ENCODING"),
        (4, "BROKEN_ROW"),
        (5, "hat"),
        (6, "coat"),
    ]
    assert told(read(table, "csv", lists="replace"))[0] == (2, "BROKEN_ROW")


def test_a_quote_that_is_never_closed_ends_the_reading() -> None:
    found = read(b'slug,name\nhat,Hat\ncap,"Cap\ncoat,Coat\n', "csv")
    assert told(found) == [(2, "hat"), (3, "BAD_QUOTE")]
    assert "a quote opened on line 3 is never closed" in str(found[1])
    endless = b'slug,name\ncap,"' + b"Cap\n" * 300_000
    assert told(read(endless, "csv", piece=65_536)) == [(2, "BAD_QUOTE")]


def test_rows_of_other_records_are_refused_and_inner_rows_taken() -> None:
    table = (
        b"record,code,kind,label,slug\n"
        b"attribute,size,select,,\noption,s,,S,\noption,m,,M,\n,color,select,,\nbrand,,,,north\n"
    )
    found = read(table, "csv", "attribute")
    assert [(item.line, type(item).__name__) for item in found] == [
        (2, "Sourced"),
        (5, "Sourced"),
        (6, "Problem"),
    ]
    assert isinstance(found[0], Sourced)
    assert len(found[0].record.model_dump()["options"]) == 2


def test_prices_and_stock_have_a_table_of_their_own() -> None:
    table = b"sku;channel;currency;amount;compare_at\nH-S;;EUR;5.00;null\nH-M;web;EUR;;\n"
    price, problem = read(table, "csv", "price")
    assert isinstance(price, Sourced)
    assert price.record.model_dump(exclude_unset=True) == {
        "record": "price",
        "variant": "H-S",
        "currency": "EUR",
        "amount": price.record.model_dump()["amount"],
        "compare_at": None,
    }
    assert isinstance(problem, Problem)
    assert (problem.line, problem.path, problem.code) == (3, ("amount",), "MISSING")
    assert told(read(b"sku,location,on_hand\nH-S,berlin,3\n", "csv", "stock")) == [(2, "H-S")]


@pytest.mark.parametrize(
    ("table", "noun", "said"),
    [
        (b"slug,nmae\n", "product", "did you mean name?"),
        (b"sku,amuont\n", "price", "did you mean amount?"),
        (b"location,on_hand\n", "stock", "needs one column sku or variant"),
        (b'slug,"name\n', "product", "the header cannot be read"),
        (b"sl\xffug,name\n", "product", "is not UTF-8"),
    ],
)
def test_a_header_that_is_not_ours_refuses_the_whole_upload(
    table: bytes, noun: str, said: str
) -> None:
    with pytest.raises(FileRefused, match=said.replace("?", r"\?")):
        read(table, "csv", noun)


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_nothing_is_nothing(form: Form) -> None:
    assert read(b"", form) == []
    assert read(b"\n\r\n  \n", form) == []
