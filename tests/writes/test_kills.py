"""A bulk write that is killed anywhere and repeated ends as one that nobody disturbed, and readers
see each product meanwhile as it was or as it will be.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from factories import lamp, shop, variant

from catalog import db
from catalog.context import Principal
from catalog.files import exporting
from catalog.files.exporting import Export
from catalog.reads.product_lists import EVERYTHING
from catalog.settings import Settings
from catalog.writes.inputs import MediaInput, PriceInput, Record, TranslationInput

pytestmark = pytest.mark.usefixtures("clean")

COLORS = ("red", "blue")
VERSIONS = """
SELECT p.slug, p.version, array_agg(v.version ORDER BY v.sku) AS variants
FROM product p JOIN variant v ON v.product_id = p.id GROUP BY p.id
"""
ROWS = """
SELECT (SELECT count(*) FROM product) AS product, (SELECT count(*) FROM variant) AS variant,
    (SELECT count(*) FROM price) AS price, (SELECT count(*) FROM stock_level) AS stock,
    (SELECT count(*) FROM product_media) AS media, (SELECT count(*) FROM attribute_value) AS value
"""
REST = "/v1/products?limit=50&sort={sort}&include=variants.prices,attributes,media"
GRAPHQL = """
query ($after: String) {
  products(first: 25, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      name
      media { alt }
      attributes { values }
      variants(first: 9) { nodes { name prices { amount { amount } } } }
    }
  }
}
"""


def edition(size: int, number: int) -> list[Record]:
    """The shop, and lamps of which everything tells the edition."""
    return [*shop(), *(_lamp(f"lamp-{n:05}", number) for n in range(size))]


def _lamp(slug: str, number: int) -> Record:
    price = PriceInput(amount=f"{number}.00", currency="EUR")
    more = PriceInput(amount=f"{number}.00", currency="EUR", min_quantity=10)
    return lamp(
        slug,
        name=f"Edition {number}",
        media=(MediaInput(url=f"/{slug}.svg", alt=f"Edition {number}"),),
        attributes={"power": number},
        translations={"de": TranslationInput(name=f"Ausgabe {number}")},
        variants=tuple(
            variant(f"{slug}-{color}", color, name=f"Edition {number}", prices=(price, more))
            for color in COLORS
        ),
    )


def write(file: Path, records: Sequence[Record]) -> Path:
    sent = ({"record": r.record} | r.model_dump(mode="json", exclude_unset=True) for r in records)
    file.write_text("".join(json.dumps(record) + "\n" for record in sent))
    return file


@dataclass
class Import:
    """A process that imports `file`. Killed, it dies within whatever statement it is at."""

    file: Path
    chunk: int
    settings: Settings

    async def run(self, *, kill_after: float | None = None) -> float:
        """Seconds that it took, from when it began to load."""
        tests = Path(__file__).parent
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(tests / "killed_import.py"), str(self.file), str(self.chunk)),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"DATABASE_URL": str(self.settings.database_url)},
        )
        assert process.stdout
        assert await process.stdout.readline() == b"begun\n"
        begun = time.perf_counter()
        if kill_after is not None:
            await asyncio.sleep(kill_after)
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
        assert await process.wait() in (0, -signal.SIGKILL if kill_after is not None else 0)
        return time.perf_counter() - begun


async def export() -> bytes:
    ctx = await exporting.context(Principal(scopes=frozenset({"catalog:read"})))
    asked = Export(ctx, EVERYTHING, listed=False, shop="https://shop.test")
    async with aclosing(exporting.pieces("ndjson", asked)) as pieces:
        return b"".join([piece async for piece in pieces])


async def versions() -> dict[str, list[int]]:
    found = await db.fetch(VERSIONS)
    return {row["slug"]: [row["version"], *row["variants"]] for row in found}


async def rows() -> dict[str, int]:
    return dict((await db.fetch(ROWS))[0])


@dataclass
class Readers:
    """Both faces, asked again and again. `torn` are products of more than one edition."""

    client: httpx.AsyncClient
    answers: int = 0
    torn: list[Any] = field(default_factory=list)

    async def rest(self) -> None:
        for sort in ("name", "-name", "newest"):
            response = await self.client.get(REST.format(sort=sort))
            assert response.status_code == 200, response.text
            for item in response.json()["items"]:
                self._look(
                    [item["name"], *(medium["alt"] for medium in item["media"])],
                    [attribute["values"] for attribute in item["attributes"]],
                    [
                        (each["name"], [price["amount"] for price in each["prices"]])
                        for each in item["variants"]["items"]
                    ],
                    item,
                )

    async def graphql(self) -> None:
        after = None
        for _ in range(3):
            sent = {"query": GRAPHQL, "variables": {"after": after}}
            answer = (await self.client.post("/graphql", json=sent)).json()
            assert "errors" not in answer, answer
            page = answer["data"]["products"]
            for node in page["nodes"]:
                self._look(
                    [node["name"], *(medium["alt"] for medium in node["media"])],
                    [attribute["values"] for attribute in node["attributes"]],
                    [
                        (each["name"], [price["amount"]["amount"] for price in each["prices"]])
                        for each in node["variants"]["nodes"]
                    ],
                    node,
                )
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return

    def _look(
        self,
        texts: list[str],
        values: list[list[str]],
        variants: list[tuple[str, list[str]]],
        shown: Any,
    ) -> None:
        """All there, and all of one edition."""
        number = texts[0].removeprefix("Edition ")
        whole = (
            texts == [f"Edition {number}"] * 2
            and values == [[number]]
            and variants == [(f"Edition {number}", [f"{number}.00"] * 2)] * len(COLORS)
        )
        self.answers += 1
        if not whole:
            self.torn.append(shown)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async def again() -> None:
            while True:
                await self.rest()
                await self.graphql()
                await asyncio.sleep(0.2)

        task = asyncio.create_task(again())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                await task


async def kill_and_repeat(
    folder: Path, settings: Settings, client: httpx.AsyncClient, *, size: int, points: int
) -> None:
    chunk = max(size // 10, 10)
    readers, chance = Readers(client), random.Random(3)
    first = Import(write(folder / "0.ndjson", edition(size, 1)), chunk, settings)
    seconds = await first.run()
    counted, before = await rows(), await versions()
    assert counted["product"] == size
    assert set(map(tuple, before.values())) == {(1, 1, 1)}
    async with readers.running():
        for point in range(points):
            # The stretches of the run one after the other, each at a random place in it.
            moment = seconds * 1.05 * (point + chance.random()) / points
            file = write(folder / f"{point + 1}.ndjson", edition(size, point + 2))
            load = Import(file, chunk, settings)
            await load.run(kill_after=moment)
            seconds = max(await load.run(), 0.8 * seconds)
            assert await rows() == counted
            now = await versions()
            # Each product was changed once, with its variants, before the kill or after it.
            assert now == {slug: [n + 1 for n in each] for slug, each in before.items()}
            before = now
            disturbed = await export()
            assert f'"Edition {point + 1}"'.encode() not in disturbed
    assert readers.torn == []
    assert readers.answers > size
    await _undisturbed(load, disturbed)


async def _undisturbed(load: Import, disturbed: bytes) -> None:
    """The last file alone, into an empty database."""
    async with db.unit_of_work() as connection:
        await connection.execute("TRUNCATE product, brand, category, channel, media CASCADE")
        await connection.execute("TRUNCATE attribute, product_type, stock_location CASCADE")
    await load.run()
    assert await export() == disturbed


async def test_a_load_killed_anywhere_and_repeated_is_as_if_undisturbed(
    tmp_path: Path, settings: Settings, client: httpx.AsyncClient
) -> None:
    await kill_and_repeat(tmp_path, settings, client, size=100, points=4)


@pytest.mark.soak
async def test_a_large_load_killed_at_twenty_points(
    tmp_path: Path, settings: Settings, client: httpx.AsyncClient
) -> None:
    await kill_and_repeat(tmp_path, settings, client, size=3_000, points=20)
