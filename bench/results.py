"""What was measured, as a table for people and as JSON for comparisons between releases."""

import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

OUT = Path(__file__).parent / "out" / "results.json"


@dataclass(frozen=True, slots=True)
class Result:
    """`rps` is answers a second, in imports products a second; `cpu_ms` the time on a processor
    that one of them takes in our process, without PostgreSQL's; `sql` the statements of one."""

    suite: str
    workload: str
    variant: str
    concurrency: int
    rps: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    cpu_ms: float | None = None
    sql: int | None = None
    rss_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the one costs what the other does."""

    what: str
    times: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What a suite has to tell."""

    results: Sequence[Result]
    ratios: Sequence[Ratio]


def ratios(results: Iterable[Result], workload: str, variant: str, base: str) -> Iterable[Ratio]:
    """How much longer a variant takes than another one, for each concurrency that both have."""
    rates = {(r.variant, r.concurrency): r.rps for r in results if r.workload == workload}
    for (name, concurrency), rate in rates.items():
        if name == variant and (base, concurrency) in rates:
            what = f"{workload}: {variant} / {base}, {concurrency} at once"
            yield Ratio(what, rates[base, concurrency] / rate)


# A machine that others share is now twice as fast and now half: what is compared takes turns, and
# a ratio is told of a turn.
TURNS = 3


def settled(turns: Iterable[Iterable[Result]]) -> list[Result]:
    """Of what was measured in each turn, in the same order, the median of each number."""
    return [_median(same) for same in zip(*turns, strict=True)]


def _median(same: Sequence[Result]) -> Result:
    measured = {}
    for name in (each.name for each in fields(Result)):
        values = [getattr(each, name) for each in same]
        measured[name] = values[0]
        if any(isinstance(value, float) for value in values):
            measured[name] = statistics.median(values)
    return Result(**measured)


def typical(turns: Iterable[Iterable[Ratio]]) -> list[Ratio]:
    """Of the ratios of each turn, in the same order, the medians."""
    return [
        Ratio(same[0].what, statistics.median(each.times for each in same))
        for same in zip(*turns, strict=True)
    ]


def write(results: Sequence[Result]) -> None:
    OUT.parent.mkdir(parents=True, exist_ok=True)
    listed = [asdict(result) for result in results]
    OUT.write_bytes(orjson.dumps(listed, option=orjson.OPT_INDENT_2))


def show(findings: Findings) -> None:
    # A file or a pipe has no width; 80 columns would break every cell.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    table = Table("suite", "workload", "variant")
    for column in ("at once", "per s", "p50 ms", "p99 ms", "max ms", "cpu ms", "sql", "MB"):
        table.add_column(column, justify="right")
    for result in findings.results:
        table.add_row(*(_cell(value) for value in asdict(result).values()))
    console.print(table)
    times = Table("how many times as long", "", title=None)
    for ratio in findings.ratios:
        times.add_row(ratio.what, f"{ratio.times:.2f} ×")
    console.print(times)
    console.print(f"Written to {OUT}")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    return "" if value is None else str(value)
