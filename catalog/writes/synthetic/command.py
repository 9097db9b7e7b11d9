"""`catalog generate`: how a synthetic catalog is asked for, and how far it has come."""

import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog import console
from catalog.writes import generate as generating


def generate(
    products: Annotated[int, typer.Option(min=1, help="How many.")] = 1_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same catalog.")] = 1,
    add: Annotated[bool, typer.Option(help="Also where there is a catalog already.")] = False,
) -> None:
    """Fill the database with a synthetic catalog of any size."""
    begun = time.perf_counter()
    with Shown() as shown:
        counts = console.run(
            lambda: generating.generate(
                products=products, seed=seed, add=add, progress=shown.progress
            )
        )
    seconds = time.perf_counter() - begun
    rows = sum(counts.values())
    typer.echo(
        f"{products:,} products, {counts['variant']:,} variants and {counts['price']:,} prices"
        f" in {seconds:.1f} s ({rows / seconds:,.0f} rows a second)"
    )


class Shown:
    """A bar on a terminal, a line for every tenth elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("products"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("products", total=None)
        self._tenths = 0

    def __enter__(self) -> "Shown":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def progress(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)
        tenths = 10 * done // total
        if self._bar.disable and tenths > self._tenths:
            self._console.print(f"{done} of {total} products")
        self._tenths = tenths
