"""The measuring itself: asks what the catalog answers, loads what it can load, counts right."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from random import Random
from urllib.error import URLError

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bench import files, graphql, growth, kept, pages, postgraphile, quality, search, stock
from bench.driver import Answers, Sql, Task, measure
from bench.place import Place, free_port, running
from bench.probe import ADDRESS, Held, Probed
from bench.results import Ratio, Result, ratios, settled, typical
from catalog import db
from catalog.context import ANONYMOUS
from catalog.files import importing
from catalog.files.importing import Order
from catalog.reads import contexts
from catalog.settings import Settings
from catalog.writes import generate
from catalog.writes.counts import Counts
from catalog.writes.synthetic.records import Size

PRODUCTS = 60


@pytest.fixture
async def place(clean: None, database: Settings) -> Place:
    await generate.generate(products=PRODUCTS, seed=1)
    return Place(database, PRODUCTS, seconds=0.1)


async def test_every_question_gets_a_good_answer_and_its_statements_run_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.driver.WARM_UP", 0)
    for question in await pages._questions():
        statements = await pages.note(place, question)
        assert bool(statements) is (question.workload != "nothing")
        if not statements:
            continue
        target = Sql(str(place.settings.database_url), (statements,))
        measured = await measure(Task(target, concurrency=2, seconds=0.01))
        assert measured.answers >= 2


async def test_graphql_is_asked_with_and_without_the_executor_that_is_measured(
    place: Place,
) -> None:
    chosen = await graphql.workloads()
    for one in chosen:
        ours = await pages.note(place, one.questions[0])
        with stock.executing():
            theirs = await pages.note(place, one.questions[0])
        assert len(ours) <= len(theirs)
        assert bool(ours) is (one.name != "nothing")


async def test_what_is_measured_as_kept_can_be(place: Place) -> None:
    for question in await kept._questions():
        assert await pages.note(place, question)


@pytest.mark.skipif(
    postgraphile.MODULES not in os.environ,
    reason=f"{postgraphile.MODULES} is not set to a folder with postgraphile",
)
async def test_postgraphile_has_an_answer_to_what_our_graphql_is_asked(place: Place) -> None:
    nearest = {one.name: one.nearest for one in await graphql.workloads()}
    assert {name for name, asked in nearest.items() if asked} == {
        "listing page",
        "category tree",
        "nothing",
    }
    async with postgraphile.serving(place.settings) as server:
        assert server
        await postgraphile.check(server, [one for asked in nearest.values() for one in asked])
        wrong = [pages.graphql("wrong", "{ nobody }"), postgraphile.listings([0])[0]]
        for question in wrong:
            with pytest.raises(RuntimeError, match=question.workload):
                await postgraphile.check(server, [question])


async def test_without_its_folder_postgraphile_is_not_there(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(postgraphile.MODULES, raising=False)
    async with postgraphile.serving(place.settings) as server:
        assert server is None


async def test_a_server_that_ends_before_it_answers_is_not_waited_for() -> None:
    begun = time.monotonic()
    with (
        pytest.raises(URLError),
        running((sys.executable, "-c", ""), free_port(), {}, ready="/"),
    ):
        pass
    assert time.monotonic() - begun < 60


async def test_growth_asks_for_pages_that_are_there(place: Place) -> None:
    asked = await growth.questions(place)
    assert set(asked) == set(growth.PAGES)
    assert all(statements for _, statements in asked.values())


def test_growth_is_told_from_the_smallest_to_the_largest_catalog_and_drawn() -> None:
    found = {
        size: [Result("growth", name, "", 1, 100, p50_ms=p50, p99_ms=30) for name in growth.PAGES]
        for size, p50 in ((5_000, 10), (500, 4), (50_000, 20))
    }
    assert [(ratio.what, ratio.times) for ratio in growth.ratios(found)] == [
        ("listing page: p50 at 50,000 / at 500", 5.0),
        ("product page: p50 at 50,000 / at 500", 5.0),
    ]
    drawn = growth.drawing(found)
    assert re.search(r"\| 500 +5,000 +50,000$", drawn, re.MULTILINE)
    # Each letter once a size, and in the legend.
    for letter in chain.from_iterable(growth.PAGES.values()):
        assert drawn.partition("-> (products)")[0].count(letter) <= len(found)
        assert f"⠤{letter}⠤" in drawn


@pytest.mark.parametrize("name", ["products.ndjson", "products.csv"])
async def test_both_files_load_without_a_problem_and_a_second_time_change_nothing(
    place: Place, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    if file.suffix == ".csv":
        await files.write_shopify(file)
    else:
        await files.write_native(file, Size(PRODUCTS))
    async with db.unit_of_work() as connection:
        await connection.execute(
            "TRUNCATE channel, brand, attribute, product_type, category, collection, product,"
            " media, stock_location RESTART IDENTITY CASCADE"
        )
    order = Order(currency="EUR" if file.suffix == ".csv" else None)
    reports = [
        await importing.load(file, order, place.settings, lambda stage, done, total: None)
        for _ in range(2)
    ]
    assert [report.errors for report in reports] == [(), ()]
    assert [report.counts["product"] for report in reports] == [
        Counts(created=PRODUCTS),
        Counts(unchanged=PRODUCTS),
    ]
    variants = await db.fetch("SELECT count(*) AS n FROM variant")
    assert variants[0]["n"] == 4 * PRODUCTS


async def test_every_search_is_asked_and_its_statements_run_alone(place: Place) -> None:
    found = await search.asked(place.settings, seconds=0)
    assert {search.PAGE, search.FILTERED, search.SEARCHED, *search.GROWING} <= set(found)
    for times in found.values():
        assert times.statements
        assert len(times.reads) == len(times.bare) == search.ROUNDS


@pytest.mark.parametrize("mistake", quality.MISTAKES)
def test_a_misspelt_query_differs_in_one_word_of_some_length(mistake: str) -> None:
    for seed in range(50):
        misspelt = quality.mistaken("tv stand of oak", mistake, Random(seed))
        assert misspelt is not None
        tv, stand, *rest = misspelt.split()
        assert (tv, rest) == ("tv", ["of", "oak"])
        assert stand != "stand"
        assert len(stand) - len("stand") == {"deletion": -1, "insertion": 1}.get(mistake, 0)
    assert quality.mistaken("tv of", mistake, Random(0)) is None


async def test_queries_are_told_apart_by_what_they_find(place: Place) -> None:
    ctx = await contexts.resolve(ANONYMOUS)
    found = await quality.judge(ctx, ["lamp", "unobtainium", "cotton"], seed=1)
    assert found.queries == 3
    assert found.missed == [quality.Missed("unobtainium", ("unobtainium",))]
    assert sum(found.tried.values()) == found.found == 2


@asynccontextmanager
async def answering(pieces: Sequence[bytes]) -> AsyncIterator[Answers]:
    """A connection to a server that says these pieces, one after the other."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, answers = await asyncio.get_running_loop().create_connection(
        Answers, "127.0.0.1", port
    )
    try:
        yield answers
    finally:
        transport.close()
        server.close()


