"""Both faces tell the same facts: of every product, under every filter, in every order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import httpx
import pytest
import servers
from factories import load
from graphql import GraphQLInputObjectType, build_schema, get_named_type
from pydantic.alias_generators import to_snake

from catalog import sample
from catalog.reads.products import PRODUCT_ORDERS, ProductWhere
from catalog.reads.variants import VariantWhere
from catalog.rest import examples
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import ProductInput

pytestmark = pytest.mark.usefixtures("sample_shop")

PAGE = 20

INCLUDE = (
    "type,brand,category,categories,media,attributes,price_range,compare_at_price_range,available,"
    "related,variants.options,variants.attributes,variants.media,variants.price,variants.prices,"
    "variants.available"
)
PRODUCTS = """
query Page(
  $first: Int!, $after: String, $where: ProductWhere, $search: String, $sort: [ProductSort!]
  $unavailable: Unavailable
) CONTEXT {
  products(
    first: $first, after: $after, where: $where, search: $search, sort: $sort
    unavailable: $unavailable
  ) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { FACTS }
  }
}
fragment Value on AttributeValue {
  attribute { code name kind unit } values number bool date references { id }
  options { code label position swatch }
}
"""
FACTS = """
id externalId slug name description status tags seo { title description } metadata taxClass
createdAt updatedAt version available
type { id externalId code name }
brand { id externalId slug name description metadata }
category {
  id externalId slug name description level position seo { title description } metadata version
}
categories { slug }
media { id url kind alt width height }
attributes { ...Value }
priceRange { min { amount currency } max { amount currency } }
compareAtPriceRange { min { amount currency } max { amount currency } }
related { kind quantity product { slug } }
variants(first: 50) {
  nodes {
    id externalId sku barcode gtin name position weight metadata version available
    options { ...Value }
    attributes { ...Value }
    media { url }
    price { amount currency }
    compareAtPrice { amount currency }
    prices {
      channel amount { amount currency } compareAt { amount } minQuantity validFrom validUntil
    }
  }
}
"""
VARIANTS = """
query Page($first: Int!, $after: String, $where: VariantWhere) {
  variants(first: $first, after: $after, where: $where) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id sku }
  }
}
"""


@pytest.fixture(scope="module")
async def sample_shop(database: Settings) -> None:
    """Once for all: these tests only ask. Two products were changed after the others."""
    await servers.empty()
    await sample.load()
    changed = ("gift-card", "market-tote")
    await load(*(ProductInput(slug=slug, tax_class="reduced") for slug in changed))


@dataclass(frozen=True)
class Faces:
    """One question to both: each gives the facts of a whole list, page by page, and its total."""

    client: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def first(self, address: str) -> Any:
        return (await self.client.get(address, headers=self.headers)).json()["items"][0]

    async def rest(self, noun: str, **parameters: Any) -> tuple[list[Any], int]:
        items, page = [], {"next": None}
        asked = {"limit": PAGE, "count": "true", **parameters}
        while True:
            cursor = {"cursor": page["next"]} if page["next"] else {}
            response = await self.client.get(
                f"/v1/{noun}", params=asked | cursor, headers=self.headers
            )
            assert response.status_code == 200, response.text
            items += response.json()["items"]
            page = response.json()["page"]
            if not page["next"]:
                return items, page["total"]

    async def search(self, **asked: Any) -> tuple[list[Any], int]:
        """`POST /v1/products/search`."""
        items: list[Any] = []
        body: dict[str, Any] = {"limit": PAGE, "count": True, **asked}
        while True:
            response = await self.client.post(
                "/v1/products/search", json=body, headers=self.headers
            )
            assert response.status_code == 200, response.text
            items += response.json()["items"]
            page = response.json()["page"]
            if not page["next"]:
                return items, page["total"]
            body["cursor"] = page["next"]

    async def graphql(self, document: str, **variables: Any) -> tuple[list[Any], int]:
        nodes, after = [], None
        while True:
            asked = {"first": PAGE, "after": after, **variables}
            response = await self.client.post(
                "/graphql", json={"query": document, "variables": asked}, headers=self.headers
            )
            assert "errors" not in response.json(), response.text
            (listing,) = response.json()["data"].values()
            nodes += listing["nodes"]
            after = listing["pageInfo"]["endCursor"]
            if not listing["pageInfo"]["hasNextPage"]:
                return nodes, listing["totalCount"]


@pytest.fixture
def faces(client: httpx.AsyncClient) -> Faces:
    return Faces(client)


def products(facts: str, *, context: str = "") -> str:
    used = PRODUCTS if "...Value" in facts else PRODUCTS.partition("fragment")[0]
    return used.replace("CONTEXT", context).replace("FACTS", facts)


def told(node: Any) -> Any:
    """What GraphQL said, in the spelling of REST."""
    if isinstance(node, list):
        return [told(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "metadata" in node:
        node = node | {"metadata": Raw(node["metadata"])}
    said = {to_snake(name): told(value) for name, value in node.items()}
    for name in said.keys() & {"status", "kind"}:
        said[name] = said[name].lower()
    for name in said.keys() & {"created_at", "updated_at", "valid_from", "valid_until"}:
        said[name] = said[name] and datetime.fromisoformat(said[name])
    if "variants" in said:
        said["variants"] = said["variants"]["nodes"]
    if "references" in said:
        said["references"] = [reference["id"] for reference in said["references"]]
    if "compare_at_price" in said:
        said["price"] = _priced(said["price"], said.pop("compare_at_price"))
    if "min_quantity" in said:
        said |= _priced(said["amount"], said["compare_at"])
    return said


def _priced(price: Any, compare_at: Any) -> Any:
    return price and price | {"compare_at": compare_at and compare_at["amount"]}


class Raw(dict[str, Any]):
    """Somebody's own names: not ours to spell."""


