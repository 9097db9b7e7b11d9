"""What became of an import, for people to read, and every finding of it as CSV."""

import csv
import time
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.errors import FileRefused
from catalog.files.importing import Finding, Report
from catalog.writes.counts import Counts

_SHOWN = 20
_EVERY = 5.0
_STAGES = {"read": "Reading", "check": "Checking", "write": "Writing"}
_HEADER = ("file", "line", "column", "value", "severity", "code", "message")


class Shown:
    """A bar on a terminal; elsewhere a line now and then."""

    def __init__(self, console: Console, file: Path) -> None:
        self._console = console
        self._file = file.name
        self._said, self._stage = time.monotonic(), "read"
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("products"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task(f"Reading {escape(self._file)}", total=None)

    def __enter__(self) -> "Shown":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def progress(self, stage: str, done: int, total: int) -> None:
        """`total` is 0 as long as nobody knows it."""
        what = f"{_STAGES[stage]} {self._file}"
        self._bar.update(self._task, description=escape(what), completed=done, total=total or None)
        now = time.monotonic()
        if self._console.is_terminal or now - self._said < _EVERY:
            return
        self._said = now
        of = f" of {total:,}" if total else ""
        self._console.print(f"{what}: {done:,}{of} products", markup=False, highlight=False)


def head(console: Console, file: Path) -> None:
    """Whose findings follow, where several files are told of."""
    console.print(f"[bold]{escape(file.name)}[/bold]", highlight=False, soft_wrap=True)


def show(console: Console, report: Report, *, dry_run: bool) -> None:
    for finding in _first(report.findings):
        _line(console, finding)
    hidden = len(report.findings) - _SHOWN
    if hidden > 0:
        console.print(f"… and {hidden:,} more; --report FILE.csv keeps all of them")
    if report.counts and not (report.errors and not report.written):
        console.print(_counts(report))
    _verdict(console, report, dry_run=dry_run)


def save(path: Path, reports: Iterable[Report]) -> None:
    """Every finding of every file, a row each. Raises FileRefused where it cannot be written."""
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise FileRefused(f"{path}: the report cannot be written: {error.strerror}") from None
    with file:
        rows = csv.writer(file)
        rows.writerow(_HEADER)
        for report in reports:
            rows.writerows(
                (report.file.name, f.line, f.column, f.value, _severity(f), f.code, f.message)
                for f in report.findings
            )


def _first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Errors before warnings, each in the order of the file."""
    return sorted(findings, key=lambda finding: finding.warning)[:_SHOWN]


def _line(console: Console, finding: Finding) -> None:
    colour = "yellow" if finding.warning else "red"
    value = "" if finding.value is None else f" [bold]“{escape(_visible(finding.value))}”[/bold]"
    column = f", [cyan]{escape(finding.column)}[/cyan]" if finding.column else ""
    console.print(
        f"[{colour}]{_severity(finding)}[/{colour}] line {finding.line}{column}:{value}"
        f" {escape(finding.message)}",
        highlight=False,
        soft_wrap=True,
    )


def _visible(value: str) -> str:
    return value.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")


def _counts(report: Report) -> Table:
    table = Table("", "created", "updated", "unchanged", "left out", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for noun, counts in report.counts.items():
        numbers = (counts.created, counts.updated, counts.unchanged, counts.skipped)
        if any(numbers):
            table.add_row(noun.replace("_", " "), *(f"{number:,}" for number in numbers))
    return table


def _verdict(console: Console, report: Report, *, dry_run: bool) -> None:
    errors, warnings = len(report.errors), len(report.findings) - len(report.errors)
    found = f"{_many(errors, 'error')}, {_many(warnings, 'warning')}"
    name = escape(report.file.name)
    if errors and not report.written and not dry_run:
        said = "nothing was written; mend the rows, or leave them out with --on-error skip"
        console.print(f"[red]{name}: {found}; {said}[/red]", highlight=False, soft_wrap=True)
        return
    noun, counts = _foremost(report)
    number = counts.created + counts.updated + counts.unchanged
    rate = f"{number / report.seconds:,.0f} a second" if report.seconds else ""
    tried = "would be imported (dry run: nothing was written)" if dry_run else "imported"
    if not counts.created and not counts.updated:
        tried = "unchanged (dry run)" if dry_run else "unchanged"
    console.print(
        f"[green]{name}[/green] ({report.format}): {_many(number, noun)} {tried} in "
        f"{report.seconds:.1f} s, {rate}; {found}",
        highlight=False,
        soft_wrap=True,
    )


def _foremost(report: Report) -> tuple[str, Counts]:
    """What the file is about: its products, or else what it has most of."""
    products = report.counts.get("product", Counts())
    if products != Counts() or not report.counts:
        return "product", products
    noun = max(report.counts, key=lambda noun: sum(astuple(report.counts[noun])))
    return noun.replace("_", " "), report.counts[noun]


def _many(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what[:-1]}ies" if what.endswith("y") else f"{number:,} {what}s"


def _severity(finding: Finding) -> str:
    return "warning" if finding.warning else "error"
