"""Channels: there is always exactly one default among those that are there."""

from catalog.db import Connection
from catalog.writes import nouns
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await nouns.match(connection, nouns.CHANNEL)
    problems += await _two_defaults(connection)
    if problems:
        return problems
    # A new default takes over from the old one, before the index that allows only one sees both.
    await connection.execute(
        """
        UPDATE channel SET is_default = false, updated_at = now()
        WHERE is_default AND deleted_at IS NULL AND EXISTS (
            SELECT FROM stage_channel s
            WHERE s.is_default AND s.id <> channel.id AND (s.fresh OR NOT s.if_missing)
        )
        """
    )
    await nouns.write(connection, nouns.CHANNEL)
    await connection.execute(
        """
        UPDATE channel SET is_default = true, updated_at = now() WHERE id = (
            SELECT min(id) FROM channel WHERE deleted_at IS NULL AND is_active
            HAVING NOT bool_or(is_default)
        )
        """
    )
    return []


async def _two_defaults(connection: Connection) -> list[Problem]:
    rows = await connection.fetch(
        "SELECT line, code FROM stage_channel WHERE is_default ORDER BY line, code OFFSET 1"
    )
    return [
        Problem(
            row["line"],
            ("is_default",),
            "true",
            "TWO_DEFAULTS",
            "only one channel can be the default; another of this file is it already",
        )
        for row in rows
    ]
