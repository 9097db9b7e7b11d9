"""`python -m bench.quality`: how many of real queries a search answers, and how many misspelt ones.

A query gets one mistake in one of its words, drawn with a seed: right is what then still has the
product in it that the query itself found first.
"""

import asyncio
import lzma
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.place import database
from catalog import db
from catalog.context import ANONYMOUS, Context
from catalog.files import importing
from catalog.files.importing import Order
from catalog.paging import Paging
from catalog.reads import contexts, products, query, words
from catalog.settings import Settings

REAL = Path(os.environ.get("CATALOG_REAL_DATA", ".")) / "bestbuy"
MAPPING = Path(__file__).parents[1] / "docs" / "examples" / "bestbuy.yaml"
# Who types three letters has hardly a letter to be told from.
LETTERS = 4
MISTAKES = ("substitution", "deletion", "insertion", "transposition")
PLACES = (1, 3, 10)
SHOWN = 20

File = Annotated[Path, typer.Argument(help="Products.")]
Queries = Annotated[
    Path, typer.Argument(help="A JSON list of objects with `query` and its `popularity`.")
]
Mapped = Annotated[Path, typer.Option(help="How the products are read.")]

app = typer.Typer(pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Missed:
    """A query that found nothing, and the words of it that no product has."""

    query: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """`places` are by mistake how often what was first is among the first 1, 3, 10; `tried` how
    often it was made."""

    queries: int
    found: int
    missed: Sequence[Missed]
    tried: Mapping[str, int]
    places: Mapping[str, Mapping[int, int]]


@app.command()
def main(
    file: File = REAL / "typesense-ecommerce.json.xz",
    queries: Queries = REAL / "algolia-query-suggestions.json.xz",
    mapping: Mapped = MAPPING,
    database_url: Annotated[str | None, typer.Option(help="Where they are already.")] = None,
    seed: int = 1,
    missed: Annotated[bool, typer.Option("--missed", help="Every query without a result.")] = False,
) -> None:
    """Import products, ask every query, and ask it again with a mistake."""
    with lzma.open(queries) as listed:
        asked = [each["query"] for each in orjson.loads(listed.read())]
    found = asyncio.run(
        _there(Settings(database_url=database_url), asked, seed)
        if database_url
        else _imported(file, mapping, asked, seed)
    )
    show(found, all_missed=missed)


async def _imported(file: Path, mapping: Path, queries: Sequence[str], seed: int) -> Quality:
    async with imported("bench_quality", file, mapping) as settings:
        return await _there(settings, queries, seed)


@asynccontextmanager
async def imported(name: str, file: Path, mapping: Path) -> AsyncIterator[Settings]:
    """A database of that name with the products of the file."""
    async with database(name) as settings:
        async with db.connected(settings, statement_timeout=0):
            order = Order(mapping=mapping)
            report = await importing.load(file, order, settings, lambda stage, done, total: None)
        if not report.written:
            raise SystemExit(f"{file}: {report.errors[0]}")
        yield settings


async def _there(settings: Settings, queries: Sequence[str], seed: int) -> Quality:
    async with db.connected(settings, statement_timeout=0):
        return await judge(await contexts.resolve(ANONYMOUS), queries, seed=seed)


async def judge(ctx: Context, queries: Sequence[str], *, seed: int) -> Quality:
    random = Random(seed)
    missed: list[Missed] = []
    tried: Counter[str] = Counter()
    places: dict[str, Counter[int]] = {mistake: Counter() for mistake in MISTAKES}
    for asked in queries:
        first = await _found(ctx, asked, 1)
        if not first:
            missed.append(Missed(asked, await _unknown(ctx, asked)))
            continue
        mistake = random.choice(MISTAKES)
        misspelt = mistaken(asked, mistake, random)
        if misspelt is None:
            continue
        tried[mistake] += 1
        found = await _found(ctx, misspelt, max(PLACES))
        for most in PLACES:
            places[mistake][most] += first[0] in found[:most]
    return Quality(len(queries), len(queries) - len(missed), missed, tried, places)


async def _found(ctx: Context, asked: str, most: int) -> list[int]:
    async with db.snapshot():
        page = await products.page(ctx, search=asked, paging=Paging(first=most))
    return [product.id for product in page.items]


async def _unknown(ctx: Context, asked: str) -> tuple[str, ...]:
    """Served by search_text_document_idx."""
    unknown = []
    for word in (await words.understand(ctx, asked)).words:
        stems = "plainto_tsquery(catalog_text_config(''), :word)"
        sql = f"SELECT EXISTS (SELECT FROM search_text AS s WHERE s.document @@ {stems}) AS known"
        (row,) = await query.fetch(ctx, sql, word=word.text)
        if not row["known"]:
            unknown.append(word.text)
    return tuple(unknown)


def mistaken(asked: str, mistake: str, random: Random) -> str | None:
    """With one mistake in one word of at least four letters; None where there is no such word."""
    typed = asked.split()
    long = [n for n, word in enumerate(typed) if len(word) >= LETTERS and word.isalnum()]
    if not long:
        return None
    n = random.choice(long)
    typed[n] = _mistake(typed[n], mistake, random)
    return " ".join(typed)


def _mistake(word: str, mistake: str, random: Random) -> str:
    at = random.randrange(len(word))
    letter = random.choice(ascii_lowercase.replace(word[at], ""))
    match mistake:
        case "substitution":
            return word[:at] + letter + word[at + 1 :]
        case "deletion":
            return word[:at] + word[at + 1 :]
        case "insertion":
            return word[:at] + letter + word[at:]
    # Of two different letters: the same word twice is no mistake.
    pairs = [n for n in range(len(word) - 1) if word[n] != word[n + 1]] or [0]
    at = random.choice(pairs)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def show(found: Quality, *, all_missed: bool) -> None:
    console = Console(width=110)
    console.print(
        f"{found.found:,} of {found.queries:,} queries have a result"
        f" ({found.found / found.queries:.1%})"
    )
    table = Table("one mistake", "queries", *(f"in the first {most}" for most in PLACES))
    every = sum(found.tried.values())
    for mistake in MISTAKES:
        table.add_row(*_row(mistake, found.tried[mistake], found.places[mistake]))
    together = {most: sum(found.places[each][most] for each in MISTAKES) for most in PLACES}
    table.add_row(*_row("any", every, together))
    console.print(table)
    lacking = [each for each in found.missed if each.words]
    console.print(
        f"Without a result: {len(lacking):,} have a word that no product has,"
        f" of {len(found.missed) - len(lacking):,} no product has all the words"
    )
    unknown = Counter(word for each in found.missed for word in each.words)
    console.print("Words that no product has:", dict(unknown.most_common(SHOWN)))
    if all_missed:
        for each in found.missed:
            console.print(each.query, each.words or "")


def _row(name: str, tried: int, places: Mapping[int, int]) -> Sequence[str]:
    shares = (f"{places[most] / tried:.1%}" if tried else "" for most in PLACES)
    return (name, f"{tried:,}", *shares)


if __name__ == "__main__":
    app()
