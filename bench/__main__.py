"""`python -m bench`: the usual suites, or those that are named."""

import asyncio
from itertools import chain
from typing import Annotated

import typer

from bench import beside, bulk, graphql, growth, imports, kept, pages, results, search
from bench.place import filled
from bench.results import Findings

app = typer.Typer(pretty_exceptions_enable=False)
USUAL = (pages, graphql, kept, search, imports, bulk, beside)
# With ten times as many products, growth takes minutes before it begins.
SUITES = {suite.SUITE: suite for suite in (*USUAL, growth)}

Products = Annotated[int, typer.Option(min=100, help="How many to measure with.")]
Full = Annotated[bool, typer.Option("--full", help="50,000 products, and looking longer.")]
Suites = Annotated[
    list[str] | None,
    typer.Argument(help=f"Of {', '.join(SUITES)}; all but the last where none is named."),
]


@app.command()
def main(suites: Suites = None, products: Products = 5_000, full: Full = False) -> None:
    """Measure the catalog on this machine, beside what PostgreSQL alone takes."""
    chosen = suites or [suite.SUITE for suite in USUAL]
    size, seconds = (50_000, 10.0) if full else (products, 3.0)
    findings = asyncio.run(_measured(chosen, size, seconds=seconds))
    results.write(findings.results)
    results.show(findings)


async def _measured(suites: list[str], products: int, *, seconds: float) -> Findings:
    async with filled(products, seconds=seconds) as place:
        found = [await SUITES[name].run(place) for name in suites]
    return Findings(
        list(chain.from_iterable(each.results for each in found)),
        list(chain.from_iterable(each.ratios for each in found)),
    )


if __name__ == "__main__":
    app()
