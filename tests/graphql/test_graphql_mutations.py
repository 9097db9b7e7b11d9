"""Mutations of every noun: written, changed, deleted and brought back; what is wrong is told."""

from typing import Any

import pytest
from factories import lamp, load
from mutating import PRODUCT, VARIANT, delete, places, restore, upsert
from speaking import Ask

from catalog import ids

LAMP: dict[str, Any] = {
    "externalId": "erp-1",
    "slug": "desk-lamp",
    "type": "lamp",
    "brand": "lumen",
    "name": "Desk lamp",
    "description": "<p>Bright<script>alert(1)</script></p>",
    "status": "ACTIVE",
    "tags": ["desk"],
    "seo": {"title": "Lamp"},
    "metadata": {"note": 1},
    "categories": ["home-lamps"],
    "media": [{"url": "https://example.com/a.jpg", "alt": "On"}],
    "attributes": [
        {"code": "material", "texts": [{"locale": "en", "text": "Steel"}]},
        {"code": "power", "number": "7.5"},
    ],
    "listings": [{"channel": "eu"}],
    "translations": [{"locale": "de", "name": "Lampe", "slug": "lampe"}],
    "variants": [
        {
            "sku": "DL-RED",
            "options": [{"code": "color", "value": "red"}],
            "prices": [{"amount": "19.90", "currency": "EUR"}],
            "stock": [{"location": "main", "onHand": 5}],
        }
    ],
}


async def test_a_product_with_all_that_hangs_on_it(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCT, token=writer, input=LAMP))["productUpsert"]

    assert (payload["status"], payload["errors"], payload["changes"]) == ("CREATED", [], [])
    assert payload["product"] == {
        "externalId": "erp-1",
        "slug": "desk-lamp",
        "name": "Desk lamp",
        "version": 1,
        "status": "ACTIVE",
        "tags": ["desk"],
        "taxClass": None,
        "brand": {"slug": "lumen"},
        "categories": [{"slug": "home-lamps"}],
        "attributes": [
            {"attribute": {"code": "material"}, "values": ["Steel"]},
            {"attribute": {"code": "power"}, "values": ["7.5"]},
        ],
        "variants": {
            "nodes": [
                {
                    "sku": "DL-RED",
                    "options": [{"options": [{"code": "red"}]}],
                    "prices": [{"amount": {"amount": "19.90"}}],
                }
            ]
        },
    }


async def test_everybody_sees_what_was_written(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP)

    shown = await ask(
        '{ product(by: {sku: "DL-RED"}) { description available '
        "variants { nodes { price { amount currency } } } } }"
    )

    assert shown["product"] == {
        "description": "<p>Bright</p>",
        "available": True,
        "variants": {"nodes": [{"price": {"amount": "19.90", "currency": "EUR"}}]},
    }


async def test_the_same_again_changes_nothing(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP)

    payload = (await ask(PRODUCT, token=writer, input=LAMP))["productUpsert"]

    assert (payload["status"], payload["product"]["version"]) == ("UNCHANGED", 1)


async def test_absent_keeps_and_null_clears(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP | {"taxClass": "full"})
    change = {"slug": "desk-lamp", "brand": None, "tags": []}

    payload = (await ask(PRODUCT, token=writer, input=change))["productUpsert"]

    product = payload["product"]
    assert (payload["status"], product["version"]) == ("UPDATED", 2)
    assert (product["brand"], product["tags"]) == (None, [])
    assert (product["name"], product["taxClass"]) == ("Desk lamp", "full")
    assert len(product["variants"]["nodes"]) == 1


async def test_null_in_an_attribute_removes_its_value(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP)
    change = {"slug": "desk-lamp", "attributes": [{"code": "power", "number": None}]}

    payload = (await ask(PRODUCT, token=writer, input=change))["productUpsert"]

    assert payload["product"]["attributes"] == [
        {"attribute": {"code": "material"}, "values": ["Steel"]}
    ]


