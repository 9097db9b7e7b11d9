"""A suggested mapping reads its own file without a change."""

from pathlib import Path
from typing import Any

import pytest
from mapping_parsing import mapped

from catalog.files.mapping import suggestion
from catalog.files.reading import Defaults
from catalog.files.text import open_text

DEFAULTS = Defaults("web", "EUR", "en")


def _suggested(folder: Path, source: str, *, format: str = "csv") -> tuple[str, Any]:
    file = folder / f"unknown.{format}"
    file.write_text(source, encoding="utf-8")
    mapping = suggestion.suggest(open_text(file))
    found = mapped(folder, source, mapping, format=format, defaults=DEFAULTS)
    assert [finding for finding in found.findings if not finding.warning] == []
    return mapping, found


def test_a_price_list(tmp_path: Path) -> None:
    _, found = _suggested(
        tmp_path,
        "Item Number;Product Name;Brand;Category;Price;Qty;EAN;Weight (g);Colour\n"
        "A-1;Desk lamp;Lumen;Home > Lamps;1.299,00 €;5;4006381333931;200;Red\n"
        "A-2;Mug;Cera;Home > Kitchen;9,90 €;0;;;White\n",
    )
    lamp = found.all("product")[0]
    assert (lamp["external_id"], lamp["name"], lamp["brand"]) == ("A-1", "Desk lamp", "lumen")
    assert lamp["categories"] == ["home-lamps"]
    assert lamp["attributes"] == {"Weight_g": "200", "Colour": "red"}
    assert lamp["variants"] == [
        {
            "sku": "A-1",
            "barcode": "4006381333931",
            "prices": [{"amount": "1299.00", "currency": "EUR"}],
            "stock": [{"location": "main", "on_hand": 5}],
        }
    ]


def test_rows_of_one_handle(tmp_path: Path) -> None:
    mapping, found = _suggested(
        tmp_path,
        "handle,title,sku,option1_name,option1_value,price,image_src\n"
        "tee,Tee,,,,0,https://x.test/tee.jpg\n"
        "tee,,tee-s,Size,S,19,\ntee,,tee-m,Size,M,19,\nhat,Hat,hat-1,Size,M,9,\n",
    )
    assert "group_by: handle" in mapping
    tee, hat = found.all("product")
    assert [variant["options"] for variant in tee["variants"]] == [{"size": "s"}, {"size": "m"}]
    assert (tee["slug"], len(hat["variants"])) == ("tee", 1)


def test_variants_inside_json(tmp_path: Path) -> None:
    mapping, found = _suggested(
        tmp_path,
        '{"products": [{"uuid": "u1", "title": "Mug", "specs": {"height": 9}, "variants": ['
        '{"sku": "M-W", "color": "White", "price": 8.5}, '
        '{"sku": "M-B", "color": "Black", "price": 9}'
        "]}]}",
        format="json",
    )
    assert "items: products" in mapping
    assert found.product["attributes"] == {"specs.height": 9}
    assert [variant["options"] for variant in found.variants] == [
        {"color": "white"},
        {"color": "black"},
    ]


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_of_both_kinds(format: str, tmp_path: Path) -> None:
    rows = ['{"id": 1, "name": "Lamp", "tags": ["a"]}', '{"id": 2, "name": "Mug", "tags": []}']
    source = f"[{','.join(rows)}]" if format == "json" else "\n".join(rows)
    mapping, found = _suggested(tmp_path, source, format=format)
    assert f"format: {format}" in mapping
    assert [product["name"] for product in found.all("product")] == ["Lamp", "Mug"]
    assert found.all("product")[0]["tags"] == ["a"]


def test_a_tree(tmp_path: Path) -> None:
    _, found = _suggested(tmp_path, "id,name,parent_id\n2,Lamps,1\n1,Home,\n")
    assert [(c["slug"], c["parent"]) for c in found.all("category")] == [
        ("lamps-2", "ext:1"),
        ("home-1", None),
    ]


def test_translations(tmp_path: Path) -> None:
    _, found = _suggested(tmp_path, "slug,locale,name\nlamp,de,Lampe\nlamp,fr,Lampe\n")
    assert [(t["ref"], t["locale"]) for t in found.all("translation")] == [
        ("lamp", "de"),
        ("lamp", "fr"),
    ]


def test_records_that_only_a_picture_tells_apart(tmp_path: Path) -> None:
    _, found = _suggested(
        tmp_path,
        "name,price,photo\nMug,9,https://x.test/img/m1.jpg\nMug,8,https://x.test/img/m2.jpg?v=1\n",
    )
    assert [product["external_id"] for product in found.all("product")] == ["m1", "m2"]
