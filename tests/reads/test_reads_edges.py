"""What hangs on products and categories: pictures, categories, collections, relatives."""

import pytest
from asking import anyone, by, execute, id_of
from factories import lamp, load, shop, variant

from catalog.errors import BadFilter, BadPageSize
from catalog.paging import Paging
from catalog.reads import (
    associations,
    brands,
    categories,
    channels,
    collections,
    media,
    product_types,
    products,
    variants,
)
from catalog.writes.inputs import (
    AssociationInput,
    BrandInput,
    CategoryInput,
    CollectionInput,
    MediaInput,
    SeoInput,
    TranslationInput,
)


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop())


def picture(name: str) -> MediaInput:
    return MediaInput(url=f"https://shop.test/{name}.jpg", alt=name)


async def test_pictures_come_in_their_order_and_no_more_than_asked() -> None:
    await load(
        lamp(media=(picture("front"), picture("back"), picture("top"))),
        lamp("wall-lamp", media=(picture("wall"),)),
    )
    ctx = await anyone()
    desk, wall = await id_of("product", "desk-lamp"), await id_of("product", "wall-lamp")

    all = await media.by_product_ids(ctx, [desk, wall])
    two = await media.by_product_ids(ctx, [desk, wall], first=2)

    assert [one.alt for one in all[desk]] == ["front", "back", "top"]
    assert {id: len(shown) for id, shown in two.items()} == {desk: 2, wall: 1}
    assert await media.by_product_ids(ctx, [desk], first=0) == {}
    with pytest.raises(BadPageSize):
        await media.by_product_ids(ctx, [desk], first=-1)


async def test_the_default_picture_comes_first() -> None:
    await load(lamp(media=(picture("front"), picture("back"))))
    await execute("UPDATE product SET default_media_id = (SELECT id FROM media WHERE alt = 'back')")
    desk = await id_of("product", "desk-lamp")

    shown = (await media.by_product_ids(await anyone(), [desk], first=1))[desk]

    assert [one.alt for one in shown] == ["back"]


async def test_a_variant_has_pictures_of_its_own_or_none() -> None:
    await load(
        lamp(
            media=(picture("lamp"),),
            variants=(variant("RED", "red", media=(picture("red"),)), variant("BLUE", "blue")),
        )
    )
    red, blue = await id_of("variant", "RED"), await id_of("variant", "BLUE")

    shown = await media.by_variant_ids(await anyone(), [red, blue])

    assert {id: [one.alt for one in pictures] for id, pictures in shown.items()} == {red: ["red"]}


async def test_a_product_names_its_primary_category_first() -> None:
    await load(
        CategoryInput(slug="gifts", name="Gifts"),
        lamp(categories=("home", "gifts", "home-lamps"), primary_category="gifts"),
    )
    desk = await id_of("product", "desk-lamp")

    shown = (await categories.by_product_ids(await anyone(), [desk]))[desk]

    assert [one.slug for one in shown] == ["gifts", "home", "home-lamps"]


@pytest.fixture
async def tree() -> None:
    """home (lamps (desk, wall)), garden; each level in another order than it was made in."""
    await load(
        CategoryInput(slug="garden", name="Garden", position=2),
        CategoryInput(slug="home", name="Home", position=1),
        CategoryInput(slug="desk", name="Desk", parent="home-lamps", position=2),
        CategoryInput(slug="wall", name="Wall", parent="home-lamps", position=1),
    )


async def test_the_tree_is_told_branch_by_branch_as_deep_as_asked(tree: None) -> None:
    ctx = await anyone()
    lamps = await id_of("category", "home-lamps")

    async def told(parent: int | None, depth: int) -> list[str]:
        return [one.slug for one in await categories.tree(ctx, parent, depth)]

    assert await told(None, 1) == ["home", "garden"]
    assert await told(None, 9) == ["home", "home-lamps", "wall", "desk", "garden"]
    assert await told(lamps, 1) == ["wall", "desk"]
    assert await told(2**40, 1) == []


@pytest.mark.parametrize("depth", [0, -1, 21, 10**12])
async def test_a_depth_that_makes_no_sense_is_refused(depth: int) -> None:
    with pytest.raises(BadFilter, match="from 1 to 20"):
        await categories.tree(await anyone(), None, depth)


async def test_a_category_knows_its_children_and_its_way_up(tree: None) -> None:
    ctx = await anyone()
    lamps, desk = await id_of("category", "home-lamps"), await id_of("category", "desk")

    children = await categories.children_by_ids(ctx, [lamps, desk])
    ancestors = await categories.ancestors_by_ids(ctx, [lamps, desk])

    assert [one.slug for one in children[lamps]] == ["wall", "desk"]
    assert [one.slug for one in ancestors[desk]] == ["home", "home-lamps"]
    assert [one.slug for one in ancestors[lamps]] == ["home"]
    assert desk not in children