def shown(item: Any, like: Any) -> Any:
    """Of what REST said, what GraphQL was asked for."""
    if isinstance(like, Raw):
        return item
    if isinstance(like, list):
        items = item["items"] if isinstance(item, dict) else item
        assert len(items) == len(like), (items, like)
        return [shown(one, other) for one, other in zip(items, like, strict=True)]
    if isinstance(like, dict) and item is not None:
        return {name: shown(item[name], value) for name, value in like.items()}
    return datetime.fromisoformat(item) if isinstance(like, datetime) else item


# What REST takes beside filters.
NOT_FILTERS = {
    "q", "unavailable", "facets", "sort", "limit", "cursor", "count", "fields", "include",
    "channel", "locale", "currency", "accept-language",
}  # fmt: skip


@pytest.mark.parametrize("drafts", [False, True])
@pytest.mark.parametrize(
    ("channel", "locale", "currency"),
    [("eu", "en", "EUR"), ("eu", "de", "USD"), ("us", "en", "USD")],
)
async def test_every_fact_of_every_product(
    client: httpx.AsyncClient, channel: str, locale: str, currency: str, drafts: bool
) -> None:
    faces = await holder(client) if drafts else Faces(client)
    context = f'@inContext(channel: "{channel}", locale: "{locale}", currency: "{currency}")'

    nodes, graphql_total = await faces.graphql(products(FACTS, context=context))
    items, rest_total = await faces.rest(
        "products", include=INCLUDE, channel=channel, locale=locale, currency=currency
    )

    facts = told(nodes)
    assert len(facts) == graphql_total == rest_total > 40
    assert sum(len(product["variants"]) for product in facts) > 200
    assert shown(items, facts) == facts


async def holder(client: httpx.AsyncClient) -> Faces:
    """Who sees drafts too."""
    secret = await tokens.create("parity", scopes=["catalog:read"])
    return Faces(client, {"Authorization": f"Bearer {secret}"})