async def test_lists_are_merged_unless_they_are_to_replace(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    change = {
        "slug": "desk-lamp",
        "variants": [{"sku": "desk-lamp-red", "options": [{"code": "color", "value": "red"}]}],
    }

    merged = (await ask(PRODUCT, token=writer, input=change))["productUpsert"]
    replaced = (await ask(PRODUCT, token=writer, input=change, lists="REPLACE"))["productUpsert"]

    assert len(merged["product"]["variants"]["nodes"]) == 2
    assert [v["sku"] for v in replaced["product"]["variants"]["nodes"]] == ["desk-lamp-red"]


async def test_everything_wrong_is_told_at_once(ask: Ask, writer: str) -> None:
    wrong = LAMP | {
        "slug": "desk lamp",
        "attributes": [{"code": "power"}, {"code": "power", "number": "1"}],
        "variants": [{"sku": ""}, {"sku": "B", "prices": [{"amount": "-1", "currency": "EURO"}]}],
    }

    payload = (await ask(PRODUCT, token=writer, input=wrong))["productUpsert"]

    assert (payload["status"], payload["product"], payload["id"]) == ("FAILED", None, None)
    assert places(payload) == [
        ("DUPLICATE", "input.attributes.1.code"),
        ("INVALID", "input.attributes.0"),
        ("INVALID", "input.slug"),
        ("INVALID", "input.variants.0.sku"),
        ("INVALID", "input.variants.1.prices.0.amount"),
        ("INVALID", "input.variants.1.prices.0.currency"),
    ]


async def test_what_the_catalog_does_not_know_is_told_where_it_was_sent(
    ask: Ask, writer: str
) -> None:
    wrong = LAMP | {
        "brand": "nobody",
        "categories": ["home-lamps", "nowhere"],
        "attributes": [{"code": "power", "number": "1"}, {"code": "smell", "values": ["sweet"]}],
    }

    payload = (await ask(PRODUCT, token=writer, input=wrong))["productUpsert"]

    assert {path for _, path in places(payload)} == {
        "input.brand",
        "input.categories.1",
        "input.attributes.1",
    }
    assert "nobody" not in str(payload["errors"][0]["code"])


async def test_a_new_product_is_told_what_it_needs(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCT, token=writer, input={"slug": "bare"}))["productUpsert"]

    assert places(payload) == [("REQUIRED", "input.name"), ("REQUIRED", "input.type")]


@pytest.mark.parametrize(
    "by", [{"slug": "desk-lamp"}, {"sku": "desk-lamp-red"}, {"id": ids.encode("Product", 1)}]
)
async def test_a_product_gets_another_slug_by_any_of_its_keys(
    ask: Ask, writer: str, by: dict[str, str]
) -> None:
    await load(lamp("desk-lamp"))

    saved = await ask(PRODUCT, token=writer, input={"slug": "reading-lamp"}, by=by)
    shown = await ask('{ product(by: {slug: "desk-lamp"}) { slug redirectTo } }')

    assert saved["productUpsert"]["status"] == "UPDATED"
    assert shown["product"] == {"slug": "reading-lamp", "redirectTo": "reading-lamp"}


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ({"slug": "no-such"}, "NOT_FOUND"),
        ({"externalId": "no-such"}, "NOT_FOUND"),
        ({"id": ids.encode("Product", 99)}, "NOT_FOUND"),
        ({"id": ids.encode("Brand", 1)}, "BAD_REFERENCE"),
        ({"id": "nonsense"}, "BAD_REFERENCE"),
        ({"barcode": "4006381333931"}, "BAD_REFERENCE"),
    ],
)
async def test_a_reference_to_nothing_is_told(
    ask: Ask, writer: str, by: dict[str, str], code: str
) -> None:
    saved = await ask(PRODUCT, token=writer, input={"name": "X"}, by=by)
    gone = await ask(delete("product", "Product"), token=writer, by=by)

    for payload in (saved["productUpsert"], gone["productDelete"]):
        assert payload["status"] == "FAILED"
        assert [error["code"] for error in payload["errors"]] == [code]
        assert payload["errors"][0]["path"][0] == "by"


