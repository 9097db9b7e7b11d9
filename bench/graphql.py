"""GraphQL beside its SQL: a page by the breadth-first executor, by graphql-core with loaders, and
its statements alone; and by PostGraphile, where that is installed. Listing pages are those of many
categories in turn."""

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import product

from bench import postgraphile, stock
from bench.pages import CONCURRENCY, LISTING, NOTHING, PRODUCT, Question, asked, bare, graphql, note
from bench.place import Place, Server, in_turns, serving
from bench.results import TURNS, Findings, Ratio, Result, settled, typical
from catalog import db, ids

SUITE = "graphql"
OURS, STOCK, UNCACHED, POSTGRAPHILE, SQL = (
    "breadth-first",
    "graphql-core, loaders",
    "the same, documents not kept",
    "PostGraphile",
    "SQL alone",
)

SERVED = {OURS: None, STOCK: stock.STOCK, UNCACHED: stock.UNCACHED}

TREE = """{ categories { id slug name image { url alt } children {
  id slug name image { url alt }
} } }"""

# The fullest categories, and a product of each that everybody sees.
CATEGORIES = """
SELECT c.id, min(p.slug) AS product FROM category AS c
JOIN product_category AS m ON m.category_id = c.id
JOIN product AS p ON p.id = m.product_id AND p.status = 'active'
JOIN product_listing AS l ON l.product_id = p.id AND l.published_until IS NULL
JOIN channel AS x ON x.id = l.channel_id AND x.is_default
GROUP BY c.id ORDER BY count(*) DESC, c.id LIMIT 64
"""


@dataclass(frozen=True, slots=True)
class Workload:
    """`nearest` are the questions of PostGraphile that come closest."""

    name: str
    questions: Sequence[Question]
    nearest: Sequence[Question] = ()


async def workloads() -> Sequence[Workload]:
    rows = await db.fetch(CATEGORIES)
    categories = [ids.encode("Category", row["id"]) for row in rows]
    return (
        Workload(
            "listing page",
            [graphql("listing page", LISTING, category=id) for id in categories],
            postgraphile.listings(row["id"] for row in rows),
        ),
        Workload(
            "product page",
            [graphql("product page", PRODUCT, slug=row["product"]) for row in rows],
        ),
        Workload("category tree", [graphql("category tree", TREE)], postgraphile.tree()),
        Workload("nothing", [graphql("nothing", NOTHING)], postgraphile.nothing()),
    )


async def run(place: Place) -> Findings:
    async with db.connected(place.settings):
        chosen = await workloads()
        ours = [[await note(place, each) for each in one.questions] for one in chosen]
        with stock.executing():
            theirs = [await note(place, one.questions[0]) for one in chosen]
    place = in_turns(place)
    async with AsyncExitStack() as stack:
        served = await _served(place, chosen, stack)
        turns: list[list[Result]] = [[] for _ in range(TURNS)]
        for workload, answers, stock_answer in zip(chosen, ours, theirs, strict=True):
            sql = {OURS: len(answers[0]), STOCK: len(stock_answer), UNCACHED: len(stock_answer)}
            for concurrency, turn in product(CONCURRENCY, turns):
                for name, server in served:
                    questions = _questions(name, workload)
                    if not questions:
                        continue
                    named = SUITE, workload.name, name
                    turn.append(
                        await asked(
                            *named, server, questions, sql.get(name), concurrency, place.seconds
                        )
                    )
                if answers[0]:
                    alone = SUITE, workload.name, SQL
                    turn.append(await bare(*alone, place, answers, concurrency))
    ratios = [[*_processor(turn), *_rates(turn), *_waiting(turn)] for turn in turns]
    return Findings(settled(turns), typical(ratios))


async def _served(
    place: Place, chosen: Sequence[Workload], stack: AsyncExitStack
) -> Sequence[tuple[str, Server]]:
    served = [
        (name, stack.enter_context(serving(place.settings, application)))
        for name, application in SERVED.items()
    ]
    other = await stack.enter_async_context(postgraphile.serving(place.settings))
    if other is None:
        print(f"{POSTGRAPHILE} is left out: {postgraphile.MODULES} names no folder that has it")
        return served
    await postgraphile.check(other, [each for one in chosen for each in one.nearest])
    return [*served, (POSTGRAPHILE, other)]


def _questions(variant: str, workload: Workload) -> Sequence[Question]:
    """None for what would tell nothing of the variant."""
    if variant == POSTGRAPHILE:
        return workload.nearest
    if variant == UNCACHED and workload.name != "nothing":
        return ()
    return workload.questions


def _processor(results: Sequence[Result]) -> Iterator[Ratio]:
    """How much more of the processor graphql-core takes."""
    for ours, theirs in _pairs(results, {STOCK, UNCACHED}):
        if ours.cpu_ms and theirs.cpu_ms:
            what = f"{ours.workload}: cpu of {theirs.variant} / {OURS}, {ours.concurrency} at once"
            yield Ratio(what, theirs.cpu_ms / ours.cpu_ms)


def _rates(results: Sequence[Result]) -> Iterator[Ratio]:
    """How many times as much we answer as PostGraphile, which has less to tell."""
    for ours, theirs in _pairs(results, {POSTGRAPHILE}):
        what = f"{ours.workload}: requests per second of {OURS} / {POSTGRAPHILE}"
        yield Ratio(f"{what}, {ours.concurrency} at once", ours.rps / theirs.rps)


def _waiting(results: Sequence[Result]) -> Iterator[Ratio]:
    """How much longer an answer takes than its statements."""
    for ours, alone in _pairs(results, {SQL}):
        if ours.p50_ms and alone.p50_ms:
            what = f"{ours.workload}: p50 of {OURS} / {SQL}, {ours.concurrency} at once"
            yield Ratio(what, ours.p50_ms / alone.p50_ms)


def _pairs(results: Sequence[Result], variants: set[str]) -> Iterator[tuple[Result, Result]]:
    ours = {(one.workload, one.concurrency): one for one in results if one.variant == OURS}
    for one in results:
        if one.variant in variants:
            yield ours[one.workload, one.concurrency], one
