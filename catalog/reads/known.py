"""What conditions refer to, looked up before they are asked: attributes, options, categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog import db
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import filters, query, rules, visibility
from catalog.reads.filters import ProductWhere


@dataclass(frozen=True, slots=True)
class Attribute:
    """`options` are ids by code."""

    id: int
    code: str
    kind: str
    filterable: bool
    sortable: bool
    options: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """`categories` are, by the id that is asked of, those that may be seen of it and below it: like
    this a list's plan is made for what it really asks. `collections` that may be seen have their
    rule, or None where they are put together by hand."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    categories: Mapping[int, Sequence[int]] = field(default_factory=dict)
    collections: Mapping[int, ProductWhere | None] = field(default_factory=dict)

    def attribute(self, code: str) -> Attribute:
        """Raises `BadFilter` for a code that there is not."""
        if code not in self.attributes:
            raise BadFilter(f"there is no attribute {code}", path=("attributes",))
        return self.attributes[code]

    def within(self, categories: Sequence[int]) -> list[int]:
        return sorted({id for asked in categories for id in self.categories.get(asked, ())})


# Served by attribute_code_key and attribute_option_attribute_id_code_key.
_ATTRIBUTES = """
SELECT a.id, a.code, a.kind, a.filterable, a.sortable,
    array_agg(o.code) FILTER (WHERE o.id IS NOT NULL) AS codes,
    array_agg(o.id) FILTER (WHERE o.id IS NOT NULL) AS ids
FROM attribute AS a
LEFT JOIN attribute_option AS o ON o.attribute_id = a.id AND o.code = ANY (:options::text[])
WHERE a.code = ANY (:codes::text[]) AND a.deleted_at IS NULL
GROUP BY a.id
"""


async def look_up(ctx: Context, where: ProductWhere, *, codes: Sequence[str] = ()) -> Known:
    """Of the conditions, and of attributes asked for besides, at most four statements."""
    asked_of = {id for each in filters.every(where) for id in each.collection or ()}
    collections = await of_collections(ctx, sorted(asked_of))
    by_rule = tuple(rule for rule in collections.values() if rule is not None)
    where = ProductWhere(all_of=(where, *by_rule))
    asked = list(filters.attributes(where))
    named = {each.code for each in asked} | set(codes)
    options = {
        value
        for each in asked
        for values in (each.any_of, each.all_of, each.none_of)
        for value in values or ()
    }
    categories = {id for each in filters.every(where) for id in each.category or ()}
    return Known(
        attributes=await _attributes(ctx, sorted(named), sorted(options)),
        categories=await below(ctx, sorted(categories)),
        collections=collections,
    )


async def of_collections(ctx: Context, ids: Sequence[int]) -> dict[int, ProductWhere | None]:
    """Those that may be seen, with their rules. Served by collection_pkey."""
    sql = f"""
        SELECT c.id, c.rule FROM collection AS c
        WHERE c.id = ANY (:ids::int[]) AND {visibility.collections(ctx)}"""
    rows = await query.fetch_once(ctx, sql, ids=list(ids)) if ids else []
    return {
        row["id"]: None if row["rule"] is None else await rules.read(ctx, row["rule"])
        for row in rows
    }


async def _attributes(
    ctx: Context, codes: Sequence[str], options: Sequence[str]
) -> dict[str, Attribute]:
    rows = await query.fetch_once(ctx, _ATTRIBUTES, codes=codes, options=options) if codes else []
    return {row["code"]: _attribute(row) for row in rows}


def _attribute(row: db.Record) -> Attribute:
    options = dict(zip(row["codes"] or (), row["ids"] or (), strict=True))
    return Attribute(
        row["id"], row["code"], row["kind"], row["filterable"], row["sortable"], options
    )


async def below(ctx: Context, categories: Sequence[int]) -> dict[int, list[int]]:
    """Of each category itself and what lies below it, as far as it may be seen.

    Served by category_path_idx.
    """
    sql = f"""
        SELECT top.id AS owner_id, c.id
        FROM unnest(:ids::int[]) AS top (id)
        JOIN category AS c ON c.path @> ARRAY[top.id]
        WHERE {visibility.categories(ctx)}
        ORDER BY 1, 2"""
    rows = await query.fetch_once(ctx, sql, ids=list(categories)) if categories else []
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["owner_id"], []).append(row["id"])
    return found
