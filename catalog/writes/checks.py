"""Finding what is wrong with a load, all of it at once."""

from catalog.db import Connection
from catalog.writes import references
from catalog.writes.rows import split
from catalog.writes.rules import KEYS, OFFERS
from catalog.writes.staging import Problem
from catalog.writes.value_rules import VALUES

# More than a person reads; the rest shows once these are mended.
LIMIT = 1_000

# A reference to a product that this load will write.
_STAGED_PRODUCT = """
    EXISTS (SELECT FROM stage_product p WHERE p.slug = r.ref)
    OR EXISTS (SELECT FROM stage_product p
        WHERE r.ref LIKE 'ext:%' AND p.external_id = substr(r.ref, 5))
"""


async def find(connection: Connection) -> list[Problem]:
    problems = await references.unresolved(connection, references.PRODUCT_SOURCES)
    problems += await references.unresolved(
        connection, references.LINK_SOURCES, staged=_STAGED_PRODUCT
    )
    for check in (*KEYS, *VALUES, *OFFERS):
        rows = await connection.fetch(f"SELECT * FROM ({check.sql}) q ORDER BY line LIMIT {LIMIT}")
        for row in rows:
            told = dict(row)
            line, path, value = told.pop("line"), told.pop("path"), told.pop("value")
            message = check.message.format(**told)
            problems.append(Problem(line, split(path), value, check.code, message, check.warning))
    return problems