# Of each noun: its type, a new one, a change of it, what is shown, that before and after it.
NOUNS: list[tuple[str, str, dict[str, Any], dict[str, Any], str, Any, Any]] = [
    (
        "category",
        "Category",
        {"slug": "desk", "name": "Desk", "parent": "home-lamps"},
        {"slug": "desk", "parent": None},
        "name level",
        {"name": "Desk", "level": 2},
        {"name": "Desk", "level": 0},
    ),
    (
        "collection",
        "Collection",
        {"slug": "sale", "name": "Sale", "products": ["desk-lamp"]},
        {"slug": "sale", "products": [], "seo": {"title": "Now"}},
        "products { totalCount } seo { title }",
        {"products": {"totalCount": 1}, "seo": {"title": None}},
        {"products": {"totalCount": 0}, "seo": {"title": "Now"}},
    ),
    (
        "brand",
        "Brand",
        {"slug": "novo", "name": "Novo", "metadata": {"a": 1}},
        {"slug": "novo", "description": "<b>New</b>"},
        "name description metadata",
        {"name": "Novo", "description": None, "metadata": {"a": 1}},
        {"name": "Novo", "description": "<b>New</b>", "metadata": {"a": 1}},
    ),
    (
        "attribute",
        "Attribute",
        {"code": "size", "kind": "SELECT", "options": [{"code": "s", "label": "Small"}]},
        {"code": "size", "unit": "EU", "options": [{"code": "m"}]},
        "kind unit options { code }",
        {"kind": "SELECT", "unit": None, "options": [{"code": "s"}]},
        {"kind": "SELECT", "unit": "EU", "options": [{"code": "s"}, {"code": "m"}]},
    ),
    (
        "productType",
        "ProductType",
        {"code": "sofa", "name": "Sofa", "attributes": [{"attribute": "color"}]},
        {"code": "sofa", "name": "Couch"},
        "code name",
        {"code": "sofa", "name": "Sofa"},
        {"code": "sofa", "name": "Couch"},
    ),
    (
        "channel",
        "Channel",
        {"code": "ch", "defaultCurrency": "CHF", "defaultLocale": "de"},
        {"code": "ch", "currencies": ["CHF", "EUR"], "name": "Schweiz"},
        "currencies name",
        {"currencies": ["CHF"], "name": "ch"},
        {"currencies": ["CHF", "EUR"], "name": "Schweiz"},
    ),
    (
        "stockLocation",
        "StockLocation",
        {"code": "north", "channels": ["eu"]},
        {"code": "north", "name": "North"},
        "name channels",
        {"name": "north", "channels": ["eu"]},
        {"name": "North", "channels": ["eu"]},
    ),
]


@pytest.mark.parametrize(
    ("noun", "kind", "new", "change", "shown", "before", "after"),
    NOUNS,
    ids=[noun for noun, *_ in NOUNS],
)
async def test_a_noun_is_made_changed_deleted_and_brought_back(
    ask: Ask,
    writer: str,
    noun: str,
    kind: str,
    new: dict[str, Any],
    change: dict[str, Any],
    shown: str,
    before: Any,
    after: Any,
) -> None:
    await load(lamp("desk-lamp"))
    save = upsert(noun, kind, shown)

    made = (await ask(save, token=writer, input=new))[f"{noun}Upsert"]
    same = (await ask(save, token=writer, input=new))[f"{noun}Upsert"]
    changed = (await ask(save, token=writer, input=change))[f"{noun}Upsert"]
    by = {"id": made["id"]}
    gone = (await ask(delete(noun, kind), token=writer, by=by))[f"{noun}Delete"]
    back = (await ask(restore(noun, shown), token=writer, id=gone["id"]))[f"{noun}Restore"]

    assert (made["status"], made[noun]) == ("CREATED", before)
    assert (same["status"], same[noun]) == ("UNCHANGED", before)
    assert (changed["status"], changed[noun]) == ("UPDATED", after)
    assert (gone["status"], gone["id"], gone[noun]) == ("DELETED", made["id"], None)
    assert (back["status"], back["id"], back[noun]) == ("RESTORED", made["id"], after)


async def test_a_deleted_product_frees_its_keys_and_comes_back_whole(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP)
    by = {"sku": "DL-RED"}

    gone = (await ask(delete("product", "Product"), token=writer, by=by))["productDelete"]
    hidden = await ask('{ product(by: {slug: "desk-lamp"}) { id } }', token=writer)
    shown = "slug variants { nodes { sku } }"
    back = (await ask(restore("product", shown), token=writer, id=gone["id"]))["productRestore"]

    assert (gone["status"], gone["product"], hidden["product"]) == ("DELETED", None, None)
    assert back["product"] == {"slug": "desk-lamp", "variants": {"nodes": [{"sku": "DL-RED"}]}}


async def test_a_restore_that_collides_names_the_holder(ask: Ask, writer: str) -> None:
    await ask(PRODUCT, token=writer, input=LAMP)
    by = {"slug": "desk-lamp"}
    gone = (await ask(delete("product", "Product"), token=writer, by=by))["productDelete"]
    await load(lamp("desk-lamp"))

    back = (await ask(restore("product", "slug"), token=writer, id=gone["id"]))["productRestore"]

    assert (back["status"], back["product"]) == ("FAILED", None)
    assert back["errors"][0]["code"] == "SLUG_TAKEN"
    assert back["errors"][0]["path"][0] == "id"


async def test_what_others_need_stays(ask: Ask, writer: str) -> None:
    by = {"slug": "home"}

    payload = (await ask(delete("category", "Category"), token=writer, by=by))["categoryDelete"]

    assert places(payload) == [("HAS_CHILDREN", "by")]
    assert (await ask('{ category(by: {slug: "home"}) { name } }'))["category"]


async def test_what_is_not_deleted_cannot_come_back(ask: Ask, writer: str) -> None:
    id = ids.encode("Brand", 1)

    payload = (await ask(restore("brand", "slug"), token=writer, id=id))["brandRestore"]

    assert places(payload) == [("NOT_FOUND", "id")]


