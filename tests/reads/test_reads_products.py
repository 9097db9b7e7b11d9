"""Lists of products: by what they are and where they are shown."""

from datetime import UTC, datetime, timedelta

import pytest
from asking import anyone, day, execute, id_of, slugs, staff
from factories import lamp, load, shop

from catalog import db
from catalog.errors import BadFilter, Forbidden
from catalog.paging import Paging
from catalog.reads import products
from catalog.reads.products import ProductWhere
from catalog.writes.inputs import (
    BrandInput,
    CategoryInput,
    CollectionInput,
    TranslationInput,
    TypeInput,
)

FIRST = Paging(first=50)


@pytest.fixture
async def shelf(clean: None) -> None:
    """Three lamps in one branch of the tree, two of them red-tagged, and a candle elsewhere."""
    await load(
        *shop(),
        TypeInput(code="candle", name="Candle"),
        BrandInput(slug="wax", name="Wax"),
        CategoryInput(slug="home-lamps-desk", name="Desk", parent="home-lamps"),
        CategoryInput(slug="gifts", name="Gifts"),
        CollectionInput(slug="picks", name="Picks", products=("candle", "wall-lamp")),
        lamp("desk-lamp", categories=("home-lamps-desk", "home-lamps", "home"), tags=("red",)),
        lamp("wall-lamp", categories=("home-lamps",), tags=("red", "new")),
        lamp("floor-lamp", categories=("home",), status="archived"),
        lamp(
            "candle", type="candle", brand="wax", categories=("gifts",), tags=("Red",), variants=()
        ),
    )


async def found(**where: object) -> set[str]:
    """Slugs, of which there must be as many as are counted."""
    ctx, narrowed = await anyone(), ProductWhere(**where)  # type: ignore[arg-type]
    page = slugs(await products.page(ctx, narrowed, paging=FIRST))
    assert len(page) == len(set(page)) == await products.count(ctx, narrowed)
    return set(page)


async def test_a_category_shows_each_product_of_its_branch_once(shelf: None) -> None:
    home, desk = await id_of("category", "home"), await id_of("category", "home-lamps-desk")

    assert await found(category=[home]) == {"desk-lamp", "wall-lamp"}
    assert await found(category=[desk]) == {"desk-lamp"}
    assert await found(category=[home, desk, home]) == {"desk-lamp", "wall-lamp"}


async def test_a_collection_shows_what_was_put_there_in_that_order(shelf: None) -> None:
    picks = await id_of("collection", "picks")

    page = await products.page(
        await anyone(), ProductWhere(collection=[picks]), order="position", paging=FIRST
    )

    assert slugs(page) == ["candle", "wall-lamp"]


async def test_brand_type_slug_and_id_each_narrow_the_list(shelf: None) -> None:
    assert await found(brand=[await id_of("brand", "wax")]) == {"candle"}
    assert await found(type=["lamp"]) == {"desk-lamp", "wall-lamp"}
    assert await found(type=["candle", "nothing"]) == {"candle"}
    assert await found(slugs=["candle", "desk-lamp", "nowhere"]) == {"candle", "desk-lamp"}
    assert await found(ids=[await id_of("product", "candle")] * 3) == {"candle"}


async def test_any_of_the_tags_will_do_as_they_are_written(shelf: None) -> None:
    assert await found(tags=["red"]) == {"desk-lamp", "wall-lamp"}
    assert await found(tags=["new", "Red"]) == {"wall-lamp", "candle"}


async def test_several_filters_hold_together(shelf: None) -> None:
    home = await id_of("category", "home")

    assert await found(category=[home], tags=["new"]) == {"wall-lamp"}
    assert await found(category=[home], type=["candle"]) == set()


async def test_of_none_means_none(shelf: None) -> None:
    for field in ("ids", "slugs", "type", "category", "collection", "brand", "tags", "status"):
        assert await found(**{field: []}) == set(), field


async def test_what_no_row_can_hold_is_found_nowhere(shelf: None) -> None:
    for field in ("ids", "category", "collection", "brand"):
        assert await found(**{field: [2**31, -(2**31) - 1, 2**63, 0, -1]}) == set(), field
    for field in ("slugs", "type", "tags"):
        assert await found(**{field: ["\x00", "\ud800", "", "x" * 70_000]}) == set(), field


async def test_ids_beyond_any_row_are_missing_from_every_batch(shelf: None) -> None:
    candle = await id_of("product", "candle")

    assert list(await products.by_ids(await anyone(), [candle, candle, 2**40, -5])) == [candle]


async def test_a_translated_slug_finds_its_product_too(shelf: None) -> None:
    await load(lamp("wall-lamp", translations={"de": TranslationInput(slug="wandlampe")}))
    where = ProductWhere(slugs=["wandlampe", "candle"])

    german = await products.page(await anyone(locale="de"), where, paging=FIRST)

    assert set(slugs(german)) == {"wandlampe", "candle"}
    assert slugs(await products.page(await anyone(), where, paging=FIRST)) == ["candle"]


