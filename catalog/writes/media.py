"""Media rows, one for each address and text, and the lists in which they are shown."""

from catalog.db import Connection
from catalog.writes.merging import Merge


async def write_images(connection: Connection, stage: str) -> None:
    """The one picture of each category or collection."""
    await connection.execute(
        f"""
        INSERT INTO media (url, alt) SELECT DISTINCT image_url, coalesce(image_alt, '')
        FROM {stage} WHERE image_url IS NOT NULL AND (fresh OR NOT if_missing)
        ON CONFLICT (key) DO NOTHING
        """
    )
    await connection.execute(
        f"""
        UPDATE {stage} s SET image_id = m.id FROM media m
        WHERE s.image_url IS NOT NULL
          AND m.key = md5(s.image_url || E'\\n' || coalesce(s.image_alt, ''))::uuid
        """
    )


# Served by media_key_key. Anti-joined first: ON CONFLICT alone burns an id for every known row.
NEW_MEDIA = """
INSERT INTO media (url, kind, alt, width, height)
SELECT DISTINCT ON (s.url, s.alt) s.url, s.kind, s.alt, s.width, s.height
FROM stage_media s
WHERE s.chunk = $1
  AND NOT EXISTS (SELECT FROM media m WHERE m.key = md5(s.url || E'\\n' || s.alt)::uuid)
ORDER BY s.url, s.alt, s.line
ON CONFLICT (key) DO NOTHING
"""

RESOLVE_MEDIA = """
UPDATE stage_media s SET media_id = m.id FROM media m
WHERE s.chunk = $1 AND m.key = md5(s.url || E'\\n' || s.alt)::uuid
"""

# What a later file knows better: kind and size.
CORRECT_MEDIA = """
WITH source AS (
    SELECT DISTINCT ON (media_id) media_id, kind, width, height
    FROM stage_media WHERE chunk = $1 ORDER BY media_id, line DESC
), changed AS (
    UPDATE media m SET kind = s.kind, width = coalesce(s.width, m.width),
        height = coalesce(s.height, m.height), updated_at = now()
    FROM source s
    WHERE m.id = s.media_id AND (m.kind <> s.kind OR s.width <> m.width OR s.height <> m.height
        OR (m.width IS NULL AND s.width IS NOT NULL)
        OR (m.height IS NULL AND s.height IS NOT NULL))
    RETURNING m.id
)
INSERT INTO stage_touched (kind, id)
SELECT DISTINCT 'product', p.id FROM changed c
JOIN stage_media s ON s.chunk = $1 AND s.media_id = c.id
JOIN stage_product p ON p.chunk = $1 AND p.n = s.n
ON CONFLICT DO NOTHING
"""

OF_PRODUCTS = Merge(
    table="product_media",
    source="""
        SELECT p.id AS product_id, s.media_id, min(s.position) AS position, p.fresh
        FROM stage_media s JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n
        WHERE s.chunk = $1 AND s.v IS NULL GROUP BY p.id, p.fresh, s.media_id
    """,
    key={"product_id": None, "media_id": None},
    columns=("position",),
    owners={"product": "t.product_id"},
    fresh=True,
    replaced="""t.product_id IN (
        SELECT id FROM stage_product WHERE chunk = $1 AND 'media' = ANY (given))""",
)

OF_VARIANTS = Merge(
    table="variant_media",
    source="""
        SELECT x.id AS variant_id, s.media_id, min(s.position) AS position, x.fresh
        FROM stage_media s JOIN stage_variant x ON x.chunk = s.chunk AND x.v = s.v
        WHERE s.chunk = $1 AND s.v IS NOT NULL GROUP BY x.id, x.fresh, s.media_id
    """,
    key={"variant_id": None, "media_id": None},
    columns=("position",),
    owners={"variant": "t.variant_id"},
    fresh=True,
    replaced="""t.variant_id IN (
        SELECT id FROM stage_variant WHERE chunk = $1 AND 'media' = ANY (given))""",
)

# The first picture is the product's face.
DEFAULT_MEDIA = """
WITH changed AS (
    UPDATE product p SET default_media_id = first.media_id
    FROM stage_product s
    LEFT JOIN LATERAL (
        SELECT m.media_id FROM product_media m WHERE m.product_id = s.id
        ORDER BY m.position, m.id LIMIT 1
    ) first ON true
    WHERE s.chunk = $1 AND NOT s.fresh AND p.id = s.id AND 'media' = ANY (s.given)
      AND p.default_media_id IS DISTINCT FROM first.media_id
    RETURNING p.id
)
INSERT INTO stage_touched (kind, id) SELECT 'product', id FROM changed ON CONFLICT DO NOTHING
"""
