"""Products and what lies around them: found by their keys, and page by page."""

from typing import Any

import pytest
from factories import lamp, load, variant
from speaking import Ask, Refused, names

from catalog.writes.inputs import AssociationInput, ProductInput

pytestmark = pytest.mark.usefixtures("open_shop")


def stocked(slug: str, **fields: Any) -> ProductInput:
    """A lamp that is known by every kind of key."""
    red = variant(f"{slug}-red", "red", external_id=f"v-{slug}", barcode="4006381333931")
    return lamp(slug, external_id=f"erp/{slug}", variants=(red,), **fields)


@pytest.mark.parametrize(
    "by",
    [
        {"slug": "desk-lamp"},
        {"sku": "desk-lamp-red"},
        {"barcode": "4006381333931"},
        {"externalId": "erp/desk-lamp"},
    ],
)
async def test_a_product_is_found_by_each_of_its_keys(ask: Ask, by: dict[str, str]) -> None:
    await load(stocked("desk-lamp"))
    query = "query P($by: ProductRef!) { product(by: $by) { id slug } }"

    found = (await ask(query, by=by))["product"]

    assert found["slug"] == "desk-lamp"
    assert (await ask(query, by={"id": found["id"]}))["product"] == found


@pytest.mark.parametrize(
    "by", [{"sku": "desk-lamp-red"}, {"barcode": "4006381333931"}, {"externalId": "v-desk-lamp"}]
)
async def test_a_variant_is_found_by_each_of_its_keys(ask: Ask, by: dict[str, str]) -> None:
    await load(stocked("desk-lamp"))
    query = "query V($by: VariantRef!) { variant(by: $by) { id sku product { slug } } }"

    found = (await ask(query, by=by))["variant"]

    assert (found["sku"], found["product"]["slug"]) == ("desk-lamp-red", "desk-lamp")
    assert (await ask(query, by={"id": found["id"]}))["variant"] == found


async def test_what_is_not_there_is_null(ask: Ask) -> None:
    found = await ask("""{
      product(by: {slug: "nowhere"}) { id }
      variant(by: {sku: "nowhere"}) { id }
      category(by: {slug: "nowhere"}) { id }
      collection(by: {slug: "nowhere"}) { id }
      brand(by: {slug: "nowhere"}) { id }
    }""")

    assert set(found.values()) == {None}


async def test_an_old_slug_says_where_the_product_went(ask: Ask) -> None:
    await load(stocked("desk-lamp"))
    await load(ProductInput(external_id="erp/desk-lamp", slug="table-lamp"))

    query = "query P($slug: String!) { product(by: {slug: $slug}) { slug redirectTo } }"

    moved = {"slug": "table-lamp", "redirectTo": "table-lamp"}
    assert (await ask(query, slug="desk-lamp"))["product"] == moved
    assert (await ask(query, slug="table-lamp"))["product"] == moved | {"redirectTo": None}


async def test_an_ambiguous_barcode_is_an_error_that_names_the_skus(refused: Refused) -> None:
    await load(stocked("desk-lamp"), stocked("floor-lamp"))

    (error,) = await refused('{ variant(by: {barcode: "4006381333931"}) { id } }')

    assert error["extensions"] == {
        "code": "AMBIGUOUS_REFERENCE",
        "argument": ["by", "barcode"],
    }
    assert "desk-lamp-red, floor-lamp-red" in error["message"]


PAGES = """
query Page($first: Int, $after: String, $last: Int, $before: String) {
  products(sort: [{field: NAME}], first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { name }
    edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def test_pages_forwards_and_backwards_meet_every_product_once(ask: Ask) -> None:
    await load(*(lamp(f"lamp-{n}") for n in range(5)))
    all_names = [f"Lamp {n}" for n in range(5)]

    forwards, place = [], None
    while True:
        page = (await ask(PAGES, first=2, after=place))["products"]
        forwards.append(names(page))
        place = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    backwards, place = [], None
    while True:
        page = (await ask(PAGES, last=2, before=place))["products"]
        backwards.append(names(page))
        place = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break

    assert forwards == [all_names[:2], all_names[2:4], all_names[4:]]
    assert backwards == [all_names[3:], all_names[1:3], all_names[:1]]


async def test_an_edge_carries_the_place_of_its_node(ask: Ask) -> None:
    await load(*(lamp(f"lamp-{n}") for n in range(3)))
    page = (await ask(PAGES, first=3))["products"]

    second = page["edges"][1]

    assert second["node"] == {"name": "Lamp 1"}
    assert names((await ask(PAGES, first=5, after=second["cursor"]))["products"]) == ["Lamp 2"]
    assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
    assert page["totalCount"] == 3


async def test_a_page_may_be_empty(ask: Ask) -> None:
    page = (await ask(PAGES, first=0))["products"]

    assert page == {
        "totalCount": 0,
        "nodes": [],
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_variants_are_paged_within_their_product(ask: Ask) -> None:
    await load(lamp("desk-lamp"))
    query = """query V($after: String) { product(by: {slug: "desk-lamp"}) {
      variants(first: 1, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } }
    } }"""

    first = (await ask(query))["product"]["variants"]
    second = (await ask(query, after=first["pageInfo"]["endCursor"]))["product"]["variants"]

    assert first["nodes"] + second["nodes"] == [{"sku": "desk-lamp-red"}, {"sku": "desk-lamp-blue"}]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_variants_are_listed_over_all_products(ask: Ask) -> None:
    await load(lamp("desk-lamp"), lamp("floor-lamp"))

    found = await ask("""{
      all: variants(first: 3) { totalCount nodes { sku } }
      some: variants(where: {sku: ["floor-lamp-red", "nowhere"]}) { nodes { product { name } } }
    }""")

    assert found["all"]["totalCount"] == 4
    assert len(found["all"]["nodes"]) == 3
    assert found["some"]["nodes"] == [{"product": {"name": "Floor Lamp"}}]


async def test_products_lead_to_those_that_go_with_them(ask: Ask) -> None:
    await load(
        lamp("bulb"),
        lamp("shade"),
        lamp(
            "desk-lamp",
            associations=(
                AssociationInput(product="bulb", kind="component", quantity=2),
                AssociationInput(product="shade", kind="cross_sell"),
            ),
        ),
    )

    found = await ask("""{ product(by: {slug: "desk-lamp"}) {
      related { kind quantity product { name } }
      parts: related(kind: COMPONENT) { product { name } }
    } }""")

    assert found["product"] == {
        "related": [
            {"kind": "COMPONENT", "quantity": 2, "product": {"name": "Bulb"}},
            {"kind": "CROSS_SELL", "quantity": 1, "product": {"name": "Shade"}},
        ],
        "parts": [{"product": {"name": "Bulb"}}],
    }


async def test_only_the_asked_attributes_are_shown(ask: Ask) -> None:
    await load(lamp("desk-lamp", attributes={"power": 40, "material": "Steel"}))

    found = await ask("""{ product(by: {slug: "desk-lamp"}) {
      attributes(codes: ["power"]) { attribute { code kind unit } values number bool date }
      none: attributes(codes: []) { values }
    } }""")

    assert found["product"] == {
        "attributes": [
            {
                "attribute": {"code": "power", "kind": "NUMBER", "unit": "W"},
                "values": ["40"],
                "number": "40",
                "bool": None,
                "date": None,
            }
        ],
        "none": [],
    }
