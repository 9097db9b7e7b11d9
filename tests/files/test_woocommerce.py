"""WooCommerce's CSV: kinds of products, variations, and cells within cells."""

from pathlib import Path

import pytest
from parsing import DEFAULTS, Found, read, read_text

from catalog.files.reading import Defaults

HEADER = (
    "ID|Type|SKU|Name|Published|Short description|Description|Date sale price starts"
    "|Date sale price ends|In stock?|Stock|Backorders allowed?|Weight (kg)|Length (cm)|Sale price"
    "|Regular price|Categories|Tags|Images|Parent|Grouped products|Upsells|Cross-sells"
    "|External URL|Button text|Position|Attribute 1 name|Attribute 1 value(s)"
    "|Meta: _internal|Meta: care|Download 1 name|Download 1 URL"
)
HAT = {"ID": "1", "Type": "simple", "SKU": "hat", "Name": "Hat", "Published": "1"}
TEE = {"ID": "2", "Type": "variable", "SKU": "tee", "Name": "Tee", "Published": "1"}
RED = {"ID": "3", "Type": "variation", "SKU": "tee-red", "Parent": "tee", "Position": "2"}
RED |= {"Attribute 1 name": "Color", "Attribute 1 value(s)": "Red", "Regular price": "20"}
BLUE = RED | {"ID": "4", "SKU": "tee-blue", "Parent": "id:2", "Position": "1"}
BLUE |= {"Attribute 1 value(s)": "Blue"}


def _file(folder: Path, *rows: dict[str, str]) -> Found:
    columns = HEADER.split("|")
    cells = [[f'"{row.get(column, "")}"' for column in columns] for row in rows]
    return read_text(folder, "\n".join(["\ufeff" + ",".join(columns), *map(",".join, cells)]))


def test_a_simple_product_is_its_one_variant(tmp_path: Path) -> None:
    found = _file(
        tmp_path,
        HAT
        | {
            "Description": r"First\nSecond",
            "Short description": "A hat<script>x</script>",
            "Categories": "Clothing > Hats, Sale\\, all",
            "Tags": "warm, wool",
            "Images": "https://x.test/1.jpg, https://x.test/2.jpg",
            "Weight (kg)": ".25",
            "Length (cm)": "30",
            "Meta: _internal": "1",
            "Meta: care": "wash cold",
        },
    )
    assert found.format == "WooCommerce"
    product, variant = found.product, found.variants[0]
    assert (product["external_id"], product["type"]) == ("1", "simple")
    assert product["description"] == "First\nSecond"
    assert product["categories"] == ["clothing-hats", "sale-all"]
    assert [image["url"][-5:] for image in product["media"]] == ["1.jpg", "2.jpg"]
    assert product["metadata"] == {"short_description": "A hat", "meta": {"care": "wash cold"}}
    assert product["private_metadata"] == {"meta": {"_internal": "1"}}
    assert (variant["sku"], variant["weight"]) == ("hat", "250")
    assert variant["metadata"] == {"dimensions": {"length": "30", "unit": "cm"}}


@pytest.mark.parametrize("order", [(TEE, RED, BLUE), (RED, TEE, BLUE), (BLUE, RED, TEE)])
def test_variations_find_their_parent_wherever_it_stands(
    tmp_path: Path, order: tuple[dict[str, str], ...]
) -> None:
    found = _file(tmp_path, *order)
    assert [variant["sku"] for variant in found.variants] == ["tee-blue", "tee-red"]
    assert [variant["options"] for variant in found.variants] == [
        {"color": "blue"},
        {"color": "red"},
    ]
    assert found.product["type"] == "variable-color"
    assert found.product["metadata"] == {"sku": "tee"}


def test_a_variation_inherits_what_it_does_not_say(tmp_path: Path) -> None:
    found = _file(tmp_path, TEE | {"Weight (kg)": "1", "Stock": "7"}, RED | {"Stock": "parent"})
    assert found.variants[0]["weight"] == "1000"
    assert found.variants[0]["stock"] == [{"location": "default", "on_hand": 7}]


def test_an_attribute_tells_variants_apart_only_where_variations_have_it(tmp_path: Path) -> None:
    plain = {"Attribute 1 name": "Color", "Attribute 1 value(s)": "Red"}
    several = {"Attribute 1 name": "Color", "Attribute 1 value(s)": "Red, Blue"}
    found = _file(tmp_path, TEE, RED, HAT | plain, HAT | several | {"ID": "9", "SKU": "hat-2"})
    _, one, two = found.all("product")
    assert one["attributes"] == {"color": ["red"]}
    assert two["attributes"] == {"color-list": ["red", "blue"]}


def test_an_attribute_of_the_catalog_keeps_its_kind(tmp_path: Path) -> None:
    rows = HAT | {"Attribute 1 name": "Size", "Attribute 1 value(s)": "S, M"}
    path = tmp_path / "catalog.csv"
    assert _file(tmp_path, rows).product["attributes"] == {"size": ["s", "m"]}
    known = Defaults(DEFAULTS.channel, DEFAULTS.currency, DEFAULTS.locale, {"size": "select"})
    assert read(path, known).product["attributes"] == {"size-list": ["s", "m"]}


def test_a_sale_without_dates_is_the_price(tmp_path: Path) -> None:
    found = _file(tmp_path, HAT | {"Sale price": "18", "Regular price": "20"})
    (price,) = found.variants[0]["prices"]
    assert (price["amount"], price["compare_at"]) == ("18", "20")


