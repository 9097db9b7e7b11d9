"""Uploads, read while they are still coming: lines in, records and problems out."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, Protocol

from catalog.files.reading import Path
from catalog.files.uploads.grouped import Grouped
from catalog.files.uploads.lines import Line, Lines
from catalog.files.uploads.offers import Offers
from catalog.files.uploads.records import Records
from catalog.files.uploads.table import TableRecords
from catalog.writes.staging import Lists, Problem, Sourced

__all__ = ["Form", "Line", "Lines", "Reader", "reader"]

Form = Literal["ndjson", "csv"]


class Reader(Protocol):
    """Records of an upload, and what is wrong with others; both with their first line, only.

    Raises FileRefused for an upload that makes no sense at all.
    """

    def feed(self, lines: Sequence[Line]) -> list[Sourced | Problem]: ...

    def end(self) -> list[Sourced | Problem]: ...

    def told(self, problem: Problem) -> tuple[Path, str]:
        """Where it is in the upload's own terms, a path into the record or a column; and what."""


def reader(form: Form, noun: str, lists: Lists) -> Reader:
    """`noun` is what a record calls itself: `product`, `price` …"""
    if form == "ndjson":
        return Records(noun, lists)
    if noun in ("price", "stock"):
        return TableRecords(partial(Offers, noun=noun, lists=lists))
    return TableRecords(partial(Grouped, noun=noun, lists=lists))
