"""Broken questions: each is told what is wrong with it, and none is an error of ours."""

import httpx
import pytest
from factories import lamp, load
from speaking import Refused


@pytest.fixture(scope="module", autouse=True)
async def _lamp(standing_shop: None) -> None:
    await load(lamp("desk-lamp"))


HUGE = "9" * 400


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ products(first: -1) { totalCount } }", "first must be from 0 to 100, not -1"),
        ("{ products(last: 101) { totalCount } }", "last must be from 0 to 100, not 101"),
        ("{ products(first: 1000000000) { totalCount } }", "not 1000000000"),
        (f"{{ products(first: {HUGE}) {{ totalCount }} }}", "Int cannot represent non 32-bit"),
        ('{ products(after: "x") { totalCount } }', "the cursor is not one of this list"),
        ('{ products(after: "") { totalCount } }', "the cursor is not one of this list"),
        ("{ products(first: 1, last: 1) { totalCount } }", "first and last exclude each other"),
        ("{ products(sort: [{field: COLOUR}]) { totalCount } }", "does not exist in"),
        ("{ products(sort: [{field: POSITION}]) { totalCount } }", "order by position is that"),
        (
            "{ products(sort: [{field: POSITION, direction: DESC}]) { totalCount } }",
            "POSITION has one direction",
        ),
        ('{ products(where: {ids: ["12"]}) { totalCount } }', "this is no id"),
        (
            '{ products(where: {updatedAt: {gte: "2026-03-01T08:00:00"}}) { totalCount } }',
            "is not of the form",
        ),
        ('{ products(where: {updatedAt: {gte: "2026-13-01"}}) { totalCount } }', "not of the form"),
        ("{ products(where: {updatedAt: {gte: 12}}) { totalCount } }", "is not of the form"),
        ("{ products(where: {colour: 1}) { totalCount } }", "colour"),
        ('{ product(by: {slug: "a", sku: "b"}) { id } }', "exactly one key"),
        ("{ product(by: {}) { id } }", "exactly one key"),
        ("{ product(by: {slug: null}) { id } }", "must be non-null"),
        ("{ product { id } }", "is required, but it was not provided"),
        ("{ category(by: {slug: 12}) { id } }", "String cannot represent"),
        ("{ categories(depth: 0) { id } }", "depth must be from 1 to"),
        ("{ categories(depth: 2147483648) { id } }", "Int cannot represent"),
        ("{ colour }", "Cannot query field 'colour'"),
        ("{ products }", "must have a selection of subfields"),
        ("{ products { totalCount { x } } }", "must not have a selection"),
        ("{", "Syntax Error"),
        ("query A { channels { id } } query B { channels { id } }", "name one in operationName"),
        ("fragment F on Query { channels { id } }", "Can't get GraphQL operation type"),
        ("mutation { x }", "Cannot query field 'x' on type 'Mutation'"),
        ("subscription { x }", "subscriptions are not allowed"),
        ("type Query { a: Int }", "operation"),
    ],
)
async def test_a_broken_query_is_told_why(refused: Refused, query: str, message: str) -> None:
    error = (await refused(query))[0]

    assert message in error["message"]
    assert error["extensions"]["code"] != "INTERNAL_ERROR"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"by": {"slug": "a", "sku": "b"}}, "exactly one"),
        ({"by": {}}, "exactly one"),
        ({"by": {"slug": None}}, "slug"),
        ({"by": {"slug": ["a"]}}, "String cannot represent"),
        ({"by": {"slug": {"a": 1}}}, "String cannot represent"),
        ({"by": {"id": 1.5}}, "ID cannot represent"),
        ({"by": {"colour": "red"}}, "colour"),
        ({"by": "desk-lamp"}, "ProductRef"),
        ({"by": None}, "ProductRef"),
        ({}, "to be provided"),
    ],
)
async def test_broken_variables_are_told_why(
    refused: Refused, variables: dict[str, object], message: str
) -> None:
    query = "query P($by: ProductRef!) { product(by: $by) { id } }"

    error = (await refused(query, **variables))[0]

    assert message in error["message"]
    assert error["extensions"]["code"] != "INTERNAL_ERROR"


@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 10_000, "💡", "%", "' OR true --"])
@pytest.mark.parametrize("key", ["slug", "sku", "barcode", "externalId"])
async def test_any_text_may_be_asked_for(client: httpx.AsyncClient, key: str, text: str) -> None:
    query = "query P($by: ProductRef!) { product(by: $by) { id } }"

    response = await client.post(
        "/graphql", json={"query": query, "variables": {"by": {key: text}}}
    )

    assert response.json() == {"data": {"product": None}}


async def test_a_cursor_of_another_order_is_refused(
    client: httpx.AsyncClient, refused: Refused
) -> None:
    page = "{ products { pageInfo { endCursor } } }"
    answer = (await client.post("/graphql", json={"query": page})).json()
    cursor = answer["data"]["products"]["pageInfo"]["endCursor"]
    by_name = "query P($c: String) { products(sort: [{field: NAME}], after: $c) { totalCount } }"

    (error,) = await refused(by_name, c=cursor)

    assert error["extensions"] == {"code": "BAD_CURSOR", "argument": ["after"]}
    assert error["path"] == ["products"]


async def test_one_broken_field_leaves_the_others(client: httpx.AsyncClient) -> None:
    query = "{ channels { code } a: products(first: -1) { totalCount } }"

    answer = (await client.post("/graphql", json={"query": query})).json()

    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["a"]]


async def test_pages_inside_pages_are_limited_too(refused: Refused) -> None:
    (variants,) = await refused("{ products { nodes { variants(first: 101) { totalCount } } } }")
    (media,) = await refused("{ products { nodes { media(first: -1) { url } } } }")

    assert variants["extensions"] == {"code": "BAD_PAGE_SIZE", "argument": ["first"]}
    assert media["extensions"] == {"code": "BAD_PAGE_SIZE", "argument": ["first"]}
