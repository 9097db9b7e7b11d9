"""What finding costs: pages of categories, filters, facets, words, suggestions; and as shops grow.

Each is asked through the reads, in this process, and then its own statements are run by asyncpg
alone, turn by turn: whatever else the machine does meets both. So are the statements of a smaller
and a larger shop, beside one another. A bulk write is measured with the
rows that lists read and without them.
"""

import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import asyncpg

from bench import files
from bench.copying import load
from bench.driver import Statement
from bench.place import Place, database, generated
from bench.results import Findings, Ratio, Result
from catalog import db
from catalog.context import ANONYMOUS, Context
from catalog.paging import Paging
from catalog.reads import contexts, facets, products, suggestions
from catalog.reads.filters import AttributeFilter, ProductWhere, Range, VariantIs
from catalog.settings import Settings
from catalog.writes.synthetic.records import Size

SUITE = "search"
READS, BARE = "reads", "its SQL"
# At least so many answers, after some that fill caches and plan.
ROUNDS, WARM = 5, 2

# A database with 500,000 products, which takes too long to make in passing:
# catalog migrate && catalog generate --products 500000
LARGE = "BENCH_LARGE_DATABASE_URL"
WRITTEN = 10_000

SIX = ("brand", "price", "availability", "color", "size", "material")
# Of every twentieth product's name.
WORD, TYPED = "cotton", "cott"

# Leaves by how many products they have: the largest, and the one with a 400th of all.
CATEGORIES = """
SELECT category_id AS id, count(*) AS products FROM product_category GROUP BY category_id
ORDER BY abs(count(*) - $1), category_id LIMIT 1
"""

