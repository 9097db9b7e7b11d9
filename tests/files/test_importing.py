"""`catalog import`: all of a file or nothing of it, told with reasons, and never in the way."""

import csv
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import load

from catalog import db
from catalog.errors import CurrencyNotSold, FileRefused
from catalog.files import formats, importing, reporting
from catalog.files.importing import Order, Report
from catalog.files.reading import Reading
from catalog.settings import Settings
from catalog.writes.staging import Problem, Sourced

SHOP = "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
WEB = {"record": "channel", "code": "web", "default_currency": "EUR", "default_locale": "en"}

pytestmark = pytest.mark.usefixtures("clean")


async def _import(path: Path, settings: Settings, order: Order = Order()) -> Report:  # noqa: B008
    return await importing.load(path, order, settings, lambda *_: None)


async def _count(table: str) -> int:
    return int((await db.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


def _shop(folder: Path, rows: str) -> Path:
    path = folder / "shop.csv"
    path.write_text(SHOP + rows)
    return path


async def test_one_error_and_nothing_is_written(tmp_path: Path, settings: Settings) -> None:
    path = _shop(tmp_path, "mug,Mug,Acme,,,M-1,9.50\nhat,Hat,Acme,,,H-1,cheap\n")
    report = await _import(path, settings, Order(currency="EUR"))
    assert not report.written
    assert [(f.line, f.column, f.value) for f in report.errors] == [(3, "Variant Price", "cheap")]
    assert (await _count("product"), await _count("brand"), await _count("channel")) == (0, 0, 0)


async def test_bad_products_can_be_left_out(tmp_path: Path, settings: Settings) -> None:
    path = _shop(tmp_path, "mug,Mug,Acme,,,M-1,9.50\nhat,Hat,Acme,,,H-1,cheap\n")
    report = await _import(path, settings, Order(currency="EUR", on_error="skip"))
    assert report.written
    products = report.counts["product"]
    assert (products.created, products.skipped) == (1, 1)
    assert await _count("product") == 1


async def test_a_dry_run_checks_all_and_writes_nothing(tmp_path: Path, settings: Settings) -> None:
    path = _shop(tmp_path, "mug,Mug,Acme,,,M-1,9.50\n")
    report = await _import(path, settings, Order(currency="EUR", dry_run=True))
    assert (report.errors, report.written, report.counts["product"].created) == ((), False, 1)
    assert await _count("product") == 0


async def test_what_the_shop_corrected_stays(tmp_path: Path, settings: Settings) -> None:
    path = _shop(tmp_path, "mug,Mug,ACME inc,Size,L,M-1,9.50\n")
    await _import(path, settings, Order(currency="EUR"))
    await load({"record": "brand", "slug": "acme-inc", "name": "Acme"})
    await _import(path, settings)
    assert [row["name"] for row in await db.fetch("SELECT name FROM brand")] == ["Acme"]


async def test_without_a_channel_a_currency_is_needed(tmp_path: Path, settings: Settings) -> None:
    path = _shop(tmp_path, "mug,Mug,,,,M-1,9.50\n")
    with pytest.raises(FileRefused, match="say --currency"):
        await _import(path, settings)


async def test_prices_are_in_the_currency_of_the_channel(
    tmp_path: Path, settings: Settings
) -> None:
    await load(WEB | {"is_default": True})
    path = _shop(tmp_path, "mug,Mug,,,,M-1,9.50\n")
    await _import(path, settings)
    assert (await db.fetch("SELECT currency FROM price"))[0]["currency"] == "EUR"
    with pytest.raises(CurrencyNotSold, match="does not sell in USD but in EUR"):
        await _import(path, settings, Order(currency="USD"))


async def test_a_guessed_encoding_is_told(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(f"{SHOP}mug,Becher für Tee,,,,M-1,9\n".encode("cp1252"))
    report = await _import(path, settings, Order(currency="EUR"))
    assert [(f.code, f.value) for f in report.findings] == [("GUESSED", "cp1252")]
    assert (await db.fetch("SELECT name FROM product"))[0]["name"] == "Becher für Tee"


async def test_a_file_that_breaks_off_writes_nothing(tmp_path: Path, settings: Settings) -> None:
    rows = "".join(f"mug-{n},Mug,,,,M-{n},9\n" for n in range(1500))
    path = _shop(tmp_path, rows + 'hat,"Hat,,,,H-1,9\n')
    with pytest.raises(FileRefused, match="opened on line 1502 is never closed"):
        await _import(path, settings, Order(currency="EUR"))
    assert await _count("product") == 0


async def test_files_are_read_beside_the_event_loop(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    read = formats.read

    def watched(*args: Any, **options: Any) -> Reading:
        reading = read(*args, **options)
        return Reading(reading.format, told(reading.records), reading.column)

    def told(records: Iterator[Sourced | Problem]) -> Iterator[Sourced | Problem]:
        for record in records:
            threads.add(threading.get_ident())
            yield record

    monkeypatch.setattr(formats, "read", watched)
    rows = "".join(f"mug-{n},Mug,Brand {n % 50},,,M-{n},9\n" for n in range(1500))
    await _import(_shop(tmp_path, rows), settings, Order(currency="EUR"))
    assert threads
    assert threading.get_ident() not in threads


async def test_reports_name_what_the_database_found(tmp_path: Path, settings: Settings) -> None:
    await load(
        WEB | {"is_default": True},
        {"record": "type", "code": "other"},
        {
            "record": "product",
            "slug": "cup",
            "type": "other",
            "name": "Cup",
            "variants": [{"sku": "M-1"}],
        },
    )
    report = await _import(_shop(tmp_path, "mug,Mug,,,,M-1,9.50\n"), settings)
    (error,) = report.errors
    assert (error.line, error.column, error.value) == (2, "Variant SKU", "M-1")
    assert "cup" in error.message


def test_findings_are_saved_as_csv(tmp_path: Path) -> None:
    finding = importing.Finding(3, "SKU", "a\nb", "SKU_MENDED", "holds a line break", True)
    report = Report(tmp_path / "shop.csv", "Shopify", {}, (finding,), True, 1.0)
    reporting.save(tmp_path / "report.csv", [report])
    with (tmp_path / "report.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["line"], row["value"], row["severity"]) == ("3", "a\nb", "warning")
