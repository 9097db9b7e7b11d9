"""Both faces tell the same facts: of every product, under every filter, in every order."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import httpx
import pytest
import servers
from factories import load
from graphql import GraphQLInputObjectType, build_schema
from pydantic.alias_generators import to_snake

from catalog import sample
from catalog.reads.products import PRODUCT_ORDERS, ProductWhere
from catalog.reads.variants import VariantWhere
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
query Page($first: Int!, $after: String, $where: ProductWhere, $sort: [ProductSort!]) CONTEXT {
  products(first: $first, after: $after, where: $where, sort: $sort) {
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


class Raw(dict):
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
    "sort", "limit", "cursor", "count", "fields", "include",
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


# For each field of the reads' own filter: how either face is asked. `{}` is an id of that noun.
FILTERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
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
}
ORDERS = {
    "newest": {"field": "NEWEST"},
    "oldest": {"field": "NEWEST", "direction": "ASC"},
    "name": {"field": "NAME"},
    "-name": {"field": "NAME", "direction": "DESC"},
    "updated": {"field": "UPDATED", "direction": "ASC"},
    "-updated": {"field": "UPDATED"},
    "position": {"field": "POSITION"},
}


def test_no_filter_and_no_order_is_left_out() -> None:
    assert FILTERS.keys() == {field.name for field in fields(ProductWhere)}
    assert VARIANT_FILTERS.keys() == {field.name for field in fields(VariantWhere)}
    assert ORDERS.keys() == {*PRODUCT_ORDERS, "position"}


async def test_what_one_face_narrows_by_the_other_does_too(client: httpx.AsyncClient) -> None:
    schema = build_schema((await client.get("/schema.graphql")).text)
    paths = (await client.get("/openapi.json")).json()["paths"]
    for filters, kind, noun in (
        (FILTERS, "ProductWhere", "products"),
        (VARIANT_FILTERS, "VariantWhere", "variants"),
    ):
        where = schema.type_map[kind]
        assert isinstance(where, GraphQLInputObjectType)
        asked = {name for _, graphql in filters.values() for name in graphql}
        taken = {each["name"] for each in paths[f"/v1/{noun}"]["get"]["parameters"]}
        common = taken - NOT_FILTERS
        assert asked == set(where.fields)
        assert {name for rest, _ in filters.values() for name in rest} == common


@pytest.mark.parametrize(
    ("narrowed", "order"),
    [
        *((narrowed, order) for narrowed in [*FILTERS, None] for order in PRODUCT_ORDERS[:-1]),
        ("category", "position"),
        ("collection", "position"),
    ],
)
async def test_every_filter_in_every_order(
    client: httpx.AsyncClient, narrowed: str | None, order: str
) -> None:
    faces = await holder(client)
    known = await some(faces)
    parameters, where = FILTERS[narrowed] if narrowed else ({}, {})

    nodes, graphql_total = await faces.graphql(
        products("id slug"), where=filled(where, known), sort=[ORDERS[order]]
    )
    items, rest_total = await faces.rest(
        "products", fields="slug", sort=order, **filled(parameters, known)
    )

    assert items == nodes
    assert len(items) == graphql_total == rest_total > 0


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
    return {name: filled(item, known) for name, item in value.items()}