# For each field of the reads' own filter: how either face is asked; a string is a part of an
# address, None what has no place there. `{}` is an id of that noun.
FILTERS: dict[str, tuple[dict[str, str] | None, dict[str, Any]]] = {
    "ids": ({"id": "{products}"}, {"ids": ["{products}"]}),
    "slugs": (
        {"slug": "harbour-linen-shirt,gift-card,no-such"},
        {"slugs": ["harbour-linen-shirt", "gift-card", "no-such"]},
    ),
    "type": ({"type": "apparel,camping"}, {"type": ["apparel", "camping"]}),
    "category": ({"category": "clothing"}, {"category": ["{categories}"]}),
    "collection": ({"collection": "id:{collections}"}, {"collection": ["{collections}"]}),
    "brand": ({"brand": "brackenfold"}, {"brand": ["{brands}"]}),
    "tags": ({"tag": "linen,gift"}, {"tags": ["linen", "gift"]}),
    "status": ({"status": "draft,archived"}, {"status": ["DRAFT", "ARCHIVED"]}),
    "updated_from": (
        {"updated_at.gte": "{moment}"},
        {"updatedAt": {"gte": "{moment}"}},
    ),
    "updated_until": ({"updated_at.lt": "{moment}"}, {"updatedAt": {"lt": "{moment}"}}),
    "attributes": (
        {"attr.color": "chalk,moss", "attr.season": "summer"},
        {
            "attributes": [
                {"code": "color", "anyOf": ["chalk", "moss"]},
                {"code": "season", "anyOf": ["summer"]},
            ]
        },
    ),
    "variant": (
        {"price.lte": "60", "available": "true"},
        {"variant": {"price": {"lte": "60"}, "available": True}},
    ),
    "all_of": (None, {"AND": [{"tags": ["linen"]}, {"brand": ["{brands}"]}]}),
    "any_of": (None, {"OR": [{"tags": ["linen"]}, {"slugs": ["gift-card"]}]}),
    "none_of": ({"available": "false"}, {"NOT": {"variant": {"available": True}}}),
}
# Every further field of the conditions within.
INNER_FILTERS: dict[str, tuple[dict[str, str] | None, dict[str, Any]]] = {
    "numbers": (
        {"attr.power.gte": "5", "attr.power.lt": "12.5"},
        {"attributes": [{"code": "power", "number": {"gte": "5", "lt": "12.5"}}]},
    ),
    "other numbers": (
        {"attr.power.gt": "5", "attr.power.lte": "40"},
        {"attributes": [{"code": "power", "number": {"gt": "5", "lte": "40"}}]},
    ),
    "days": (
        {"attr.released.gte": "2024-01-01", "attr.released.lt": "2030-01-01"},
        {"attributes": [{"code": "released", "date": {"gte": "2024-01-01", "lt": "2030-01-01"}}]},
    ),
    "other days": (
        {"attr.released.gt": "2024-01-01", "attr.released.lte": "2030-01-01"},
        {"attributes": [{"code": "released", "date": {"gt": "2024-01-01", "lte": "2030-01-01"}}]},
    ),
    "true": (
        {"attr.waterproof": "true"},
        {"attributes": [{"code": "waterproof", "bool": True}]},
    ),
    "prices": (
        {"price.gte": "20", "price.lt": "90.50"},
        {"variant": {"price": {"gte": "20", "lt": "90.50"}}},
    ),
    "other prices": (
        {"price.gt": "20", "price.lte": "90.50"},
        {"variant": {"price": {"gt": "20", "lte": "90.50"}}},
    ),
    "all values": (
        None,
        {"attributes": [{"code": "season", "allOf": ["spring", "summer"]}]},
    ),
    "no values": (None, {"attributes": [{"code": "color", "noneOf": ["chalk", "moss"]}]}),
    "no value": (None, {"attributes": [{"code": "color", "exists": False}]}),
    "a variant": (
        None,
        {
            "variant": {
                "sku": ["HLS-CHK-S", "HLS-CHK-M"],
                "attributes": [{"code": "color", "anyOf": ["chalk"]}],
            }
        },
    ),
}
ALL_FILTERS = FILTERS | INNER_FILTERS
ORDERS = {
    "newest": {"field": "NEWEST"},
    "oldest": {"field": "NEWEST", "direction": "ASC"},
    "name": {"field": "NAME"},
    "-name": {"field": "NAME", "direction": "DESC"},
    "price": {"field": "PRICE"},
    "-price": {"field": "PRICE", "direction": "DESC"},
    "updated": {"field": "UPDATED", "direction": "ASC"},
    "-updated": {"field": "UPDATED"},
    "position": {"field": "POSITION"},
    "relevance": {"field": "RELEVANCE"},
    "attr.power": {"field": "ATTRIBUTE", "attribute": "power"},
    "-attr.power": {"field": "ATTRIBUTE", "attribute": "power", "direction": "DESC"},
}
# In words: the conditions of GraphQL, and what REST calls them as JSON.
CONDITIONS = {
    "ProductWhere": "ProductConditions",
    "AttributeFilter": "AttributeConditions",
    "VariantConditions": "VariantConditions",
    "DecimalRange": "AmountRange",
    "DateRange": "DayRange",
    "DateTimeRange": "MomentRange",
}


