"""What whoever hands a file in may say about it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from catalog.errors import FileRefused
from catalog.files.formats import Format
from catalog.files.mapping import loading
from catalog.writes.staging import Lists

OnError = Literal["abort", "skip"]


@dataclass(frozen=True, slots=True)
class Options:
    """As the options of `catalog import`; `mapping` is the text of one."""

    format: Format | None = None
    mapping: str | None = None
    encoding: str | None = None
    currency: str | None = None
    channel: str | None = None
    on_error: OnError = "abort"
    dry_run: bool = False
    lists: Lists = "merge"

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)


def checked(mapping: str) -> str:
    """The mapping, if it can be used where no file lies beside it. Raises FileRefused."""
    for name, table in loading.parse(mapping).tables.items():
        if table.file is not None:
            raise FileRefused(
                f"tables.{name}.file: {table.file} does not come along with a mapping that is sent "
                "here; write its rows into the mapping, as tables.….rows"
            )
    return mapping
