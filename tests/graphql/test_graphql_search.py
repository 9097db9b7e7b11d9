"""Searches: conditions as a tree, words, several sort keys, facets; suggestions."""

from typing import Any

import pytest
from factories import lamp, load, variant
from speaking import Ask, Refused, names

from catalog import db
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import (
    AttributeDefinition,
    CollectionInput,
    ListingInput,
    OptionInput,
    StockInput,
)

RED, BLUE = (OptionInput(code=code, label=code.title()) for code in ("red", "blue"))
SHADES = (RED, BLUE, OptionInput(code="green", label="Green", swatch="#00ff00"))
NONE_LEFT = (StockInput(location="main", on_hand=0),)


@pytest.fixture(scope="module", autouse=True)
async def _lamps(standing_shop: None) -> None:
    """Of two brands, at 10 to 40 EUR, the cheapest of them sold out."""
    await load(
        AttributeDefinition(
            code="color", kind="select", name="Colour", filterable=True, options=SHADES
        ),
        AttributeDefinition(
            code="power", kind="number", name="Power", filterable=True, sortable=True, unit="W"
        ),
        lamp(
            "anglepoise",
            description="<p>A lamp for reading.</p>",
            attributes={"power": 40},
            variants=(
                variant("a-red", "red", amount="30"),
                variant("a-blue", "blue", amount="40"),
            ),
        ),
        lamp(
            "bankers",
            brand=None,
            description="<p>A lamp for counting.</p>",
            tags=("desk",),
            attributes={"power": 60},
            variants=(
                variant("b-red", "red", amount="40", stock=NONE_LEFT),
                variant("b-green", "green", amount="30"),
            ),
        ),
        lamp(
            "candelabra",
            tags=("desk", "antique"),
            categories=("home",),
            variants=(variant("c-blue", "blue", amount="10", stock=NONE_LEFT),),
        ),
        lamp("hidden", listings=(ListingInput(channel="us"),)),
        CollectionInput(slug="best", name="Best", products=("candelabra", "bankers")),
    )


ANGLEPOISE, BANKERS, CANDELABRA = "Anglepoise", "Bankers", "Candelabra"
ALL = [ANGLEPOISE, BANKERS, CANDELABRA]
RED_TO_35 = {"price": {"lte": "35"}, "attributes": [{"code": "color", "anyOf": ["red"]}]}