def test_a_sale_with_dates_is_a_price_for_a_while(tmp_path: Path) -> None:
    dates = {"Date sale price starts": "2026-05-01", "Date sale price ends": "2026-05-31"}
    found = _file(tmp_path, HAT | dates | {"Sale price": "18", "Regular price": "20"})
    base, sale = found.variants[0]["prices"]
    assert (base["amount"], "valid_from" in base) == ("20", False)
    assert (sale["amount"], sale["compare_at"]) == ("18", "20")
    assert (sale["valid_from"], sale["valid_until"]) == (
        "2026-05-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
    )


def test_a_sale_that_is_dearer_is_left_out(tmp_path: Path) -> None:
    found = _file(tmp_path, HAT | {"Sale price": "20", "Regular price": "20"})
    (price,) = found.variants[0]["prices"]
    assert price["amount"] == "20"
    assert found.said == [(2, "Sale price", "SALE_NOT_LOWER")]


@pytest.mark.parametrize(
    ("cells", "tracked", "backorder", "on_hand"),
    [
        ({"In stock?": "1"}, False, False, None),
        ({"In stock?": "0"}, True, False, 0),
        ({"In stock?": "1", "Stock": "5"}, True, False, 5),
        ({"In stock?": "backorder"}, False, True, None),
        ({"Stock": "0", "Backorders allowed?": "notify"}, True, True, 0),
    ],
)
def test_stock(
    tmp_path: Path, cells: dict[str, str], tracked: bool, backorder: bool, on_hand: int | None
) -> None:
    (variant,) = _file(tmp_path, HAT | cells).variants
    assert (variant["tracked"], variant["backorder"]) == (tracked, backorder)
    levels = [level["on_hand"] for level in variant.get("stock", [])]
    assert levels == ([] if on_hand is None else [on_hand])


def test_products_link_to_each_other_by_sku_and_id(tmp_path: Path) -> None:
    group = {"ID": "7", "Type": "grouped", "Name": "Set", "SKU": "set", "Published": "1"}
    group |= {"Grouped products": "hat, tee-red, nowhere", "Upsells": "id:1", "Cross-sells": "set"}
    found = _file(tmp_path, group, HAT, TEE, RED)
    product = found.all("product")[0]
    links = [(link["kind"], link["product"]) for link in product["associations"]]
    assert links == [("component", "ext:1"), ("component", "ext:2"), ("up_sell", "ext:1")]
    assert product["variants"] == []
    assert found.said == [(2, "Grouped products", "LINK_LEFT_OUT")]


def test_a_download_is_for_buyers_only(tmp_path: Path) -> None:
    files = {"Download 1 name": "Song", "Download 1 URL": "https://x.test/song.mp3"}
    found = _file(tmp_path, HAT | files | {"Type": "simple, downloadable, virtual"})
    assert found.product["type"] == "simple"
    assert found.product["metadata"] == {"downloadable": True, "virtual": True}
    assert found.product["private_metadata"]["downloads"][0]["name"] == "Song"


def test_an_external_product_leads_elsewhere(tmp_path: Path) -> None:
    there = {"Type": "external", "External URL": "https://x.test/p", "Button text": "Buy"}
    found = _file(tmp_path, HAT | there)
    assert found.product["metadata"]["external"] == {
        "url": "https://x.test/p",
        "button_text": "Buy",
    }


@pytest.mark.parametrize(
    ("published", "status", "listed"), [("1", "active", 1), ("0", "draft", 0), ("-1", "draft", 0)]
)
def test_publishing(tmp_path: Path, published: str, status: str, listed: int) -> None:
    product = _file(tmp_path, HAT | {"Published": published}).product
    assert (product["status"], len(product.get("listings", []))) == (status, listed)


def test_a_guarded_cell_loses_its_apostrophe(tmp_path: Path) -> None:
    assert _file(tmp_path, HAT | {"Name": "'=Hat"}).product["name"] == "=Hat"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (RED | {"Parent": "nowhere"}, "Parent", "is no product of this file"),
        (HAT | {"ID": "8", "Published": "yes"}, "Published", "must be 1"),
        (HAT | {"ID": "8", "Regular price": "12,50"}, "Regular price", "plain number"),
        (HAT | {"ID": "8", "Weight (kg)": "light"}, "Weight (kg)", "plain number"),
        (HAT | {"ID": "8", "External URL": "javascript:alert(1)"}, "External URL", "https://"),
        (
            HAT
            | {"ID": "8", "Sale price": "1", "Regular price": "2"}
            | {"Date sale price ends": "May 5"},
            "Date sale price ends",
            "must be a day",
        ),
    ],
)
def test_a_bad_cell_is_named_by_its_column(
    tmp_path: Path, row: dict[str, str], column: str, said: str
) -> None:
    found = _file(tmp_path, HAT, row)
    (finding,) = [finding for finding in found.findings if not finding.warning]
    assert (finding.line, finding.column) == (3, column)
    assert said in finding.message
    assert len(found.all("product")) == 1


def test_a_type_that_nobody_knows_is_simple(tmp_path: Path) -> None:
    found = _file(tmp_path, HAT | {"Type": "booking"})
    assert found.product["type"] == "simple"
    assert found.said == [(2, "Type", "UNKNOWN_TYPE")]
