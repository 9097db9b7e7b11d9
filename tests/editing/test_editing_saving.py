"""One write of any noun: what a dry run tells is what the write then changes."""

from typing import Any

import pytest
from factories import RECORD
from keeping import every_row, id_of, one_of, stored

from catalog import db, editing
from catalog.differences import between
from catalog.editing import Change, Noun
from catalog.errors import Invalid, VersionConflict
from catalog.writes.staging import Lists

pytestmark = pytest.mark.usefixtures("shelves")

PRODUCT: dict[str, Any] = {"record": "product", "slug": "desk-lamp"}
GREEN = {
    "sku": "desk-green",
    "options": {"color": "red"},
    "prices": [{"amount": "29.90", "currency": "EUR"}],
}

# Whose record changes, and what is sent.
EDITS: dict[str, tuple[Noun, dict[str, Any]]] = {
    "fields of a product": (
        "product",
        {**PRODUCT, "name": "Light", "tags": [], "seo": {"title": "T"}, "brand": "lumen"},
    ),
    "its address": ("product", {"record": "product", "external_id": "P1", "slug": "reading-lamp"}),
    "its places": (
        "product",
        {**PRODUCT, "categories": ["outlet"], "listings": [{"channel": "us"}]},
    ),
    "its values": (
        "product",
        {**PRODUCT, "attributes": {"power": 60, "material": {"de": "Eisen"}, "finish": None}},
    ),
    "its pictures": ("product", {**PRODUCT, "media": [{"url": "/b.jpg"}, {"url": "/a.jpg"}]}),
    "its metadata": ("product", {**PRODUCT, "metadata": {"season": "summer", "x": [{"a": 1}]}}),
    "its associations": (
        "product",
        {**PRODUCT, "associations": [{"product": "wall-lamp", "kind": "accessory"}]},
    ),
    "its translations": ("product", {**PRODUCT, "translations": {"de": {"name": "Lampe"}}}),
    "a variant": (
        "product",
        {**PRODUCT, "variants": [{"sku": "desk-red", "name": "Red", "weight": "1200.5"}]},
    ),
    "prices and stock of a variant": (
        "product",
        {
            **PRODUCT,
            "variants": [
                {
                    "sku": "desk-red",
                    "prices": [{"amount": "18.00", "currency": "EUR"}],
                    "stock": [{"location": "attic", "on_hand": 9}],
                }
            ],
        },
    ),
    "a price": (
        "product",
        {"record": "price", "variant": "desk-red", "amount": "18.00", "currency": "EUR"},
    ),
    "stock": (
        "product",
        {"record": "stock", "variant": "desk-red", "location": "main", "on_hand": 0},
    ),
    "a text": (
        "category",
        {"record": "translation", "kind": "category", "ref": "outlet", "locale": "de", "name": "R"},
    ),
    "a category": (
        "category",
        {"record": "category", "slug": "outlet", "name": "Rest", "parent": "home"},
    ),
    "a collection": (
        "collection",
        {"record": "collection", "slug": "favourites", "products": ["wall-lamp"]},
    ),
    "a brand": ("brand", {"record": "brand", "slug": "noctis", "description": "<p>Dark.</p>"}),
    "an attribute": (
        "attribute",
        {
            "record": "attribute",
            "code": "finish",
            "filterable": True,
            "options": [{"code": "matt", "label": "Dull"}, {"code": "gloss"}],
        },
    ),
    "a type": (
        "product_type",
        {"record": "type", "code": "sofa", "attributes": [{"attribute": "power"}]},
    ),
    "a channel": (
        "channel",
        {"record": "channel", "code": "outlet", "name": "Outlet", "currencies": ["USD", "CAD"]},
    ),
    "a location": (
        "stock_location",
        {"record": "location", "code": "attic", "name": "Attic", "channels": ["us"]},
    ),
}


