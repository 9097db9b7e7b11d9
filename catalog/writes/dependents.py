"""Records that refer to nothing but records that are left out: they have to stay out, too.

Found all at once, however long the chain: checking a load anew for each link of it takes for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.db import Connection, Record
from catalog.writes.references import not_found
from catalog.writes.rows import split
from catalog.writes.staging import Problem

_LEFT_OUT = """
SELECT n FROM stage_product WHERE line = ANY ($1::int[])
UNION SELECT n FROM stage_variant WHERE line = ANY ($1::int[])
"""

# Links from one product of the load to another that is not in the database yet.
_LINKS = """
WITH link AS (
    SELECT n, line, path || '/product' AS path, target AS ref FROM stage_association
    UNION ALL
    SELECT s.n, s.line, s.path, s.text FROM stage_value s
    JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL AND a.kind = 'reference'
)
SELECT link.n, link.line, link.path, link.ref, p.n AS target
FROM link
JOIN stage_ref r ON r.kind = 'product' AND r.ref = link.ref AND r.id IS NULL
JOIN LATERAL (
    SELECT n FROM stage_product WHERE slug = r.ref
    UNION ALL
    SELECT n FROM stage_product WHERE r.ref LIKE 'ext:%' AND external_id = substr(r.ref, 5)
) p ON true
"""


async def find(connection: Connection, problems: Sequence[Problem]) -> list[Problem]:
    """Of those that have errors, what hangs on them; while references are resolved."""
    lines = sorted({problem.line for problem in problems if not problem.warning})
    if not lines:
        return []
    lost = {row["n"] for row in await connection.fetch(_LEFT_OUT, lines)}
    by_target: dict[int, list[Record]] = defaultdict(list)
    for row in await connection.fetch(_LINKS) if lost else ():
        by_target[row["target"]].append(row)
    return list(_hanging(lost, by_target))


def _hanging(lost: Iterable[int], by_target: Mapping[int, Sequence[Record]]) -> Iterator[Problem]:
    seen = set(lost)
    ends = list(seen)
    while ends:
        for row in by_target.get(ends.pop(), ()):
            yield not_found("product", row["ref"], row["line"], split(row["path"]))
            if row["n"] not in seen:
                seen.add(row["n"])
                ends.append(row["n"])
