"""References: one thing by any of its names, or a clear word why not."""

import pytest
from asking import anyone, by, execute, id_of, staff
from factories import lamp, load, shop, variant

from catalog.errors import AmbiguousReference, BadReference
from catalog.reads import (
    attributes,
    brands,
    categories,
    channels,
    collections,
    product_types,
    products,
    variants,
)
from catalog.writes.inputs import CollectionInput, ProductInput, TranslationInput

NOTHING = ["nowhere", "", "\x00", "a\x00b", "\ud800", "x" * 70_000, "' OR true --", "%"]


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop())


async def test_a_product_is_found_by_each_of_its_keys() -> None:
    await load(
        lamp(external_id="L/1?#", variants=(variant("LAMP-1", "red", barcode="4006381333931"),))
    )
    ctx = await anyone()
    lamp_id = await id_of("product", "desk-lamp")

    keys = (
        by(id=str(lamp_id)),
        by(slug="desk-lamp"),
        by(sku="LAMP-1"),
        by(barcode="4006381333931"),
        by(external_id="L/1?#"),
    )
    found = [await products.by_ref(ctx, key) for key in keys]

    assert [product and product.id for product in found] == [lamp_id] * 5


async def test_a_variant_is_found_by_each_of_its_keys() -> None:
    await load(
        lamp(
            variants=(variant("LAMP-1", "red", external_id="ext-1", barcode="4006381333931"),),
        )
    )
    ctx = await anyone()
    variant_id = await id_of("variant", "LAMP-1")

    keys = (
        by(id=str(variant_id)),
        by(sku="LAMP-1"),
        by(barcode="4006381333931"),
        by(external_id="ext-1"),
    )
    found = [await variants.by_ref(ctx, key) for key in keys]

    assert [one and one.id for one in found] == [variant_id] * 4


async def test_what_products_belong_to_is_found_by_slug_or_code() -> None:
    await load(CollectionInput(slug="summer", name="Summer"))
    ctx = await anyone()

    assert await categories.by_ref(ctx, by(slug="home-lamps"))
    assert await collections.by_ref(ctx, by(slug="summer"))
    assert await brands.by_ref(ctx, by(slug="lumen"))
    assert await channels.by_ref(ctx, by(slug="eu"))
    assert await product_types.by_ref(ctx, by(slug="lamp"))
    assert await attributes.by_ref(ctx, by(slug="color"))


@pytest.mark.parametrize("value", NOTHING)
async def test_a_name_that_nothing_has_finds_nothing(value: str) -> None:
    await load(lamp())
    ctx = await anyone(locale="de")

    for kind in ("slug", "sku", "barcode", "external_id"):
        assert await products.by_ref(ctx, by(**{kind: value})) is None
    assert await categories.by_ref(ctx, by(slug=value)) is None
    assert await channels.by_ref(ctx, by(slug=value)) is None


@pytest.mark.parametrize("value", ["2147483647", "2147483648", "9" * 5000, "0"])
async def test_an_id_that_nothing_has_finds_nothing(value: str) -> None:
    ctx = await anyone()

    assert await products.by_ref(ctx, by(id=value)) is None
    assert await variants.by_ref(ctx, by(id=value)) is None


@pytest.mark.parametrize("value", ["", "abc", "1.0", "-1", " 1", "١", "1e3", "\x00", "\ud800"])
async def test_an_id_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(BadReference, match="whole number"):
        await products.by_ref(await anyone(), by(id=value))


async def test_a_category_has_no_sku() -> None:
    with pytest.raises(BadReference, match="found by id, slug, external_id"):
        await categories.by_ref(await anyone(), by(sku="A1"))


@pytest.mark.parametrize("as_scanned", ["036000291452", "0036000291452", "00036000291452"])
async def test_a_barcode_is_found_however_many_zeros_the_scanner_adds(as_scanned: str) -> None:
    await load(lamp(variants=(variant("LAMP-1", "red", barcode="036000291452"),)))

    found = await variants.by_ref(await anyone(), by(barcode=as_scanned))

    assert found
    assert found.sku == "LAMP-1"