def test_no_filter_and_no_order_is_left_out() -> None:
    assert FILTERS.keys() == {field.name for field in fields(ProductWhere)}
    assert VARIANT_FILTERS.keys() == {field.name for field in fields(VariantWhere)}
    assert ORDERS.keys() - {"attr.power", "-attr.power"} == {*PRODUCT_ORDERS, "relevance"}


async def test_what_one_face_narrows_by_the_other_does_too(client: httpx.AsyncClient) -> None:
    schema = build_schema((await client.get("/schema.graphql")).text)
    document = (await client.get("/openapi.json")).json()
    for filters, kind, noun in (
        (ALL_FILTERS, "ProductWhere", "products"),
        (VARIANT_FILTERS, "VariantWhere", "variants"),
    ):
        where = schema.type_map[kind]
        assert isinstance(where, GraphQLInputObjectType)
        taken = {each["name"] for each in document["paths"][f"/v1/{noun}"]["get"]["parameters"]}
        used = {use for _, graphql in filters.values() for use in uses(where, graphql)}
        assert used == {
            (type_.name, name) for type_ in within(where, set()) for name in type_.fields
        }
        assert {parameter(name) for rest, _ in filters.values() for name in rest or ()} == (
            taken - NOT_FILTERS
        )
    for graphql, rest in CONDITIONS.items():
        properties = document["components"]["schemas"][rest]["properties"]
        conditions = schema.type_map[graphql]
        assert isinstance(conditions, GraphQLInputObjectType)
        assert {spelled(name) for name in conditions.fields} == properties.keys()


def parameter(name: str) -> str:
    """As the description calls it."""
    _, attribute, code = name.partition("attr.")
    _, dot, sign = code.partition(".")
    return f"attr.<code>{dot}{sign}" if attribute else name


def spelled(name: str) -> str:
    return name if name.isupper() else to_snake(name)


def within(
    type_: GraphQLInputObjectType, found: set[GraphQLInputObjectType]
) -> set[GraphQLInputObjectType]:
    """The type and all that its fields are of."""
    if type_ not in found:
        found.add(type_)
        for each in type_.fields.values():
            named = get_named_type(each.type)
            if isinstance(named, GraphQLInputObjectType):
                within(named, found)
    return found


def uses(type_: GraphQLInputObjectType, value: Any) -> Iterator[tuple[str, str]]:
    """Every field that the value has, with the name of its type."""
    for name, each in value.items():
        yield type_.name, name
        named = get_named_type(type_.fields[name].type)
        if isinstance(named, GraphQLInputObjectType):
            for one in each if isinstance(each, list) else [each]:
                yield from uses(named, one)


def as_json(where: Any) -> Any:
    """GraphQL's condition as REST takes it in a body."""
    if isinstance(where, list):
        return [as_json(each) for each in where]
    if not isinstance(where, dict):
        return where
    return {spelled(name): _as_json(name, value) for name, value in where.items()}


def _as_json(name: str, value: Any) -> Any:
    if name in ("category", "collection", "brand"):
        return [f"id:{id}" for id in value]
    return [each.lower() for each in value] if name == "status" else as_json(value)


