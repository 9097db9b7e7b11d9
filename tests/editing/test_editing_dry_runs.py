"""A dry run tells what the write would do, and does none of it."""

import pytest
from keeping import NOUNS, every_row, id_of, one_of, stored

from catalog import db, editing
from catalog.differences import between
from catalog.editing import Change, Noun
from catalog.errors import Invalid, NotFound, VersionConflict

pytestmark = pytest.mark.usefixtures("shelves")


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_deletion_is_only_told(noun: Noun) -> None:
    id, rows = await one_of(noun), await every_row()
    before = await stored(noun, id)

    tried = await editing.delete(noun, id, dry_run=True)

    assert await every_row() == rows
    done = await editing.delete(noun, id)
    assert tried.result == done.result
    assert (len(tried.changes) > 0, done.changes) == (True, ())
    made = between(before, await stored(noun, id))
    assert [change for change in tried.changes if change not in made] == []


async def test_it_names_what_would_go() -> None:
    product = await editing.delete("product", await one_of("product"), dry_run=True)
    variant = await editing.delete("variant", await one_of("variant"), dry_run=True)

    assert product.changes == (
        Change(("external_id",), "P1", None),
        Change(("slug",), "desk-lamp", None),
        Change(("name",), "Desk Lamp", None),
        Change(("variants", "desk-red", "external_id"), "V1", None),
        Change(("variants", "desk-red", "sku"), "desk-red", None),
        Change(("variants", "desk-blue", "sku"), "desk-blue", None),
    )
    assert variant.changes == (
        Change(("variants", "desk-red", "external_id"), "V1", None),
        Change(("variants", "desk-red", "sku"), "desk-red", None),
    )


async def test_it_refuses_what_the_deletion_would() -> None:
    home, red = await id_of("category", "home"), await one_of("variant")

    with pytest.raises(Invalid):
        await editing.delete("category", home, dry_run=True)
    with pytest.raises(VersionConflict):
        await editing.delete("variant", red, if_version=99, dry_run=True)
    with pytest.raises(NotFound):
        await editing.delete("brand", 999, dry_run=True)


async def test_what_the_caller_has_written_before_stays() -> None:
    brand = await one_of("brand")

    async with db.unit_of_work():
        await editing.delete("brand", brand)
        await editing.delete("product", await one_of("product"), dry_run=True)

    assert await stored("brand", brand) is None
    assert await stored("product", await one_of("product")) is not None
