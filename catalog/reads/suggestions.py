"""What somebody may be typing: queries that find something, products, categories."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from catalog import views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import categories, products, query, visibility, words
from catalog.reads.words import Word, Words

MOST: Final = 20
# Products by whose names the query is completed.
READ: Final = 50

# By the beginning of any word of its name, the better the earlier it stands. The trees are small:
# read as a whole. That something is in it is asked of the best alone, until there are enough.
# Served by product_category_category_id_product_id_idx and listing_pkey.
NAMED: Final = 200
_CATEGORIES = """
SELECT named.id
FROM (
    SELECT c.id, position(' ' || :typed::text IN shown.name) AS place, length(shown.name) AS length,
        ARRAY(SELECT below.id FROM category AS below WHERE below.path @> ARRAY[c.id]) AS below
    FROM category AS c
    LEFT JOIN translation AS t ON t.kind = 'category' AND t.entity_id = c.id
        AND t.locale = :locale AND t.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT ' ' || coalesce(catalog_sort_key(t.name), c.name_sort) AS name OFFSET 0
    ) AS shown
    WHERE {visible} AND position(' ' || :typed::text IN shown.name) > 0
    ORDER BY 2, 3, 1
    LIMIT :named
) AS named
CROSS JOIN LATERAL (
    SELECT FROM product_category AS m
    JOIN listing AS l ON l.product_id = m.product_id
    WHERE m.category_id = ANY (named.below) AND {shelf}
    LIMIT 1
) AS sold
ORDER BY named.place, named.length, named.id
LIMIT :size
"""


# Served by listing_name_idx.
_BY_NAME = """
SELECT l.product_id AS id
FROM listing AS l
WHERE {shelf} AND l.name_sort >= :typed AND l.name_sort < :typed || '\U0010ffff'
ORDER BY l.name_sort, l.product_id
LIMIT :size
"""

# What the last word may become, the shortest first. The inverted index has the products of a word
# in one list; those of a beginning it has to put together from all that begin with it, which takes
# longer than anybody types. Served by search_word_pkey.
COMPLETED: Final = 8
LOOKED_AT: Final = 200
_COMPLETED = f"""
SELECT begun.word, {words.STEMS.format(word="begun.word")} AS stems
FROM (
    SELECT w.word FROM search_word AS w
    WHERE w.word >= :begin COLLATE "C" AND w.word < (:begin || '\U0010ffff') COLLATE "C"
    LIMIT {LOOKED_AT}
) AS begun
ORDER BY length(begun.word), begun.word
LIMIT {COMPLETED}
"""

# Ranking all that a common word is in takes as long: of more than so many, some are taken, and only
# those looked up in `listing`. Planned as if all were wanted, or the planner would read the texts
# one by one. Served by search_text_document_idx and listing_pkey.
RANKED: Final = 500
_BOUNDED = "SELECT set_config('gin_fuzzy_search_limit', :most, true)"
_HAVING = """
SELECT l.product_id AS id
FROM (
    SELECT taken.product_id, max(taken.rank) AS rank
    FROM unnest(:asked::text[]) AS asked (words)
    CROSS JOIN LATERAL (
        WITH had AS MATERIALIZED (SELECT hit.product_id, hit.rank FROM {hits})
        SELECT * FROM had LIMIT :each
    ) AS taken
    GROUP BY taken.product_id
) AS hit
JOIN listing AS l ON l.product_id = hit.product_id
WHERE {shelf}
ORDER BY hit.rank DESC, l.product_id DESC
LIMIT :size
"""


async def of(ctx: Context, term: str, *, limit: int = 8) -> views.Suggestions:
    """At most `limit` of each kind; of nothing typed nothing. First what begins with the term, then
    what has it anywhere, with the mistakes that `words` forgives."""
    if not 1 <= limit <= MOST:
        raise BadFilter(f"limit must be from 1 to {MOST}, not {limit}", path=("limit",))
    if not term.strip():
        return views.Suggestions((), (), ())
    typed = await words.folded(ctx, term)
    found = await _products(ctx, typed)
    if len(found) < limit:
        found |= await _having(ctx, term)
    return views.Suggestions(
        queries=tuple(_queries(typed, [each.name for each in found.values()], limit)),
        products=tuple(found.values())[:limit],
        categories=await _categories(ctx, typed, limit),
    )


async def _products(ctx: Context, typed: str) -> dict[int, views.Product]:
    sql = _BY_NAME.format(shelf=" AND ".join(visibility.listed(ctx)))
    rows = await query.fetch(ctx, sql, typed=typed, size=READ)
    return await _in_order(ctx, [row["id"] for row in rows])


async def _having(ctx: Context, term: str) -> dict[int, views.Product]:
    found = await words.understand(ctx, term)
    asked = await _completed(ctx, found)
    hits = found.hits(ranked=True, having="asked.words::tsquery")
    sql = _HAVING.format(hits=hits, shelf=" AND ".join(visibility.listed(ctx)))
    each = RANKED // max(1, len(asked))
    await query.fetch(ctx, _BOUNDED, most=str(RANKED))
    try:
        rows = await query.fetch(ctx, sql, **found.values, asked=asked, each=each, size=READ)
    finally:
        await query.fetch(ctx, _BOUNDED, most="0")
    return await _in_order(ctx, [*found.products, *(row["id"] for row in rows)])


async def _completed(ctx: Context, found: Words) -> list[str]:
    """As tsqueries. What no known word begins with is asked for as it is: a key, or a mistake."""
    if not found.words:
        return []
    *before, last = found.words
    rows = await query.fetch(ctx, _COMPLETED, begin=last.text, languages=list(found.languages))
    completed = (Word(row["word"], row["stems"]) for row in rows)
    whole = [replace(found, words=(*before, word)).asked(whole=True) for word in completed]
    return whole or [found.asked()]


async def _in_order(ctx: Context, ids: Sequence[int]) -> dict[int, views.Product]:
    found = await products.by_ids(ctx, ids)
    return {id: found[id] for id in ids if id in found}


async def _categories(ctx: Context, folded: str, limit: int) -> tuple[views.Category, ...]:
    sql = _CATEGORIES.format(
        visible=visibility.categories(ctx), shelf=" AND ".join(visibility.listed(ctx))
    )
    rows = await query.fetch(ctx, sql, typed=folded, named=NAMED, size=limit)
    found = await categories.by_ids(ctx, [row["id"] for row in rows])
    return tuple(found[row["id"]] for row in rows if row["id"] in found)


def _queries(typed: str, names: Sequence[str], limit: int) -> list[str]:
    """The beginnings of names that go on with what was typed, up to the end of a word or of the
    next: they find at least the product that they are taken from."""
    counted: dict[str, int] = {}
    for name in names:
        lowered = name.lower()
        begin = 0 if lowered.startswith(typed) else lowered.find(f" {typed}") + 1
        if begin == 0 and not lowered.startswith(typed):
            continue
        rest = lowered[begin:].split()
        length = len(typed.split())
        for end in (length, length + 1):
            if len(rest) >= end:
                completed = " ".join(rest[:end])
                counted[completed] = counted.get(completed, 0) + 1
    return sorted(counted, key=lambda each: (-counted[each], len(each), each))[:limit]
