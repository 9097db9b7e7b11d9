"""References of a load: every one once in `stage_ref`, with the id it leads to.

A reference is a slug, a code or a SKU, or `ext:` and the integrator's key; `id:` and a row's number
where the caller has looked it up.
"""

from collections.abc import Iterable, Sequence, Set

from catalog.db import Connection
from catalog.writes.rows import split
from catalog.writes.staging import Problem, about

# What each kind of reference names, and the column it is found by.
TARGETS = {
    "channel": ("channel", "code"),
    "location": ("stock_location", "code"),
    "attribute": ("attribute", "code"),
    "type": ("product_type", "code"),
    "brand": ("brand", "slug"),
    "category": ("category", "slug"),
    "collection": ("collection", "slug"),
    "product": ("product", "slug"),
    "variant": ("variant", "sku"),
}


# Of one kind of error at a time: the rest shows once these are mended, or left out.
LIMIT = 20_000

# Where references stand: kind, and a SELECT of ref, line, path.
NOUN_SOURCES: Sequence[tuple[str, str]] = (
    ("channel", "SELECT unnest(channels) AS ref, line, 'channels' AS path FROM stage_location"),
    ("attribute", "SELECT attribute, line, path || '/attribute' FROM stage_assignment"),
    ("category", "SELECT parent, line, 'parent' FROM stage_category WHERE parent IS NOT NULL"),
)
PRODUCT_SOURCES: Sequence[tuple[str, str]] = (
    ("channel", "SELECT channel, line, path || '/channel' FROM stage_price"),
    ("channel", "SELECT channel, line, path || '/channel' FROM stage_listing"),
    ("location", "SELECT location, line, path || '/location' FROM stage_stock"),
    ("attribute", "SELECT attribute, line, path FROM stage_value"),
    ("type", "SELECT type, line, 'type' FROM stage_product"),
    ("brand", "SELECT brand, line, 'brand' FROM stage_product"),
    ("category", "SELECT ref, line, path FROM stage_membership WHERE kind = 'category'"),
    ("category", "SELECT primary_category, line, 'primary_category' FROM stage_product"),
    ("collection", "SELECT ref, line, path FROM stage_membership WHERE kind = 'collection'"),
    *(
        (
            kind,
            f"SELECT ref, line, 'ref' FROM stage_translation WHERE n IS NULL AND kind = '{kind}'",
        )
        for kind in ("variant", "category", "collection", "brand", "attribute")
    ),
)
# May lead to a product or variant of the same load that is not there yet.
LINK_SOURCES: Sequence[tuple[str, str]] = (
    ("product", "SELECT target, line, path || '/product' FROM stage_association"),
    ("product", "SELECT unnest(products), line, 'products' FROM stage_collection"),
    (
        "product",
        """SELECT s.text, s.line, s.path FROM stage_value s
        JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        WHERE a.kind = 'reference'""",
    ),
    (
        "product",
        "SELECT ref, line, 'ref' FROM stage_translation WHERE n IS NULL AND kind = 'product'",
    ),
    ("variant", "SELECT ref, line, 'variant' FROM stage_offer"),
)
ALL_SOURCES = (*PRODUCT_SOURCES, *LINK_SOURCES)


async def collect(
    connection: Connection, sources: Iterable[tuple[str, str]], filled: Set[str] | None = None
) -> None:
    """From those of the stage tables that are `filled`, where the caller knows that."""
    for kind, select in sources:
        if filled is not None and about(select) not in filled:
            continue
        await connection.fetch(
            f"""
            INSERT INTO stage_ref (kind, ref)
            SELECT DISTINCT '{kind}', found.ref FROM ({select}) AS found (ref, line, path)
            WHERE found.ref IS NOT NULL
            ON CONFLICT DO NOTHING
            """
        )


async def resolve(connection: Connection, kinds: Iterable[str] | None = None) -> None:
    """Look up what has no id yet: by its own key, else as the prefix says. Of all kinds that there
    are unless told."""
    if kinds is None:
        rows = await connection.fetch("SELECT DISTINCT kind FROM stage_ref WHERE id IS NULL")
        kinds = {row["kind"] for row in rows} & TARGETS.keys()
    for kind in kinds:
        await connection.fetch(_look_up(kind))


def _look_up(kind: str) -> str:
    """Row by row through the indexes: a join's plan would have to guess how many there are.
    Served by <table>_<key>_key, <table>_external_id_key, <table>_pkey."""
    table, key = TARGETS[kind]
    live = f"FROM {table} t WHERE t.deleted_at IS NULL"
    return f"""
        UPDATE stage_ref r SET id = coalesce(
            (SELECT t.id {live} AND t.{key} = r.ref),
            CASE WHEN r.ref LIKE 'ext:%' THEN
                (SELECT t.id {live} AND t.external_id = substr(r.ref, 5)) END,
            CASE WHEN r.ref ~ '^id:[0-9]{{1,9}}$' THEN
                (SELECT t.id {live} AND t.id = substr(r.ref, 4)::int) END)
        WHERE r.kind = '{kind}' AND r.id IS NULL
    """


# Kept with each membership, of which a load has many and joins them often.
MEMBERSHIPS = """
UPDATE stage_membership m SET id = r.id FROM stage_ref r WHERE r.kind = m.kind AND r.ref = m.ref
"""


async def unresolved(
    connection: Connection,
    sources: Iterable[tuple[str, str]],
    filled: Set[str] | None = None,
    *,
    staged: str = "false",
) -> list[Problem]:
    """Every place that refers to nothing. `staged` is a condition on `r` for what will be there."""
    problems = []
    for kind, select in sources:
        if filled is not None and about(select) not in filled:
            continue
        rows = await connection.fetch(
            f"""
            SELECT found.ref, found.line, found.path FROM ({select}) AS found (ref, line, path)
            JOIN stage_ref r ON r.kind = '{kind}' AND r.ref = found.ref
            WHERE r.id IS NULL AND NOT ({staged})
            ORDER BY found.line LIMIT {LIMIT}
            """
        )
        problems += [not_found(kind, row["ref"], row["line"], split(row["path"])) for row in rows]
    return problems


def not_found(kind: str, ref: str, line: int, path: tuple[str | int, ...]) -> Problem:
    return Problem(
        line,
        path,
        ref,
        "REFERENCE_NOT_FOUND",
        f"there is no {kind} with that {_named_by(kind, ref)}; add it before, or in the same file",
    )


def _named_by(kind: str, ref: str) -> str:
    return "external_id" if ref.startswith("ext:") else TARGETS[kind][1]
