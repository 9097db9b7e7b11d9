"""A filled stage made true in the database, step by step; in whose transactions, the caller says.

`filled` are the stage tables that hold anything: what is about the others is not run.
"""

from collections.abc import Awaitable, Callable, Sequence, Set

from catalog.db import Connection
from catalog.writes import (
    attribute_values,
    attributes,
    brands,
    categories,
    channels,
    checks,
    collections,
    offers,
    product_types,
    products,
    references,
    results,
    staging,
    stock,
    translations,
    variants,
)
from catalog.writes.counts import Counts
from catalog.writes.nouns import ALL, bump
from catalog.writes.staging import Problem, Result

_Write = Callable[[Connection], Awaitable[list[Problem]]]

# In this order: each refers to those before it.
NOUNS: Sequence[tuple[str, str, _Write]] = (
    ("channel", "stage_channel", channels.write),
    ("stock_location", "stage_location", stock.write_locations),
    ("attribute", "stage_attribute", attributes.write),
    ("product_type", "stage_type", product_types.write),
    ("brand", "stage_brand", brands.write),
    ("category", "stage_category", categories.write),
    ("collection", "stage_collection", collections.write),
)
STAGES = {noun: stage for noun, stage, _ in NOUNS}

_RESOLVE: Sequence[tuple[str, str]] = (
    *(("stage_value", statement) for statement in attribute_values.OPTION_REFS),
    ("stage_membership", references.MEMBERSHIPS),
    ("stage_product", products.MATCH),
    ("stage_variant", variants.OPTION_KEYS),
    ("stage_variant", variants.MATCH_ALL),
    ("stage_offer", offers.RESOLVE),
)

# What has just been written or resolved has no statistics yet, and joins of it would be taken for
# tiny.
_ANALYZE_NOUNS = f"ANALYZE attribute_option, product_type_attribute, {', '.join(STAGES)}"
_ANALYZE_STAGE = "ANALYZE stage_ref, stage_product, stage_variant, stage_offer, stage_membership"


async def write_nouns(connection: Connection, filled: Set[str]) -> list[Problem]:
    """With what is wrong with the first kind of them that has errors: the others need it."""
    for _, stage, write in NOUNS:
        if stage in filled and (problems := await write(connection)):
            return problems
    return []


async def check(connection: Connection, filled: Set[str], *, many: bool) -> list[Problem]:
    """Everything that is wrong with the rest, once the nouns are there. `many` rows need statistics
    for their plans."""
    await references.collect(connection, references.ALL_SOURCES, filled)
    await references.resolve(connection)
    if many and not filled.isdisjoint(STAGES.values()):
        await connection.execute(_ANALYZE_NOUNS)
    for stage, statement in _RESOLVE:
        if stage in filled:
            await connection.fetch(statement)
    if many:
        await staging.sampled(connection, _ANALYZE_STAGE)
    return await checks.find(connection, filled)


async def finish_nouns(connection: Connection, filled: Set[str]) -> list[Result]:
    """Their texts in other languages, the order of collections, and their versions; what became of
    them."""
    found: list[Result] = []
    if "stage_translation" in filled or products.REPLACES in filled:
        await translations.write_of_nouns(connection)
        found += await results.of_translations(connection, of_products=False)
    if "stage_collection" in filled and "stage_product" not in filled:
        await connection.fetch(collections.ORDER.sql)
    for noun in (noun for noun in ALL if noun.stage in filled):
        await bump(connection, noun)
        found += await results.of_nouns(connection, noun.table, noun.stage)
    return found


async def count_nouns(connection: Connection, filled: Set[str]) -> dict[str, Counts]:
    counts = {noun: Counts() for noun in STAGES}
    for noun, stage in STAGES.items():
        if stage in filled:
            counts[noun] = await _count(connection, noun, stage)
    counts["translation"] = await translations.count(connection, of_products=False)
    return counts


async def _count(connection: Connection, noun: str, stage: str) -> Counts:
    row = await connection.fetchrow(
        f"""
        SELECT count(*) FILTER (WHERE s.fresh)::int AS created,
            count(*) FILTER (WHERE NOT s.fresh AND w.id IS NOT NULL)::int AS updated,
            count(*) FILTER (WHERE NOT s.fresh AND w.id IS NULL)::int AS unchanged
        FROM {stage} s LEFT JOIN stage_touched w ON w.kind = '{noun}' AND w.id = s.id
        """
    )
    return Counts(**dict(row)) if row else Counts()
