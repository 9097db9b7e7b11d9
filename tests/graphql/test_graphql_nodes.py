"""Global ids: of everything that has one, and of nothing else."""

import base64

import pytest
from factories import lamp, load
from speaking import Ask, Refused

from catalog.writes.inputs import AttributeDefinition, CollectionInput, MediaInput, ProductInput

EVERYTHING = """{
  product(by: {slug: "desk-lamp"}) {
    __typename id type { __typename id } media { __typename id }
    variants { nodes { __typename id } }
  }
  brand(by: {slug: "lumen"}) { __typename id }
  category(by: {slug: "home"}) { __typename id }
  collection(by: {slug: "best"}) { __typename id }
  attributes(first: 1) { nodes { __typename id } }
  channels { __typename id }
}"""


@pytest.fixture(scope="module", autouse=True)
async def _lamp(standing_shop: None) -> None:
    await load(
        lamp("desk-lamp", media=(MediaInput(url="/media/1.jpg"),)),
        CollectionInput(slug="best", name="Best"),
    )


def identified(value: object) -> list[tuple[str, str]]:
    """Type and id of every object in an answer."""
    if isinstance(value, list):
        return [found for item in value for found in identified(item)]
    if not isinstance(value, dict):
        return []
    own = [(value["__typename"], value["id"])] if "id" in value else []
    return own + [found for item in value.values() for found in identified(item)]


def id_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def test_every_id_leads_back_to_its_node(ask: Ask) -> None:
    known = identified(await ask(EVERYTHING))
    query = "query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

    nodes = (await ask(query, ids=[id for _, id in known]))["nodes"]

    assert [(node["__typename"], node["id"]) for node in nodes] == known
    assert {name for name, _ in known} == {
        "Attribute",
        "Brand",
        "Category",
        "Channel",
        "Collection",
        "Media",
        "Product",
        "ProductType",
        "Variant",
    }


async def test_an_id_is_the_type_and_a_number(ask: Ask) -> None:
    found = await ask('{ product(by: {slug: "desk-lamp"}) { id } }')

    assert found["product"]["id"] == id_of("Product:1")


async def test_nodes_keep_the_order_and_a_place_for_what_is_missing(ask: Ask) -> None:
    query = """query N($ids: [ID!]!) {
      nodes(ids: $ids) { ...on Product { slug } ...on Brand { name } }
    }"""
    brand, missing, product = (id_of(text) for text in ("Brand:1", "Product:99", "Product:1"))

    nodes = (await ask(query, ids=[brand, missing, product, brand]))["nodes"]

    assert nodes == [{"name": "Lumen"}, None, {"slug": "desk-lamp"}, {"name": "Lumen"}]


@pytest.mark.parametrize("text", ["Product:99", "Product:2147483647", "Elephant:1", "Query:1"])
async def test_a_node_that_is_not_there_is_null(ask: Ask, text: str) -> None:
    query = "query N($id: ID!) { node(id: $id) { id } }"

    assert (await ask(query, id=id_of(text)))["node"] is None


@pytest.mark.parametrize(
    "id",
    [
        "",
        "12",
        "desk-lamp",
        "Product:1",
        "UHJvZHVjdDoxMg",
        id_of("Product:"),
        id_of("Product:x"),
        id_of("Product:-1"),
        id_of("Product: 1"),
        id_of("Product:01"),
        id_of("Product:1_0"),
        id_of("Product:١"),
        id_of("Product:99999999999999999999"),
        base64.b64encode(b"\xff\xfe:1").decode(),
        "\x00",
        "💡",
    ],
)
async def test_what_is_no_id_is_refused(refused: Refused, id: str) -> None:
    (error,) = await refused("query N($id: ID!) { node(id: $id) { id } }", id=id)
    (other,) = await refused("query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[id])

    assert error["extensions"] == {"code": "BAD_REFERENCE", "argument": ["id"]}
    assert other["extensions"] == {"code": "BAD_REFERENCE", "argument": ["ids", 0]}


async def test_an_id_of_another_type_is_refused(ask: Ask, refused: Refused) -> None:
    brand = (await ask('{ brand(by: {slug: "lumen"}) { id } }'))["brand"]["id"]

    (by,) = await refused("query P($id: ID!) { product(by: {id: $id}) { id } }", id=brand)
    (where,) = await refused(
        "query P($id: ID!) { products(where: {category: [$id]}) { totalCount } }", id=brand
    )

    assert by["message"] == "this is the id of a Brand; give that of a Product"
    assert by["extensions"] == {"code": "BAD_REFERENCE", "argument": ["by", "id"]}
    assert where["extensions"]["argument"] == ["where", "category", 0]


async def test_more_nodes_than_a_page_holds_are_refused(refused: Refused) -> None:
    (error,) = await refused("query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)

    assert error["message"] == "at most 100 ids, not 101"


async def test_an_attribute_may_name_other_products(ask: Ask) -> None:
    await load(
        AttributeDefinition(code="fits", name="Fits", kind="reference"),
        {"record": "type", "code": "lamp", "attributes": [{"attribute": "fits"}]},
        lamp("bulb"),
        lamp("tube", status="draft"),
        ProductInput(slug="desk-lamp", attributes={"fits": ("bulb", "tube")}),
    )

    found = await ask("""{ product(by: {slug: "desk-lamp"}) { attributes(codes: ["fits"]) {
      values reference { slug } references { slug }
    } } }""")

    assert found["product"]["attributes"] == [
        {"values": ["Bulb"], "reference": {"slug": "bulb"}, "references": [{"slug": "bulb"}]}
    ]
