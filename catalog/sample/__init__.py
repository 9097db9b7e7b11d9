"""A small shop to look at: made up, in two languages, with pictures that are served from here."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from catalog.writes import loading
from catalog.writes.inputs import Record
from catalog.writes.loading import Outcome
from catalog.writes.staging import Sourced

CATALOG = Path(__file__).parent / "catalog.ndjson"
PICTURES = Path(__file__).parent / "media"

_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def records() -> list[Record]:
    """One a line, channels first."""
    lines = CATALOG.read_text(encoding="utf-8").splitlines()
    return [_RECORD.validate_json(line) for line in lines]


async def load() -> Outcome:
    """Writes what differs from the file: a second time, nothing."""
    return await loading.load(_numbered())


async def _numbered() -> AsyncIterator[Sequence[Sourced]]:
    yield [Sourced(record, line) for line, record in enumerate(records(), 1)]
