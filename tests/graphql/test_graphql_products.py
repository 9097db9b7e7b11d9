"""Products and what lies around them: found by their keys, listed, sorted and paged."""

from typing import Any

import pytest
from factories import lamp, load, variant
from speaking import Ask, Refused, names

from catalog.writes.inputs import AssociationInput, CollectionInput, ProductInput

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


@pytest.fixture
async def three_lamps(open_shop: None) -> None:
    await load(
        lamp("anglepoise", tags=("desk",), collections=()),
        lamp("bankers", tags=("desk", "green"), brand=None, categories=("home",)),
        lamp("candelabra", tags=("antique",)),
        CollectionInput(slug="best", name="Best", products=("candelabra", "bankers")),
    )


@pytest.mark.usefixtures("three_lamps")
@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('slugs: ["bankers", "nowhere"]', ["Bankers"]),
        ("slugs: []", []),
        ('tags: ["green", "antique"]', ["Bankers", "Candelabra"]),
        ('type: ["lamp"]', ["Anglepoise", "Bankers", "Candelabra"]),
        ('type: ["chair"]', []),
        ("status: [ACTIVE]", ["Anglepoise", "Bankers", "Candelabra"]),
        ('tags: ["desk"], slugs: ["bankers", "candelabra"]', ["Bankers"]),
        ('updatedAt: {lt: "2020-01-01T00:00:00Z"}', []),
        ('updatedAt: {gte: "2020-01-01T00:00:00+02:00"}', ["Anglepoise", "Bankers", "Candelabra"]),
    ],
)
async def test_products_are_narrowed(ask: Ask, where: str, found: list[str]) -> None:
    arguments = f"where: {{{where}}}, sort: [{{field: NAME}}]"

    found_now = await ask(f"{{ products({arguments}) {{ totalCount nodes {{ name }} }} }}")
    products = found_now["products"]

    assert (names(products), products["totalCount"]) == (found, len(found))


@pytest.mark.usefixtures("three_lamps")
async def test_products_are_narrowed_by_what_has_an_id(ask: Ask) -> None:
    known = await ask("""{
      brand(by: {slug: "lumen"}) { id }
      category(by: {slug: "home"}) { id }
      leaf: category(by: {slug: "home-lamps"}) { id }
      collection(by: {slug: "best"}) { id }
      product(by: {slug: "bankers"}) { id }
    }""")
    ids = {name: one["id"] for name, one in known.items()}
    query = """query P($where: ProductWhere) {
      products(where: $where, sort: [{field: NAME}]) { nodes { name } }
    }"""

    async def found(**where: str) -> list[str]:
        narrowed = {name: [ids[key]] for name, key in where.items()}
        return names((await ask(query, where=narrowed))["products"])

    assert await found(brand="brand") == ["Anglepoise", "Candelabra"]
    assert await found(category="category") == ["Anglepoise", "Bankers", "Candelabra"]
    assert await found(category="leaf") == ["Anglepoise", "Candelabra"]
    assert await found(collection="collection") == ["Bankers", "Candelabra"]
    assert await found(collection="collection", brand="brand") == ["Candelabra"]
    assert await found(ids="product") == ["Bankers"]


@pytest.mark.usefixtures("three_lamps")
async def test_products_of_a_category_a_collection_and_a_brand(ask: Ask) -> None:
    found = await ask("""{
      brand(by: {slug: "lumen"}) { products(sort: [{field: NAME}]) { totalCount nodes { name } } }
      category(by: {slug: "home"}) {
        products(where: {tags: ["desk"]}, sort: [{field: NAME, direction: DESC}]) {
          totalCount nodes { name }
        }
      }
      collection(by: {slug: "best"}) { products(sort: [{field: POSITION}]) { nodes { name } } }
    }""")

    assert found["brand"]["products"]["totalCount"] == 2
    assert names(found["brand"]["products"]) == ["Anglepoise", "Candelabra"]
    assert found["category"]["products"]["totalCount"] == 2
    assert names(found["category"]["products"]) == ["Bankers", "Anglepoise"]
    assert names(found["collection"]["products"]) == ["Candelabra", "Bankers"]


@pytest.mark.usefixtures("three_lamps")
@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", ["Candelabra", "Bankers", "Anglepoise"]),
        ("sort: []", ["Candelabra", "Bankers", "Anglepoise"]),
        ("sort: [{field: NEWEST}]", ["Candelabra", "Bankers", "Anglepoise"]),
        ("sort: [{field: NEWEST, direction: ASC}]", ["Anglepoise", "Bankers", "Candelabra"]),
        ("sort: [{field: UPDATED}]", ["Candelabra", "Bankers", "Anglepoise"]),
        ("sort: [{field: NAME}]", ["Anglepoise", "Bankers", "Candelabra"]),
        ("sort: [{field: NAME, direction: DESC}]", ["Candelabra", "Bankers", "Anglepoise"]),
    ],
)
async def test_products_are_sorted(ask: Ask, sort: str, found: list[str]) -> None:
    arguments = f"({sort})" if sort else ""

    products = (await ask(f"{{ products{arguments} {{ nodes {{ name }} }} }}"))["products"]

    assert names(products) == found


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
