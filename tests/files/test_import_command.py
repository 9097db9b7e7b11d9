"""`catalog import` as a process: what it prints, what it leaves, how it exits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog import db
from catalog.settings import Settings

SHOP = "Handle,Title,Vendor,Variant SKU,Variant Price\n"

pytestmark = pytest.mark.usefixtures("clean")


def _run(settings: Settings, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from catalog.cli import main; main()", "import"]
        + [str(argument) for argument in arguments],
        env=os.environ | {"DATABASE_URL": str(settings.database_url), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


async def _slugs() -> list[str]:
    return [row["slug"] for row in await db.fetch("SELECT slug FROM product ORDER BY slug")]


async def test_files_are_imported_in_their_order(tmp_path: Path, settings: Settings) -> None:
    nouns, shop = tmp_path / "nouns.csv", tmp_path / "shop.csv"
    nouns.write_text(
        "record,code,default_currency,default_locale,is_default\nchannel,web,EUR,en,yes\n"
    )
    shop.write_text(f"{SHOP}mug,Mug,Acme,M-1,9.50\n")
    done = _run(settings, nouns, shop)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("nouns.csv\n")
    assert "\nshop.csv\n" in done.stderr
    assert "shop.csv (Shopify): 1 product imported in" in done.stderr
    assert await _slugs() == ["mug"]


async def test_errors_are_told_and_saved(tmp_path: Path, settings: Settings) -> None:
    shop, report = tmp_path / "shop.csv", tmp_path / "report.csv"
    shop.write_text(f"{SHOP}mug,Mug,Acme,M-1,cheap\nhat,Hat,Acme,H-1,1\n")
    done = _run(settings, shop, "--currency", "EUR", "--report", report)
    assert done.returncode == 1
    assert "error line 2, Variant Price: “cheap” is not a plain number" in done.stderr
    assert "nothing was written" in done.stderr
    assert "shop.csv,2,Variant Price,cheap,error,INVALID," in report.read_text()
    assert await _slugs() == []
    assert _run(settings, shop, "--currency", "EUR", "--on-error", "skip").returncode == 0
    assert await _slugs() == ["hat"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "none of the formats we know"),
        ('slug,name\nmug,"Mug\n', "is never closed"),
        (f"{SHOP}mug,Mug,,M-1,9\n", "say --currency"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_read_exits_2(
    tmp_path: Path, settings: Settings, text: str, said: str
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(text)
    done = _run(settings, path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_stops_the_import(
    tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(f"{SHOP}mug,Mug,,M-1,9\n")
    done = _run(settings, path, "--currency", "EUR", "--report", tmp_path / "no" / "report.csv")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


def test_a_mapping_is_suggested_once(tmp_path: Path, settings: Settings) -> None:
    path, mapping = tmp_path / "supplier.csv", tmp_path / "supplier.yaml"
    path.write_text("artno,title,price\n1,Hat,5\n2,Cap,6\n")
    assert _run(settings, path, "--suggest-mapping", mapping).returncode == 0
    assert "source:" in mapping.read_text()
    again = _run(settings, path, "--suggest-mapping", mapping)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
