"""Broken searches: each is told what is wrong with it, and none is an error of ours."""

from typing import Any

import pytest
from factories import lamp, load
from speaking import Refused


@pytest.fixture(scope="module", autouse=True)
async def _lamp(standing_shop: None) -> None:
    await load(lamp("desk-lamp"))


def many(count: int, item: Any) -> list[Any]:
    return [item] * count


def nested(depth: int, field: str) -> dict[str, Any]:
    where: dict[str, Any] = {}
    for _ in range(depth - 1):
        where = {field: where if field == "NOT" else [where]}
    return where


def attribute(**asked: Any) -> dict[str, Any]:
    return {"attributes": [asked]}


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (attribute(code="shape", exists=True), "there is no attribute shape"),
        (attribute(code="", exists=True), "there is no attribute"),
        (attribute(anyOf=["red"]), "to include required field 'code'"),
        (attribute(code=None), "non-null type 'String!' not to be None"),
        (attribute(code="color", number={"gt": "1"}), "color is a select, and has no number"),
        (attribute(code="power", date={"gt": "2026-03-01"}), "power is a number, and has no date"),
        (attribute(code="power", bool=True), "power is a number, and has no bool"),
        (attribute(code="power", number={"gt": "many"}), "is not of the form"),
        (attribute(code="power", number={"gt": 40}), "is not of the form"),
        (attribute(code="power", number={"gt": "NaN"}), "is not of the form"),
        (attribute(code="power", number={"gt": "1e999999999"}), "a number has up to 18 digits"),
        (attribute(code="power", number={"gt": "1e-7"}), "6 behind the point"),
        (attribute(code="power", number={"above": "1"}), "unknown field 'above'"),
        (attribute(code="power", date={"gt": "yesterday"}), "is not of the form"),
        (attribute(code="color", anyOf=many(101, "red")), "at most 100 anyOf, not 101"),
        (attribute(code="color", allOf=many(101, "red")), "at most 100 allOf, not 101"),
        (attribute(code="color", noneOf=many(101, "red")), "at most 100 noneOf, not 101"),
        (attribute(code="color", anyOf=[None]), "non-null type 'String!' not to be None"),
        ({"variant": {"attributes": [{"code": "shape"}]}}, "there is no attribute shape"),
        ({"variant": {"price": {"gte": "cheap"}}}, "is not of the form"),
        ({"variant": {"price": {"gte": "1e30"}}}, "a number has up to 18 digits"),
        ({"variant": {"sku": many(101, "a")}}, "at most 100 sku, not 101"),
        ({"variant": {"available": "yes"}}, "Boolean cannot represent"),
        ({"ids": many(101, "UHJvZHVjdDox")}, "at most 100 ids, not 101"),
        ({"category": ["lamps"]}, "this is no id"),
        ({"AND": [{"OR": [{"NOT": {"brand": ["lumen"]}}]}]}, "this is no id"),
        ({"AND": [None]}, "non-null type 'ProductWhere!' not to be None"),
        (nested(11, "AND"), "at most 10 levels of conditions"),
        (nested(11, "OR"), "at most 10 levels of conditions"),
        (nested(11, "NOT"), "at most 10 levels of conditions"),
        (nested(300, "NOT"), "nested too deeply"),
        (nested(300, "AND"), "nested too deeply"),
        ({"AND": many(200, {})}, "at most 200 conditions, not 201"),
        ({"attributes": many(101, {"code": "color"})}, "at most 100 attributes, not 101"),
        (
            {"OR": many(3, {"variant": {"attributes": many(70, {"code": "color"})}})},
            "at most 200 conditions",
        ),
        ({"AND": many(3, {"attributes": many(70, {"code": "color"})})}, "at most 200 conditions"),
    ],
)
async def test_a_condition_that_makes_no_sense(
    refused: Refused, where: dict[str, Any], message: str
) -> None:
    query = "query P($where: ProductWhere) { products(where: $where) { totalCount } }"

    error = (await refused(query, where=where))[0]

    assert message in error["message"]
    assert error["extensions"]["code"] != "INTERNAL_ERROR"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("sort: [{field: RELEVANCE}]", "by relevance goes only what is searched for"),
        ('search: " ", sort: [{field: RELEVANCE}]', "by relevance goes only what"),
        ('search: "lamp", sort: [{field: RELEVANCE, direction: ASC}]', "has one direction"),
        ("sort: [{field: POSITION, direction: DESC}]", "POSITION has one direction"),
        ("sort: [{field: NAME}, {field: NAME}]", "sort by each field once"),
        ("sort: [{field: ATTRIBUTE}]", "say which attribute"),
        ('sort: [{field: ATTRIBUTE, attribute: ""}]', "say which attribute"),
        ('sort: [{field: ATTRIBUTE, attribute: "shape"}]', "there is no attribute shape"),
        ('sort: [{field: ATTRIBUTE, attribute: "material"}]', "material is not sortable"),
        ('sort: [{field: NAME, attribute: "power"}]', "goes with the field ATTRIBUTE"),
        (
            "sort: [{field: NAME}, {field: PRICE}, {field: NEWEST}, {field: UPDATED}, "
            '{field: ATTRIBUTE, attribute: "power"}, {field: ATTRIBUTE, attribute: "color"}]',
            "sort by at most 5 fields",
        ),
        (f'search: "{"a" * 201}"', "a search has at most 200 letters"),
        ("search: 12", "String cannot represent"),
        ("unavailable: SOMETIMES", "does not exist in 'Unavailable'"),
        ('unavailable: "HIDE"', "cannot represent non-enum value"),
    ],
)
async def test_an_argument_that_makes_no_sense(
    refused: Refused, arguments: str, message: str
) -> None:
    error = (await refused(f"{{ products({arguments}) {{ totalCount nodes {{ id }} }} }}"))[0]

    assert message in error["message"]
    assert error["extensions"]["code"] != "INTERNAL_ERROR"


async def test_where_a_sort_key_is_wrong_is_said(refused: Refused) -> None:
    keys = '[{field: NAME}, {field: PRICE, attribute: "power"}]'

    (error,) = await refused(f"{{ products(sort: {keys}) {{ totalCount }} }}")

    assert error["extensions"] == {"code": "BAD_FILTER", "argument": ["sort", 1, "attribute"]}


@pytest.mark.parametrize("depth", [11, 60, 150])
async def test_conditions_nested_in_the_text_are_limited_too(refused: Refused, depth: int) -> None:
    where = "{NOT: " * depth + "{}" + "}" * depth

    error = (await refused(f"{{ products(where: {where}) {{ totalCount }} }}"))[0]

    assert error["extensions"]["code"] != "INTERNAL_ERROR"


@pytest.mark.parametrize("limit", [-1, 0, 21])
async def test_suggestions_are_from_one_to_twenty(refused: Refused, limit: int) -> None:
    (error,) = await refused(f'{{ suggest(term: "la", limit: {limit}) {{ queries }} }}')

    assert error["message"] == f"limit must be from 1 to 20, not {limit}"
    assert error["extensions"] == {"code": "BAD_FILTER", "argument": ["limit"]}
