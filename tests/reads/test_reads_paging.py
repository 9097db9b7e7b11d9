"""Pages: put together they are the whole list, each row once, whoever inserts meanwhile."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from typing import Any

import orjson
import pytest
from asking import anyone, day, execute, staff
from factories import load, shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import db
from catalog.errors import BadCursor, BadPageSize
from catalog.paging import MAX_FIRST, MAX_FIRST_WITH_TOKEN, Page, Paging
from catalog.reads import products, variants
from catalog.reads.product_lists import ORDERS
from catalog.reads.products import PRODUCT_ORDERS, ProductWhere
from catalog.reads.variants import VARIANT_ORDERS, VariantWhere

Shelf = list[tuple[int, str, int | None, bool]]
Read = Callable[[Paging], Awaitable[Page[Any]]]

REFILLED = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

EPOCH = day("2026-01-01")
MORE_THAN_THERE_ARE = 60
NAMES = ["Ångström", "angstrom", "Äpfel", "apfel", "Zelt", "zelt", "", "日本", "ß", "ss"]

# Few days and few names, so that most products share both.
SHELF = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(NAMES), st.none() | st.integers(0, 2), st.booleans()
    ),
    max_size=9,
)

INSERT_PRODUCT = """
WITH shown AS (
    INSERT INTO product (product_type_id, name, slug, status, created_at, updated_at)
    SELECT id, $1, $2, 'active', $3, $3 FROM product_type RETURNING id
), listed AS (
    INSERT INTO product_listing (product_id, channel_id)
    SELECT shown.id, channel.id FROM shown, channel WHERE code = 'eu'
), collected AS (
    INSERT INTO collection_product (collection_id, product_id, position)
    SELECT collection.id, shown.id, coalesce($4, 0) FROM shown, collection
), placed AS (
    INSERT INTO product_category (category_id, product_id, position)
    SELECT category.id, shown.id, $4 FROM shown, category WHERE slug = $5
)
INSERT INTO variant (product_id, sku, position)
SELECT id, $6, 0 FROM shown RETURNING product_id
"""


async def shelve(products: Shelf) -> None:
    """Products by their day, name, place by hand, and whether they have a SKU and are in the asked
    category itself."""
    async with db.unit_of_work() as connection:
        start: int = await connection.fetchval("SELECT count(*) FROM product")
        for n, (days, name, position, direct) in enumerate(products, start):
            moment = EPOCH + timedelta(days=days)
            category = "home" if direct else "home-lamps"
            sku = f"S{(n * 7) % 10}-{n}" if direct else None
            await connection.execute(INSERT_PRODUCT, name, f"p{n}", moment, position, category, sku)


async def empty() -> None:
    await execute("DELETE FROM product")


@pytest.fixture
async def shelf(clean: None) -> None:
    await load(*shop(), {"record": "collection", "slug": "all", "name": "All"})


async def forward(read: Read, size: int) -> AsyncIterator[Page[Any]]:
    after = None
    for _ in range(MORE_THAN_THERE_ARE):
        page = await read(Paging(first=size, after=after))
        yield page
        if not page.has_next:
            return
        after = page.end_cursor
    pytest.fail("there is always another page")


async def backward(read: Read, size: int) -> AsyncIterator[Page[Any]]:
    before = None
    for _ in range(MORE_THAN_THERE_ARE):
        page = await read(Paging(last=size, before=before))
        yield page
        if not page.has_previous:
            return
        before = page.start_cursor
    pytest.fail("there is always another page")


async def lists() -> list[tuple[str, Read]]:
    """Every list in every order."""
    ctx = await anyone()
    home, all = 1, 1

    def of_products(where: ProductWhere, order: str) -> Read:
        return lambda paging: products.page(ctx, where, order=order, paging=paging)

    def of_variants(order: str) -> Read:
        return lambda paging: variants.page(ctx, order=order, paging=paging)

    async def of_owner(paging: Paging) -> Page[Any]:
        pages = await products.pages_by_owner_ids(
            ctx, "category", [home, 2], order="position", paging=paging
        )
        return pages[home]

    return [
        *((order, of_products(ProductWhere(), order)) for order in ORDERS),
        ("category by hand", of_products(ProductWhere(category=[home]), "position")),
        ("collection by hand", of_products(ProductWhere(collection=[all]), "position")),
        ("category by name", of_products(ProductWhere(category=[home]), "name")),
        ("of each category", of_owner),
        *((f"variants by {order}", of_variants(order)) for order in VARIANT_ORDERS),
    ]


@REFILLED
@given(shelved=SHELF, size=st.integers(1, 4))
async def test_pages_put_together_are_the_list_in_both_directions(
    shelf: None, shelved: Shelf, size: int
) -> None:
    await empty()
    await shelve(shelved)

    for name, read in await lists():
        whole = [row.id for row in (await read(Paging(first=100))).items]
        onward = [[row.id for row in page.items] async for page in forward(read, size)]
        back = [[row.id for row in page.items] async for page in backward(read, size)]

        assert len(set(whole)) == len(shelved), name
        assert list(chain.from_iterable(onward)) == whole, name
        assert list(chain.from_iterable(reversed(back))) == whole, name
        assert all(onward) or not whole, name
        assert all(back) or not whole, name


@REFILLED
@given(
    shelved=SHELF,
    arrivals=st.lists(SHELF, min_size=1, max_size=4),
    size=st.integers(1, 3),
    chosen=st.integers(0, 11),
    walk=st.sampled_from((forward, backward)),
)
async def test_arrivals_between_pages_repeat_nothing_and_lose_nothing(
    shelf: None,
    shelved: Shelf,
    arrivals: list[Shelf],
    size: int,
    chosen: int,
    walk: Callable[[Read, int], AsyncIterator[Page[Any]]],
) -> None:
    await empty()
    await shelve(shelved)
    name, read = (await lists())[chosen]
    here = {row.id for row in (await read(Paging(first=100))).items}
    waiting = iter(arrivals)
    seen: list[int] = []
    async for page in walk(read, size):
        seen += [row.id for row in page.items]
        await shelve(next(waiting, []))

    assert len(seen) == len(set(seen)), name
    assert here <= set(seen), name


async def test_names_sort_as_people_read_them(shelf: None) -> None:
    await shelve([(0, name, None, True) for name in ("Zebra", "äpfel", "Birne", "Ångström")])

    page = await products.page(await anyone(), order="name", paging=Paging(first=10))

    assert [one.name for one in page.items] == ["Ångström", "äpfel", "Birne", "Zebra"]


async def test_variants_without_a_sku_come_last(shelf: None) -> None:
    await shelve([(0, "a", None, False), (0, "b", None, True), (0, "c", None, False)])

    page = await variants.page(await anyone(), order="sku", paging=Paging(last=2))

    assert [one.sku for one in page.items] == [None, None]
    assert (page.has_previous, page.has_next) == (True, False)


async def test_a_category_shows_by_hand_what_is_in_itself_then_the_newest(shelf: None) -> None:
    await shelve(
        [
            (0, "old below", 0, False),
            (1, "second", 2, True),
            (2, "new below", 0, False),
            (3, "first", 1, True),
            (0, "unplaced", None, True),
        ]
    )

    page = await products.page(
        await anyone(), ProductWhere(category=[1]), order="position", paging=Paging(first=9)
    )

    names = [one.name for one in page.items]
    assert names == ["first", "second", "new below", "unplaced", "old below"]


ODD_VALUES = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    1.5,
    "",
    "\x00",
    "x" * 100_000,
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:59:59-12:00",
    "10000-01-01T00:00:00+00:00",
    "infinity",
    [],
    {},
]

GARBAGE = [
    "",
    "=",
    "a",
    "%%%",
    "\x00",
    "\ud800",
    "ü",
    "bnVsbA",
    "e30",
    "W10",
    "W" * 100_000,
    base64.urlsafe_b64encode(b'["product.name","\\ud800",1]').decode(),
    base64.urlsafe_b64encode(b'["product.name","\\u0000",1]').decode(),
    base64.urlsafe_b64encode(b"[" * 5000).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


async def test_garbage_is_no_cursor(shelf: None) -> None:
    ctx = await anyone()

    for cursor in GARBAGE:
        for order in ORDERS:
            for paging in (Paging(first=1, after=cursor), Paging(last=1, before=cursor)):
                with pytest.raises(BadCursor):
                    await products.page(ctx, order=order, paging=paging)


async def test_a_cursor_made_by_hand_is_a_place_or_refused(shelf: None) -> None:
    await shelve([(0, "a", 0, True)])

    for _, read in await lists():
        (genuine,) = (await read(Paging(first=1))).cursors
        place = orjson.loads(base64.urlsafe_b64decode(genuine + "=="))
        for value in ODD_VALUES:
            for n in range(len(place) + 1):
                forged = encoded([*place[:n], value, *place[n + 1 :]])
                for paging in (Paging(first=1, after=forged), Paging(last=1, before=forged)):
                    with suppress(BadCursor):
                        assert len((await read(paging)).items) <= 1


def encoded(place: list[object]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


async def test_a_cursor_of_another_order_or_list_is_refused(shelf: None) -> None:
    await shelve([(0, "a", None, True), (0, "b", None, True)])
    ctx = await anyone()
    by_name = (await products.page(ctx, order="name", paging=Paging(first=1))).end_cursor

    with pytest.raises(BadCursor):
        await products.page(ctx, order="-name", paging=Paging(first=1, after=by_name))
    with pytest.raises(BadCursor):
        await variants.page(ctx, VariantWhere(), paging=Paging(first=1, after=by_name))


async def test_visitors_page_by_100_and_tokens_by_250(shelf: None) -> None:
    visitor, holder = await anyone(), await staff()

    assert (MAX_FIRST, MAX_FIRST_WITH_TOKEN) == (100, 250)
    await products.page(visitor, paging=Paging(first=100))
    await products.page(holder, paging=Paging(first=250))
    with pytest.raises(BadPageSize, match="from 0 to 100, not 101"):
        await products.page(visitor, paging=Paging(first=101))
    with pytest.raises(BadPageSize, match="from 0 to 250, not 251"):
        await variants.page(holder, paging=Paging(last=251))


@pytest.mark.parametrize(
    "paging",
    [
        Paging(first=-1),
        Paging(last=-1),
        Paging(first=10**9),
        Paging(first=1, last=1),
        Paging(after="a", before="b"),
        Paging(last=1, after="a"),
        Paging(first=1, before="a"),
    ],
    ids=str,
)
async def test_sizes_and_directions_that_make_no_sense_are_refused(
    shelf: None, paging: Paging
) -> None:
    with pytest.raises(BadPageSize):
        await products.page(await anyone(), paging=paging)


async def test_a_page_of_none_says_whether_there_are_any(shelf: None) -> None:
    await shelve([(0, "a", None, True)])

    page = await products.page(await anyone(), paging=Paging(first=0))

    assert page.items == ()
    assert page.has_next


@pytest.mark.parametrize("order", [order for order in PRODUCT_ORDERS if order != "position"])
async def test_an_empty_shop_has_one_empty_page(shelf: None, order: str) -> None:
    page = await products.page(await anyone(), order=order, paging=Paging())

    assert (page.items, page.has_next, page.has_previous) == ((), False, False)
    assert (page.start_cursor, page.end_cursor) == (None, None)
