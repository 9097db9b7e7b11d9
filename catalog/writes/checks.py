"""Finding what is wrong with a load, all of it at once."""

from collections.abc import Iterable, Set

from catalog.db import Connection
from catalog.writes import references
from catalog.writes.rows import split
from catalog.writes.rules import KEYS, OFFERS, Check
from catalog.writes.staging import Problem, about
from catalog.writes.value_rules import VALUES

# A reference to a product or a variant that this load will write.
_STAGED = """
    CASE r.kind WHEN 'product' THEN
        EXISTS (SELECT FROM stage_product p WHERE p.slug = r.ref)
        OR EXISTS (SELECT FROM stage_product p
            WHERE r.ref LIKE 'ext:%' AND p.external_id = substr(r.ref, 5))
    ELSE
        EXISTS (SELECT FROM stage_variant p WHERE p.sku = r.ref)
        OR EXISTS (SELECT FROM stage_variant p
            WHERE r.ref LIKE 'ext:%' AND p.external_id = substr(r.ref, 5))
    END
"""


async def find(connection: Connection, filled: Set[str]) -> list[Problem]:
    """Of what the stage tables `filled` hold."""
    problems = await references.unresolved(connection, references.PRODUCT_SOURCES, filled)
    problems += await references.unresolved(
        connection, references.LINK_SOURCES, filled, staged=_STAGED
    )
    rules = [check for check in (*KEYS, *VALUES, *OFFERS) if about(check.sql) in filled]
    return problems + await broken(connection, rules)


async def broken(connection: Connection, rules: Iterable[Check]) -> list[Problem]:
    """What does not hold, in the order of the rules and then of the lines."""
    problems = []
    for check in rules:
        rows = await connection.fetch(
            f"SELECT * FROM ({check.sql}) q ORDER BY line LIMIT {references.LIMIT}"
        )
        for row in rows:
            told = dict(row)
            line, path, value = told.pop("line"), told.pop("path"), told.pop("value")
            message = check.message.format(**told)
            problems.append(Problem(line, split(path), value, check.code, message, check.warning))
    return problems
