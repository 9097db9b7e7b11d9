"""One record at a time: found, compared with its version, refused with all that is wrong."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from factories import RECORD, lamp, load, shop, variant

from catalog import db
from catalog.errors import Invalid, VersionConflict
from catalog.writes import single
from catalog.writes.inputs import Record
from catalog.writes.staging import Result

pytestmark = pytest.mark.usefixtures("clean")


async def write(record: Record | dict[str, Any], **meant: Any) -> Result:
    valid = RECORD.validate_python(record) if isinstance(record, dict) else record
    return await single.write(valid, **meant)


async def one(sql: str) -> tuple[object, ...]:
    (row,) = await db.fetch(sql)
    return tuple(row)


async def test_a_new_product_is_created_and_the_same_again_unchanged() -> None:
    await load(*shop())
    created = await write(lamp(external_id="L1"), mode="create")
    again = await write(lamp(external_id="L1"))
    changed = await write(lamp(external_id="L1", tax_class="reduced"))
    assert [r.status for r in (created, again, changed)] == ["created", "unchanged", "updated"]
    assert {(r.noun, r.id, r.external_id) for r in (created, again, changed)} == {
        ("product", 1, "L1")
    }
    assert await one("SELECT version, tax_class FROM product") == (2, "reduced")


async def test_it_is_written_as_a_load_writes_it() -> None:
    await load(*shop(), lamp("loaded"))
    await write(lamp("written"))
    rows = await db.fetch(
        """
        SELECT p.product_type_id, p.brand_id, p.status, v.option_key, x.amount, l.on_hand, c.name
        FROM product p JOIN variant v ON v.product_id = p.id JOIN price x ON x.variant_id = v.id
        JOIN stock_level l ON l.variant_id = v.id
        JOIN product_category pc ON pc.product_id = p.id JOIN category c ON c.id = pc.category_id
        JOIN product_listing pl ON pl.product_id = p.id
        ORDER BY p.slug, v.option_key
        """
    )
    assert rows[:2] == rows[2:]
    assert len(rows) == 4


async def test_all_that_is_wrong_is_said_at_once_and_nothing_written() -> None:
    await load(*shop())
    bad = lamp(brand="nobody", variants=(variant("a", "red"), variant("a", "green")))
    with pytest.raises(Invalid) as refused:
        await write(bad)
    assert sorted((f.code, f.path) for f in refused.value.flaws) == [
        ("DUPLICATE_SKU", ("variants", 1, "sku")),
        ("REFERENCE_NOT_FOUND", ("brand",)),
        ("UNKNOWN_OPTION", ("variants", 1, "options", "color")),
    ]
    assert await one("SELECT count(*) FROM product") == (0,)


async def test_a_key_that_exists_cannot_be_created_again() -> None:
    await load(*shop(), lamp(external_id="L1"))
    with pytest.raises(Invalid) as refused:
        await write(lamp(external_id="L1"), mode="create")
    assert {f.code for f in refused.value.flaws} == {
        "SLUG_TAKEN",
        "EXTERNAL_ID_TAKEN",
        "SKU_TAKEN",
    }


async def test_a_change_needs_something_to_change() -> None:
    with pytest.raises(Invalid) as refused:
        await write({"record": "product", "slug": "nothing", "name": "x"}, mode="update")
    assert [f.code for f in refused.value.flaws] == ["NOT_FOUND"]


async def test_of_fifty_changes_of_one_version_one_wins() -> None:
    await load(*shop(), lamp())

    async def change(n: int) -> str:
        try:
            await write(
                {"record": "product", "tags": [f"t{n}"]}, target=1, mode="update", if_version=1
            )
        except VersionConflict:
            return "conflict"
        return "won"

    came = await asyncio.gather(*map(change, range(50)))
    assert (came.count("won"), came.count("conflict")) == (1, 49)
    assert await one("SELECT version FROM product") == (2,)


async def test_a_variant_is_changed_by_itself_at_its_version() -> None:
    await load(*shop(), lamp())
    record = {"record": "product", "variants": [{"weight": "12.5"}]}
    await write(record, target=1, variant=2, mode="update", if_version=1)
    assert await one("SELECT sku, weight, version FROM variant WHERE version > 1") == (
        "desk-lamp-blue",
        Decimal("12.500"),
        2,
    )
    with pytest.raises(VersionConflict):
        await write(record, target=1, variant=2, mode="update", if_version=1)


async def test_a_product_is_found_by_a_variants_sku() -> None:
    await load(*shop(), lamp())
    done = await write(
        {"record": "product", "tax_class": "x", "variants": [{"sku": "desk-lamp-red"}]}
    )
    assert (done.status, done.id) == ("updated", 1)


NOUNS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "channel": (
        {"code": "uk", "default_currency": "GBP", "default_locale": "en"},
        {"name": "UK"},
        "channel",
    ),
    "location": ({"code": "north"}, {"channels": ["us"]}, "stock_location"),
    "attribute": ({"code": "size", "kind": "select"}, {"options": [{"code": "s"}]}, "attribute"),
    "type": ({"code": "shoe"}, {"attributes": [{"attribute": "power"}]}, "product_type"),
    "brand": ({"name": "Nordlicht"}, {"translations": {"de": {"name": "N."}}}, "brand"),
    "category": ({"name": "Garden"}, {"parent": "home"}, "category"),
    "collection": ({"name": "Spring"}, {"products": ["desk-lamp"]}, "collection"),
}


@pytest.mark.parametrize("noun", NOUNS)
async def test_every_noun_is_created_and_changed_by_what_is_sent_of_it(noun: str) -> None:
    await load(*shop(), lamp())
    new, change, table = NOUNS[noun]
    created = await write({"record": noun, **new}, mode="create")
    changed = await write({"record": noun, **change}, target=created.id, mode="update")
    same = await write({"record": noun, **change}, target=created.id, mode="update")
    assert [r.status for r in (created, changed, same)] == ["created", "updated", "unchanged"]
    assert {r.noun for r in (created, changed, same)} == {table}
    if table in ("attribute", "category", "collection"):
        assert await one(f"SELECT version FROM {table} WHERE id = {created.id}") == (2,)


async def test_a_new_noun_says_what_it_lacks() -> None:
    with pytest.raises(Invalid) as refused:
        await write({"record": "channel", "name": "x"}, mode="create")
    assert sorted(f.path for f in refused.value.flaws) == [
        ("code",),
        ("default_currency",),
        ("default_locale",),
    ]


async def test_a_price_and_a_stock_by_sku() -> None:
    await load(*shop(), lamp())
    price = {"record": "price", "variant": "desk-lamp-red", "amount": "5.00", "currency": "EUR"}
    stock = {"record": "stock", "variant": "desk-lamp-red", "location": "main", "reserved": 2}
    came = [await write(price), await write(price), await write(stock), await write(stock)]
    assert [(r.noun, r.status, r.id) for r in came] == [
        ("price", "updated", 1),
        ("price", "unchanged", 1),
        ("stock", "updated", 1),
        ("stock", "unchanged", 1),
    ]
    assert await one("SELECT on_hand, reserved FROM stock_level WHERE variant_id = 1") == (5, 2)
    assert await one("SELECT version FROM product") == (3,)