async def test_collections_come_by_name() -> None:
    await load(
        lamp(),
        CollectionInput(slug="z", name="Autumn", products=("desk-lamp",)),
        CollectionInput(slug="a", name="Ärmel", products=("desk-lamp",)),
        CollectionInput(slug="m", name="zoo"),
    )
    ctx, desk = await anyone(), await id_of("product", "desk-lamp")

    page = await collections.page(ctx, paging=Paging(first=2))

    assert [one.name for one in page.items] == ["Ärmel", "Autumn"]
    assert page.has_next
    assert await collections.count(ctx) == 3
    shown = (await collections.by_product_ids(ctx, [desk]))[desk]
    assert [one.name for one in shown] == ["Ärmel", "Autumn"]


async def test_brands_come_by_name() -> None:
    await load(BrandInput(slug="a", name="zeta"), BrandInput(slug="b", name="Älpha"))
    ctx = await anyone()

    page = await brands.page(ctx, paging=Paging(last=2))

    assert [one.name for one in page.items] == ["Lumen", "zeta"]
    assert await brands.count(ctx) == 3


async def test_relatives_come_by_kind_and_place() -> None:
    await load(
        lamp("bulb"),
        lamp("shade"),
        lamp(
            associations=(
                AssociationInput(product="shade", kind="related"),
                AssociationInput(product="bulb", kind="component", quantity=2),
                AssociationInput(product="shade", kind="component"),
            )
        ),
    )
    ctx, desk = await anyone(), await id_of("product", "desk-lamp")
    bulb, shade = await id_of("product", "bulb"), await id_of("product", "shade")

    all = (await associations.by_product_ids(ctx, [desk], kind=None))[desk]
    parts = (await associations.by_product_ids(ctx, [desk], kind="component"))[desk]

    assert [(one.kind, one.target_id) for one in all] == [
        ("component", bulb),
        ("component", shade),
        ("related", shade),
    ]
    assert [(one.target_id, one.quantity) for one in parts] == [(bulb, 2), (shade, 1)]
    with pytest.raises(BadFilter, match="related, cross_sell"):
        await associations.by_product_ids(ctx, [desk], kind="friend")


async def test_types_and_channels_are_listed_by_code() -> None:
    ctx = await anyone()

    assert [one.code for one in await product_types.all(ctx)] == ["lamp"]
    assert list(await product_types.by_ids(ctx, [1, 99])) == [1]
    assert [one.currencies for one in await channels.all(ctx)] == [("EUR", "USD"), ("USD",)]
    assert list(await channels.by_ids(ctx, [2, 99])) == [2]


async def test_each_text_falls_back_by_itself() -> None:
    german = TranslationInput(name="Tischlampe", seo=SeoInput(title="Kaufen"))
    await load(
        lamp(
            name="Desk Lamp",
            description="<p>Warm</p>",
            seo=SeoInput(title="Buy", description="Now"),
            translations={"de": german},
        ),
        BrandInput(slug="lumen", name="Lumen", translations={"de": TranslationInput(name="Licht")}),
        CategoryInput(
            slug="home", name="Home", translations={"de": TranslationInput(name="Zuhause")}
        ),
    )
    ctx = await anyone(locale="de")

    shown = await products.by_ref(ctx, by(slug="desk-lamp"))
    home = await categories.by_ref(ctx, by(slug="home"))
    brand = await brands.by_ref(ctx, by(slug="lumen"))

    assert shown
    assert (shown.name, shown.slug, shown.description) == (
        "Tischlampe",
        "desk-lamp",
        "<p>Warm</p>",
    )
    assert (shown.seo.title, shown.seo.description) == ("Kaufen", "Now")
    assert [home and home.name, brand and brand.name] == ["Zuhause", "Licht"]


async def test_the_nearer_language_wins_text_by_text() -> None:
    await execute("UPDATE channel SET locales = '{en,de,de-AT}' WHERE code = 'eu'")
    await load(
        lamp(
            translations={
                "de": TranslationInput(name="Tischlampe", description="Warm"),
                "de-AT": TranslationInput(name="Lamperl"),
            }
        )
    )

    shown = await products.by_ref(await anyone(locale="de-AT"), by(slug="desk-lamp"))

    assert shown
    assert (shown.name, shown.description) == ("Lamperl", "Warm")


async def test_variants_of_each_product_come_by_place_and_no_more_than_asked() -> None:
    await load(
        lamp(
            variants=(
                variant("B", "blue", position=1, weight="250.500"),
                variant("A", "red", position=0),
            )
        ),
        lamp("wall-lamp", variants=(variant("C", "red"),)),
        lamp("bare", variants=()),
    )
    ctx = await anyone()
    desk, wall, bare = [await id_of("product", slug) for slug in ("desk-lamp", "wall-lamp", "bare")]

    first = await variants.by_product_ids(ctx, [desk, wall, bare], first=1)
    rest = await variants.by_product_ids(ctx, [desk], first=1, after=first[desk].end_cursor)

    assert {id: [one.sku for one in page.items] for id, page in first.items()} == {
        desk: ["A"],
        wall: ["C"],
        bare: [],
    }
    assert [first[id].has_next for id in (desk, wall, bare)] == [True, False, False]
    assert [(one.sku, str(one.weight)) for one in rest[desk].items] == [("B", "250.5")]
    assert await variants.counts_by_product_ids(ctx, [desk, wall, bare]) == {desk: 2, wall: 1}
