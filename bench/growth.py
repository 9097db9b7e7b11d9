"""How the time of a page grows with the catalog: the same pages where there are ten times fewer
products, and where there are ten times more.

All three are there at once and are asked one after the other, page by page: what else the machine
does meets each. Listing pages are those of the fullest categories in turn, at most 64, whose
products are more as well where there are more; with fewer than 500 in all they are not full.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace

from plotille import Figure

from bench import graphql
from bench.graphql import Workload
from bench.pages import asked, note
from bench.place import Place, Server, generated, serving
from bench.results import OUT, Findings, Ratio, Result
from catalog import db

SUITE = "growth"
DRAWN = OUT.with_name("growth.txt")
# What is asked, and the letters that stand for its p50 and its p99 in the drawing.
PAGES = {"listing page": ("o", "O"), "product page": ("x", "X")}
WIDTH, HEIGHT = 60, 16

Grown = Mapping[int, Sequence[Result]]


async def run(place: Place) -> Findings:
    async with AsyncExitStack() as stack:
        found = await _measured(await _places(place, stack))
    DRAWN.parent.mkdir(parents=True, exist_ok=True)
    drawn = drawing(found)
    DRAWN.write_text(drawn, encoding="utf-8")
    print(f"{drawn}\nWritten to {DRAWN}")
    results = [each for name in PAGES for each in _of(found, name).values()]
    return Findings(results, list(ratios(found)))


async def _places(place: Place, stack: AsyncExitStack) -> Sequence[Place]:
    """The smallest first."""
    places = [place]
    for products in (place.products // 10, place.products * 10):
        settings = await stack.enter_async_context(generated(f"bench_{products}", products))
        places.append(replace(place, settings=settings, products=products))
    return sorted(places, key=lambda each: each.products)


async def _measured(places: Sequence[Place]) -> Grown:
    found: dict[int, list[Result]] = {place.products: [] for place in places}
    chosen = []
    for place in places:
        async with db.connected(place.settings, statement_timeout=0):
            chosen.append(await questions(place))
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(place.settings)) for place in places]
        for name in PAGES:
            for place, pages, server in zip(places, chosen, servers, strict=True):
                found[place.products].append(await _asked(place, server, *pages[name]))
    return found


async def questions(place: Place) -> Mapping[str, tuple[Workload, int]]:
    """What is asked there, with how many statements an answer has; every answer is a good one, and
    the database has read what they need. It must be connected."""
    chosen = [one for one in await graphql.workloads() if one.name in PAGES]
    statements = {
        one.name: [len(await note(place, each)) for each in one.questions] for one in chosen
    }
    return {one.name: (one, statements[one.name][0]) for one in chosen}


async def _asked(place: Place, server: Server, workload: Workload, sql: int) -> Result:
    named = SUITE, workload.name, f"{place.products:,} products"
    return await asked(*named, server, workload.questions, sql, 1, place.seconds)


def ratios(found: Grown) -> Iterator[Ratio]:
    smallest, largest = min(found), max(found)
    for name in PAGES:
        p50 = {size: one.p50_ms or 0.0 for size, one in _of(found, name).items()}
        what = f"{name}: p50 at {largest:,} / at {smallest:,}"
        yield Ratio(what, p50[largest] / p50[smallest])


def drawing(found: Grown) -> str:
    """Milliseconds over products, of which every ten times as many are as far to the right."""
    figure = _axes(sorted(found))
    for name, (middle, worst) in PAGES.items():
        results = _of(found, name).values()
        along = [math.log10(size) for size in sorted(found)]
        figure.plot(along, [each.p50_ms for each in results], label=f"{name}, p50", marker=middle)
        figure.plot(along, [each.p99_ms for each in results], label=f"{name}, p99", marker=worst)
    drawn: str = figure.show(legend=True)
    # An empty place in Braille has a sign of its own, which is no space.
    return "\n".join(line.rstrip(" \u2800") for line in drawn.splitlines()) + "\n"


def _axes(sizes: Sequence[int]) -> Figure:
    left, right = math.log10(sizes[0]), math.log10(sizes[-1])
    step = (right - left) / WIDTH
    figure = Figure()
    # A column more than there are steps: the last size is to be seen.
    figure.width, figure.height = WIDTH + 1, HEIGHT
    figure.set_x_limits(min_=left, max_=right + step)
    figure.set_y_limits(min_=0)
    figure.with_colors, figure.origin = False, False
    figure.x_label, figure.y_label = "products", "ms"
    figure.x_ticks_fkt = lambda low, _: _label(sizes, low)
    figure.y_ticks_fkt = lambda low, _: f"{low:,.1f}"
    return figure


def _label(sizes: Sequence[int], along: float) -> str:
    """The size that stands there, where one does."""
    return next((f"{size:,}" for size in sizes if abs(math.log10(size) - along) < 0.01), "")


def _of(found: Grown, name: str) -> Mapping[int, Result]:
    return {
        size: one
        for size, results in sorted(found.items())
        for one in results
        if one.workload == name
    }
