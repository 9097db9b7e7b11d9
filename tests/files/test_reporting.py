"""What an import says while it runs and when it is done."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from catalog.files import reporting
from catalog.files.importing import Finding, Report
from catalog.writes.counts import Counts

FILE = Path("shop [new].csv")


def _console(*, terminal: bool = False) -> tuple[Console, io.StringIO]:
    screen = io.StringIO()
    return Console(file=screen, force_terminal=terminal, width=200), screen


def _report(*findings: Finding, written: bool = True, **counts: Counts) -> Report:
    return Report(FILE, "Shopify", counts, findings, written, 2.0)


def test_elsewhere_than_on_a_terminal_progress_is_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "_EVERY", 0.0)
    console, screen = _console()
    with reporting.Shown(console, FILE) as shown:
        shown.progress("read", 1500, 0)
        shown.progress("write", 1000, 1500)
    assert screen.getvalue().splitlines() == [
        "Reading shop [new].csv: 1,500 products",
        "Writing shop [new].csv: 1,000 of 1,500 products",
    ]


def test_on_a_terminal_progress_is_a_bar() -> None:
    console, screen = _console(terminal=True)
    with reporting.Shown(console, FILE) as shown:
        shown.progress("write", 1000, 1500)
    assert "1000/1500" in screen.getvalue()


def test_errors_come_before_warnings_and_the_rest_is_counted() -> None:
    warnings = [Finding(n, "SKU", "a\nb", "X", "is odd", True) for n in range(1, 31)]
    error = Finding(40, "Price", "[cheap]", "X", "is no number", False)
    console, screen = _console()
    reporting.show(console, _report(*warnings, error, written=False), dry_run=False)
    lines = screen.getvalue().splitlines()
    assert lines[0] == "error line 40, Price: “[cheap]” is no number"
    assert lines[1] == "warning line 1, SKU: “a\\nb” is odd"
    assert lines[20] == "… and 11 more; --report FILE.csv keeps all of them"
    assert "1 error, 30 warnings; nothing was written" in lines[21]


@pytest.mark.parametrize(
    ("products", "dry_run", "said"),
    [
        (Counts(created=3), False, "3 products imported in 2.0 s, 2 a second"),
        (Counts(unchanged=1), False, "1 product unchanged in 2.0 s"),
        (Counts(updated=3), True, "would be imported (dry run: nothing was written)"),
    ],
)
def test_the_verdict_says_what_became_of_the_products(
    products: Counts, dry_run: bool, said: str
) -> None:
    console, screen = _console()
    report = _report(written=not dry_run, product=products, brand=Counts(unchanged=2))
    reporting.show(console, report, dry_run=dry_run)
    assert said in screen.getvalue()
    assert "brand" in screen.getvalue()


def test_the_verdict_on_a_file_of_other_things_is_about_them() -> None:
    console, screen = _console()
    counts = {"category": Counts(created=482), "channel": Counts(created=1), "product": Counts()}
    reporting.show(console, _report(**counts), dry_run=False)
    assert "482 categories imported in 2.0 s, 241 a second" in screen.getvalue()