def of(**attribute: Any) -> dict[str, Any]:
    return {"attributes": [attribute]}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, ALL),
        (of(code="color", anyOf=["red", "green"]), [ANGLEPOISE, BANKERS]),
        (of(code="color", anyOf=[]), []),
        (of(code="color", allOf=["red", "blue"]), [ANGLEPOISE]),
        (of(code="color", noneOf=["red"]), [CANDELABRA]),
        (of(code="color", anyOf=["no-such"]), []),
        (of(code="power", number={"gte": "40", "lt": "60"}), [ANGLEPOISE]),
        (of(code="power", number={"gt": "40"}), [BANKERS]),
        (of(code="power", number={"lte": "60"}), [ANGLEPOISE, BANKERS]),
        (of(code="power", number={}), [ANGLEPOISE, BANKERS]),
        (of(code="power", anyOf=["60"]), [BANKERS]),
        (of(code="power", exists=False), [CANDELABRA]),
        (of(code="power", exists=None), ALL),
        ({"attributes": []}, ALL),
        ({"variant": {"sku": ["a-red", "c-blue"]}}, [ANGLEPOISE, CANDELABRA]),
        ({"variant": {"price": {"lte": "30"}}}, ALL),
        ({"variant": {"price": {"lt": "30"}}}, [CANDELABRA]),
        ({"variant": {"available": True}}, [ANGLEPOISE, BANKERS]),
        ({"variant": {"available": False}}, [BANKERS, CANDELABRA]),
        ({"variant": RED_TO_35}, [ANGLEPOISE]),
        ({"variant": RED_TO_35 | {"available": False}}, []),
        ({"variant": {}}, ALL),
        ({"AND": [{"tags": ["desk"]}, {"tags": ["antique"]}]}, [CANDELABRA]),
        ({"AND": []}, ALL),
        ({"OR": [{"tags": ["antique"]}, {"slugs": ["anglepoise"]}]}, [ANGLEPOISE, CANDELABRA]),
        ({"OR": []}, []),
        ({"NOT": {"tags": ["desk"]}}, [ANGLEPOISE]),
        ({"NOT": {"OR": [{"tags": ["antique"]}, {"AND": [{"type": ["chair"]}]}]}}, ALL[:2]),
        ({"tags": ["desk"], "NOT": {"slugs": ["bankers"]}}, [CANDELABRA]),
        ({"AND": None, "OR": None, "NOT": None, "variant": None, "attributes": None}, ALL),
    ],
)
async def test_products_are_narrowed(ask: Ask, where: dict[str, Any], found: list[str]) -> None:
    query = """query P($where: ProductWhere) {
      products(where: $where, sort: [{field: NAME}]) { totalCount nodes { name } }
    }"""

    products = (await ask(query, where=where))["products"]

    assert (names(products), products["totalCount"]) == (found, len(found))


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('search: "bankers"', [BANKERS]),
        ('search: "bankres"', [BANKERS]),
        ('search: "c-blue"', [CANDELABRA]),
        ('search: "nothing like it"', []),
        ('search: ""', ALL[::-1]),
        ("search: null, sort: null, unavailable: null", ALL[::-1]),
        ('search: "lumen", sort: [{field: NAME}]', [ANGLEPOISE, CANDELABRA]),
        ('search: "bankers", sort: [{field: RELEVANCE}, {field: NAME}]', [BANKERS]),
        ("sort: [{field: PRICE}, {field: NAME}]", [CANDELABRA, ANGLEPOISE, BANKERS]),
        ("sort: [{field: PRICE}, {field: NAME, direction: DESC}]", [CANDELABRA, *ALL[1::-1]]),
        ("sort: [{field: PRICE, direction: DESC}, {field: NAME}]", ALL),
        ('sort: [{field: ATTRIBUTE, attribute: "power"}]', ALL),
        (
            'sort: [{field: ATTRIBUTE, attribute: "power", direction: DESC}]',
            [BANKERS, ANGLEPOISE, CANDELABRA],
        ),
        ("sort: [{field: PRICE}], unavailable: LAST", [*ALL[:2], CANDELABRA]),
        ("sort: [{field: NAME}], unavailable: HIDE", ALL[:2]),
        ("sort: [{field: NAME}], unavailable: SHOW", ALL),
    ],
)
async def test_products_are_searched_and_sorted(ask: Ask, arguments: str, found: list[str]) -> None:
    products = (await ask(f"{{ products({arguments}) {{ totalCount nodes {{ name }} }} }}"))[
        "products"
    ]

    if "sort: [{field: PRICE}], unavailable" in arguments:
        assert set(names(products)[:2]) == set(found[:2])
        assert names(products)[2:] == found[2:]
    else:
        assert names(products) == found
    assert products["totalCount"] == len(found)


async def test_pages_go_on_in_any_order(ask: Ask) -> None:
    query = """query P($after: String) {
      products(
        first: 1, after: $after, unavailable: LAST
        sort: [{field: ATTRIBUTE, attribute: "power", direction: DESC}, {field: PRICE}]
      ) { nodes { name } pageInfo { endCursor hasNextPage } }
    }"""
    found, place = [], {"hasNextPage": True, "endCursor": None}
    while place["hasNextPage"]:
        page = (await ask(query, after=place["endCursor"]))["products"]
        found += names(page)
        place = page["pageInfo"]

    assert found == [BANKERS, ANGLEPOISE, CANDELABRA]


FACETED = """query P($where: ProductWhere, $codes: [String!]) {
  products(where: $where) {
    totalCount
    facets(codes: $codes) {
      code label kind min max buckets { value label count selected swatch filter }
    }
  }
}"""


