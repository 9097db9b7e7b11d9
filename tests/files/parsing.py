"""Files of the tests' own, and what reading them gives."""

from pathlib import Path
from typing import Any

from catalog.files import formats
from catalog.files.importing import Finding
from catalog.files.reading import Defaults, Reading
from catalog.files.text import open_text
from catalog.writes.staging import Problem, Sourced

DEFAULTS = Defaults("web", "EUR", "en")


class Found:
    """Everything that a reading gave, taken apart."""

    def __init__(self, reading: Reading) -> None:
        self.format = reading.format
        self.sourced: list[Sourced] = []
        self.findings: list[Finding] = []
        for item in reading.records:
            if isinstance(item, Problem):
                self.findings.append(_finding(item, reading))
            else:
                self.sourced.append(item)

    @property
    def records(self) -> list[dict[str, Any]]:
        return [
            {"record": sourced.record.record}
            | sourced.record.model_dump(mode="json", exclude_unset=True)
            for sourced in self.sourced
        ]

    def all(self, noun: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["record"] == noun]

    @property
    def product(self) -> dict[str, Any]:
        """The one product of the file."""
        (product,) = self.all("product")
        return product

    @property
    def variants(self) -> list[dict[str, Any]]:
        return list(self.product["variants"])

    @property
    def said(self) -> list[tuple[int, str, str]]:
        """Line, column and code of every finding."""
        return [(finding.line, finding.column, finding.code) for finding in self.findings]


def _finding(problem: Problem, reading: Reading) -> Finding:
    return Finding(
        problem.line,
        reading.column(problem.path, problem.value) if problem.path else "",
        problem.value,
        problem.code,
        problem.message,
        problem.warning,
    )


def read(path: Path, defaults: Defaults = DEFAULTS) -> Found:
    return Found(formats.read(open_text(path), defaults, mapped_by=None, format=None))


def read_text(folder: Path, text: str, *, encoding: str = "utf-8") -> Found:
    path = folder / "catalog.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)
