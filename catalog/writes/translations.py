"""Texts in other languages, merged by locale and field."""

from catalog.db import Connection
from catalog.writes import variants
from catalog.writes.counts import Counts
from catalog.writes.merging import Merge

_TEXTS = ("name", "slug", "description", "seo_title", "seo_description")
_COLUMNS = ", ".join(f"s.{column}" for column in (*_TEXTS, "given"))


def _merge(source: str, owner: str, replaced: str | None = None) -> Merge:
    return Merge(
        table="translation",
        source=f"""
            SELECT DISTINCT ON (kind, entity_id, locale) * FROM ({source}) s
            WHERE entity_id IS NOT NULL ORDER BY kind, entity_id, locale, line DESC
        """,
        key={"kind": None, "entity_id": None, "locale": None},
        columns=_TEXTS,
        owners={owner: "t.id" if owner == "translation" else "t.entity_id"},
        replaced=replaced,
        given=True,
    )


OF_PRODUCTS = _merge(
    f"""
    SELECT s.kind, p.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n
    WHERE s.chunk = $1 AND s.v IS NULL
    """,
    "product",
    """t.kind = 'product' AND t.entity_id IN (SELECT id FROM stage_product
        WHERE chunk = $1 AND replace AND 'translations' = ANY (given))""",
)
OF_VARIANTS = _merge(
    f"""
    SELECT s.kind, x.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
    JOIN stage_variant x ON x.chunk = s.chunk AND x.v = s.v
    WHERE s.chunk = $1
    """,
    "variant",
    f"t.kind = 'variant' AND t.entity_id IN ({variants.replacing('translations')})",
)


_NOUNS = ("brand", "category", "collection", "attribute")
_REPLACED_OF_NOUNS = " UNION ALL ".join(
    f"SELECT '{kind}', id FROM stage_{kind} WHERE replace AND 'translations' = ANY (given)"
    for kind in _NOUNS
)


def _of_records(*kinds: str, replaced: str | None = None) -> Merge:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return _merge(
        f"""
        SELECT s.kind, r.id AS entity_id, s.locale, s.line, {_COLUMNS} FROM stage_translation s
        JOIN stage_ref r ON r.kind = s.kind AND r.ref = s.ref
        WHERE s.n IS NULL AND s.kind IN ({listed})
        """,
        "translation",
        replaced,
    )


_OF_NOUNS = _of_records(*_NOUNS, replaced=f"(t.kind, t.entity_id) IN ({_REPLACED_OF_NOUNS})")
_OF_PRODUCT_RECORDS = _of_records("product", "variant")
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


# What carries a version counts a new text as a change, unless that is counted with its record.
def _bump(kind: str, ours: str) -> str:
    return f"""
    UPDATE {kind} t SET version = t.version + 1, updated_at = now() WHERE t.id IN (
        SELECT l.entity_id FROM stage_touched w JOIN translation l ON l.id = w.id
        WHERE w.kind = 'translation' AND l.kind = '{kind}')
      AND NOT EXISTS (SELECT FROM stage_{kind} s WHERE s.id = t.id AND {ours})
    """


_BUMPS_OF_NOUNS = tuple(
    _bump(kind, ours="true") for kind in ("category", "collection", "attribute")
)
_BUMPS = tuple(_bump(kind, ours="s.fresh") for kind in ("product", "variant"))

# Whose texts they are: a noun with a new text is one that was updated.
_TOUCH_NOUNS = """
INSERT INTO stage_touched (kind, id)
SELECT DISTINCT l.kind, l.entity_id FROM stage_touched w JOIN translation l ON l.id = w.id
WHERE w.kind = 'translation' AND l.kind <> 'option'
UNION
SELECT DISTINCT 'attribute', o.attribute_id FROM stage_touched w
JOIN translation l ON l.id = w.id AND l.kind = 'option'
JOIN attribute_option o ON o.id = l.entity_id
WHERE w.kind = 'translation'
ON CONFLICT DO NOTHING
"""

_COUNT = """
SELECT (SELECT count(*) FROM stage_touched WHERE kind = 'translation')::int AS changed,
    (SELECT count(*) FROM stage_translation
        WHERE n IS NULL AND (kind IN ('product', 'variant')) = $1)::int AS staged
"""


async def write_of_nouns(connection: Connection) -> None:
    """Texts of what products refer to, with those in the transaction of their own."""
    for merge in (_OF_NOUNS, _OF_OPTIONS):
        await connection.execute(merge.sql)
    for statement in (*_BUMPS_OF_NOUNS, _TOUCH_NOUNS):
        await connection.execute(statement)


async def write(connection: Connection) -> None:
    """Those of products and variants that came as records of their own."""
    await connection.execute(_OF_PRODUCT_RECORDS.sql)
    for bump in _BUMPS:
        await connection.execute(bump)


async def count(connection: Connection, *, of_products: bool) -> Counts:
    """Of those that `write`, or else `write_of_nouns`, has just written."""
    row = await connection.fetchrow(_COUNT, of_products)
    changed, staged = row or (0, 0)
    return Counts(updated=changed, unchanged=max(staged - changed, 0))