async def test_a_barcode_on_several_products_is_told_with_their_skus() -> None:
    await load(
        lamp("desk-lamp", variants=(variant("DESK", "red", barcode="in-house-7"),)),
        lamp("wall-lamp", variants=(variant("WALL", "red", barcode="in-house-7"),)),
    )
    ctx = await anyone()

    with pytest.raises(AmbiguousReference, match="DESK, WALL"):
        await products.by_ref(ctx, by(barcode="in-house-7"))
    with pytest.raises(AmbiguousReference, match="DESK, WALL"):
        await variants.by_ref(ctx, by(barcode="in-house-7"))


async def test_a_barcode_on_two_variants_of_a_product_still_means_that_product() -> None:
    await load(
        lamp(
            variants=(
                variant("RED", "red", barcode="in-house-7"),
                variant("BLUE", "blue", barcode="in-house-7"),
            )
        )
    )

    assert await products.by_ref(await anyone(), by(barcode="in-house-7"))


async def test_a_hidden_product_does_not_make_a_barcode_ambiguous() -> None:
    await load(
        lamp("desk-lamp", variants=(variant("DESK", "red", barcode="in-house-7"),)),
        lamp("secret", status="draft", variants=(variant("NEXT", "red", barcode="in-house-7"),)),
    )

    found = await products.by_ref(await anyone(), by(barcode="in-house-7"))

    assert found
    assert found.slug == "desk-lamp"
    with pytest.raises(AmbiguousReference, match="NEXT"):
        await products.by_ref(await staff(), by(barcode="in-house-7"))


async def test_a_product_answers_to_its_slug_in_the_asked_language() -> None:
    await load(
        lamp(translations={"de": TranslationInput(slug="schreibtischlampe", name="Tischlampe")})
    )
    german, english = await anyone(locale="de"), await anyone(locale="en")

    found = await products.by_ref(german, by(slug="schreibtischlampe"))

    assert found
    assert (found.slug, found.name) == ("schreibtischlampe", "Tischlampe")
    assert await products.by_ref(german, by(slug="desk-lamp")) == found
    assert await products.by_ref(english, by(slug="schreibtischlampe")) is None


async def test_a_slug_means_first_what_it_is_in_the_asked_language() -> None:
    await load(
        lamp("gift", name="Gift"),
        lamp("poison", name="Poison", translations={"de": TranslationInput(slug="gift")}),
    )

    german = await products.by_ref(await anyone(locale="de"), by(slug="gift"))
    english = await products.by_ref(await anyone(), by(slug="gift"))

    assert german
    assert english
    assert (german.name, english.name) == ("Poison", "Gift")


async def test_a_former_slug_leads_to_the_new_one() -> None:
    await load(lamp("old-lamp", external_id="1"))
    await load(ProductInput(external_id="1", slug="new-lamp"))

    moved = await products.by_ref(await anyone(), by(slug="old-lamp"))
    direct = await products.by_ref(await anyone(), by(slug="new-lamp"))

    assert moved
    assert direct
    assert (moved.id, moved.redirect_to) == (direct.id, "new-lamp")
    assert direct.redirect_to is None


async def test_a_former_slug_that_another_product_has_now_means_that_one() -> None:
    await load(lamp("lamp-one", external_id="1", variants=()))
    await load(ProductInput(external_id="1", slug="lamp-classic"))
    await load(lamp("lamp-one", external_id="2", name="The new one"))

    found = await products.by_ref(await anyone(), by(slug="lamp-one"))

    assert found
    assert (found.external_id, found.redirect_to) == ("2", None)


async def test_a_deleted_product_is_found_by_nobody() -> None:
    await load(lamp(external_id="1"))
    await execute("UPDATE product SET deleted_at = now()")
    await execute("UPDATE variant SET deleted_at = now()")

    for ctx in (await anyone(), await staff()):
        for key in (by(slug="desk-lamp"), by(external_id="1"), by(sku="desk-lamp-red"), by(id="1")):
            assert await products.by_ref(ctx, key) is None
