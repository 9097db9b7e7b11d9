"""Shopify's CSV as shops export it: every quirk is a row of a small file."""

from pathlib import Path

import pytest
from parsing import Found, read_text

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,"
    "Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,"
    "Google Shopping / MPN,Variant Image,Cost per item,Status"
)


def _shop(folder: Path, *rows: dict[str, str], more: str = "") -> Found:
    """A file of these rows, given by column; `more` are further columns."""
    columns = HEADER.split(",") + [column for column in more.split(",") if column]
    cells = [[f'"{row.get(column, "")}"' for column in columns] for row in rows]
    lines = [",".join(columns), *(",".join(line) for line in cells)]
    return read_text(folder, "\n".join(lines))


MUG = {"Handle": "mug", "Title": "Mug", "Variant Price": "9.50"}
SHIRT = {"Handle": "shirt", "Title": "Shirt", "Option1 Name": "Size", "Option1 Value": "S"}


def test_a_product_has_its_texts(tmp_path: Path) -> None:
    found = _shop(
        tmp_path,
        MUG
        | {
            "Body (HTML)": "<p>Big</p><script>alert(1)</script>",
            "Vendor": "Köhler & Sons",
            "Product Category": "Home > Kitchen > Mugs",
            "Type": "Tableware",
            "Tags": "blue, new ,blue",
            "Google Shopping / MPN": "K-1",
            "Cost per item": "4.20",
        },
    )
    assert found.format == "Shopify"
    product = found.product
    assert (product["slug"], product["name"], product["status"]) == ("mug", "Mug", "active")
    assert product["description"] == "<p>Big</p>"
    assert (product["brand"], product["type"]) == ("kohler-sons", "tableware")
    assert product["categories"] == ["home-kitchen-mugs"]
    assert product["tags"] == ["blue", "new"]
    assert product["metadata"] == {"google": {"mpn": "K-1"}}
    assert found.variants[0]["private_metadata"] == {"cost": "4.20"}
    assert [brand["name"] for brand in found.all("brand")] == ["Köhler & Sons"]


def test_variants_and_images_share_rows(tmp_path: Path) -> None:
    found = _shop(
        tmp_path,
        SHIRT | {"Image Src": "https://x.test/2.jpg", "Image Position": "2"},
        {"Handle": "shirt", "Option1 Value": "M", "Image Src": "https://x.test/1.jpg"}
        | {"Image Position": "1", "Variant Image": "https://x.test/2.jpg"},
        {"Handle": "shirt", "Image Src": "https://x.test/3.jpg", "Image Alt Text": "Back"},
    )
    assert [variant["options"] for variant in found.variants] == [{"size": "s"}, {"size": "m"}]
    assert [image["url"][-5:] for image in found.product["media"]] == ["1.jpg", "2.jpg", "3.jpg"]
    assert found.product["media"][2]["alt"] == "Back"
    assert found.variants[1]["media"] == [{"url": "https://x.test/2.jpg", "alt": ""}]
    assert found.sourced[-1].variant_lines == (2, 3)


