"""Files of real shops and vendors, read by the mappings of docs/examples.

What is in the database afterwards is counted a second time in the raw files, with nothing but `csv`
and `json`. Whole files of tens of thousands of records are for `make soak`; else their beginning.
"""

import asyncio
import csv
import json
import lzma
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order, Report
from catalog.files.mapping import suggestion
from catalog.files.text import open_text
from catalog.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
BEGINNING = 2_000

pytestmark = pytest.mark.usefixtures("clean")


def _text(path: Path) -> Iterator[str]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from file


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(path)))


def _document(path: Path) -> Any:
    return json.loads("".join(_text(path)))


def _beginning(path: Path, folder: Path, lines: int = BEGINNING) -> Path:
    """The first lines of a file, as a file."""
    begun = folder / path.name.removesuffix(".xz")
    begun.write_text("".join(islice(_text(path), lines)), encoding="utf-8", newline="")
    return begun


async def _import(path: Path, example: str, settings: Settings) -> Report:
    order = Order(mapping=EXAMPLES / f"{example}.yaml")
    report = await importing.load(path, order, settings, lambda *_: None)
    assert (report.written, report.errors) == (True, ())
    return report


async def _twice(path: Path, example: str, settings: Settings) -> dict[str, int]:
    """Import a file, see that the same again changes nothing, and return its warnings."""
    first = await _import(path, example, settings)
    again = await _import(path, example, settings)
    changed = {
        noun: counts
        for noun, counts in again.counts.items()
        if counts.created or counts.updated or counts.skipped
    }
    assert changed == {}
    assert all(finding.line and finding.column for finding in first.findings)
    return dict(Counter(finding.code for finding in first.findings))


async def _count(what: str) -> int:
    return int((await db.fetch(f"SELECT count(*) AS n FROM {what}"))[0]["n"])


async def test_spree_with_its_translations(real_data: Path, settings: Settings) -> None:
    path, texts = real_data / "spree/products.csv", real_data / "spree/product_translations.csv"
    assert await _twice(path, "spree-products", settings) == {}
    assert await _twice(texts, "spree-translations", settings) == {}

    rows = _rows(path)
    sold = [row for row in rows if row["price"] != "0"]
    assert await _count("product") == len({row["slug"] for row in rows}) == 37
    assert await _count("variant WHERE weight IS NOT NULL") == len({row["sku"] for row in sold})
    assert await _count("price") == len(sold)
    assert await _count("price WHERE currency = 'EUR'") == 87
    assert await _count("stock_level") == sum(bool(row["inventory_count"]) for row in rows)
    images = {(row["slug"], row["image1_src"]) for row in rows if row["image1_src"]}
    assert await _count("product_media") == len(images)
    assert await _count("translation WHERE locale IN ('de', 'fr')") == len(_rows(texts)) == 74


async def test_best_buy(real_data: Path, settings: Settings) -> None:
    path = real_data / "bestbuy/typesense-ecommerce.json.xz"
    assert await _twice(path, "bestbuy", settings) == {"REPEATED": 64}

    items = _document(path)
    assert await _count("product") == await _count("price") == len(items) == 3291
    assert await _count("variant WHERE sku IS NOT NULL") == len(items)
    assert await _count("brand") == len({item["brand"].casefold() for item in items})
    paths = {
        tuple(item["categories"][:depth])
        for item in items
        for depth in range(1, len(item["categories"]) + 1)
    }
    assert await _count("category") == len(paths)
    (dearest,) = await db.fetch("SELECT max(amount)::float AS amount FROM price")
    assert dearest["amount"] == max(item["price"] for item in items)


