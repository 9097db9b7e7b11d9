"""What became of each record of a load, read from its stage."""

from catalog.db import Connection, Record
from catalog.writes.staging import Problem, Result


def _of_noun(table: str, stage: str) -> str:
    return f"""
        SELECT s.line, '{table}' AS noun, s.id, t.external_id, CASE WHEN s.fresh THEN 'created'
            WHEN w.id IS NULL THEN 'unchanged' ELSE 'updated' END AS status
        FROM {stage} s JOIN {table} t ON t.id = s.id
        LEFT JOIN stage_touched w ON w.kind = '{table}' AND w.id = s.id
        ORDER BY s.line
    """


_OF_CHUNK = """
SELECT s.line, 'product' AS noun, s.id, t.external_id, CASE WHEN s.fresh THEN 'created'
    WHEN s.changed THEN 'updated' ELSE 'unchanged' END AS status
FROM stage_product s JOIN product t ON t.id = s.id
WHERE s.chunk = $1 ORDER BY s.n
"""

# Row by row through translation_kind_entity_id_locale_key (OFFSET 0 forbids a join): of texts that
# have just been written there are no statistics, and locales would be taken for selective.
_OF_TRANSLATIONS = """
SELECT s.line, 'translation' AS noun, r.id, NULL AS external_id,
    CASE WHEN w.id IS NULL THEN 'unchanged' ELSE 'updated' END AS status
FROM stage_translation s
JOIN stage_ref r ON r.kind = s.kind AND r.ref = s.ref
CROSS JOIN LATERAL (
    SELECT id FROM translation
    WHERE kind = s.kind AND entity_id = r.id AND locale = s.locale OFFSET 0
) t
LEFT JOIN stage_touched w ON w.kind = 'translation' AND w.id = t.id
WHERE s.n IS NULL AND s.path = '' AND (s.kind IN ('product', 'variant')) = $1
ORDER BY s.line
"""

_STAGED_LINES = """
SELECT line, 'product' AS noun, external_id FROM stage_product
UNION ALL SELECT line, 'price', NULL FROM stage_price WHERE n IS NULL
UNION ALL SELECT line, 'stock', NULL FROM stage_stock WHERE n IS NULL
UNION ALL SELECT line, 'translation', NULL FROM stage_translation WHERE n IS NULL AND path = ''
"""


async def of_nouns(connection: Connection, table: str, stage: str) -> list[Result]:
    return await _read(connection, _of_noun(table, stage))


async def of_chunk(connection: Connection, chunk: int) -> list[Result]:
    return await _read(connection, _OF_CHUNK, chunk)


async def of_translations(connection: Connection, *, of_products: bool) -> list[Result]:
    return await _read(connection, _OF_TRANSLATIONS, of_products)


async def _read(connection: Connection, sql: str, *args: object) -> list[Result]:
    return [Result(**dict(row)) for row in await connection.fetch(sql, *args)]


async def of_refused(
    connection: Connection, problems: list[Problem], nouns: dict[str, str]
) -> list[Result]:
    """Of a load of which nothing is written: every record once. `nouns` are stages by table."""
    listed = " ".join(
        f"UNION ALL SELECT line, '{table}', external_id FROM {stage} WHERE NOT if_missing"
        for table, stage in nouns.items()
    )
    staged = {row["line"]: row for row in await connection.fetch(f"{_STAGED_LINES} {listed}")}
    found = by_line(problems)
    rest = [line for line in staged if not any(not p.warning for p in found.get(line, ()))]
    others = len(staged) - len(rest) + len(found.keys() - staged.keys())
    return [
        *failed(found, staged),
        *(_kept_out(line, staged[line], others, found.get(line, [])) for line in sorted(rest)),
    ]


def _kept_out(line: int, row: Record, others: int, warnings: list[Problem]) -> Result:
    problem = Problem(
        line,
        (),
        None,
        "NOT_WRITTEN",
        f"nothing was written, because {others} other records have errors; correct those",
    )
    return Result(line, row["noun"], "failed", None, row["external_id"], (*warnings, problem))


def failed(
    found: dict[int, list[Problem]], staged: dict[int, Record] | None = None
) -> list[Result]:
    """Of records that have errors."""
    results = []
    for line, problems in found.items():
        if all(problem.warning for problem in problems):
            continue
        row = (staged or {}).get(line)
        noun, key = (row["noun"], row["external_id"]) if row else ("record", None)
        results.append(Result(line, noun, "failed", None, key, tuple(problems)))
    return results


def by_line(problems: list[Problem]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = {}
    for problem in dict.fromkeys(problems):
        found.setdefault(problem.line, []).append(problem)
    return found
