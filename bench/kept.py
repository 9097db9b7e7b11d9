"""Answers that are kept, against an ASGI function that sends the same bytes under the same server:
a listing page by GraphQL (POST and GET), by REST, and as 304; without Redis and with one."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from shutil import which
from socket import create_connection
from urllib.parse import urlencode

import httpx

from bench.bare import BODY
from bench.pages import FULLEST, LISTING, LISTING_INCLUDES, Question, asked, graphql
from bench.place import Place, Server, free_port, in_turns, serving
from bench.results import TURNS, Findings, Ratio, Result, settled, typical
from catalog import db, ids

SUITE = "kept"
CONCURRENCY = (8, 64)
BARE = "bare"
NOT_KEPT, MISSED = "not kept", "looked for"
# Of pages that a megabyte holds about fifteen of.
NEW = 2_000
CATEGORIES = """
SELECT category_id AS id, count(*) FROM product_category GROUP BY category_id
HAVING count(*) >= 24 ORDER BY category_id LIMIT 64
"""


async def _questions() -> list[Question]:
    (fullest,) = await db.fetch(FULLEST)
    category = ids.encode("Category", fullest["id"])
    post = graphql("", LISTING, category=category)
    told = urlencode({"query": LISTING, "variables": f'{{"category": "{category}"}}'})
    preflight = {"GraphQL-Require-Preflight": "1"}
    rest = f"/v1/products?category=id:{category}&limit=24&include={LISTING_INCLUDES}"
    return [
        replace(post, variant="graphql POST"),
        Question("", "graphql GET", "GET", f"/graphql?{told}", headers=preflight),
        Question("", "rest", "GET", rest),
    ]


async def run(place: Place) -> Findings:
    async with db.connected(place.settings):
        questions = await _questions()
    place = in_turns(place)
    turns: list[list[Result]] = [[] for _ in range(TURNS)]
    with tempfile.TemporaryDirectory() as folder, redis() as url:
        for workload, found in {"without Redis": None, "with Redis": url}.items():
            if workload == "with Redis" and url is None:
                continue
            environment = {"REDIS_URL": found} if found else {}
            with serving(place.settings, cached=True, environment=environment) as server:
                for question in questions:
                    await _measured(place, server, workload, question, Path(folder), turns)
    missed = await _missed(place)
    shares, dearer = typical(map(_shares, turns)), typical(map(_dearer, missed))
    return Findings([*settled(turns), *settled(missed)], [*shares, *dearer])


async def _missed(place: Place) -> list[list[Result]]:
    """Questions of which each is new, as far as a megabyte can tell: what looking and keeping cost
    who finds nothing, in processor time."""
    async with db.connected(place.settings):
        categories = [row["id"] for row in await db.fetch(CATEGORIES)]
    # A variable that no document declares makes a question of its own.
    pages = [
        graphql("", LISTING, category=ids.encode("Category", id), asked=turn)
        for turn in range(NEW // len(categories))
        for id in categories
    ]
    turns: list[list[Result]] = [[] for _ in range(TURNS)]
    with (
        serving(place.settings, cached=True, environment={"CACHE_MEMORY": "0"}) as bare,
        serving(place.settings, cached=True, environment={"CACHE_MEMORY": "1"}) as looking,
    ):
        for turn in turns:
            for variant, server in ((NOT_KEPT, bare), (MISSED, looking)):
                named = SUITE, "a miss", variant
                turn.append(await asked(*named, server, pages, None, 8, place.seconds))
    return turns


def _dearer(missed: list[Result]) -> list[Ratio]:
    cpu = {each.variant: each.cpu_ms or 0.0 for each in missed}
    return [Ratio("a miss: processor time / not kept at all", cpu[MISSED] / cpu[NOT_KEPT])]


async def _measured(
    place: Place,
    server: Server,
    workload: str,
    question: Question,
    folder: Path,
    turns: list[list[Result]],
) -> None:
    """The answer kept, the answer of the bare function, and, by GET, that nothing has changed."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        told = {**question.headers, "Accept-Encoding": "identity"}
        if question.body:
            told["Content-Type"] = "application/json"
        for _ in range(2):
            answer = await client.request(
                question.method, question.path, headers=told, content=question.body or None
            )
    if "hit" not in answer.headers["cache-status"]:
        raise RuntimeError(f"{question.variant} is not kept: {answer.text[:500]}")
    file = folder / "body"
    file.write_bytes(answer.content)
    with serving(place.settings, "bench.bare:application", environment={BODY: str(file)}) as bare:
        for concurrency, turn in product(CONCURRENCY, turns):
            for variant, at, tag in (
                (question.variant, server, ""),
                (f"{question.variant}, 304", server, answer.headers["etag"]),
                (f"{question.variant}, {BARE}", bare, ""),
            ):
                if tag and question.method == "POST":
                    continue
                headers = {**question.headers, **({"If-None-Match": tag} if tag else {})}
                sent = [replace(question, headers=headers)]
                named = SUITE, workload, variant
                turn.append(await asked(*named, at, sent, None, concurrency, place.seconds))


def _shares(results: list[Result]) -> list[Ratio]:
    """How many answers of the bare function's there are in the same time."""
    rates = {(r.workload, r.variant, r.concurrency): r.rps for r in results}
    return [
        Ratio(f"{workload}: share of bare, {variant}, {concurrency} at once", rate / bare)
        for (workload, variant, concurrency), rate in rates.items()
        if (bare := rates.get((workload, f"{variant.split(',')[0]}, {BARE}", concurrency)))
        and not variant.endswith(BARE)
    ]


@contextmanager
def redis() -> Iterator[str | None]:
    """A server that keeps nothing on the disk, where there is one on the PATH."""
    program = which("redis-server")
    if program is None:
        yield None
        return
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with suppress(OSError), create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