@pytest.mark.parametrize(("noun", "sent"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("lists", ["merge", "replace"])
async def test_what_is_tried_is_what_is_done(
    noun: Noun, sent: dict[str, Any], lists: Lists
) -> None:
    id, rows = await one_of(noun), await every_row()
    before = await stored(noun, id)

    tried = await editing.save(RECORD.validate_python(sent), lists=lists, dry_run=True)
    assert await every_row() == rows
    done = await editing.save(RECORD.validate_python(sent), lists=lists)

    assert tried.changes == between(before, await stored(noun, id))
    assert (tried.result, len(tried.changes) > 0) == (done.result, True)
    assert (done.result.status, done.changes) == ("updated", ())


@pytest.mark.parametrize(("noun", "sent"), EDITS.values(), ids=EDITS)
async def test_what_is_there_already_is_no_change(noun: Noun, sent: dict[str, Any]) -> None:
    await editing.save(RECORD.validate_python(sent))

    tried = await editing.save(RECORD.validate_python(sent), dry_run=True)

    assert (tried.result.status, tried.changes) == ("unchanged", ())


async def test_what_would_be_new_is_told_field_by_field_and_has_no_id() -> None:
    rows = await every_row()
    sent = {
        "record": "product",
        "slug": "new-lamp",
        "external_id": "P9",
        "name": "New",
        "type": "lamp",
        "variants": [GREEN],
    }

    tried = await editing.save(RECORD.validate_python(sent), mode="create", dry_run=True)

    assert await every_row() == rows
    assert (tried.result.status, tried.result.id, tried.result.external_id) == (
        "created",
        None,
        "P9",
    )
    assert {change.old for change in tried.changes} == {None}
    assert Change(("name",), None, "New") in tried.changes
    price = ("variants", "desk-green", "prices", "EUR", "amount")
    assert Change(price, None, "29.90") in tried.changes


async def test_by_its_id_a_thing_gets_another_key() -> None:
    id = await one_of("category")
    sent = RECORD.validate_python({"record": "category", "slug": "sale"})

    tried = await editing.save(sent, target=id, mode="update", dry_run=True)
    done = await editing.save(sent, target=id, mode="update")

    assert tried.changes == (Change(("slug",), "outlet", "sale"),)
    assert (done.result.id, done.result.status) == (id, "updated")


async def test_a_dry_run_refuses_what_the_write_would() -> None:
    id, rows = await one_of("category"), await every_row()
    taken = RECORD.validate_python({"record": "category", "slug": "home"})

    with pytest.raises(Invalid):
        await editing.save(taken, target=id, dry_run=True)
    with pytest.raises(VersionConflict):
        await editing.save(
            RECORD.validate_python({"record": "category", "slug": "outlet", "name": "X"}),
            if_version=99,
            dry_run=True,
        )
    assert await every_row() == rows


async def test_what_is_deleted_is_not_edited_but_made_anew() -> None:
    id = await one_of("brand")
    await editing.delete("brand", id)
    sent = RECORD.validate_python({"record": "brand", "slug": "noctis", "name": "Noctis"})

    saved = await editing.save(sent)

    assert (saved.result.status, saved.result.id) == ("created", await id_of("brand", "noctis"))
    assert saved.result.id != id


async def test_a_variant_by_its_id_gets_another_sku() -> None:
    product, red = await one_of("product"), await one_of("variant")
    sent = RECORD.validate_python({"record": "product", "variants": [{"sku": "desk-rouge"}]})

    tried = await editing.save(sent, target=product, variant=red, mode="update", dry_run=True)
    await editing.save(sent, target=product, variant=red, mode="update")

    assert tried.changes == (Change(("variants", "desk-red", "sku"), "desk-red", "desk-rouge"),)
    assert await id_of("variant", "desk-rouge") == red


async def test_a_dry_run_sees_what_its_caller_has_just_written() -> None:
    brand = {"record": "brand", "slug": "noctis"}

    async with db.unit_of_work():
        await editing.save(RECORD.validate_python({**brand, "name": "First"}))
        tried = await editing.save(
            RECORD.validate_python({**brand, "name": "Second"}), dry_run=True
        )

    assert tried.changes == (Change(("name",), "First", "Second"),)
    record = await stored("brand", await one_of("brand"))
    assert record is not None
    assert record["name"] == "First"