async def test_a_delta_begins_at_its_moment_and_ends_before_its_last(shelf: None) -> None:
    await execute("UPDATE product SET updated_at = $1", day("2026-01-01"))
    await execute("UPDATE product SET updated_at = $1 WHERE slug = 'candle'", day("2026-02-01"))

    assert await found(updated_from=day("2026-02-01")) == {"candle"}
    assert await found(updated_until=day("2026-02-01")) == {"desk-lamp", "wall-lamp"}
    assert await found(updated_from=day("2026-02-02")) == set()


async def test_a_delta_may_begin_at_the_ends_of_time(shelf: None) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)

    assert len(await found(updated_from=first, updated_until=last)) == 3
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        with pytest.raises(BadFilter):
            await found(updated_from=datetime.fromisoformat(moment))


async def test_a_time_without_an_offset_is_refused(shelf: None) -> None:
    with pytest.raises(BadFilter, match="offset"):
        await found(updated_until=datetime(2026, 1, 1))


async def test_only_a_token_asks_for_what_is_not_active(shelf: None) -> None:
    archived = ProductWhere(status=["archived"])

    assert await found(status=["active"]) == {"desk-lamp", "wall-lamp", "candle"}
    assert slugs(await products.page(await staff(), archived, paging=FIRST)) == ["floor-lamp"]
    with pytest.raises(Forbidden, match="catalog:read"):
        await products.page(await anyone(), archived, paging=FIRST)
    with pytest.raises(Forbidden):
        await products.count(await anyone(), archived)


async def test_a_status_or_an_order_that_is_not_there_is_refused(shelf: None) -> None:
    with pytest.raises(BadFilter, match="draft, active, archived"):
        await products.count(await staff(), ProductWhere(status=["sold"]))
    with pytest.raises(BadFilter, match="newest, oldest, name"):
        await products.page(await anyone(), order="colour", paging=FIRST)


@pytest.mark.parametrize(
    "where",
    [
        ProductWhere(),
        ProductWhere(category=[1, 2]),
        ProductWhere(brand=[1]),
        ProductWhere(category=[1], collection=[1]),
    ],
    ids=["of all", "of two categories", "of a brand", "of a category and a collection"],
)
async def test_the_order_by_hand_is_that_of_one_thing(shelf: None, where: ProductWhere) -> None:
    with pytest.raises(BadFilter, match="one category or of one collection"):
        await products.page(await anyone(), where, order="position", paging=FIRST)


async def test_every_category_of_a_level_gets_its_page_in_one_statement(shelf: None) -> None:
    """Of a few, another one before it says what lies below them."""
    ctx = await anyone()
    all = [row["id"] for row in await db.fetch("SELECT id FROM category ORDER BY id")]
    many = all + list(range(1000, 1020))

    for ids, below in ((all[:1], 1), (all, 1), (many, 0)):
        async with db.snapshot() as snapshot:
            pages = await products.pages_by_owner_ids(
                ctx, "category", ids, order="name", paging=Paging(first=1)
            )
            counts = await products.counts_by_owner_ids(ctx, "category", ids)
        assert snapshot.statements == 2 + below
        for id in ids:
            alone = await products.page(
                ctx, ProductWhere(category=[id]), order="name", paging=Paging(first=1)
            )
            assert pages[id] == alone
            assert counts[id] == await products.count(ctx, ProductWhere(category=[id]))


async def test_brands_and_collections_get_their_pages_likewise(shelf: None) -> None:
    ctx, picks = await anyone(), await id_of("collection", "picks")
    lumen, wax = await id_of("brand", "lumen"), await id_of("brand", "wax")

    by_brand = await products.pages_by_owner_ids(
        ctx, "brand", [lumen, wax, lumen, 2**40], order="name", paging=FIRST
    )
    collected = await products.pages_by_owner_ids(
        ctx, "collection", [picks], order="position", paging=FIRST
    )

    assert {id: slugs(page) for id, page in by_brand.items()} == {
        lumen: ["desk-lamp", "wall-lamp"],
        wax: ["candle"],
        2**40: [],
    }
    assert slugs(collected[picks]) == ["candle", "wall-lamp"]


async def test_the_newest_come_first(shelf: None) -> None:
    for n, slug in enumerate(("candle", "desk-lamp", "wall-lamp")):
        moment = day("2026-01-01") + timedelta(days=n)
        await execute("UPDATE product SET created_at = $1 WHERE slug = $2", moment, slug)

    newest = await products.page(await anyone(), paging=FIRST)
    oldest = await products.page(await anyone(), order="oldest", paging=FIRST)

    assert slugs(newest) == ["wall-lamp", "desk-lamp", "candle"]
    assert slugs(oldest) == ["candle", "desk-lamp", "wall-lamp"]
