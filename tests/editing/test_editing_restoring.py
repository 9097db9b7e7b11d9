"""A restoration that collides says with whom; what it hangs on must be there."""

import asyncio
import contextvars
from typing import Any

import pytest
from factories import lamp, load, variant
from keeping import every_row, execute, id_of, one_of, stored

from catalog import db, editing
from catalog.editing import Noun
from catalog.errors import Conflict, Flaw, Invalid
from catalog.writes.inputs import CategoryInput

pytestmark = pytest.mark.usefixtures("shelves")


async def refused(noun: Noun, id: int) -> dict[tuple[str | int, ...], Flaw]:
    """Why it cannot come back, by path; and nothing has changed."""
    rows = await every_row()
    with pytest.raises(Invalid) as error:
        await editing.restore(noun, id)
    assert await every_row() == rows
    return {flaw.path: flaw for flaw in error.value.flaws}


async def test_every_key_of_a_product_that_is_taken_is_named_with_its_holder() -> None:
    id = await one_of("product")
    await editing.delete("product", id)
    await load(
        lamp(external_id="P2", translations={"de": {"slug": "tischlampe"}}, variants=()),
        lamp("key-lamp", external_id="P1", variants=(variant("desk-red", "red"),)),
        lamp("code-lamp", variants=(variant("c", "red", barcode="4006381333931"),)),
        lamp("ext-lamp", variants=(variant("e", "red", external_id="V1"),)),
    )

    flaws = await refused("product", id)

    assert {path: flaw.code for path, flaw in flaws.items()} == {
        ("slug",): "SLUG_TAKEN",
        ("external_id",): "EXTERNAL_ID_TAKEN",
        ("variants", "desk-red", "sku"): "SKU_TAKEN",
        ("variants", "desk-red", "external_id"): "EXTERNAL_ID_TAKEN",
        ("variants", "desk-red", "barcode"): "GTIN_TAKEN",
        ("translations", "de", "slug"): "SLUG_TAKEN",
    }
    holder = await id_of("product", "desk-lamp")
    slug, sku = flaws[("slug",)], flaws[("variants", "desk-red", "external_id")]
    assert slug.value == "desk-lamp"
    assert f"another product now (id {holder}, external_id P2);" in slug.message
    assert (sku.value, "external_id V1, sku e);" in sku.message) == ("V1", True)


async def test_once_the_keys_are_free_again_it_comes_back() -> None:
    id = await one_of("product")
    await editing.delete("product", id)
    await load(lamp())
    other = await id_of("product", "desk-lamp")
    assert other != id
    await refused("product", id)

    await editing.delete("product", other)
    await editing.restore("product", id)

    record = await stored("product", id)
    assert record is not None
    assert record["external_id"] == "P1"


@pytest.mark.parametrize(
    ("noun", "again", "paths"),
    [
        (
            "category",
            {"slug": "outlet", "name": "N", "external_id": "C2"},
            {("slug",): "SLUG_TAKEN"},
        ),
        (
            "collection",
            {
                "slug": "other",
                "name": "N",
                "external_id": "K1",
                "translations": {"de": {"slug": "lieblinge"}},
            },
            {
                ("external_id",): "EXTERNAL_ID_TAKEN",
                ("translations", "de", "slug"): "SLUG_TAKEN",
            },
        ),
        (
            "brand",
            {"slug": "noctis", "name": "N", "external_id": "B1"},
            {("slug",): "SLUG_TAKEN", ("external_id",): "EXTERNAL_ID_TAKEN"},
        ),
        ("attribute", {"code": "finish", "kind": "text"}, {("code",): "CODE_TAKEN"}),
        ("product_type", {"code": "sofa"}, {("code",): "CODE_TAKEN"}),
        (
            "channel",
            {"code": "outlet", "default_currency": "USD", "default_locale": "en"},
            {("code",): "CODE_TAKEN"},
        ),
        ("stock_location", {"code": "attic"}, {("code",): "CODE_TAKEN"}),
    ],
)
async def test_a_taken_key_of_any_noun_is_named(
    noun: Noun, again: dict[str, Any], paths: dict[tuple[str, ...], str]
) -> None:
    id = await one_of(noun)
    await editing.delete(noun, id)
    record = {"product_type": "type", "stock_location": "location"}.get(noun, noun)
    await load({"record": record, **again})

    flaws = await refused(noun, id)

    assert {path: flaw.code for path, flaw in flaws.items()} == paths


