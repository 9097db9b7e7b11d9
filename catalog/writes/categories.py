"""The category tree, and which products are in it."""

from catalog.db import Connection
from catalog.writes import matching, media, nouns, references
from catalog.writes.checks import broken
from catalog.writes.merging import Merge
from catalog.writes.rules import Check
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.CATEGORY)
    if problems:
        return problems
    await media.write_images(connection, nouns.CATEGORY.stage)
    await nouns.write(connection, nouns.CATEGORY, inserted={"path": "ARRAY[s.id]"})
    sources = [s for s in references.NOUN_SOURCES if s[0] == "category"]
    await references.collect(connection, sources)
    await references.resolve(connection, ["category"])
    problems = await references.unresolved(connection, sources)
    if problems:
        return problems
    problems = await broken(connection, _SELVES)
    if problems:
        return problems
    moved = await connection.fetchval(_MOVE)
    fresh = await connection.fetchval("SELECT EXISTS (SELECT FROM stage_category WHERE fresh)")
    if not moved and not fresh:
        return []
    await connection.execute(_PATHS)
    return await _cycles(connection)


# The table refuses it before there is a cycle to be found.
_SELVES = (
    Check(
        "CATEGORY_CYCLE",
        "is this category itself; choose another parent, or null for none",
        """
        SELECT s.line, 'parent' AS path, s.parent AS value FROM stage_category s
        JOIN stage_ref r ON r.kind = 'category' AND r.ref = s.parent
        WHERE r.id = s.id AND (s.fresh OR NOT s.if_missing)
        """,
    ),
)

_MOVE = """
WITH moved AS (
    UPDATE category t SET parent_id = r.id
    FROM stage_category s LEFT JOIN stage_ref r ON r.kind = 'category' AND r.ref = s.parent
    WHERE t.id = s.id AND (s.fresh OR NOT s.if_missing) AND 'parent' = ANY (s.given)
      AND t.parent_id IS DISTINCT FROM r.id
    RETURNING t.id
), told AS (
    INSERT INTO stage_touched (kind, id) SELECT 'category', id FROM moved ON CONFLICT DO NOTHING
)
SELECT count(*) FROM moved
"""

# Over the whole tree: a move changes the paths of everything below, and trees are small.
_PATHS = """
WITH RECURSIVE tree AS (
    SELECT id, ARRAY[id] AS path FROM category WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, tree.path || c.id FROM category c JOIN tree ON c.parent_id = tree.id
)
UPDATE category SET path = tree.path FROM tree
WHERE category.id = tree.id AND category.path IS DISTINCT FROM tree.path
"""


async def _cycles(connection: Connection) -> list[Problem]:
    """A category that no root leads to: it is its own ancestor."""
    rows = await connection.fetch(
        """
        WITH RECURSIVE tree AS (
            SELECT id FROM category WHERE parent_id IS NULL
            UNION ALL
            SELECT c.id FROM category c JOIN tree ON c.parent_id = tree.id
        )
        SELECT s.line, s.parent FROM stage_category s
        WHERE s.parent IS NOT NULL AND NOT EXISTS (SELECT FROM tree WHERE tree.id = s.id)
        ORDER BY s.line
        """
    )
    return [
        Problem(
            row["line"],
            ("parent",),
            row["parent"],
            "CATEGORY_CYCLE",
            "lies below this category itself; choose a parent from outside of it",
        )
        for row in rows
    ]


_MEMBERS = """
    SELECT p.id AS product_id, m.id AS category_id,
        bool_or(coalesce(m.ref = p.primary_category, m.position = 0)) AS is_primary
    FROM stage_membership m
    JOIN stage_product p ON p.n = m.n
    WHERE m.chunk = $1 AND m.kind = 'category'
    GROUP BY p.id, m.id
"""

# First the old primary, so that the index that allows only one never sees two.
NO_LONGER_PRIMARY = f"""
WITH source AS ({_MEMBERS}), changed AS (
    UPDATE product_category t SET is_primary = false FROM source s
    WHERE t.product_id = s.product_id AND t.category_id = s.category_id
      AND t.is_primary AND NOT s.is_primary
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM changed
ON CONFLICT DO NOTHING
"""

DROP_MEMBERS = """
WITH changed AS (
    DELETE FROM product_category t USING stage_product p
    WHERE p.chunk = $1 AND p.id = t.product_id AND 'categories' = ANY (p.given)
      AND NOT EXISTS (
        SELECT FROM stage_membership m
        WHERE m.kind = 'category' AND m.n = p.n AND m.id = t.category_id)
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM changed
ON CONFLICT DO NOTHING
"""

MEMBERS = Merge(
    table="product_category",
    source=_MEMBERS,
    key={"product_id": None, "category_id": None},
    columns=("is_primary",),
    owners={"product": "t.product_id"},
)
