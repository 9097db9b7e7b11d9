"""The breadth-first executor says what graphql-core says, to the byte, and asks no more for it."""

from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from random import Random
from typing import Any

import pytest
import servers
from documents import Made, Maker
from executors import STAFF, Ours, Said, Stock, said
from strawberry.schema.schema_converter import GraphQLCoreConverter

from catalog import db, ids, sample
from catalog.context import ANONYMOUS, Principal
from catalog.errors import BadRequest, Unavailable
from catalog.paging import Page
from catalog.settings import Settings
from schema.edges import EdgeField

pytestmark = pytest.mark.usefixtures("sample_shop")

DOCUMENTS = 100
"""How many a test makes."""


@pytest.fixture(scope="module")
async def sample_shop(database: Settings) -> None:
    await servers.empty()
    await sample.load()


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours(open=True)


@pytest.fixture(scope="module")
def stock(ours: Ours) -> Stock:
    stock = Stock(open=True)
    stock.document = ours.document
    return stock


KEYS = """
SELECT 'Product' AS kind, id, slug AS key FROM product UNION ALL
SELECT 'Variant', id, sku FROM variant UNION ALL
SELECT 'Category', id, slug FROM category UNION ALL
SELECT 'Collection', id, slug FROM collection UNION ALL
SELECT 'Brand', id, slug FROM brand UNION ALL
SELECT 'Attribute', id, code FROM attribute UNION ALL
SELECT 'Channel', id, code FROM channel UNION ALL
SELECT 'Media', id, NULL FROM media UNION ALL
SELECT 'ProductType', id, code FROM product_type
"""


@pytest.fixture(scope="module")
async def known(sample_shop: None) -> dict[str, list[Any]]:
    """What to ask for, by the name of an argument or of a type."""
    rows = await db.fetch(KEYS)
    keys: dict[str, list[str]] = {}
    encoded: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row["kind"], []).append(row["key"])
        encoded.setdefault(row["kind"], []).append(ids.encode(row["kind"], row["id"]))
    cursor = "WyJ2YXJpYW50LnBvc2l0aW9uIiwxLDEsMV0"
    return {
        "ID": [*chain.from_iterable(encoded.values()), ids.encode("Product", 99999)],
        "String": ["lamp", "eu", "nowhere", ""],
        "Int": [0, 1, 2, 5],
        "Boolean": [True, False],
        "Decimal": ["0", "19.90", "100"],
        "DateTime": ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00+02:00"],
        "Date": ["2020-01-01", "2026-06-01"],
        "slug": [*keys["Product"], *keys["Category"], *keys["Brand"], *keys["Collection"]],
        "slugs": keys["Product"],
        "sku": keys["Variant"],
        "code": [*keys["Attribute"], "nowhere"],
        "codes": [*keys["Attribute"], "category", "price"],
        "type": keys["ProductType"],
        "parent": encoded["Category"],
        "ids": encoded["Product"],
        "category": encoded["Category"],
        "brand": encoded["Brand"],
        "collection": encoded["Collection"],
        "after": [cursor],
        "before": [cursor],
    }


@dataclass(slots=True)
class Agreement:
    """Asks both and compares; counts what was asked, and what the breadth-first one answered.
    `by_chance` is of how many documents loaders may meet on two levels what they ask for once."""

    ours: Ours
    stock: Stock
    asked: int = 0
    by_chance: int = 0

    async def on(self, made: Made, *, staff: bool = False) -> None:
        principal = STAFF if staff else ANONYMOUS
        before = self.ours.answered
        ours = await said(self.ours, made.text, made.variables, principal=principal)
        stock = await said(self.stock, made.text, made.variables, principal=principal)
        told = made.text, made.variables
        assert ours.data == stock.data, told
        assert ours.errors == stock.errors or await self.tells(ours, made, principal), told
        self.asked += 1
        if self.ours.answered > before:
            if ours.statements == stock.statements + 1 and self.by_chance:
                self.by_chance -= 1
                return
            assert ours.statements <= stock.statements, told

    async def tells(self, said_by_ours: Said, made: Made, principal: Principal) -> bool:
        """Of several errors that null one object graphql-core tells those that came first, which
        differs from time to time."""
        again = [
            await said(self.stock, made.text, made.variables, principal=principal)
            for _ in range(10)
        ]
        return len(said_by_ours.errors) > 1 and said_by_ours in again

    async def on_many(
        self, known: dict[str, list[Any]], *, seed: int, documents: int, careful: bool = False
    ) -> None:
        random = Random(seed)
        for number in range(documents):
            right = careful or number % 4 > 0
            made = Maker(self.ours._schema, known, random, careful=right).document()
            await self.on(made, staff=number % 2 == 0)


@pytest.fixture
def agreement(ours: Ours, stock: Stock) -> Agreement:
    ours.answered = 0
    return Agreement(ours, stock)


@pytest.mark.parametrize("seed", range(20))
async def test_both_say_the_same(
    seed: int, agreement: Agreement, known: dict[str, list[Any]]
) -> None:
    await agreement.on_many(known, seed=seed, documents=DOCUMENTS)

    assert agreement.asked == DOCUMENTS
    assert agreement.ours.answered >= 0.6 * DOCUMENTS


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 150))
async def test_both_say_the_same_of_very_many(
    seed: int, agreement: Agreement, known: dict[str, list[Any]]
) -> None:
    agreement.by_chance = 1

    await agreement.on_many(known, seed=seed, documents=1_000)


def edges(ours: Ours) -> dict[str, EdgeField]:
    """Every edge of the schema, by its type and name."""
    return {
        f"{type_.name}.{name}": definition
        for type_ in ours._schema.type_map.values()
        for name, field in getattr(type_, "fields", {}).items()
        if isinstance(
            definition := field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF), EdgeField
        )
    }