async def test_the_first_channel_is_made_where_there_is_none(ask: Ask, clean: None) -> None:
    from catalog.writes import tokens

    secret = await tokens.create("first", scopes=["catalog:write"])
    new = {"code": "eu", "defaultCurrency": "EUR", "defaultLocale": "en", "isDefault": True}

    made = await ask(upsert("channel", "Channel", "code isDefault"), token=secret, input=new)

    assert made["channelUpsert"]["channel"] == {"code": "eu", "isDefault": True}
    assert (await ask("{ channels { code } }"))["channels"] == [{"code": "eu"}]


async def test_a_barcode_that_is_no_gtin_is_kept_with_a_warning(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    change = {
        "slug": "desk-lamp",
        "variants": [{"sku": "desk-lamp-red", "barcode": "4006381333932"}],
    }

    payload = (await ask(PRODUCT, token=writer, input=change))["productUpsert"]

    assert (payload["status"], payload["errors"]) == ("UPDATED", [])
    assert payload["warnings"] == [
        {"code": "INVALID_GTIN", "path": ["input", "variants", "0", "barcode"]}
    ]


async def test_a_variant_is_added_to_a_product(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp", variants=()))
    new = {
        "sku": "DL-RED",
        "options": [{"code": "color", "value": "red"}],
        "prices": [{"amount": "5", "currency": "EUR"}],
    }

    made = await ask(VARIANT, token=writer, input=new, product={"slug": "desk-lamp"})
    same = await ask(VARIANT, token=writer, input=new)

    payload = made["variantUpsert"]
    assert payload["errors"] == []
    assert payload["status"] == "CREATED"
    assert payload["variant"]["product"] == {"slug": "desk-lamp"}
    assert payload["variant"]["prices"] == [{"amount": {"amount": "5.00"}}]
    assert (same["variantUpsert"]["status"], same["variantUpsert"]["id"]) == (
        "UNCHANGED",
        payload["id"],
    )


async def test_a_variant_gets_another_sku_and_its_siblings_stay(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    by = {"sku": "desk-lamp-red"}

    payload = (
        await ask(VARIANT, token=writer, input={"sku": "RED"}, by=by, ifVersion=1, lists="REPLACE")
    )["variantUpsert"]

    assert (payload["status"], payload["variant"]["sku"]) == ("UPDATED", "RED")
    assert payload["variant"]["version"] == 2
    shown = await ask('{ product(by: {slug: "desk-lamp"}) { variants { nodes { sku } } } }')
    assert [v["sku"] for v in shown["product"]["variants"]["nodes"]] == ["RED", "desk-lamp-blue"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"input": {"sku": "NEW"}}, [("REQUIRED", "input")]),
        ({"input": {"name": "X"}}, [("REQUIRED", "input"), ("REQUIRED", "input")]),
        (
            {"input": {"sku": "NEW"}, "product": {"slug": "no-such"}},
            [("NOT_FOUND", "product")],
        ),
        (
            {"input": {"sku": "desk-lamp-red"}, "product": {"slug": "floor-lamp"}},
            [("OTHER_PRODUCT", "input")],
        ),
        (
            {"input": {"name": "X"}, "by": {"sku": "desk-lamp-red"}, "ifVersion": 7},
            [("VERSION_CONFLICT", "ifVersion")],
        ),
        (
            {"input": {"sku": "desk-lamp-blue"}, "by": {"sku": "desk-lamp-red"}},
            [("SKU_TAKEN", "input.sku")],
        ),
        (
            {"input": {"sku": "desk-lamp-red", "prices": [{"amount": "1", "currency": "CHF"}]}},
            [("CURRENCY_NOT_SOLD", "input.prices.0.currency")],
        ),
    ],
)
async def test_a_variant_is_told_what_is_wrong_with_it(
    ask: Ask, writer: str, arguments: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    await load(lamp("desk-lamp"), lamp("floor-lamp"))

    payload = (await ask(VARIANT, token=writer, **arguments))["variantUpsert"]

    assert (payload["status"], places(payload)) == ("FAILED", told)


async def test_a_variant_is_deleted_and_brought_back(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    by = {"sku": "desk-lamp-red"}

    gone = (await ask(delete("variant", "Variant"), token=writer, by=by))["variantDelete"]
    left = await ask('{ product(by: {slug: "desk-lamp"}) { variants { totalCount } } }')
    back = (await ask(restore("variant", "sku"), token=writer, id=gone["id"]))["variantRestore"]

    assert left["product"]["variants"]["totalCount"] == 1
    assert back["variant"] == {"sku": "desk-lamp-red"}