async def test_lego_themes_colours_and_sets(
    real_data: Path, settings: Settings, tmp_path: Path
) -> None:
    themes, colours = real_data / "lego/themes.csv", real_data / "lego/colors.csv"
    sets = _beginning(real_data / "lego/sets.csv.xz", tmp_path)
    assert await _twice(themes, "lego-themes", settings) == {}
    assert await _twice(colours, "lego-colors", settings) == {}
    assert await _twice(sets, "lego-sets", settings) == {}

    assert await _count("category") == len(_rows(themes)) == 482
    below = sum(bool(row["parent_id"]) for row in _rows(themes))
    assert await _count("category WHERE parent_id IS NOT NULL") == below
    assert await _count("attribute_option WHERE swatch <> ''") == len(_rows(colours)) == 273
    rows = _rows(sets)
    assert await _count("product") == await _count("variant") == len(rows)
    (stored,) = await db.fetch("SELECT sum(number)::int AS n FROM attribute_value")
    assert stored["n"] == sum(int(row["year"]) + int(row["num_parts"]) for row in rows)
    assert await _count("product WHERE name LIKE '%\"%'") == sum('"' in r["name"] for r in rows)


async def test_lego_elements_are_colours_of_parts(
    real_data: Path, settings: Settings, tmp_path: Path
) -> None:
    folder = real_data / "lego"
    (tmp_path / "colors.csv").symlink_to(folder / "colors.csv")
    elements = _beginning(folder / "elements.csv.xz", tmp_path)
    assert await _twice(elements, "lego-elements", settings) == {}

    rows = _rows(elements)
    assert await _count("product") == len({row["part_num"] for row in rows})
    assert await _count("variant") == len({(row["part_num"], row["color_id"]) for row in rows})
    assert await _count("attribute_option") == len({row["color_id"] for row in rows})


async def test_the_taxonomy_in_three_languages(real_data: Path, settings: Settings) -> None:
    folder = real_data / "taxonomy"
    for language in ("en", "de", "fr"):
        path = folder / f"{language}.json.xz"
        assert await _twice(path, f"taxonomy-{language}", settings) == {}

    shelves = _document(folder / "de.json.xz")["verticals"]
    items = [item for shelf in shelves for item in shelf["categories"]]
    assert await _count("category") == len(items) == 10281
    assert await _count("category WHERE parent_id IS NULL") == len(shelves) == 25
    assert await _count("translation") == 2 * len(items)
    names = await db.fetch(
        """
        SELECT c.external_id, t.name FROM category c
        JOIN translation t ON t.kind = 'category' AND t.entity_id = c.id AND t.locale = 'de'
        """
    )
    assert {row["external_id"]: row["name"] for row in names} == {
        item["id"]: item["name"].strip() for item in items
    }


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif not isinstance(value, list):
        yield value


def _parts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _text(path)]


def _numbers(parts: list[dict[str, Any]]) -> int:
    """Numbers of all parts that become attributes. `size` is a text in some categories."""
    left = {"metadata", "general_product_information", "size"}
    counted = 0
    for part in parts:
        specs = [value for key, value in part.items() if key not in left]
        found = [leaf for value in specs for leaf in _leaves(value)]
        counted += sum(type(leaf) in (int, float) for leaf in found)
        counted += isinstance(part["metadata"].get("releaseYear"), int)
    return counted


def _skus(parts: list[dict[str, Any]]) -> set[str]:
    first = (part["metadata"]["part_numbers"] for part in parts)
    cells = (next((number for number in numbers if number.strip()), "") for numbers in first)
    return {cell.strip().split("  ")[0].strip() for cell in cells} - {""}


async def _counted(parts: list[dict[str, Any]]) -> None:
    assert await _count("product") == await _count("variant") == len(parts)
    kinds = {part["category"] for part in parts}
    assert await _count("category") == await _count("product_type") == len(kinds)
    assert await _count("attribute_value WHERE number IS NOT NULL") == _numbers(parts)
    assert await _count("variant WHERE sku IS NOT NULL") == len(_skus(parts))
    makers = sum(bool(part["metadata"].get("manufacturer")) for part in parts)
    assert await _count("product WHERE brand_id IS NOT NULL") == makers


async def test_the_beginning_of_build_cores(
    real_data: Path, settings: Settings, tmp_path: Path
) -> None:
    path = _beginning(real_data / "buildcores/products.jsonl.xz", tmp_path)
    warned = await _twice(path, "buildcores", settings)
    assert warned.keys() <= {"REPEATED", "MISSING", "NEVER_FOUND"}
    await _counted(_parts(path))