def spoilt(value: Any, random: Random) -> Any:
    """The value with something wrong in it, or in its place."""
    junk = random.choice([None, 5, "junk", ValueError("inside"), [None], True, 2**40, {}])
    if isinstance(value, Page) and random.random() < 0.8:
        return replace(value, items=spoilt(value.items, random))
    if isinstance(value, tuple) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        return (*value[:place], spoilt(value[place], random), *value[place + 1 :])
    if is_dataclass(value) and not isinstance(value, type) and random.random() < 0.8:
        name = random.choice([each.name for each in fields(value)])
        return replace(value, **{name: junk})
    return junk


def spoiling(batch: Any, seed: str) -> Any:
    """It has something wrong for some of the ids, the same whenever it is asked."""

    async def spoiled(ctx: Any, ids: Any, *arguments: Any, **named: Any) -> dict[int, Any]:
        found = await batch(ctx, ids, *arguments, **named)
        randoms = {id: Random(f"{seed}{id}") for id in found}
        return {
            id: spoilt(value, randoms[id]) if randoms[id].random() < 0.1 else value
            for id, value in found.items()
        }

    return spoiled


# Where an error nulls an object at once, graphql-core leaves behind what it had yet to await.
@pytest.mark.filterwarnings("ignore:.*coroutine")
@pytest.mark.parametrize("seed", range(3))
async def test_both_say_the_same_of_wrong_data(
    seed: int,
    agreement: Agreement,
    known: dict[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, edge in edges(agreement.ours).items():
        monkeypatch.setattr(edge, "batch", spoiling(edge.batch, f"{seed}{name}"))

    await agreement.on_many(known, seed=seed, documents=DOCUMENTS, careful=True)
    for golden in GOLDEN:
        await agreement.on(Made(golden.query, {}))

    assert 0 < agreement.ours.answered < agreement.asked


@pytest.mark.parametrize("error", [ValueError("broken"), BadRequest("no"), Unavailable("away")])
async def test_both_tell_the_same_errors_of_a_batch_that_fails(
    error: Exception, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: Any, **__: Any) -> Any:
        raise error

    found = edges(agreement.ours)
    for name in ("Product.brand", "Product.variants", "Variant.price", "Category.image"):
        with monkeypatch.context() as patch:
            patch.setattr(found[name], "batch", failing)
            for golden in GOLDEN:
                await agreement.on(Made(golden.query, {}))

    assert 4 <= agreement.asked - agreement.ours.answered < agreement.asked


async def test_a_statement_that_fails_leaves_a_snapshot_to_answer_from(
    ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction in which a statement failed answers no other."""

    async def broken(ctx: Any, ids: Any) -> Any:
        return await db.fetch("SELECT 1 / 0")

    monkeypatch.setattr(edges(ours)["Product.brand"], "batch", broken)
    found = await said(ours, "{ products(first: 24) { nodes { name brand { name } } } }")

    assert b'"name"' in found.data
    assert {error["path"][-1] for error in found.errors} == {"brand"}
    assert {error["message"] for error in found.errors} == {
        "Internal error; it was logged as request x"
    }


async def test_a_database_that_does_not_answer_is_waited_for_once(
    ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    async def away(*_: object) -> Any:
        waited.append(1)
        raise Unavailable("away")

    monkeypatch.setattr(db.Snapshot, "_fetch", away)
    found = await said(ours, "{ channels { code } brands { totalCount } }")

    assert [error["extensions"]["code"] for error in found.errors] == ["UNAVAILABLE"]
    assert len(waited) == 1


@dataclass(frozen=True, slots=True)
class Golden:
    """A query of a shop's pages, and how many statements it takes, the context's included."""

    name: str
    statements: int
    query: str


GOLDEN = (
    Golden("nothing", 0, "{ __typename }"),
    Golden("channels", 2, "{ channels { id code currencies isDefault } }"),
    Golden(
        "tree",
        7,
        """{ categories { id slug name image { url } children {
          slug name image { url } parent { slug } ancestors { slug }
        } } }""",
    ),
    Golden(
        "listing",
        17,
        """{ products(first: 24) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes {
            __typename id slug name status tags updatedAt available metadata
            brand { slug name } category { slug } categories { name }
            media(first: 1) { url kind alt width }
            attributes { attribute { code name unit } values options { code swatch } }
            priceRange { min { amount currency } max { amount } }
            variants(first: 4) { totalCount edges { cursor node {
              id sku weight available
              options { attribute { code } values }
              price { amount currency } compareAtPrice { amount }
              prices { amount { amount } compareAt { amount } minQuantity validFrom }
            } } }
          }
        } }""",
    ),
    Golden(
        "facets",
        5,
        """{ products(first: 2, where: {tags: ["new"]}, search: "lamp") {
          facets(codes: ["category", "brand"]) { code buckets { value label count filter } min }
          nodes { name related(kind: ACCESSORY) { kind product { name media { url } } } }
        } }""",
    ),
    Golden(
        "categories' products",
        5,
        """{ categories { name products(first: 2) {
          totalCount nodes { slug seo { title } }
        } } }""",
    ),
    Golden(
        "brands",
        3,
        """{ brands(first: 3) { edges { cursor node {
          name products(first: 1) { nodes { id } }
        } } } }""",
    ),
)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
async def test_pages_are_answered_by_so_many_statements(
    golden: Golden, ours: Ours, stock: Stock
) -> None:
    ours.answered = 0
    found, reference = await said(ours, golden.query), await said(stock, golden.query)

    assert not found.errors
    assert found.data == reference.data
    assert (ours.answered, found.statements) == (1, golden.statements)
    assert found.statements <= reference.statements