async def test_an_answer_in_pieces_is_one_answer_and_the_connection_is_kept() -> None:
    pieces = [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 10\r\n\r\n01234", b"56789"]
    async with answering(pieces) as answers:
        for _ in range(2):
            await asyncio.wait_for(answers.ask(b"GET / HTTP/1.1\r\n\r\n"), 1)


async def test_an_answer_that_is_none_ends_the_measurement() -> None:
    async with answering([b"HTTP/1.1 503 No\r\ncontent-length: 4\r\n\r\nbusy"]) as answers:
        with pytest.raises(RuntimeError, match="busy"):
            await answers.ask(b"GET / HTTP/1.1\r\n\r\n")


async def test_the_probe_tells_how_long_the_loop_was_held() -> None:
    transport = httpx.ASGITransport(app=Probed(PlainTextResponse("served")))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        assert (await client.get("/v1/products")).text == "served"
        await asyncio.sleep(0.01)
        time.sleep(0.1)  # noqa: ASYNC251 - what the probe is to find
        await asyncio.sleep(0.01)
        held = [Held(**(await client.get(ADDRESS)).json()) for _ in range(2)]
    assert held[0].max_ms >= 90 > held[1].max_ms


def test_a_ratio_says_how_many_times_as_long() -> None:
    results = [
        Result("pages", "listing", "rest", 1, rps=50),
        Result("pages", "listing", "SQL", 1, rps=200),
        Result("pages", "listing", "rest", 8, rps=60),
        Result("pages", "tree", "SQL", 1, rps=999),
    ]
    found = list(ratios(results, "listing", "rest", "SQL"))
    assert found == [Ratio("listing: rest / SQL, 1 at once", 4.0)]


def test_of_several_turns_the_median_is_told() -> None:
    rates = (50.0, 70.0, 60.0)
    turns = [[Result("pages", "tree", "rest", 1, rps=rate, sql=3)] for rate in rates]
    assert settled(turns) == [Result("pages", "tree", "rest", 1, rps=60.0, sql=3)]
    assert typical([Ratio("a / b", times)] for times in rates) == [Ratio("a / b", 60.0)]
