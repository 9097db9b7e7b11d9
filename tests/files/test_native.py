"""Our own CSV and NDJSON: rows that continue records, and what is wrong with them."""

from pathlib import Path

import pytest
from parsing import read_text

from catalog.errors import FileRefused
from catalog.files import formats
from catalog.files.text import open_text


def test_rows_of_a_product_are_its_variants(tmp_path: Path) -> None:
    found = read_text(tmp_path, "slug,name,sku\nhat,Hat,1\n,,2\nhat,Hat,3\ncap,Cap,4\n")
    hat, cap = found.all("product")
    assert [variant["sku"] for variant in hat["variants"]] == ["1", "2", "3"]
    assert found.sourced[0].variant_lines == (2, 3, 4)
    assert [variant["sku"] for variant in cap["variants"]] == ["4"]


def test_a_product_without_variant_cells_says_nothing_of_variants(tmp_path: Path) -> None:
    assert "variants" not in read_text(tmp_path, "slug,name,sku\nhat,Hat,\n").product


def test_an_empty_cell_says_nothing_and_null_empties(tmp_path: Path) -> None:
    product = read_text(tmp_path, "slug,name,brand,images\nhat,,null,null\n").product
    assert product == {"record": "product", "slug": "hat", "brand": None, "media": []}


def test_prices_by_currency_channel_and_quantity(tmp_path: Path) -> None:
    header = "slug,price.EUR,compare_at.EUR,price.EUR@web,price.USD@web>=10,sale.EUR,sale_from.EUR"
    found = read_text(tmp_path, f"{header}\nhat,5,6,4,3,2,2026-01-01T00:00:00Z\n")
    prices = [
        (p["amount"], p["currency"], p["channel"], p["min_quantity"], "valid_from" in p)
        for p in found.variants[0]["prices"]
    ]
    assert prices == [
        ("5", "EUR", None, 1, False),
        ("4", "EUR", "web", 1, False),
        ("3", "USD", "web", 10, False),
        ("2", "EUR", None, 1, True),
    ]


def test_listed_no_ends_a_listing(tmp_path: Path) -> None:
    found = read_text(tmp_path, "slug,listed@web,listed@b2b\nhat,yes,no\n")
    assert found.product["listings"] == [
        {"channel": "web", "published_until": None},
        {"channel": "b2b", "published_until": "1970-01-01T00:00:00Z"},
    ]


def test_links_may_have_quantities(tmp_path: Path) -> None:
    found = read_text(tmp_path, "slug,component,related\nset,hat | 2 x ext:7,cap\n")
    assert found.product["associations"] == [
        {"product": "hat", "kind": "component", "quantity": 1},
        {"product": "ext:7", "kind": "component", "quantity": 2},
        {"product": "cap", "kind": "related", "quantity": 1},
    ]


def test_a_localised_attribute_has_a_language_in_every_column(tmp_path: Path) -> None:
    found = read_text(tmp_path, "slug,attribute.m:en,attribute.m:de\nhat,Wool,Wolle\n")
    assert found.product["attributes"] == {"m": {"en": "Wool", "de": "Wolle"}}
    with pytest.raises(FileRefused, match="cannot both be there"):
        read_text(tmp_path, "slug,attribute.m,attribute.m:de\nhat,Wool,Wolle\n")


@pytest.mark.parametrize(
    ("rows", "line", "column", "said"),
    [
        ("slug,price.EUR@web\nhat,5\ncap,1 299\n", 3, "price.EUR@web", "plain number"),
        ("slug,stock.berlin\nhat,5\ncap,few\n", 3, "stock.berlin", "plain number"),
        ("slug,sku,weight\nhat,1,5\n,2,-1\n", 3, "weight", "must be 0 or more"),
        ("slug,name:xx-\nhat,a\n", 2, "name:xx-", "BCP 47"),
        ("slug,images\nhat,/a.jpg | b.jpg\n", 2, "images", "must begin with"),
        ("slug,images,images.alt\nhat,/a.jpg,a | b\n", 2, "images.alt", "is missing"),
        ("slug,listed@web\nhat,yes\n,\n", 0, "", ""),
        ("slug,published_from@web\nhat,2026-01-01\n", 2, "published_from@web", "offset"),
        ("slug,name,sku\nhat,Hat,1\nhat,Cap,2\n", 3, "name", "another value than on line 2"),
        ("record,slug,name\nthing,hat,Hat\n", 2, "record", "is no kind of record"),
        ("record,code,label\noption,red,Red\n", 2, "record", "must stand below"),
        ("record,slug,name,kind\nbrand,acme,Acme,x\n", 2, "kind", "is no field of this record"),
    ],
)
def test_a_bad_cell_is_named_by_its_column(
    tmp_path: Path, rows: str, line: int, column: str, said: str
) -> None:
    found = read_text(tmp_path, rows)
    if not line:
        assert found.findings == []
        return
    (finding,) = found.findings
    assert (finding.line, finding.column) == (line, column)
    assert said in finding.message


def test_a_column_that_nobody_knows_is_refused_with_the_likeliest(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="“stauts” is none of our CSV; did you mean status"):
        read_text(tmp_path, "slug,name,stauts,sku\nhat,Hat,active,1\n")


def test_lines_of_json_are_records(tmp_path: Path) -> None:
    found = read_text(tmp_path, '{"slug": "hat", "name": "Hat"}\n\n{"record": "brand"\n[1]\n')
    assert found.format == "our NDJSON"
    assert found.said == [(3, "", "BAD_JSON"), (4, "", "INVALID")]
    assert found.product["name"] == "Hat"


@pytest.mark.parametrize(
    ("path", "column"),
    [
        (("variants", 1, "sku"), "sku"),
        (("variants", 0, "gtin"), "barcode"),
        (("variants", 0, "options", "size"), "option.size"),
        (("variants", 0, "prices", 2, "channel"), "price"),
        (("attributes", "custom.fit"), "attribute.custom.fit"),
        (("brand",), "brand"),
        (("seo", "title"), "seo.title"),
    ],
)
def test_what_the_database_finds_is_named_by_column_too(
    tmp_path: Path, path: tuple[str | int, ...], column: str
) -> None:
    file = tmp_path / "catalog.csv"
    file.write_text("slug,name\nhat,Hat\n")
    reading = formats.read(open_text(file), None, mapped_by=None, format=None)
    assert reading.column(path) == column


@pytest.mark.parametrize(
    "text",
    ['{"sku": 1, "price": 2}\n', '[{"a": 1}]\n', "sku,price\n1,2\n", "just a text\n"],
)
def test_other_peoples_files_need_a_mapping(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused, match="--suggest-mapping writes a first one"):
        read_text(tmp_path, text)
