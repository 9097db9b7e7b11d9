"""The other nouns over REST."""

import httpx
import pytest
from factories import load

from catalog import ids
from catalog.writes.inputs import TranslationRecord

pytestmark = pytest.mark.usefixtures("lamps")


@pytest.mark.parametrize(
    ("address", "field", "expected"),
    [
        ("/v1/variants/desk-red", "sku", "desk-red"),
        ("/v1/variants/sku:desk-red", "barcode", "4006381333931"),
        ("/v1/variants/gtin:4006381333931", "gtin", "04006381333931"),
        ("/v1/variants/A%2FB%20%251", "sku", "A/B %1"),
        ("/v1/variants/id:" + ids.encode("Variant", 1), "sku", "desk-red"),
        ("/v1/categories/home-lamps", "level", 1),
        ("/v1/categories/id:" + ids.encode("Category", 1), "slug", "home"),
        ("/v1/collections/favourites", "name", "Favourites"),
        ("/v1/brands/ext:B%2F1", "slug", "noctis"),
        ("/v1/attributes/power", "unit", "W"),
        ("/v1/attributes/code:color", "kind", "select"),
        ("/v1/channels/eu", "currencies", ["EUR", "USD"]),
        ("/v1/types/lamp", "name", "Lamp"),
        ("/v1/types/code:lamp", "id", ids.encode("ProductType", 1)),
    ],
)
async def test_one_of_each_noun_by_its_keys(
    get, address: str, field: str, expected: object
) -> None:
    assert (await get(address))[field] == expected


@pytest.mark.parametrize(
    ("address", "key", "expected"),
    [
        ("/v1/variants?product=desk-lamp", "sku", ["desk-red", "desk-blue"]),
        ("/v1/variants?sku=wall-lamp-red,desk-red&sort=sku", "sku", ["desk-red", "wall-lamp-red"]),
        ("/v1/variants?id=" + ids.encode("Variant", 2), "sku", ["desk-blue"]),
        ("/v1/categories", "slug", ["home", "outlet"]),
        ("/v1/categories?depth=2", "slug", ["home", "home-lamps", "outlet"]),
        ("/v1/categories?parent=home", "slug", ["home-lamps"]),
        ("/v1/collections", "slug", ["favourites"]),
        ("/v1/brands", "slug", ["lumen", "noctis"]),
        ("/v1/brands?limit=1", "slug", ["lumen"]),
        ("/v1/attributes", "code", ["color", "material", "power"]),
        ("/v1/channels", "code", ["eu", "us"]),
        ("/v1/types", "code", ["lamp"]),
    ],
)
async def test_lists(get, address: str, key: str, expected: list[str]) -> None:
    assert [item[key] for item in (await get(address))["items"]] == expected


async def test_a_category_with_what_is_around_it(get) -> None:
    lamps = await get("/v1/categories/home-lamps?include=ancestors,image,children")
    home = await get("/v1/categories/home?include=children&fields=name")

    assert [category["slug"] for category in lamps["ancestors"]] == ["home"]
    assert lamps["path"] == [lamps["ancestors"][0]["id"], lamps["id"]]
    assert (lamps["image"], lamps["children"]) == (None, [])
    assert home.keys() == {"id", "name", "children"}
    assert home["children"][0]["parent_id"] == home["id"]


async def test_an_attribute_with_its_options(get) -> None:
    attribute = await get("/v1/attributes/color?include=options")

    assert [option["code"] for option in attribute["options"]] == ["red", "blue"]


async def test_a_product_type_with_its_attributes(get) -> None:
    lamp = await get("/v1/types/lamp?include=attributes")

    assert [(each["attribute"], each["level"]) for each in lamp["attributes"]] == [
        ("color", "variant"),
        ("material", "product"),
        ("power", "product"),
    ]
    assert [each["is_option"] for each in lamp["attributes"]] == [True, False, False]


async def test_stock_locations_are_for_a_token_that_may_know_them(
    client: httpx.AsyncClient, get, token
) -> None:
    refused = await client.get("/v1/locations")
    (location,) = (await get("/v1/locations", token=token))["items"]

    assert refused.status_code == 401
    assert (location["code"], location["channels"]) == ("main", ["eu", "us"])
    assert await get("/v1/locations/main", token=token) == location


async def test_a_variant_with_its_product_and_attributes(get) -> None:
    variant = await get(
        "/v1/variants/desk-red?include=product,attributes,price,available&fields=sku"
    )

    assert variant["product"]["slug"] == "desk-lamp"
    assert variant["attributes"][0]["values"] == ["Red"]
    assert (variant["price"]["amount"], variant["available"]) == ("19.90", True)


async def test_prices_of_this_channel_and_currency(get) -> None:
    (euro,) = (await get("/v1/prices?sku=wall-lamp-red"))["items"]
    (dollar,) = (await get("/v1/prices?sku=wall-lamp-red&currency=USD"))["items"]

    assert euro["price"] == {"amount": "10.00", "compare_at": "12.50", "currency": "EUR"}
    assert [(row["amount"], row["min_quantity"]) for row in euro["prices"]] == [
        ("10.00", 1),
        ("9.00", 10),
    ]
    assert dollar["price"]["amount"] == "11.00"


async def test_stock_is_for_a_token_that_may_know_it(client: httpx.AsyncClient, get, token) -> None:
    refused = await client.get("/v1/stock?product=desk-lamp")
    stock = await get("/v1/stock?product=desk-lamp&limit=1", token=token)

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert stock["items"][0]["sku"] == "desk-red"
    assert stock["items"][0]["available"] is True
    assert stock["items"][0]["levels"][0] | {"updated_at": ""} == {
        "location": "main",
        "on_hand": 5,
        "reserved": 0,
        "incoming": 0,
        "updated_at": "",
    }
    assert stock["page"]["next"]


async def test_names_of_everything_are_translated(get) -> None:
    await load(
        TranslationRecord(kind="category", ref="home", locale="de", name="Zuhause"),
        TranslationRecord(kind="brand", ref="lumen", locale="de", name="Leuchte"),
    )

    category = await get("/v1/categories/home?locale=de")
    brand = await get("/v1/brands/lumen", **{"Accept-Language": "de-AT, en;q=0.5"})

    assert (category["name"], brand["name"]) == ("Zuhause", "Leuchte")


@pytest.mark.parametrize("noun", ["products", "variants", "categories", "collections", "brands"])
async def test_an_unknown_one_is_not_found(client: httpx.AsyncClient, noun: str) -> None:
    response = await client.get(f"/v1/{noun}/nothing-like-it")

    assert response.status_code == 404
    assert response.json()["code"] == "NOT_FOUND"
