"""Channels: there is always exactly one default among those that are there."""

from collections.abc import Sequence

from catalog.db import Connection
from catalog.writes import matching, nouns
from catalog.writes.checks import broken
from catalog.writes.rules import Check
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.CHANNEL)
    if problems:
        return problems
    for statement in _ALONE:
        await connection.execute(statement)
    problems = await broken(connection, _CHECKS)
    if problems:
        return problems
    await connection.execute(_TAKE_OVER)
    await nouns.write(connection, nouns.CHANNEL)
    await connection.execute(_SOME_DEFAULT)
    return []


# A channel whose lists were not sent, or emptied, sells in its one currency and speaks one locale.
_ALONE = tuple(
    f"""
    UPDATE stage_channel SET {many} = ARRAY[{one}] WHERE {many} IS NULL AND {one} IS NOT NULL
    """
    for many, one in (("currencies", "default_currency"), ("locales", "default_locale"))
)

# A new default takes over from the old one, before the index that allows only one sees both.
_TAKE_OVER = """
UPDATE channel SET is_default = false, updated_at = now()
WHERE is_default AND deleted_at IS NULL AND EXISTS (
    SELECT FROM stage_channel s
    WHERE s.is_default AND s.id <> channel.id AND (s.fresh OR NOT s.if_missing)
)
"""

_SOME_DEFAULT = """
UPDATE channel SET is_default = true, updated_at = now() WHERE id = (
    SELECT min(id) FROM channel WHERE deleted_at IS NULL AND is_active
    HAVING NOT bool_or(is_default)
)
"""


def _after(column: str) -> str:
    """What a channel will have."""
    return (
        f"CASE WHEN t.id IS NULL OR '{column}' = ANY (s.given) THEN s.{column} ELSE t.{column} END"
    )


def _not_listed(one: str, many: str) -> Check:
    return Check(
        "INVALID",
        f"is not among the channel's {many} ({{listed}}); add it there",
        f"""
        SELECT line, '{one}' AS path, one AS value, array_to_string(many, ', ') AS listed
        FROM (
            SELECT s.line, {_after(one)} AS one, {_after(many)} AS many
            FROM stage_channel s LEFT JOIN channel t ON t.id = s.id AND NOT s.fresh
            WHERE s.fresh OR NOT s.if_missing
        ) c
        WHERE one <> ALL (many)
        """,
    )


_CHECKS: Sequence[Check] = (
    _not_listed("default_currency", "currencies"),
    _not_listed("default_locale", "locales"),
    Check(
        "INVALID",
        "a default channel must be active; make another one the default first",
        f"""
        SELECT s.line, 'is_active' AS path, 'false' AS value
        FROM stage_channel s LEFT JOIN channel t ON t.id = s.id AND NOT s.fresh
        WHERE (s.fresh OR NOT s.if_missing) AND {_after("is_default")} AND NOT {_after("is_active")}
        """,
    ),
    Check(
        "INVALID",
        "one channel is the default always; make another one the default instead",
        """
        SELECT s.line, 'is_default' AS path, 'false' AS value
        FROM stage_channel s JOIN channel t ON t.id = s.id
        WHERE NOT s.fresh AND NOT s.if_missing AND t.is_default AND NOT s.is_default
          AND 'is_default' = ANY (s.given)
          AND NOT EXISTS (SELECT FROM stage_channel o WHERE o.is_default)
        """,
    ),
    Check(
        "TWO_DEFAULTS",
        "only one channel can be the default; another of this file is it already",
        """
        SELECT line, 'is_default' AS path, 'true' AS value
        FROM stage_channel WHERE is_default ORDER BY line, code OFFSET 1
        """,
    ),
)
