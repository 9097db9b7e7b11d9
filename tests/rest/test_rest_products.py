"""Products over REST: pages, filters, orders, references, and what can be shown with them."""

from urllib.parse import quote

import httpx
import pytest
from factories import load

from catalog import ids
from catalog.writes.inputs import ProductInput

pytestmark = pytest.mark.usefixtures("lamps")

VISIBLE = ["odd-lamp", "wall-lamp", "floor-lamp", "desk-lamp"]


def slugs(page: dict) -> list[str]:
    return [item["slug"] for item in page["items"]]


async def test_a_page_has_the_newest_published_products_of_the_channel(get) -> None:
    page = await get("/v1/products")

    assert slugs(page) == VISIBLE
    assert page["page"] == {"next": None, "prev": None, "total": None}


async def test_a_token_shows_drafts_and_private_metadata(get, token: str) -> None:
    page = await get("/v1/products?slug=draft-lamp", token=token)

    assert page["items"][0]["private_metadata"] == {"cost": "3.10"}
    assert "private_metadata" not in (await get("/v1/products/desk-lamp"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=home", ["odd-lamp", "floor-lamp", "desk-lamp"]),
        ("category=home-lamps,outlet", VISIBLE),
        ("category=outlet", ["wall-lamp", "desk-lamp"]),
        ("collection=favourites", ["wall-lamp", "desk-lamp"]),
        ("collection=favourites&sort=position", ["wall-lamp", "desk-lamp"]),
        ("brand=noctis", ["floor-lamp"]),
        ("brand=ext:B%2F1", ["floor-lamp"]),
        ("brand=noctis&brand=lumen", VISIBLE),
        ("tag=new", ["floor-lamp", "desk-lamp"]),
        ("tag=tall&category=outlet", []),
        ("type=lamp", VISIBLE),
        ("type=sofa", []),
        ("slug=desk-lamp,wall-lamp", ["wall-lamp", "desk-lamp"]),
        ("status=active", VISIBLE),
        ("updated_at.gte=2000-01-01T00:00:00Z", VISIBLE),
        ("updated_at.lt=2000-01-01T00:00:00%2B01:00", []),
        ("sort=oldest", VISIBLE[::-1]),
        ("sort=name", ["desk-lamp", "floor-lamp", "odd-lamp", "wall-lamp"]),
        ("sort=-name", ["wall-lamp", "odd-lamp", "floor-lamp", "desk-lamp"]),
        ("sort=-updated", VISIBLE),
        ("sort=updated", VISIBLE[::-1]),
        ("channel=us", ["porch-lamp"]),
    ],
)
async def test_filters_and_orders(get, query: str, expected: list[str]) -> None:
    assert slugs(await get(f"/v1/products?{query}")) == expected


async def test_ids_of_answers_find_what_they_named(get) -> None:
    page = await get("/v1/products?limit=2&sort=name")
    wanted = [item["id"] for item in page["items"]]

    assert slugs(await get(f"/v1/products?sort=name&id={','.join(wanted)}")) == slugs(page)


async def test_pages_go_on_and_come_back(get) -> None:
    first = await get("/v1/products?limit=3&sort=name")
    second = await get(f"/v1/products?limit=3&sort=name&cursor={first['page']['next']}")
    back = await get(f"/v1/products?limit=3&sort=name&cursor={second['page']['prev']}")

    assert slugs(first) + slugs(second) == ["desk-lamp", "floor-lamp", "odd-lamp", "wall-lamp"]
    assert second["page"]["next"] is None
    assert slugs(back) == slugs(first)
    assert back["page"]["next"] == first["page"]["next"]


async def test_the_link_header_leads_through_the_list(client: httpx.AsyncClient) -> None:
    address, found = "/v1/products?limit=3&category=home&include=brand,media&sort=name", []
    while address:
        response = await client.get(address)
        found += slugs(response.json())
        assert "first" in response.links
        address = response.links.get("next", {}).get("url")

    assert found == ["desk-lamp", "floor-lamp", "odd-lamp"]


async def test_a_total_is_counted_when_asked_for(get) -> None:
    page = await get("/v1/products?limit=1&count=true&brand=lumen")

    assert page["page"]["total"] == 3