async def test_facets_count_the_whole_list_but_for_their_own_choice(ask: Ask) -> None:
    where = {"tags": ["desk"], **of(code="color", anyOf=["green"])}

    color, price = (await ask(FACETED, where=where, codes=["color", "price"]))["products"]["facets"]

    assert color | {"buckets": []} == {
        "code": "color", "label": "Colour", "kind": "select", "min": None, "max": None,
        "buckets": [],
    }  # fmt: skip
    assert [(each["value"], each["count"], each["selected"]) for each in color["buckets"]] == [
        ("red", 1, False),
        ("blue", 1, False),
        ("green", 1, True),
    ]
    assert color["buckets"][2]["label"] == "Green"
    assert color["buckets"][2]["swatch"] == "#00ff00"
    assert (price["min"], price["max"]) == ("30", "40")


async def test_the_filter_of_every_bucket_finds_what_it_counted(ask: Ask) -> None:
    """Of every facet there is, sent back as it is."""
    (*facets,) = (await ask(FACETED))["products"]["facets"]

    assert {each["code"] for each in facets} == {
        "color", "power", "category", "brand", "price", "availability"
    }  # fmt: skip
    for facet in facets:
        for bucket in facet["buckets"]:
            found = (await ask(FACETED, where=bucket["filter"], codes=[facet["code"]]))["products"]
            chosen = [each for each in found["facets"][0]["buckets"] if each["selected"]]
            assert found["totalCount"] == bucket["count"]
            assert [each["value"] for each in chosen] == [bucket["value"]]


async def test_no_facet_and_an_unknown_one(ask: Ask, refused: Refused) -> None:
    assert (await ask(FACETED, codes=[]))["products"]["facets"] == []

    (error,) = await refused(FACETED, codes=["shape"])

    assert "there is no facet shape" in error["message"]
    assert error["extensions"] == {"code": "BAD_FILTER", "argument": ["codes"]}


async def test_lists_in_lists_are_searched_and_counted_too(ask: Ask) -> None:
    within = """products(search: "lamp", sort: [{field: PRICE}], unavailable: HIDE) {
      totalCount nodes { name } facets(codes: ["color"]) { buckets { value count } }
    }"""
    found = await ask(f"""{{
      category(by: {{slug: "home-lamps"}}) {{ {within} }}
      collection(by: {{slug: "best"}}) {{ {within} }}
      brand(by: {{slug: "lumen"}}) {{ {within} }}
    }}""")

    assert {
        name: (one["products"]["totalCount"], names(one["products"])) for name, one in found.items()
    } == {
        "category": (2, [ANGLEPOISE, BANKERS]),
        "collection": (1, [BANKERS]),
        "brand": (1, [ANGLEPOISE]),
    }
    assert found["collection"]["products"]["facets"][0]["buckets"] == [
        {"value": "red", "count": 1},
        {"value": "green", "count": 1},
    ]
    assert found["brand"]["products"]["facets"][0]["buckets"] == [
        {"value": "red", "count": 1},
        {"value": "blue", "count": 1},
    ]


async def test_whose_list_it_is_is_nobodys_choice(ask: Ask) -> None:
    """`Brand.products` has that brand's products alone: no facet ignores it."""
    within = "products { totalCount facets(codes: [%s]) { buckets { label count } } }"
    found = await ask(f"""{{
      brand(by: {{slug: "lumen"}}) {{ {within % '"brand"'} }}
      category(by: {{slug: "home-lamps"}}) {{ {within % '"category"'} }}
    }}""")

    (brands,) = found["brand"]["products"]["facets"]
    (categories,) = found["category"]["products"]["facets"]
    assert brands["buckets"] == [{"label": "Lumen", "count": 2}]
    assert categories["buckets"] == [{"label": "Home", "count": 2}, {"label": "Lamps", "count": 2}]