def _peak(path: Path, database: str) -> float:
    """Megabytes that an import takes at most, in a process of its own."""
    command = [str(Path(sys.executable).with_name("catalog")), "import", str(path)]
    process = subprocess.Popen(
        [*command, "--mapping", str(EXAMPLES / "buildcores.yaml")],
        env=os.environ | {"DATABASE_URL": database},
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


ALL = {
    "spree-products": "spree/products.csv",
    "spree-translations": "spree/product_translations.csv",
    "lego-themes": "lego/themes.csv",
    "lego-colors": "lego/colors.csv",
    "lego-sets": "lego/sets.csv.xz",
    "lego-elements": "lego/elements.csv.xz",
    "buildcores": "buildcores/products.jsonl.xz",
}


async def test_all_of_them_live_in_one_catalog(
    real_data: Path, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "colors.csv").write_bytes((real_data / "lego/colors.csv").read_bytes())
    files = {name: _beginning(real_data / path, tmp_path, 501) for name, path in ALL.items()}
    for name, path in files.items():
        await _import(path, name, settings)
    for name, path in files.items():
        again = await _import(path, name, settings)
        assert sum(counts.created + counts.updated for counts in again.counts.values()) == 0


SUGGESTED = {
    "spree/products.csv": ("product", 37),
    "bestbuy/typesense-ecommerce.json.xz": ("product", 3291),
    "lego/themes.csv": ("category", 482),
    "lego/sets.csv.xz": ("product", BEGINNING - 1),
    "taxonomy/fr.json.xz": ("category", 10281),
    "buildcores/products.jsonl.xz": ("product", BEGINNING),
    "shopify/egnition-sneakers-export.csv": ("product", 30),
}


@pytest.mark.parametrize("name", SUGGESTED)
async def test_a_suggested_mapping_imports_as_it_is(
    name: str, real_data: Path, settings: Settings, tmp_path: Path
) -> None:
    path = real_data / name
    if "json.xz" not in name:
        path = _beginning(path, tmp_path)
    mapping = tmp_path / "suggested.yaml"
    mapping.write_text(suggestion.suggest(open_text(path)), encoding="utf-8")
    order = Order(mapping=mapping, currency="USD")
    report = await importing.load(path, order, settings, lambda *_: None)
    noun, expected = SUGGESTED[name]
    assert report.errors == ()
    assert await _count(noun) == expected


@pytest.mark.soak
async def test_build_cores_takes_little_memory(
    real_data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path = real_data / "buildcores/products.jsonl.xz"
    begun = time.perf_counter()
    megabytes = await asyncio.to_thread(_peak, path, str(settings.database_url))
    seconds = time.perf_counter() - begun
    parts = _parts(path)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nbuildcores: {len(parts):,} products in {seconds:.0f} s, "
            f"{len(parts) / seconds:,.0f} a second, peak {megabytes:.0f} MB"
        )
    assert megabytes < 400
    await _counted(parts)
    assert await _twice(path, "buildcores", settings) == {"MISSING": 64, "REPEATED": 3716}


@pytest.mark.soak
async def test_all_sets_of_lego(real_data: Path, settings: Settings) -> None:
    sets = real_data / "lego/sets.csv.xz"
    await _import(real_data / "lego/themes.csv", "lego-themes", settings)
    assert await _twice(sets, "lego-sets", settings) == {}
    assert await _count("product") == await _count("product_media") == len(_rows(sets)) == 25491


@pytest.mark.soak
async def test_all_elements_of_lego(real_data: Path, settings: Settings) -> None:
    elements = real_data / "lego/elements.csv.xz"
    assert await _twice(elements, "lego-elements", settings) == {}
    rows = _rows(elements)
    assert await _count("product") == len({row["part_num"] for row in rows})
    assert await _count("variant") == len({(row["part_num"], row["color_id"]) for row in rows})