def test_default_title_is_no_option(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Option1 Name": "Title", "Option1 Value": "Default Title"})
    assert found.variants[0]["options"] == {}
    assert found.all("attribute") == []


def test_a_real_option_may_be_called_title(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Option1 Name": "Title", "Option1 Value": "Dr."})
    assert found.variants[0]["options"] == {"title": "dr"}


def test_colour_and_color_are_one_axis(tmp_path: Path) -> None:
    found = _shop(
        tmp_path,
        SHIRT | {"Option1 Name": "Colour", "Option1 Value": "Blue"},
        MUG | {"Option1 Name": "COLOR", "Option1 Value": "blue"},
    )
    variants = [product["variants"][0]["options"] for product in found.all("product")]
    assert variants == [{"color": "blue"}, {"color": "blue"}]
    assert len([a for a in found.all("attribute") if "name" in a]) == 1


def test_prices_stock_and_weight(tmp_path: Path) -> None:
    found = _shop(
        tmp_path,
        MUG
        | {
            "Variant Compare At Price": "12.00",
            "Variant Grams": "226.796185",
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Qty": "-2",
            "Variant Inventory Policy": "continue",
            "Variant Barcode": "'0850064060010",
        },
    )
    (variant,) = found.variants
    (price,) = variant["prices"]
    assert (price["amount"], price["compare_at"], price["currency"]) == ("9.50", "12.00", "EUR")
    assert variant["stock"] == [{"location": "default", "on_hand": -2}]
    assert (variant["weight"], variant["barcode"]) == ("226.796", "0850064060010")
    assert (variant["tracked"], variant["backorder"]) == (True, True)


@pytest.mark.parametrize(
    ("compare_at", "codes"),
    [("0.00", []), ("9.50", []), ("8.00", ["COMPARE_AT_BELOW_PRICE"]), ("", [])],
)
def test_a_compare_at_price_has_to_be_higher(
    tmp_path: Path, compare_at: str, codes: list[str]
) -> None:
    found = _shop(tmp_path, MUG | {"Variant Compare At Price": compare_at})
    assert found.variants[0]["prices"][0]["compare_at"] is None
    assert [finding.code for finding in found.findings] == codes


def test_a_variant_without_price_has_none(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Variant Price": "", "Variant SKU": "M-1"})
    assert found.variants[0]["prices"] == []
    assert found.findings == []


@pytest.mark.parametrize(
    ("published", "status", "listing", "expected"),
    [
        ("true", "", None, "active"),
        ("TRUE", "draft", None, "draft"),
        ("false", "active", "1970-01-01T00:00:00Z", "active"),
        ("FALSE", "Archived", "1970-01-01T00:00:00Z", "archived"),
    ],
)
def test_publishing(
    tmp_path: Path, published: str, status: str, listing: str | None, expected: str
) -> None:
    found = _shop(tmp_path, MUG | {"Published": published, "Status": status})
    assert found.product["status"] == expected
    assert found.product["listings"] == [{"channel": "web", "published_until": listing}]


def test_markets_are_channels_with_prices_of_their_own(tmp_path: Path) -> None:
    more = "Included / United States,Price / United States,Compare At Price / United States"
    row = MUG | {
        "Published": "true",
        "Included / United States": "FALSE",
        "Price / United States": "11",
        "Compare At Price / United States": "13",
    }
    found = _shop(tmp_path, row, more=more)
    assert [channel["code"] for channel in found.all("channel")] == ["web", "united-states"]
    assert found.product["listings"][1] == {
        "channel": "united-states",
        "published_until": "1970-01-01T00:00:00Z",
    }
    prices = [(price["channel"], price["amount"]) for price in found.variants[0]["prices"]]
    assert prices == [(None, "9.50"), ("united-states", "11")]
    assert found.all("location")[0]["channels"] == ["web", "united-states"]


def test_metafields_are_texts(tmp_path: Path) -> None:
    more = "Hold (product.metafields.shopify.hold-level),Fit (variant.metafields.custom.fit)"
    row = MUG | dict(zip(more.split(","), ["medium; strong", "slim"], strict=True))
    found = _shop(tmp_path, row, more=more)
    assert found.product["attributes"] == {"shopify.hold-level": "medium; strong"}
    assert found.variants[0]["attributes"] == {"variant.custom.fit": "slim"}
    assert {a["kind"] for a in found.all("attribute")} == {"text"}


def test_other_headers_say_the_same(tmp_path: Path) -> None:
    header = "URL handle,title,Description,Option1 name,Option1 value,SKU,Price,Product image URL"
    found = read_text(tmp_path, f"{header}\nmug,Mug,Big,Size,L,M-1,9.5,https://x.test/1.jpg \n")
    assert found.product["description"] == "Big"
    assert (found.variants[0]["sku"], found.variants[0]["options"]) == ("M-1", {"size": "l"})
    assert found.product["media"][0]["url"] == "https://x.test/1.jpg"


def test_a_column_that_nobody_knows_is_named(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG, more="Shoe width")
    assert found.said == [(1, "Shoe width", "UNKNOWN_COLUMN")]


def test_a_line_break_in_a_sku_is_mended_and_told(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Variant SKU": "AD-04\n-blue"})
    assert found.variants[0]["sku"] == "AD-04 -blue"
    assert found.said == [(2, "Variant SKU", "SKU_MENDED")]


def test_a_sku_names_one_variant(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Variant SKU": "1"}, SHIRT | {"Variant SKU": "1"})
    second = found.all("product")[1]["variants"][0]
    assert (second["sku"], second["metadata"]) == (None, {"sku": "1"})
    assert found.said == [(3, "Variant SKU", "DUPLICATE_SKU")]
    assert "line 2" in found.findings[0].message


def test_a_combination_of_options_is_there_once(tmp_path: Path) -> None:
    found = _shop(tmp_path, SHIRT, {"Handle": "shirt", "Option1 Value": "s"})
    assert len(found.variants) == 1
    assert found.said == [(3, "Option1 Value", "OPTIONS_AGAIN")]


def test_a_handle_that_comes_again_is_one_product(tmp_path: Path) -> None:
    found = _shop(tmp_path, SHIRT, MUG, SHIRT | {"Title": "Other shirt", "Option1 Value": "M"})
    shirt, mug = sorted(found.all("product"), key=lambda product: len(product["variants"]))[::-1]
    assert (shirt["slug"], shirt["name"], len(shirt["variants"])) == ("shirt", "Shirt", 2)
    assert mug["slug"] == "mug"
    assert found.said == [(4, "Title", "HANDLE_AGAIN")]


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"Handle": ""}, "Handle", "is missing"),
        ({"Handle": "a b"}, "Handle", "may not hold spaces"),
        ({"Variant Price": "$9.50"}, "Variant Price", "plain number"),
        ({"Variant Grams": "-5"}, "Variant Grams", "0 or more"),
        ({"Variant Inventory Qty": "many"}, "Variant Inventory Qty", "plain number"),
        ({"Variant Inventory Policy": "maybe"}, "Variant Inventory Policy", "deny or continue"),
        ({"Published": "perhaps"}, "Published", "TRUE or FALSE"),
        ({"Status": "gone"}, "Status", "one of"),
        ({"Image Src": "ftp://x.test/a.jpg"}, "Image Src", "https://"),
        ({"Vendor": "x" * 501}, "Vendor", "longer than 500"),
        ({"Option1 Name": "Size", "Option1 Value": "x" * 501}, "Option1 Value", "longer than"),
    ],
)
def test_a_bad_cell_is_named_by_its_column(
    tmp_path: Path, cells: dict[str, str], column: str, said: str
) -> None:
    found = _shop(tmp_path, MUG | cells, SHIRT)
    (finding,) = [finding for finding in found.findings if not finding.warning]
    assert (finding.line, finding.column) == (2, column)
    assert said in finding.message
    assert [product["slug"] for product in found.all("product")] == ["shirt"]


def test_a_barcode_that_a_spreadsheet_rounded_is_left_out(tmp_path: Path) -> None:
    found = _shop(tmp_path, MUG | {"Variant Barcode": "8.50064E+11"})
    assert found.variants[0]["barcode"] is None
    assert found.said == [(2, "Variant Barcode", "BARCODE_ROUNDED")]
