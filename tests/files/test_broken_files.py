"""Every broken file is told by line, column, value and remedy, in time, and nothing of it is
written.
"""

import asyncio
import io
from pathlib import Path

import broken_lines
import broken_shops
import broken_tables
import pytest
import servers
from broken import Broken, Unreadable
from factories import lamp, load, shop
from rich.console import Console

from catalog import db
from catalog.errors import FileRefused
from catalog.files import importing, reporting
from catalog.files.importing import Order, Report
from catalog.settings import Settings

BROKEN = (*broken_tables.TABLES, *broken_lines.LINES, *broken_shops.SHOPS)
UNREADABLE = (*broken_tables.UNREADABLE, *broken_lines.UNREADABLE, *broken_shops.UNREADABLE)
SECONDS = 20
STATE = """
SELECT string_agg(md5(t::text), '' ORDER BY t.id) AS digest FROM (
    SELECT id, version, name, slug FROM product
    UNION ALL SELECT id, version, sku, option_key FROM variant
    UNION ALL SELECT id, variant_id, currency, amount::text FROM price
    UNION ALL SELECT id, 0, code, name FROM channel
    UNION ALL SELECT id, 0, code, kind FROM attribute
    UNION ALL SELECT id, 0, slug, name FROM brand
    UNION ALL SELECT id, 0, slug, name FROM category
) t
"""


@pytest.fixture(scope="module")
async def digest(database: Settings) -> str:
    """The shop before any of the files; it stays what it is."""
    await servers.empty()
    await load(*shop(), lamp())
    return await _digest()


async def _digest() -> str:
    return str((await db.fetch(STATE))[0]["digest"])


async def _import(folder: Path, file: Broken | Unreadable, settings: Settings) -> Report:
    path, mapping = folder / "catalog", None
    await asyncio.to_thread(path.write_bytes, file.content)
    if file.mapping is not None:
        mapping = folder / "map.yaml"
        await asyncio.to_thread(mapping.write_text, file.mapping)
    encoding = file.encoding if isinstance(file, Unreadable) else None
    order = Order(mapping=mapping, encoding=encoding)
    async with asyncio.timeout(SECONDS):
        return await importing.load(path, order, settings, lambda *_: None)


def _shown(report: Report) -> str:
    screen = io.StringIO()
    reporting.show(Console(file=screen, width=1_000), report, dry_run=False)
    return screen.getvalue()


def test_there_are_enough_of_them() -> None:
    names = [file.name for file in (*BROKEN, *UNREADABLE)]
    assert len(set(names)) == len(names) > 150


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.name)
async def test_a_broken_file_is_explained(
    tmp_path: Path, settings: Settings, digest: str, file: Broken
) -> None:
    report = await _import(tmp_path, file, settings)
    (error,) = report.errors
    assert (error.line, error.column, error.value) == (file.line, file.column, file.value)
    assert file.remedy in error.message
    column = f", {file.column}" if file.column else ""
    assert _shown(report).startswith(f"error line {file.line}{column}:")
    assert not report.written
    assert await _digest() == digest


@pytest.mark.parametrize("file", UNREADABLE, ids=lambda file: file.name)
async def test_an_unreadable_file_is_refused(
    tmp_path: Path, settings: Settings, digest: str, file: Unreadable
) -> None:
    with pytest.raises(FileRefused) as refused:
        await _import(tmp_path, file, settings)
    assert [part for part in file.says if part not in refused.value.message] == []
    assert await _digest() == digest


@pytest.mark.parametrize("header", ["slug,name,type", "Handle,Title,Vendor,Variant Price"])
async def test_a_header_alone_is_pointed_out(
    tmp_path: Path, settings: Settings, digest: str, header: str
) -> None:
    report = await _import(tmp_path, Unreadable("", f"{header}\n".encode(), ()), settings)
    assert [(f.line, f.code, f.warning) for f in report.findings] == [(1, "NO_RECORDS", True)]
    assert await _digest() == digest