@pytest.mark.parametrize(
    ("narrowed", "order"),
    [
        *((narrowed, order) for narrowed in FILTERS for order in ("newest", "-price")),
        *((narrowed, "name") for narrowed in INNER_FILTERS),
        *((narrowed, order) for narrowed in (None, "category") for order in PRODUCT_ORDERS[:-1]),
        ("category", "position"),
        ("collection", "position"),
        (None, "attr.power"),
        (None, "-attr.power"),
    ],
)
async def test_every_filter_and_every_order(
    client: httpx.AsyncClient, narrowed: str | None, order: str
) -> None:
    faces = await holder(client)
    known = await some(faces)
    parameters, where = ALL_FILTERS[narrowed] if narrowed else ({}, {})
    where = filled(where, known)

    nodes, graphql_total = await faces.graphql(
        products("id slug"), where=where, sort=[ORDERS[order]]
    )
    found, found_total = await faces.search(where=as_json(where), fields=["slug"], sort=[order])

    assert found == nodes
    assert len(nodes) == graphql_total == found_total > 0
    if parameters is not None:
        items, rest_total = await faces.rest(
            "products", fields="slug", sort=order, **filled(parameters, known)
        )
        assert (items, rest_total) == (nodes, graphql_total)


SEARCHES = ["shirt", "linen shrit", "HLS-CHK-S", "gift", "xylophone", ""]
SORTS = ["", "name", "price,-name", "-attr.power,price,oldest"]


@pytest.mark.parametrize(
    ("search", "sort", "unavailable"),
    [
        *((search, sort, "show") for search in SEARCHES for sort in SORTS),
        *(("linen", sort, unavailable) for sort in SORTS for unavailable in ("last", "hide")),
        ("linen", "relevance,-price", "show"),
        ("", "", "last"),
        ("", "", "hide"),
    ],
)
async def test_every_search_in_several_orders(
    faces: Faces, search: str, sort: str, unavailable: str
) -> None:
    keys = sort.split(",") if sort else []
    asked = {"unavailable": unavailable.upper(), "search": search}

    nodes, graphql_total = await faces.graphql(
        products("id slug available"), sort=[ORDERS[key] for key in keys], **asked
    )
    items, rest_total = await faces.rest(
        "products",
        fields="slug",
        include="available",
        q=search,
        unavailable=unavailable,
        **({"sort": sort} if sort else {}),
    )
    found, found_total = await faces.search(
        fields=["slug"], include=["available"], search=search, unavailable=unavailable, sort=keys
    )

    assert items == found == nodes
    assert len(nodes) == graphql_total == rest_total == found_total
    assert bool(nodes) == (search != "xylophone")


