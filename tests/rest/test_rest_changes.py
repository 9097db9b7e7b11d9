"""What single nouns can do beyond the ordinary: lists, trees, orders, parts."""

from typing import Any

import httpx
import pytest
import servers
from writing import Writer, flaws

from catalog.writes import tokens

pytestmark = pytest.mark.usefixtures("lamps")


async def test_a_product_is_written_with_all_its_parts(write: Writer) -> None:
    made = await write.good(
        "PUT",
        "/v1/products/ext:P-1?include=category,attributes,variants.prices,variants.stock",
        {
            "name": "Reading lamp",
            "type": "lamp",
            "categories": ["home-lamps"],
            "attributes": {"power": 12, "material": {"en": "Brass"}},
            "listings": [{"channel": "eu"}],
            "status": "active",
            "description": "<p onclick='x()'>For books.</p>",
            "variants": [
                {
                    "sku": "READ-RED",
                    "options": {"color": "red"},
                    "prices": [{"amount": "49.90", "currency": "EUR"}],
                    "stock": [{"location": "main", "on_hand": 3}],
                }
            ],
        },
    )

    lamp = made.json()
    assert (lamp["slug"], lamp["description"]) == ("reading-lamp", "<p>For books.</p>")
    assert lamp["category"]["slug"] == "home-lamps"
    (variant,) = lamp["variants"]["items"]
    assert (variant["prices"][0]["amount"], variant["stock"][0]["on_hand"]) == ("49.90", 3)


async def skus(write: Writer, product: str = "desk-lamp") -> list[str]:
    shown = await write.good("GET", f"/v1/variants?product={product}")
    return [variant["sku"] for variant in shown.json()["items"]]


@pytest.mark.parametrize(
    ("method", "query", "kept"),
    [
        ("PUT", "", []),
        ("PUT", "?lists=merge", ["desk-red", "desk-blue"]),
        ("PATCH", "", ["desk-red", "desk-blue"]),
        ("PATCH", "?lists=replace", []),
    ],
)
async def test_put_replaces_lists_and_patch_merges_them(
    method: str, query: str, kept: list[str], write: Writer
) -> None:
    green = {"sku": "desk-green", "options": {"color": "green"}}
    await write.good(
        "PATCH", "/v1/attributes/color", {"options": [{"code": "green"}]}, If_Match="*"
    )

    path = f"/v1/products/desk-lamp{query}"
    await write.good(method, path, {"variants": [green]}, If_Match="*")

    assert await skus(write) == [*kept, "desk-green"]


async def test_what_put_does_not_say_stays(write: Writer) -> None:
    await write.good("PUT", "/v1/products/desk-lamp", {"name": "Lamp for desks"})

    shown = (await write.good("GET", "/v1/products/desk-lamp?include=brand")).json()
    assert (shown["name"], shown["tags"], shown["brand"]["slug"]) == (
        "Lamp for desks",
        ["new"],
        "lumen",
    )
    assert await skus(write) == ["desk-red", "desk-blue"]


async def test_a_former_slug_leads_to_the_product_and_can_be_given_again(write: Writer) -> None:
    await write.good("PATCH", "/v1/products/desk-lamp", {"slug": "bureau-lamp"}, If_Match="*")

    moved = await write("GET", "/v1/products/desk-lamp")
    by_former = await write("PATCH", "/v1/products/desk-lamp", {"name": "X"}, If_Match="*")
    other = await write("PUT", "/v1/products/desk-lamp", {"name": "Other", "type": "lamp"})

    assert (moved.status_code, moved.headers["Location"]) == (301, "/v1/products/bureau-lamp")
    assert (by_former.status_code, other.status_code) == (404, 201)


async def test_a_product_is_named_by_the_sku_of_its_variant_but_not_made_by_it(
    write: Writer,
) -> None:
    changed = await write("PUT", "/v1/products/sku:desk-blue", {"name": "Blue"})
    unknown = await write("PUT", "/v1/products/sku:nothing", {"name": "N", "type": "lamp"})
    barcode = await write("PUT", "/v1/products/barcode:SAME", {"name": "N"})

    assert (changed.json()["slug"], changed.json()["name"]) == ("desk-lamp", "Blue")
    assert [unknown.status_code, barcode.status_code] == [404, 400]


async def test_a_variant_is_changed_by_itself(write: Writer) -> None:
    path = "/v1/variants/desk-red"
    before = await write.good("GET", path)
    changed = await write.good(
        "PATCH", path, {"sku": "desk-crimson", "weight": None}, If_Match=before.headers["ETag"]
    )

    version = before.json()["version"] + 1
    assert changed.json() == before.json() | {
        "sku": "desk-crimson",
        "weight": None,
        "version": version,
    }
    assert await skus(write) == ["desk-crimson", "desk-blue"]
    late = await write("PATCH", "/v1/variants/desk-crimson", {}, If_Match=before.headers["ETag"])
    assert late.status_code == 412


async def test_a_variant_with_another_s_sku_is_refused(write: Writer) -> None:
    refused = await write("PATCH", "/v1/variants/desk-red", {"sku": "desk-blue"}, If_Match="*")
    both = await write(
        "PATCH",
        "/v1/variants/desk-red",
        {"sku": "wall-lamp-red", "prices": [{"amount": "1,5", "currency": "EUR"}]},
        If_Match="*",
    )

    assert (refused.status_code, flaws(refused)) == (409, [("body.sku", "SKU_TAKEN")])
    assert (both.status_code, flaws(both)) == (422, [("body.prices.0.amount", "INVALID")])
    assert await skus(write) == ["desk-red", "desk-blue"]


