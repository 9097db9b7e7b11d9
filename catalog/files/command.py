"""`catalog import`: how catalog files are handed in, and what is said of them."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from catalog import console, settings
from catalog.errors import FileRefused
from catalog.files import importing, reporting
from catalog.files.formats import Format
from catalog.files.importing import Order, Report
from catalog.files.mapping import suggestion
from catalog.files.text import open_text

# A paragraph is one line: the terminal breaks it where it needs to.
_HELP = "\n\n".join(
    (
        "Import catalog files: Shopify and WooCommerce product CSV, our own CSV and NDJSON, and "
        "any other CSV, JSON or JSON Lines with a mapping.",
        "The format is told by what is in the file, which may be packed (.xz, .gz), in any "
        "encoding, with any of the usual delimiters. Every record is checked first, and one error "
        "means that nothing of the file is written. The same file again changes nothing. Files "
        "are loaded one after the other in the order given, so put first what others refer to.",
        "Exit code 0: imported, or would be with --dry-run. 1: there were errors, and nothing was "
        "written. 2: a file cannot be read, or an option is wrong.",
        "\b\ncatalog import products_export.csv --currency EUR --dry-run\n"
        "catalog import supplier.csv --suggest-mapping supplier.yaml\n"
        "catalog import supplier.csv --mapping supplier.yaml --on-error skip --report left.csv",
    )
)

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Files, in this order.")]
Mapping = Annotated[
    Path | None, typer.Option(help="YAML that says which column is which field: docs/mapping.md.")
]
Suggest = Annotated[
    Path | None,
    typer.Option(help="Write a first mapping for the file here, and import nothing. - shows it."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]
OnError = Annotated[
    Literal["abort", "skip"],
    typer.Option(help="abort: one error and nothing is written. skip: leave such products out."),
]
Currency = Annotated[
    str | None,
    typer.Option(help="Of prices that name none; the channel's own unless said.", metavar="EUR"),
]
Channel = Annotated[
    str | None,
    typer.Option(help="Where the products are sold; the default channel unless said."),
]
AsFormat = Annotated[Format | None, typer.Option("--format", help="When it is not recognised.")]
Encoding = Annotated[str | None, typer.Option(help="When it is not recognised, such as cp1252.")]
Findings = Annotated[
    Path | None, typer.Option(help="Write all errors and warnings here, as CSV.", metavar="CSV")
]


def import_(
    files: Files,
    mapping: Mapping = None,
    suggest_mapping: Suggest = None,
    dry_run: DryRun = False,
    on_error: OnError = "abort",
    currency: Currency = None,
    channel: Channel = None,
    format: AsFormat = None,
    encoding: Encoding = None,
    report: Findings = None,
) -> None:
    if suggest_mapping is not None:
        _suggest(files[0], suggest_mapping, encoding)
        return
    if report is not None:
        reporting.save(report, ())
    order = Order(mapping, format, encoding, currency, channel, on_error, dry_run)
    reports: list[Report] = []
    try:
        console.run(lambda: _load(files, order, reports))
    finally:
        if report is not None:
            reporting.save(report, reports)
    if any(each.errors and not each.written for each in reports):
        raise typer.Exit(1)


import_.__doc__ = _HELP


async def _load(files: list[Path], order: Order, reports: list[Report]) -> None:
    """One after the other, and none after one that failed: it may miss what that one had."""
    screen = Console(stderr=True)
    for file in files:
        if len(files) > 1:
            reporting.head(screen, file)
        with reporting.Shown(screen, file) as shown:
            report = await importing.load(file, order, settings.current(), shown.progress)
        reports.append(report)
        reporting.show(screen, report, dry_run=order.dry_run)
        if report.errors and not report.written and not order.dry_run:
            return


def _suggest(file: Path, to: Path, encoding: str | None) -> None:
    text = suggestion.suggest(open_text(file, encoding=encoding))
    if str(to) == "-":
        typer.echo(text, nl=False)
        return
    if to.exists():
        raise FileRefused(f"{to} is there already; choose another name for the mapping")
    to.write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {to}; read it, correct it, then: catalog import {file} --mapping {to}")