@pytest.mark.parametrize(
    "reference",
    [
        "desk-lamp",
        "slug:desk-lamp",
        "sku:desk-red",
        "ext:DL-1",
        "barcode:4006381333931",
        "gtin:04006381333931",
        "id:" + ids.encode("Product", 1),
        "tischlampe?locale=de",
    ],
)
async def test_one_product_by_any_of_its_keys(get, reference: str) -> None:
    assert (await get(f"/v1/products/{reference}"))["external_id"] == "DL-1"


@pytest.mark.parametrize("key", ["ext:a/b?c#d%e", "sku:A/B %1"])
async def test_keys_with_reserved_characters_come_through_encoded(get, key: str) -> None:
    prefix, _, rest = key.partition(":")

    product = await get(f"/v1/products/{prefix}:{quote(rest, safe='')}")

    assert product["external_id"] == "a/b?c#d%e"


async def test_a_former_slug_leads_to_the_new_one(client: httpx.AsyncClient) -> None:
    await load(ProductInput(external_id="DL-1", slug="desk-lamp-2"))

    response = await client.get("/v1/products/desk-lamp?fields=name&channel=eu")

    assert response.status_code == 301
    assert response.headers["Location"] == "/v1/products/desk-lamp-2?fields=name&channel=eu"


async def test_an_ambiguous_barcode_lists_the_skus(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/products/barcode:SAME")

    assert response.status_code == 409
    assert response.json()["code"] == "AMBIGUOUS_REFERENCE"
    assert "desk-blue, wall-lamp-red" in response.json()["detail"]


async def test_a_draft_is_not_there_without_a_token(client: httpx.AsyncClient, get, token) -> None:
    assert (await client.get("/v1/products/draft-lamp")).status_code == 404
    assert (await get("/v1/products/draft-lamp", token=token))["status"] == "draft"


async def test_fields_leave_out_all_others_but_the_id(get) -> None:
    product = await get("/v1/products/desk-lamp?fields=name,tags&include=brand")

    assert product.keys() == {"id", "name", "tags", "brand"}


async def test_what_is_not_included_is_not_shown(get) -> None:
    product = await get("/v1/products/desk-lamp")

    assert "brand" not in product
    assert "variants" not in product


async def test_everything_that_can_be_included(get) -> None:
    names = (
        "type,brand,category,categories,collections,image,media,attributes,price_range,"
        "compare_at_price_range,available,related,variants.options,variants.price,variants.media"
    )
    product = await get(f"/v1/products/desk-lamp?include={names}")

    assert product["type"]["code"] == "lamp"
    assert product["brand"]["slug"] == "lumen"
    assert product["category"]["slug"] == "home-lamps"
    assert [category["slug"] for category in product["categories"]] == ["home-lamps", "outlet"]
    assert [collection["slug"] for collection in product["collections"]] == ["favourites"]
    assert product["image"]["url"] == "/media/desk.jpg"
    assert product["media"] == [product["image"]]
    assert [
        (value["attribute"]["code"], value["values"], value["number"])
        for value in product["attributes"]
    ] == [("material", ["Steel"], None), ("power", ["40"], "40")]
    assert product["price_range"]["min"] == {"amount": "19.90", "currency": "EUR"}
    assert product["compare_at_price_range"] is None
    assert product["available"] is True
    assert [(one["kind"], one["product"]["slug"]) for one in product["related"]] == [
        ("related", "floor-lamp")
    ]
    red, blue = product["variants"]["items"]
    assert red["options"][0]["options"][0]["code"] == "red"
    assert blue["price"] == {"amount": "19.90", "compare_at": None, "currency": "EUR"}
    assert red["media"] == []
    assert red["weight"] == "1200.5"


async def test_what_a_product_lacks_is_shown_as_nothing(get) -> None:
    names = "brand,category,image,media,attributes,related,price_range"
    product = await get(f"/v1/products/porch-lamp?channel=us&include={names}")

    assert product["image"] is None
    assert product["media"] == product["attributes"] == product["related"] == []
    assert product["price_range"] is None


async def test_exact_stock_is_for_tokens(client: httpx.AsyncClient, get, token: str) -> None:
    address = "/v1/products/desk-lamp?include=variants.stock"

    refused = await client.get(address)
    product = await get(address, token=token)

    assert refused.status_code == 401
    assert product["variants"]["items"][0]["stock"][0]["on_hand"] == 5
