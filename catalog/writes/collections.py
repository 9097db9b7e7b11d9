"""Collections, and the manual order of what is in them."""

from catalog.db import Connection
from catalog.writes import matching, media, nouns
from catalog.writes.merging import Merge
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.COLLECTION)
    if problems:
        return problems
    await media.write_images(connection, nouns.COLLECTION.stage)
    await nouns.write(connection, nouns.COLLECTION)
    return []


# A product that names its collections joins them at the end; it leaves none, unless it replaces.
JOIN = """
WITH source AS (
    SELECT m.id AS collection_id, p.id AS product_id,
        row_number() OVER (PARTITION BY m.id ORDER BY p.n) AS nth
    FROM stage_membership m
    JOIN stage_product p ON p.n = m.n
    WHERE m.chunk = $1 AND m.kind = 'collection'
      AND NOT EXISTS (
        SELECT FROM collection_product t WHERE t.collection_id = m.id AND t.product_id = p.id)
), changed AS (
    INSERT INTO collection_product (collection_id, product_id, position)
    SELECT s.collection_id, s.product_id, s.nth + coalesce(
        (SELECT max(t.position) FROM collection_product t WHERE t.collection_id = s.collection_id),
        -1)
    FROM source s
    RETURNING product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM changed
ON CONFLICT DO NOTHING
"""

LEAVE = """
WITH changed AS (
    DELETE FROM collection_product t USING stage_product p
    WHERE p.chunk = $1 AND p.replace AND p.id = t.product_id AND 'collections' = ANY (p.given)
      AND NOT EXISTS (
        SELECT FROM stage_membership m
        WHERE m.kind = 'collection' AND m.n = p.n AND m.id = t.collection_id)
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM changed
ON CONFLICT DO NOTHING
"""

# Once all products are there: the order that a collection's own record gives.
ORDER = Merge(
    table="collection_product",
    source="""
        SELECT c.id AS collection_id, r.id AS product_id, min(l.position)::int - 1 AS position
        FROM stage_collection c
        CROSS JOIN unnest(c.products) WITH ORDINALITY AS l (ref, position)
        JOIN stage_ref r ON r.kind = 'product' AND r.ref = l.ref
        WHERE c.fresh OR NOT c.if_missing
        GROUP BY c.id, r.id
    """,
    key={"collection_id": None, "product_id": None},
    columns=("position",),
    owners={"collection": "t.collection_id"},
    replaced="""t.collection_id IN (SELECT id FROM stage_collection
        WHERE NOT if_missing AND 'products' = ANY (given) AND products IS NOT NULL)""",
)
