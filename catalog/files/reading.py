"""What every format is told, and what it hands back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from catalog.errors import FileRefused
from catalog.files.nouns import Nouns
from catalog.files.table import Table
from catalog.writes.staging import Problem, Sourced

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What foreign files leave unsaid: the channel they are for, its currency and language; and
    of which kinds the attributes are that the catalog has, by code."""

    channel: str
    currency: str
    locale: str
    kinds: Mapping[str, str] = field(default_factory=dict)

    def nouns(self) -> Nouns:
        """For a file: nothing mentioned yet but its channel."""
        nouns = Nouns(self.kinds)
        nouns.channel(self.channel, code=self.channel, currency=self.currency, locale=self.locale)
        return nouns


class Columns(Protocol):
    """Names the file's column for a path into an input; `value` is what is wrong there, which may
    be part of a column's name."""

    def __call__(self, path: Path, value: str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read."""

    format: str
    records: Iterator[Sourced | Problem]
    column: Columns


def needed(defaults: Defaults | None, file: str) -> Defaults:
    """Raises FileRefused where there is no channel yet to take the currency from."""
    if defaults is None:
        raise FileRefused(
            f"{file}: names no currency for its prices, and there is no channel yet that would; "
            "say --currency, such as --currency EUR"
        )
    return defaults


def column_names(source: Table, paths: Mapping[Path, str]) -> Columns:
    """Names columns as the file spells them. `paths` are without the numbers of list items; the
    longest that a path begins with counts, and a path may be a column's name itself."""

    def column(path: Path, value: str | None = None) -> str:
        names = tuple(part for part in path if isinstance(part, str))
        for end in range(len(names), 0, -1):
            if names[:end] in paths:
                return source.column(paths[names[:end]])
        return source.column(names[0]) if len(names) == 1 else ".".join(names)

    return column
