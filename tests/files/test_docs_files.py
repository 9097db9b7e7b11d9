"""What docs/files.md shows is imported as it stands there."""

import re
from pathlib import Path

import orjson
import pytest
from parsing import read

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order
from catalog.settings import Settings

DOCS = Path(__file__).parents[2] / "docs" / "files.md"
EXAMPLES = re.findall(r"```(ndjson|csv)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def _written(folder: Path) -> list[Path]:
    paths = [folder / f"example-{number}" for number in range(len(EXAMPLES))]
    for path, (_, text) in zip(paths, EXAMPLES, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.usefixtures("clean")
async def test_every_example_imports_and_changes_nothing_the_second_time(
    tmp_path: Path, settings: Settings
) -> None:
    assert len(EXAMPLES) == 3
    for _ in range(2):
        reports = [
            await importing.load(path, Order(), settings, lambda *_: None)
            for path in _written(tmp_path)
        ]
        assert [finding for report in reports for finding in report.findings] == []
    assert [report.format for report in reports] == ["our NDJSON", "our CSV", "our CSV"]
    assert {
        noun: (counts.created, counts.updated)
        for report in reports
        for noun, counts in report.counts.items()
        if counts.created or counts.updated
    } == {}
    counted = await db.fetch(
        """
        SELECT (SELECT count(*) FROM product) AS products,
            (SELECT count(*) FROM variant) AS variants,
            (SELECT count(*) FROM price) AS prices,
            (SELECT count(*) FROM association) AS associations,
            (SELECT count(*) FROM attribute_option) AS options
        """
    )
    assert dict(counted[0]) == {
        "products": 4,
        "variants": 5,
        "prices": 14,
        "associations": 4,
        "options": 6,
    }


def test_csv_and_ndjson_say_the_same(tmp_path: Path) -> None:
    def variant(sku: str, size: str, amount: str, stock: str) -> dict[str, object]:
        price = {"amount": amount, "currency": "EUR", "channel": None, "min_quantity": 1}
        level = {"location": "berlin", "on_hand": stock}
        return {"sku": sku, "options": {"size": size}, "prices": [price], "stock": [level]}

    variants = [variant("H-S", "s", "5", "1"), variant("H-M", "m", "6", "2")]
    lines, table = tmp_path / "lines", tmp_path / "table"
    lines.write_bytes(orjson.dumps({"slug": "hat", "name": "Hat", "variants": variants}))
    table.write_text(
        "slug,name,sku,option.size,price.EUR,stock.berlin\nhat,Hat,H-S,s,5,1\n,,H-M,m,6,2\n"
    )
    assert read(lines).records == read(table).records
