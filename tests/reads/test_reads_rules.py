"""Collections that a rule puts together."""

from decimal import Decimal

import orjson
import pytest
from asking import anyone, slugs
from factories import lamp, load, shop

from catalog import db
from catalog.errors import BadFilter
from catalog.paging import Paging
from catalog.reads import collections, products
from catalog.reads.filters import AttributeFilter
from catalog.reads.products import ProductWhere
from catalog.reads.refs import Ref
from catalog.writes.inputs import CollectionInput

FIRST = Paging(first=10)


async def ruled(**rule: object) -> int:
    """A collection's id."""
    await load(CollectionInput.model_validate({"slug": "ruled", "name": "Ruled", "rule": rule}))
    found = await collections.by_ref(await anyone(), Ref("slug", "ruled"))
    assert found is not None
    return found.id


@pytest.fixture
async def lamps(clean: None) -> None:
    await load(*shop(), lamp("a", tags=["new"]), lamp("b"), lamp("c", tags=["new"]))


async def test_a_rule_finds_its_products(lamps: None) -> None:
    where = ProductWhere(collection=(await ruled(tags=["new"]),))
    assert set(slugs(await products.page(await anyone(), where, paging=FIRST))) == {"a", "c"}
    assert await products.count(await anyone(), where) == 2


async def test_each_collection_of_a_level_has_its_own(lamps: None) -> None:
    id = await ruled(tags=["new"])
    ctx = await anyone()
    pages = await products.pages_by_owner_ids(ctx, "collection", [id], paging=FIRST)
    assert set(slugs(pages[id])) == {"a", "c"}
    assert await products.counts_by_owner_ids(ctx, "collection", [id]) == {id: 2}


async def test_a_write_enters_and_leaves_at_once(lamps: None) -> None:
    where = ProductWhere(collection=(await ruled(variant={"price": {"lt": "3"}}),))
    assert slugs(await products.page(await anyone(), where, paging=FIRST)) == []
    async with db.unit_of_work() as connection:
        await connection.execute("UPDATE price SET amount = 2")
    assert await products.count(await anyone(), where) == 3


async def test_what_a_rule_names_and_is_gone_no_product_has(lamps: None) -> None:
    for rule in ({"category": ["gone"]}, {"attributes": [{"code": "gone", "any_of": ["x"]}]}):
        where = ProductWhere(collection=(await ruled(**rule),))
        assert await products.count(await anyone(), where) == 0


@pytest.mark.parametrize(
    "rule", [{"collection": ["a"]}, {"NOT": {"status": ["draft"]}}, {"colour": ["red"]}, "[1"]
)
def test_a_rule_that_makes_no_sense_is_refused(rule: object) -> None:
    with pytest.raises(ValueError, match="rule"):
        CollectionInput.model_validate({"slug": "x", "name": "X", "rule": rule})


def test_in_a_cell_a_rule_is_json() -> None:
    rule = {"variant": {"price": {"gte": "10"}}}
    record = CollectionInput.model_validate({"slug": "x", "rule": orjson.dumps(rule).decode()})
    assert record.rule is not None
    assert record.rule.variant is not None
    assert record.rule.variant.price is not None
    assert record.rule.variant.price.gte == Decimal(10)


async def test_an_unknown_attribute_of_a_question_is_refused(lamps: None) -> None:
    where = ProductWhere(attributes=(AttributeFilter("gone", any_of=("x",)),))
    with pytest.raises(BadFilter, match="no attribute gone"):
        await products.count(await anyone(), where)
