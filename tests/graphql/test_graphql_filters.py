"""Lists of products: narrowed, sorted, and those of a category, a collection and a brand."""

import pytest
from factories import lamp, load
from speaking import Ask, names

from catalog.writes.inputs import CollectionInput


@pytest.fixture(scope="module", autouse=True)
async def _lamps(standing_shop: None) -> None:
    await load(
        lamp("anglepoise", tags=("desk",)),
        lamp("bankers", tags=("desk", "green"), brand=None, categories=("home",)),
        lamp("candelabra", tags=("antique",)),
        CollectionInput(slug="best", name="Best", products=("candelabra", "bankers")),
    )


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