Ask = Callable[[Context], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Workload:
    name: str
    ask: Ask


def _page(name: str, where: ProductWhere, order: str = "newest") -> Workload:
    async def ask(ctx: Context) -> object:
        return await products.page(ctx, where, order=order, paging=Paging())

    return Workload(name, ask)


def _with_facets(
    name: str,
    where: ProductWhere,
    *,
    search: str | None = None,
    codes: Sequence[str] | None = SIX,
) -> Workload:
    async def ask(ctx: Context) -> object:
        page = await products.page(ctx, where, search=search, paging=Paging())
        return page, await facets.of(ctx, where, codes=codes, search=search)

    return Workload(name, ask)


async def _suggest(ctx: Context) -> object:
    return await suggestions.of(ctx, TYPED)


PAGE = "page of a large category"
FILTERED = "three filters, 6 facets"
SEARCHED = "words in it, 6 facets"
SUGGESTED = "suggestions"
EVERYTHING = "everything, all facets"
GROWING = (PAGE, f"{PAGE} by price", SUGGESTED, EVERYTHING)


def _workloads(large: int, small: int) -> Iterator[Workload]:
    there, little = ProductWhere(category=(large,)), ProductWhere(category=(small,))
    yield _page(PAGE, there)
    yield _page(f"{PAGE} by price", there, "price")
    yield _page("page of a small category", little)
    yield _page("page of a small category by price", little, "price")
    narrowed = ProductWhere(
        category=(large,),
        attributes=(
            AttributeFilter("color", any_of=("black", "blue", "red", "green")),
            AttributeFilter("material", any_of=("cotton", "linen", "wool", "oak", "steel")),
        ),
        variant=VariantIs(price=Range(gte=Decimal(10), lt=Decimal(500))),
    )
    yield _with_facets(FILTERED, narrowed)
    yield _with_facets(SEARCHED, there, search=WORD)
    yield _with_facets("words in all, 6 facets", products.EVERYTHING, search=WORD)
    yield Workload(SUGGESTED, _suggest)
    yield _with_facets(EVERYTHING, products.EVERYTHING, codes=None)


@dataclass(slots=True)
class _Times:
    """Seconds, answer by answer."""

    reads: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: int = 0


async def run(place: Place) -> Findings:
    async with db.connected(place.settings, statement_timeout=0):
        found = await asked(place.settings, seconds=place.seconds)
    results = [*_results(_of(place.products), found)]
    shares = [
        Ratio(f"{name}: {READS} / {BARE}", _p50(each.reads) / _p50(each.bare))
        for name, each in found.items()
    ]
    shares += [
        Ratio(f"{name} / {PAGE}", _p50(found[name].reads) / _p50(found[PAGE].reads))
        for name in (FILTERED, SEARCHED)
    ]
    grown = await _grown(place)
    results += [each for size, times in grown.items() for each in _results(_of(size), times)]
    written = await _written(min(place.products, WRITTEN))
    return Findings([*results, *written.results], [*shares, *_growth(grown), *written.ratios])


def _of(products: int) -> str:
    return f"{products:,} products"


async def _grown(place: Place) -> Mapping[int, Mapping[str, _Times]]:
    """The same statements where there are ten times fewer products, and where there are 500,000."""
    async with generated("bench_smaller", place.products // 10) as smaller:
        sizes = {place.products // 10: smaller, place.products: place.settings}
        if LARGE in os.environ:
            sizes[500_000] = Settings(database_url=os.environ[LARGE])
        noted = {size: await _noted(settings) for size, settings in sizes.items()}
        async with AsyncExitStack() as stack:
            bare = {
                size: await stack.enter_async_context(_bare(settings))
                for size, settings in sizes.items()
            }
            times = {size: {name: _Times() for name in GROWING} for size in sizes}
            for name in GROWING:
                until = time.perf_counter() + place.seconds * len(sizes)
                turn = 0
                while turn < ROUNDS + WARM or time.perf_counter() < until:
                    for size, connection in bare.items():
                        taken = await _run(connection, noted[size][name])
                        if turn >= WARM:
                            times[size][name].bare.append(taken)
                    turn += 1
    return times


async def _noted(settings: Settings) -> Mapping[str, Sequence[Statement]]:
    async with db.connected(settings, statement_timeout=0):
        ctx, workloads = await _questions()
        return {each.name: await _note(each, ctx) for each in workloads if each.name in GROWING}


def _growth(sizes: Mapping[int, Mapping[str, _Times]]) -> Iterator[Ratio]:
    smallest, *larger = sorted(sizes)
    for name in GROWING:
        for size in larger:
            times = _p50(sizes[size][name].bare) / _p50(sizes[smallest][name].bare)
            yield Ratio(f"{name}: {size:,} / {_of(smallest)}", times)


async def asked(settings: Settings, *, seconds: float) -> Mapping[str, _Times]:
    """Each workload for so many seconds."""
    async with _bare(settings) as bare:
        ctx, workloads = await _questions()
        return {each.name: await _turn_by_turn(each, ctx, bare, seconds) for each in workloads}


async def _questions() -> tuple[Context, Sequence[Workload]]:
    ctx = await contexts.resolve(ANONYMOUS, locale="en")
    (total,) = await db.fetch("SELECT count(*) FROM product")
    large, small = [
        (await db.fetch(CATEGORIES, total["count"] // part))[0]["id"] for part in (1, 400)
    ]
    return ctx, list(_workloads(large, small))


@asynccontextmanager
async def _bare(settings: Settings) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection with the settings of those that the reads have."""
    config = db.config(settings, statement_timeout=0)
    credentials = config["connections"][db.READER]["credentials"]
    connection = await asyncpg.connect(
        settings.database_url, server_settings=credentials["server_settings"]
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _turn_by_turn(
    workload: Workload,
    ctx: Context,
    bare: "asyncpg.Connection[asyncpg.Record]",
    seconds: float,
) -> _Times:
    statements = await _note(workload, ctx)
    times = _Times(statements=len(statements))
    until = time.perf_counter() + seconds
    while len(times.reads) < ROUNDS + WARM or time.perf_counter() < until:
        begun = time.perf_counter()
        async with db.snapshot():
            await workload.ask(ctx)
        times.reads.append(time.perf_counter() - begun)
        times.bare.append(await _run(bare, statements))
    del times.reads[:WARM], times.bare[:WARM]
    return times


async def _run(
    bare: "asyncpg.Connection[asyncpg.Record]", statements: Sequence[Statement]
) -> float:
    """Seconds that they take in one snapshot, as the reads have them."""
    begun = time.perf_counter()
    async with bare.transaction(isolation="repeatable_read", readonly=True):
        for statement, arguments in statements:
            await bare.fetch(statement, *arguments)
    return time.perf_counter() - begun


async def _note(workload: Workload, ctx: Context) -> Sequence[Statement]:
    noted: list[Statement] = []
    async with db.snapshot() as snapshot:
        fetch = snapshot.fetch

        async def noting(sql: str, *arguments: object) -> list[db.Record]:
            noted.append((sql, arguments))
            return await fetch(sql, *arguments)

        snapshot.fetch = noting  # type: ignore[method-assign]
        await workload.ask(ctx)
    return noted


def _results(size: str, found: Mapping[str, _Times]) -> Iterator[Result]:
    for name, times in found.items():
        for what, seconds in ((READS, times.reads), (BARE, times.bare)):
            if not seconds:
                continue
            inorder = sorted(seconds)
            yield Result(
                SUITE,
                name,
                f"{what}, {size}",
                concurrency=1,
                rps=len(inorder) / sum(inorder),
                p50_ms=1000 * _p50(inorder),
                p99_ms=1000 * inorder[len(inorder) * 99 // 100],
                sql=times.statements or None,
            )


def _p50(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


async def _written(count: int) -> Findings:
    """A first load with the rows that lists read, and where what makes them does nothing."""
    loaded = {}
    with tempfile.TemporaryDirectory() as folder:
        native = Path(folder) / "products.ndjson"
        async with generated("bench_smaller", count) as settings, db.connected(settings):
            await files.write_native(native, Size(count))
        for kept in (True, False):
            async with database("bench_smaller") as settings:
                if not kept:
                    await _make_nothing(settings)
                loaded[kept] = await load(settings, native)
    results = [
        Result(SUITE, "bulk write", variant, 1, rps=count / loaded[kept].seconds)
        for kept, variant in ((True, "with what lists read"), (False, "without"))
    ]
    times = loaded[True].seconds / loaded[False].seconds
    return Findings(results, [Ratio(f"bulk write of {count:,}: with what lists read", times)])


async def _make_nothing(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    for name in ("catalog_list", "catalog_index"):
        await connection.execute(
            f"CREATE OR REPLACE FUNCTION {name}(ids int[]) RETURNS void LANGUAGE sql AS ''"
        )
    await connection.close()