FACETS = """
query Facets(
  $where: ProductWhere, $search: String, $unavailable: Unavailable, $codes: [String!]
) {
  products(where: $where, search: $search, unavailable: $unavailable) {
    facets(codes: $codes) {
      code label kind min max buckets { value label count selected swatch filter }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("narrowed", "search", "unavailable"),
    [
        *((name, "", "show") for name in ALL_FILTERS if name != "status"),
        (None, "shirt", "show"),
        (None, "", "hide"),
        ("attributes", "linen", "last"),
    ],
)
async def test_every_facet(
    faces: Faces, narrowed: str | None, search: str, unavailable: str
) -> None:
    parameters, where = ALL_FILTERS[narrowed] if narrowed else ({}, {})
    known = await some(faces)
    where = filled(where, known)
    variables = {"where": where, "search": search, "unavailable": unavailable.upper()}

    answer = await faces.client.post("/graphql", json={"query": FACETS, "variables": variables})
    body = {"where": as_json(where), "search": search, "unavailable": unavailable}
    sent = await faces.client.post("/v1/products/search", json={**body, "facets": ["*"]})

    facets = answer.json()["data"]["products"]["facets"]
    for facet in facets:
        for bucket in facet["buckets"]:
            bucket["filter"] = as_json(bucket["filter"])
    assert sent.json()["facets"] == facets
    assert len(facets) > 20
    assert any(facet["buckets"] for facet in facets)
    if parameters is not None:
        address = {"q": search, "unavailable": unavailable, "facets": "*"}
        asked = await faces.client.get("/v1/products", params=address | filled(parameters, known))
        assert asked.json()["facets"] == facets


@pytest.mark.parametrize("code", ["color", "season", "waterproof", "category", "brand", "price"])
async def test_a_bucket_is_sent_back_as_it_is(faces: Faces, code: str) -> None:
    """Over both faces it finds what it counted."""
    told = await faces.client.get("/v1/products", params={"facets": code, "limit": 1})
    variables = {"codes": [code]}
    answer = await faces.client.post("/graphql", json={"query": FACETS, "variables": variables})

    (facet,) = told.json()["facets"]
    (same,) = answer.json()["data"]["products"]["facets"]
    for bucket, other in zip(facet["buckets"], same["buckets"], strict=True):
        found, total = await faces.search(where=bucket["filter"], fields=["slug"])
        nodes, graphql_total = await faces.graphql(products("id slug"), where=other["filter"])
        assert {item["slug"] for item in found} == {node["slug"] for node in nodes}
        assert total == graphql_total == bucket["count"]


async def test_the_example_of_a_search_finds_the_example_of_a_product(faces: Faces) -> None:
    answer = await faces.client.post("/v1/products/search", json=examples.SEARCH)
    found = answer.json()

    assert [item["slug"] for item in found["items"]] == ["harbour-linen-shirt"]
    assert [facet["code"] for facet in found["facets"]] == examples.SEARCH["facets"]


SUGGEST = """
query Suggest($term: String!, $limit: Int) {
  suggest(term: $term, limit: $limit) {
    queries products { id slug name } categories { id slug name level }
  }
}
"""


@pytest.mark.parametrize("limit", [None, 1, 20])
@pytest.mark.parametrize("term", ["sh", "linen sh", "lamp", "clo", "shrit", "HLS-CHK-S", "zzz", ""])
async def test_every_suggestion(faces: Faces, term: str, limit: int | None) -> None:
    asked = {"term": term, "limit": limit}
    answer = await faces.client.post("/graphql", json={"query": SUGGEST, "variables": asked})
    told = await faces.client.get(
        "/v1/suggest", params={"q": term} | ({"limit": limit} if limit else {})
    )

    suggested = answer.json()["data"]["suggest"]
    assert shown(told.json(), suggested) == suggested


VARIANT_FILTERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "ids": ({"id": "{variants}"}, {"ids": ["{variants}"]}),
    "skus": ({"sku": "HLS-CHK-S,HLS-CHK-M"}, {"sku": ["HLS-CHK-S", "HLS-CHK-M"]}),
    "product": ({"product": "gift-card,id:{products}"}, {"product": ["{gift}", "{products}"]}),
}


@pytest.mark.parametrize("narrowed", [*VARIANT_FILTERS, None])
async def test_every_filter_of_variants(faces: Faces, narrowed: str | None) -> None:
    known = await some(faces)
    parameters, where = VARIANT_FILTERS[narrowed] if narrowed else ({}, {})

    nodes, graphql_total = await faces.graphql(VARIANTS, where=filled(where, known))
    items, rest_total = await faces.rest("variants", fields="sku", **filled(parameters, known))

    assert items == nodes
    assert len(items) == graphql_total == rest_total > 0


async def some(faces: Faces) -> dict[str, str]:
    """An id of each noun, by the noun, and the moment of the last change."""
    addresses = {
        "moment": ("/v1/products?sort=-updated", "updated_at"),
        "products": ("/v1/products?sort=name", "id"),
        "gift": ("/v1/products?slug=gift-card", "id"),
        "variants": ("/v1/variants?sort=sku", "id"),
        "categories": ("/v1/categories", "id"),
        "collections": ("/v1/collections", "id"),
        "brands": ("/v1/brands", "id"),
    }
    return {name: (await faces.first(url))[key] for name, (url, key) in addresses.items()}


def filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(known)
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    if isinstance(value, dict):
        return {name: filled(item, known) for name, item in value.items()}
    return value
