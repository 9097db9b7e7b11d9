"""What a visitor sees of what is not published: nothing, whichever way it is asked for."""

import pytest
from asking import anyone, by, day, execute, id_of, slugs, staff
from factories import lamp, load, shop, variant

from catalog.context import Context
from catalog.paging import Paging
from catalog.reads import (
    associations,
    attributes,
    categories,
    channels,
    collections,
    media,
    products,
    variants,
)
from catalog.reads.products import ProductWhere
from catalog.reads.variants import VariantWhere
from catalog.writes.inputs import (
    AssignmentInput,
    AssociationInput,
    AttributeDefinition,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    ListingInput,
    MediaInput,
    TypeInput,
)

FIRST = Paging(first=10)

HIDDEN = {
    "a draft": {"status": "draft"},
    "an archived one": {"status": "archived"},
    "one of another channel": {"listings": (ListingInput(channel="us"),)},
    "one that is nowhere listed": {"listings": ()},
    "one whose day has not come": {
        "listings": (ListingInput(channel="eu", published_from=day("2026-06-01")),)
    },
    "one whose days are over": {
        "listings": (ListingInput(channel="eu", published_until=day("2026-03-01")),)
    },
}


async def in_may(channel: str | None = None) -> Context:
    return await anyone(channel, at=day("2026-05-01"))


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop())


@pytest.mark.parametrize("fields", HIDDEN.values(), ids=HIDDEN)
async def test_a_hidden_product_is_nowhere(fields: dict[str, object]) -> None:
    hidden = lamp(
        "hidden",
        external_id="H",
        variants=(variant("HIDDEN", "red", external_id="HV", barcode="hidden-code"),),
        **fields,
    )
    await load(
        AttributeDefinition(code="goes-with", kind="reference"),
        TypeInput(code="lamp", attributes=(AssignmentInput(attribute="goes-with"),)),
        CollectionInput(slug="all", name="All", products=("hidden", "desk-lamp")),
        hidden,
        lamp(
            attributes={"goes-with": ("hidden",)},
            associations=(AssociationInput(product="hidden", kind="related"),),
        ),
    )
    ctx = await in_may()
    hidden_id, shown_id = await id_of("product", "hidden"), await id_of("product", "desk-lamp")
    variant_id = await id_of("variant", "HIDDEN")
    owners = {
        "category": await id_of("category", "home"),
        "brand": await id_of("brand", "lumen"),
        "collection": await id_of("collection", "all"),
    }

    keys = (by(id=str(hidden_id)), by(slug="hidden"), by(external_id="H"), by(sku="HIDDEN"))
    for key in (*keys, by(barcode="hidden-code")):
        assert await products.by_ref(ctx, key) is None
    for key in (by(id=str(variant_id)), by(sku="HIDDEN"), by(external_id="HV")):
        assert await variants.by_ref(ctx, key) is None
    assert await variants.by_ref(ctx, by(barcode="hidden-code")) is None
    assert await products.by_ids(ctx, [hidden_id]) == {}
    assert await variants.by_ids(ctx, [variant_id]) == {}
    assert (await variants.by_product_ids(ctx, [hidden_id]))[hidden_id].items == ()
    assert await variants.counts_by_product_ids(ctx, [hidden_id]) == {}

    for where in (
        ProductWhere(),
        ProductWhere(ids=[hidden_id, shown_id]),
        ProductWhere(slugs=["hidden", "desk-lamp"]),
        *(ProductWhere(**{owner: [id]}) for owner, id in owners.items()),
    ):
        assert slugs(await products.page(ctx, where, paging=FIRST)) == ["desk-lamp"]
        assert await products.count(ctx, where) == 1
    for owner, id in owners.items():
        assert await products.counts_by_owner_ids(ctx, owner, [id]) == {id: 1}

    shown = await variants.page(ctx, VariantWhere(skus=["HIDDEN", "desk-lamp-red"]), paging=FIRST)
    assert [one.sku for one in shown.items] == ["desk-lamp-red"]
    assert await variants.count(ctx, VariantWhere(product=[hidden_id])) == 0
    assert await associations.by_product_ids(ctx, [shown_id]) == {}
    values = await attributes.values_by_product_ids(ctx, [shown_id], codes=["goes-with"])
    assert values == {}


@pytest.mark.parametrize("fields", HIDDEN.values(), ids=HIDDEN)
async def test_a_token_sees_what_is_hidden(fields: dict[str, object]) -> None:
    await load(lamp("hidden", **fields))
    ctx = await staff(at=day("2026-05-01"))

    assert await products.by_ref(ctx, by(slug="hidden"))
    assert await variants.by_ref(ctx, by(sku="hidden-red"))
    assert slugs(await products.page(ctx, paging=FIRST)) == ["hidden"]


async def test_a_product_appears_at_its_moment_and_leaves_at_its_last() -> None:
    window = ListingInput(
        channel="eu", published_from=day("2026-05-01"), published_until=day("2026-06-01")
    )
    await load(lamp(listings=(window,)))

    shown = [
        await products.count(await anyone(at=day(date)))
        for date in ("2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01")
    ]

    assert shown == [0, 1, 1, 0]


