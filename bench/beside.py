"""What an import in the web process costs those who ask it meanwhile.

One process serves, imports, and has a timer every millisecond: as late as that comes, as long was
the event loop held, by us or by a machine that has too few processors for PostgreSQL, the server
and who measures it. Of latencies the worst few seconds of the import are told.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import files
from bench.copying import load
from bench.driver import Http, Measured, Task
from bench.place import Place, Server, database, drive, serving
from bench.probe import ADDRESS, Held
from bench.results import Findings, Ratio, Result
from catalog import db
from catalog.writes import tokens
from catalog.writes.synthetic.records import Size

SUITE = "beside"
REQUEST = b"GET /v1/products?limit=24 HTTP/1.1\r\nHost: shop.test\r\n\r\n"
IDLE, BESIDE = "idle", "beside an import"
# Products that are there before, for those who ask.
THERE = 500


@dataclass(frozen=True, slots=True)
class _Found:
    idle: Measured
    idle_held: Held
    beside: Measured
    beside_held: Held
    seconds: float


async def run(place: Place) -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        whole, begun = Path(folder) / "products.ndjson", Path(folder) / "first.ndjson"
        async with db.connected(place.settings, statement_timeout=0):
            await files.write_native(whole, Size(place.products))
        content = await asyncio.to_thread(whole.read_bytes)
        begun.write_bytes(b"\n".join(content.split(b"\n", THERE)[:-1]))
        async with database("bench_beside") as settings:
            await load(settings, begun)
            async with db.connected(settings):
                secret = await tokens.create("bench", scopes=["catalog:write"])
            with serving(settings, "bench.probe:probed") as server:
                found = await _measured(place, server, content, secret)
    return Findings(
        [
            _latency(IDLE, found.idle),
            _latency(BESIDE, found.beside),
            *_holding(IDLE, found.idle_held, found.idle.seconds),
            *_holding(BESIDE, found.beside_held, found.seconds),
            Result(SUITE, "import in the web process", "first", 1, place.products / found.seconds),
        ],
        [
            Ratio(
                f"p99 of /v1/products: {BESIDE} / {IDLE}",
                found.beside.p99_ms / found.idle.p99_ms,
            )
        ],
    )


async def _measured(place: Place, server: Server, content: bytes, secret: str) -> _Found:
    task = Task(Http(server.port, (REQUEST,)), concurrency=1, seconds=place.seconds)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{server.port}",
        headers={"Authorization": f"Bearer {secret}"},
        timeout=120,
    ) as client:
        await _held(client)
        idle, _ = await drive(task)
        idle_held = await _held(client)
        job = await _begun(client, content)
        begun = time.perf_counter()
        worst, state = Measured(0, 0, 0, 0, 0), "running"
        while state == "running":
            measured, _ = await drive(task)
            worst = max(worst, measured, key=lambda each: each.p99_ms)
            state = (await client.get(job)).json()["state"]
        seconds = time.perf_counter() - begun
        if state != "done":
            raise RuntimeError(f"the import is {state}")
        return _Found(idle, idle_held, worst, await _held(client), seconds)


async def _begun(client: httpx.AsyncClient, content: bytes) -> str:
    """The address of the job, once it runs: without a worker that takes a while."""
    kind = {"Content-Type": "application/x-ndjson"}
    answer = await client.post("/v1/imports", content=content, headers=kind)
    answer.raise_for_status()
    address: str = answer.json()["links"]["self"]
    while True:
        if (await client.get(address)).json()["state"] != "queued":
            return address
        await asyncio.sleep(0.1)


async def _held(client: httpx.AsyncClient) -> Held:
    return Held(**(await client.get(ADDRESS)).json())


def _latency(variant: str, measured: Measured) -> Result:
    return Result(
        SUITE,
        "/v1/products?limit=24",
        variant,
        concurrency=1,
        rps=measured.answers / measured.seconds,
        p50_ms=measured.p50_ms,
        p99_ms=measured.p99_ms,
    )


def _holding(variant: str, held: Held, seconds: float) -> tuple[Result, Result]:
    told = SUITE, "event loop held", variant, 1, held.timers / seconds
    busy = SUITE, "event loop busy, processor time", variant, 1, held.timers / seconds
    return (
        Result(*told, p50_ms=held.p50_ms, p99_ms=held.p99_ms, max_ms=held.max_ms),
        Result(*busy, max_ms=held.busy_ms),
    )