async def test_a_dry_run_of_a_variant_tells_of_the_variant(write: Writer) -> None:
    told = await write.good(
        "PATCH", "/v1/variants/desk-red?dry_run=true", {"name": "Crimson"}, If_Match="*"
    )

    changes = [{"path": ["name"], "old": None, "new": "Crimson"}]
    assert told.json() == {"status": "updated", "changes": changes}


async def test_a_deleted_variant_comes_back(write: Writer) -> None:
    id = (await write.good("GET", "/v1/variants/desk-red")).json()["id"]
    await write.good("DELETE", "/v1/variants/desk-red", If_Match="*")
    assert await skus(write) == ["desk-blue"]

    await write.good("POST", f"/v1/variants/id:{id}/restore")
    assert await skus(write) == ["desk-red", "desk-blue"]


async def test_variants_are_made_with_their_products(write: Writer) -> None:
    assert (await write("POST", "/v1/variants", {"sku": "x"})).status_code == 405
    assert (await write("PUT", "/v1/variants/desk-red", {})).status_code == 405


async def test_a_category_is_moved(write: Writer) -> None:
    moved = await write.good(
        "PATCH", "/v1/categories/home-lamps", {"parent": "outlet", "position": 4}, If_Match="*"
    )
    root = await write.good("PATCH", "/v1/categories/outlet", {"parent": None}, If_Match="*")
    circle = await write("PATCH", "/v1/categories/outlet", {"parent": "home-lamps"}, If_Match="*")

    assert moved.json()["path"] == [root.json()["id"], moved.json()["id"]]
    assert (moved.json()["position"], root.json()["level"]) == (4, 0)
    assert circle.status_code == 422
    assert [location for location, _ in flaws(circle)] == ["body.parent"]


async def test_a_category_with_others_below_it_is_not_deleted(write: Writer) -> None:
    refused = await write("DELETE", "/v1/categories/home", If_Match="*")

    assert (refused.status_code, flaws(refused)) == (422, [("path.ref", "HAS_CHILDREN")])
    assert "home-lamps" in refused.json()["detail"]


async def test_a_collection_has_the_order_that_was_sent(write: Writer) -> None:
    order = ["floor-lamp", "desk-lamp", "wall-lamp"]
    await write.good("PATCH", "/v1/collections/favourites", {"products": order}, If_Match="*")

    shown = await write.good("GET", "/v1/products?collection=favourites&sort=position")
    assert [product["slug"] for product in shown.json()["items"]] == order


async def test_the_first_channel_of_a_shop_can_be_posted(client: httpx.AsyncClient) -> None:
    await servers.empty()
    first = Writer(client, await tokens.create("first", scopes=["admin"]))

    code = {"code": "shop", "default_currency": "EUR", "default_locale": "en"}
    made = await first("POST", "/v1/channels", code)

    assert (made.status_code, made.json()["is_default"]) == (201, True)


LISTS: list[tuple[str, dict[str, Any]]] = [
    ("brands/lumen", {"translations": {"de": {"name": "Leuchte"}}}),
    ("categories/home", {"translations": {"de": {"name": "Heim"}}}),
    ("collections/favourites", {"translations": {"de": {"name": "Lieblinge"}}}),
    ("collections/favourites", {"products": ["floor-lamp"]}),
    ("attributes/color", {"options": [{"code": "red", "label": "Crimson"}]}),
    ("attributes/color", {"options": [{"code": "green"}]}),
    ("attributes/color", {"options": [{"code": "red", "translations": {"de": {"name": "Rot"}}}]}),
    ("attributes/power", {"translations": {"de": {"name": "Leistung"}}}),
    ("types/lamp", {"attributes": [{"attribute": "power", "required": True}]}),
    ("locations/main", {"channels": ["eu"]}),
    ("products/desk-lamp", {"translations": {"de": {"name": "Lampe"}}}),
    ("products/desk-lamp", {"listings": [{"channel": "us"}]}),
    ("products/desk-lamp", {"attributes": {"power": 41}}),
    ("products/desk-lamp", {"categories": ["home"]}),
    ("products/desk-lamp", {"media": []}),
    ("products/desk-lamp", {"associations": [{"product": "wall-lamp", "kind": "related"}]}),
    ("products/desk-lamp", {"variants": [{"sku": "desk-red", "name": "Red"}]}),
    ("variants/desk-red", {"prices": [{"amount": "1", "currency": "EUR"}]}),
    ("variants/desk-red", {"stock": [{"location": "main", "on_hand": 7}]}),
    ("variants/desk-red", {"translations": {"de": {"name": "Rot"}}}),
    ("variants/desk-red", {"attributes": {}, "options": {"color": "red"}, "name": "Red"}),
]


@pytest.mark.parametrize(("address", "change"), LISTS)
async def test_a_change_of_a_part_is_a_change_of_the_whole(
    address: str, change: dict[str, Any], write: Writer
) -> None:
    """Else two who change parts of one thing would not notice each other."""
    path = f"/v1/{address}"
    tag = await write.tag(path)

    changed = await write.good("PATCH", path, change, If_Match=tag)
    again = await write.good("PATCH", path, change, If_Match="*")
    late = await write("PATCH", path, change, If_Match=tag)

    assert changed.headers["ETag"] != tag
    assert again.headers["ETag"] == changed.headers["ETag"]
    assert late.status_code == 412
