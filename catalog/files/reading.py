"""What every format is told, and what it hands back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from catalog.files.nouns import Nouns
from catalog.files.table import Table
from catalog.writes.staging import Problem, Sourced

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What foreign files leave unsaid: the channel they are for, its currency and language."""

    channel: str
    currency: str
    locale: str

    def mention(self, nouns: Nouns) -> None:
        nouns.channel(self.channel, code=self.channel, currency=self.currency, locale=self.locale)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read. `column` names the file's column for a path into an input."""

    format: str
    records: Iterator[Sourced | Problem]
    column: Callable[[Path], str]


def column_names(source: Table, paths: Mapping[Path, str]) -> Callable[[Path], str]:
    """Names columns as the file spells them. `paths` are without the numbers of list items; the
    longest that a path begins with counts, and a path may be a column's name itself."""

    def column(path: Path) -> str:
        names = tuple(part for part in path if isinstance(part, str))
        for end in range(len(names), 0, -1):
            if names[:end] in paths:
                return source.column(paths[names[:end]])
        return source.column(names[0]) if len(names) == 1 else ".".join(names)

    return column