async def test_a_variant_whose_keys_or_combination_are_taken_stays_deleted() -> None:
    id = await one_of("variant")
    await editing.delete("variant", id)
    await load(lamp(variants=(variant("desk-red", "red"),)))

    flaws = await refused("variant", id)

    assert {path: flaw.code for path, flaw in flaws.items()} == {
        ("sku",): "SKU_TAKEN",
        ("options",): "COMBINATION_TAKEN",
    }
    assert flaws[("options",)].value == "color=red"


async def test_a_category_comes_back_below_what_is_there() -> None:
    await load(CategoryInput(slug="branch", name="Branch", parent="outlet"))
    branch, outlet = await id_of("category", "branch"), await one_of("category")
    await editing.delete("category", branch)
    await editing.delete("category", outlet)

    (flaw,) = (await refused("category", branch)).values()
    assert (flaw.code, flaw.path) == ("PARENT_DELETED", ("parent",))
    assert "below outlet, which is deleted" in flaw.message

    await editing.restore("category", outlet)
    await editing.restore("category", branch)


async def test_a_variant_comes_back_to_a_product_that_is_there() -> None:
    red, product = await one_of("variant"), await one_of("product")
    await editing.delete("variant", red)
    await editing.delete("product", product)

    (flaw,) = (await refused("variant", red)).values()
    assert (flaw.code, "of desk-lamp, which is deleted" in flaw.message) == (
        "PRODUCT_DELETED",
        True,
    )

    await editing.restore("product", product)
    await editing.restore("variant", red)


async def test_a_product_comes_back_to_a_type_that_is_there() -> None:
    ids = [await id_of("product", slug) for slug in ("desk-lamp", "wall-lamp")]
    for id in ids:
        await editing.delete("product", id)
    lamps = await id_of("product_type", "lamp")
    await editing.delete("product_type", lamps)

    (flaw,) = (await refused("product", ids[0])).values()
    assert (flaw.code, flaw.path) == ("TYPE_DELETED", ("type",))

    await editing.restore("product_type", lamps)
    await editing.restore("product", ids[0])


async def test_a_type_comes_back_with_what_tells_its_variants_apart() -> None:
    sofa = await one_of("product_type")
    for slug in ("desk-lamp", "wall-lamp"):
        await editing.delete("product", await id_of("product", slug))
    await editing.delete("product_type", sofa)
    await editing.delete("product_type", await id_of("product_type", "lamp"))
    await editing.delete("attribute", await id_of("attribute", "color"))

    (flaw,) = (await refused("product_type", sofa)).values()
    assert (flaw.code, flaw.path) == ("ATTRIBUTE_DELETED", ("attributes",))
    assert "(1): color;" in flaw.message


async def test_an_address_in_use_again_is_nobodys_old_one() -> None:
    id = await one_of("product")
    await editing.delete("product", id)
    german = {"de": {"slug": "tischlampe"}}
    await load(lamp(external_id="P2", translations=german))
    await load(lamp("reading-lamp", external_id="P2", translations={"de": {"slug": "leselampe"}}))
    kept = "SELECT locale, slug FROM slug_history WHERE kind = 'product' ORDER BY locale"
    assert [tuple(row) for row in await db.fetch(kept)] == [("", "desk-lamp"), ("de", "tischlampe")]

    # The other lamp keeps its keys: only its addresses are given up.
    await execute("UPDATE variant SET sku = NULL WHERE product_id <> $1", id)
    await editing.restore("product", id)

    assert await db.fetch(kept) == []


async def test_a_key_that_is_being_taken_just_now_is_a_conflict() -> None:
    id = await one_of("brand")
    await editing.delete("brand", id)

    async with asyncio.TaskGroup() as tasks:
        async with db.unit_of_work() as connection:
            await connection.execute("INSERT INTO brand (name, slug) VALUES ('N', 'noctis')")
            # A task of its own has a connection of its own.
            restoring = tasks.create_task(_failing_restore(id), context=contextvars.Context())
            # No event tells that a lock is waited for.
            while not await connection.fetchval(_WAITING):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        rows = await every_row()

    assert restoring.result() == "CONFLICT"
    assert await every_row() == rows


# For this connection.
_WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
)
"""


async def _failing_restore(id: int) -> str:
    with pytest.raises(Conflict) as error:
        await editing.restore("brand", id)
    return error.value.code
