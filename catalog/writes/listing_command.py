"""`catalog listing`: the read model of lists and searches made anew, or compared."""

import time

import typer

from catalog import console
from catalog.writes import listing
from catalog.writes.synthetic.command import Shown

app = typer.Typer(
    help="What lists and searches read: product by product, in every channel and currency.",
    no_args_is_help=True,
)

_SHOWN = 20


@app.command()
def rebuild() -> None:
    """Make all of it anew, a thousand products at a time; readers go on meanwhile.

    Needed after CATALOG_LOCALE was changed, or after a restore without its rows.

    catalog listing rebuild
    """
    begun = time.perf_counter()
    with Shown() as shown:
        count = console.run(lambda: listing.rebuild(shown.progress))
    typer.echo(f"{count:,} products in {time.perf_counter() - begun:.1f} s")


@app.command()
def check() -> None:
    """Compare it with what it should be; exit code 1 where anything differs.

    catalog listing check
    """
    with Shown() as shown:
        different = console.run(lambda: listing.check(shown.progress))
    if not different:
        typer.echo("0 differences")
        return
    some = ", ".join(map(str, different[:_SHOWN]))
    more = f" and {len(different) - _SHOWN:,} more" if len(different) > _SHOWN else ""
    typer.secho(
        f"{len(different):,} products differ (ids {some}{more}); run catalog listing rebuild",
        fg="red",
        err=True,
    )
    raise typer.Exit(1)