async def test_facets_of_too_many_lists_are_refused(
    ask: Ask, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = '{ categories(depth: 2) { products { facets(codes: ["color"]) { code } } } }'
    assert len((await ask(query))["categories"]) == 2

    monkeypatch.setattr("schema.listing.MOST_FACETED", 1)
    error = (await refused(query))[0]

    assert error["message"] == "facets of at most 1 lists at once, not of 2"


COUNTED = """query P($codes: [String!]!, $where: ProductWhere) {
  products(where: $where, first: 1) { totalCount nodes { name } facets(codes: $codes) { code } }
}"""


async def test_a_page_with_its_total_and_six_facets_takes_as_many_statements_as_with_one(
    ask: Ask,
) -> None:
    six = ["color", "power", "category", "brand", "price", "availability"]
    counts = []
    for codes in (["color", "category", "brand"], six):
        async with db.snapshot() as snapshot:
            found = await ask(COUNTED, codes=codes)
        counts.append(snapshot.statements)
        assert len(found["products"]["facets"]) == len(codes)

    assert counts == [STATEMENTS, STATEMENTS]


# Channel, page, total; attributes of the facets, what is counted, options, brands, categories.
STATEMENTS = 8


async def test_what_is_typed_is_completed(ask: Ask) -> None:
    query = """query S($term: String!, $limit: Int) {
      suggest(term: $term, limit: $limit) {
        queries products { name priceRange { min { amount } } } categories { name }
      }
    }"""

    banker = (await ask(query, term="bank"))["suggest"]
    category = (await ask(query, term="lam", limit=1))["suggest"]
    nothing = (await ask(query, term=" ", limit=None))["suggest"]

    assert banker == {
        "queries": ["bankers"],
        "products": [{"name": BANKERS, "priceRange": {"min": {"amount": "30.00"}}}],
        "categories": [],
    }
    assert category["categories"] == [{"name": "Lamps"}]
    assert nothing == {"queries": [], "products": [], "categories": []}


EXPLAIN = """query E($id: ID!, $where: ProductWhere, $search: String) {
  explainListing(id: $id, where: $where, search: $search) {
    listed obstacle conditions { condition holds }
  }
}"""


@pytest.fixture(scope="module")
async def reader(database: Settings) -> str:
    return await tokens.create("reader", scopes=["catalog:read"])


async def id_of(ask: Ask, slug: str, token: str) -> str:
    found = await ask(f'{{ product(by: {{slug: "{slug}"}}) {{ id }} }}', token=token)
    return str(found["product"]["id"])


async def test_why_a_product_is_in_a_list_or_not(ask: Ask, reader: str) -> None:
    bankers = await id_of(ask, "bankers", reader)
    hidden = await id_of(ask, "hidden", reader)

    async def explained(id: str, **asked: Any) -> Any:
        return (await ask(EXPLAIN, token=reader, id=id, **asked))["explainListing"]

    listed = await explained(bankers, where={"tags": ["desk"]}, search="bankers")
    kept_out = await explained(
        bankers, where={"tags": ["desk"], **of(code="color", allOf=["blue"])}
    )
    elsewhere = await explained(hidden)

    assert (listed["listed"], listed["obstacle"]) == (True, None)
    assert (kept_out["listed"], kept_out["obstacle"]) == (False, "condition 2: attributes color")
    assert elsewhere["obstacle"] == "it is listed in the channel"


async def test_who_may_ask_why_and_of_what(ask: Ask, refused: Refused, reader: str) -> None:
    missing = "UHJvZHVjdDo5OTk5OTk="

    (stranger,) = await refused(EXPLAIN, id=missing)
    (broken,) = await refused(EXPLAIN, id="12", token=reader)

    assert stranger["extensions"]["code"] == "UNAUTHORIZED"
    assert broken["extensions"] == {"code": "BAD_REFERENCE", "argument": ["id"]}
    assert (await ask(EXPLAIN, id=missing, token=reader))["explainListing"] is None