async def test_each_channel_shows_its_own() -> None:
    await load(
        lamp("european"),
        lamp("american", listings=(ListingInput(channel="us"),)),
        lamp("both", listings=(ListingInput(channel="eu"), ListingInput(channel="us"))),
    )

    assert set(slugs(await products.page(await anyone("eu"), paging=FIRST))) == {
        "european",
        "both",
    }
    assert set(slugs(await products.page(await anyone("us"), paging=FIRST))) == {
        "american",
        "both",
    }


async def test_an_unpublished_category_takes_its_descendants_along() -> None:
    await load(
        CategoryInput(slug="home-lamps-desk", name="Desk", parent="home-lamps"),
        CategoryInput(slug="home-lamps", name="Lamps", parent="home", published=False),
        lamp(categories=("home-lamps-desk", "home")),
        lamp("wall-lamp", categories=("home-lamps",)),
    )
    ctx, lamp_id = await anyone(), await id_of("product", "desk-lamp")
    home = await id_of("category", "home")
    hidden = [await id_of("category", slug) for slug in ("home-lamps", "home-lamps-desk")]

    for slug in ("home-lamps", "home-lamps-desk"):
        assert await categories.by_ref(ctx, by(slug=slug)) is None
    assert await categories.by_ids(ctx, hidden) == {}
    assert [one.slug for one in await categories.tree(ctx, None, 5)] == ["home"]
    assert await categories.children_by_ids(ctx, [home]) == {}
    shown = await categories.by_product_ids(ctx, [lamp_id])
    assert [one.slug for one in shown[lamp_id]] == ["home"]
    assert await products.count(ctx, ProductWhere(category=hidden)) == 0
    assert slugs(await products.page(ctx, ProductWhere(category=[home]), paging=FIRST)) == [
        "desk-lamp"
    ]


async def test_a_token_sees_unpublished_categories() -> None:
    await load(CategoryInput(slug="attic", name="Attic", published=False))

    assert await categories.by_ref(await staff(), by(slug="attic"))


async def test_an_unpublished_collection_is_nowhere() -> None:
    await load(
        lamp(), CollectionInput(slug="next", name="Next", published=False, products=("desk-lamp",))
    )
    ctx, id = await anyone(), await id_of("collection", "next")
    lamp_id = await id_of("product", "desk-lamp")

    assert await collections.by_ref(ctx, by(slug="next")) is None
    assert await collections.by_ids(ctx, [id]) == {}
    assert await collections.by_product_ids(ctx, [lamp_id]) == {}
    assert (await collections.page(ctx, paging=FIRST)).items == ()
    assert await collections.count(ctx) == 0
    assert await products.count(ctx, ProductWhere(collection=[id])) == 0
    assert await collections.by_ref(await staff(), by(slug="next"))


async def test_a_closed_channel_is_shown_to_a_token_only() -> None:
    closed = ChannelInput(code="old", default_currency="EUR", default_locale="en", is_active=False)
    await load(closed)

    assert [one.code for one in await channels.all(await anyone())] == ["eu", "us"]
    assert [one.code for one in await channels.all(await staff())] == ["eu", "old", "us"]
    assert await channels.by_ref(await anyone(), by(slug="old")) is None


async def test_private_metadata_is_for_tokens() -> None:
    red = variant("RED", "red", private_metadata={"cost": "4.20"})
    await load(lamp(private_metadata={"supplier": "ACME"}, variants=(red,)))

    seen = await products.by_ref(await anyone(), by(slug="desk-lamp"))
    known = await products.by_ref(await staff(), by(slug="desk-lamp"))
    seen_red = await variants.by_ref(await anyone(), by(sku="RED"))
    known_red = await variants.by_ref(await staff(), by(sku="RED"))

    assert seen
    assert known
    assert seen_red
    assert known_red
    assert (seen.private_metadata, seen_red.private_metadata) == ({}, {})
    assert known.private_metadata == {"supplier": "ACME"}
    assert known_red.private_metadata == {"cost": "4.20"}


async def test_a_picture_is_seen_where_something_that_is_seen_shows_it() -> None:
    def picture(name: str) -> MediaInput:
        return MediaInput(url=f"/{name}.jpg", alt=name)

    await load(
        CategoryInput(slug="home", name="Home", image=picture("home")),
        CategoryInput(slug="attic", name="Attic", published=False, image=picture("attic")),
        CollectionInput(slug="all", name="All", image=picture("all")),
        CollectionInput(slug="next", name="Next", published=False, image=picture("next")),
        lamp(
            media=(picture("lamp"), picture("both")),
            variants=(variant("RED", "red", media=(picture("red"),)),),
        ),
        lamp(
            "draft",
            status="draft",
            media=(picture("draft"), picture("both")),
            variants=(variant("NEXT", "red", media=(picture("next-red"),)),),
        ),
    )

    seen = await media.by_ids(await anyone(), list(range(1, 20)))
    known = await media.by_ids(await staff(), list(range(1, 20)))

    assert {one.alt for one in seen.values()} == {"home", "all", "lamp", "both", "red"}
    assert len(known) == 9


async def test_a_deleted_variant_is_gone_for_everybody() -> None:
    await load(lamp())
    await execute("UPDATE variant SET deleted_at = now() WHERE sku = 'desk-lamp-red'")
    lamp_id = await id_of("product", "desk-lamp")

    for ctx in (await anyone(), await staff()):
        assert await variants.by_ref(ctx, by(sku="desk-lamp-red")) is None
        page = (await variants.by_product_ids(ctx, [lamp_id]))[lamp_id]
        assert [one.sku for one in page.items] == ["desk-lamp-blue"]
