"""One record written as both faces write it: in one transaction, joined to the caller's."""

from catalog.writes.inputs import Record
from catalog.writes.staging import Lists, Mode, Result


async def write(
    record: Record,
    *,
    target: int | None = None,
    mode: Mode = "upsert",
    if_version: int | None = None,
    lists: Lists = "merge",
) -> Result:
    """Raises `Invalid` with all that is wrong, `VersionConflict`, or `Conflict` when somebody else
    wrote the same thing at the same time; then nothing is written. See `Sourced` for the arguments.
    """
    raise NotImplementedError
