"""Texts in other languages, merged by locale and field."""

from catalog.db import Connection
from catalog.writes.counts import Counts
from catalog.writes.merging import Merge

_TEXTS = ("name", "slug", "description", "seo_title", "seo_description")
_COLUMNS = ", ".join(f"s.{column}" for column in (*_TEXTS, "given"))


def _merge(source: str, owner: str) -> Merge:
    return Merge(
        table="translation",
        source=f"""
            SELECT DISTINCT ON (kind, entity_id, locale) * FROM ({source}) s
            WHERE entity_id IS NOT NULL ORDER BY kind, entity_id, locale, line DESC
        """,
        key={"kind": None, "entity_id": None, "locale": None},
        columns=_TEXTS,
        owners={owner: "t.id" if owner == "translation" else "t.entity_id"},
        given=True,
    )


OF_PRODUCTS = _merge(
    f"""
    SELECT s.kind, p.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n
    WHERE s.chunk = $1 AND s.v IS NULL
    """,
    "product",
)
OF_VARIANTS = _merge(
    f"""
    SELECT s.kind, x.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN stage_variant x ON x.chunk = s.chunk AND x.v = s.v
    WHERE s.chunk = $1
    """,
    "variant",
)


_OF_RECORDS = _merge(
    f"""
    SELECT s.kind, r.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN stage_ref r ON r.kind = s.kind AND r.ref = s.ref
    WHERE s.n IS NULL
    """,
    "translation",
)
_OF_OPTIONS = _merge(
    f"""
    SELECT s.kind, o.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN attribute a ON a.code = split_part(s.ref, '/', 1) AND a.deleted_at IS NULL
    JOIN attribute_option o ON o.attribute_id = a.id AND o.code = split_part(s.ref, '/', 2)
    WHERE s.n IS NULL AND s.kind = 'option'
    """,
    "translation",
)

# Before the new one is written: whoever has the old address must still find the way.
SLUG_HISTORY = """
INSERT INTO slug_history (kind, locale, slug, entity_id)
SELECT t.kind, t.locale, t.slug, t.entity_id
FROM stage_translation s
JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n AND s.v IS NULL
JOIN translation t ON t.kind = s.kind AND t.entity_id = p.id AND t.locale = s.locale
WHERE s.chunk = $1 AND 'slug' = ANY (s.given) AND t.slug <> s.slug
ON CONFLICT (kind, slug, locale) DO UPDATE SET entity_id = excluded.entity_id
"""

# What carries a version counts a new text of it as a change, unless it came with the same load.
_BUMPS = tuple(
    f"""
    UPDATE {kind} t SET version = t.version + 1, updated_at = now() WHERE t.id IN (
        SELECT l.entity_id FROM stage_touched w JOIN translation l ON l.id = w.id
        WHERE w.kind = 'translation' AND l.kind = '{kind}')
      AND NOT EXISTS (SELECT FROM stage_{kind} s WHERE s.id = t.id AND s.fresh)
    """
    for kind in ("product", "variant", "category", "collection", "attribute")
)


async def write(connection: Connection) -> Counts:
    """Those of nouns, and those that came as records of their own."""
    for merge in (_OF_RECORDS, _OF_OPTIONS):
        await connection.execute(merge.sql)
    for bump in _BUMPS:
        await connection.execute(bump)
    row = await connection.fetchrow(
        """
        SELECT (SELECT count(*) FROM stage_touched WHERE kind = 'translation')::int AS changed,
            (SELECT count(*) FROM stage_translation WHERE n IS NULL)::int AS staged
        """
    )
    changed, staged = row or (0, 0)
    return Counts(updated=changed, unchanged=staged - changed)
