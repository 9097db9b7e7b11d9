"""References of a load: every one once in `stage_ref`, with the id it leads to.

A reference is a slug, a code or a SKU, or `ext:` and the integrator's key.
"""

from collections.abc import Iterable, Sequence

from catalog.db import Connection
from catalog.writes.rows import split
from catalog.writes.staging import Problem

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


def _translated(kind: str) -> str:
    return f"SELECT ref, line, 'ref' FROM stage_translation WHERE n IS NULL AND kind = '{kind}'"


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
# May lead to a product of the same load that is not there yet.
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
)
ALL_SOURCES = (*PRODUCT_SOURCES, *LINK_SOURCES)


async def collect(connection: Connection, sources: Iterable[tuple[str, str]]) -> None:
    for kind, select in sources:
        await connection.execute(
            f"""
            INSERT INTO stage_ref (kind, ref)
            SELECT DISTINCT '{kind}', found.ref FROM ({select}) AS found (ref, line, path)
            WHERE found.ref IS NOT NULL
            ON CONFLICT DO NOTHING
            """
        )


async def resolve(connection: Connection, kinds: Iterable[str]) -> None:
    """Look up what has no id yet."""
    for kind in kinds:
        table, key = TARGETS[kind]
        await connection.execute(
            f"""
            UPDATE stage_ref r SET id = t.id FROM {table} t
            WHERE r.kind = '{kind}' AND r.id IS NULL AND t.deleted_at IS NULL AND t.{key} = r.ref
            """
        )
        await connection.execute(
            f"""
            UPDATE stage_ref r SET id = t.id FROM {table} t
            WHERE r.kind = '{kind}' AND r.id IS NULL AND t.deleted_at IS NULL
              AND r.ref LIKE 'ext:%' AND t.external_id = substr(r.ref, 5)
            """
        )


# Kept with each membership, of which a load has many and joins them often.
MEMBERSHIPS = """
UPDATE stage_membership m SET id = r.id FROM stage_ref r WHERE r.kind = m.kind AND r.ref = m.ref
"""


async def unresolved(
    connection: Connection, sources: Iterable[tuple[str, str]], *, staged: str = "false"
) -> list[Problem]:
    """Every place that refers to nothing. `staged` is a condition on `r` for what will be there."""
    problems = []
    for kind, select in sources:
        rows = await connection.fetch(
            f"""
            SELECT found.ref, found.line, found.path FROM ({select}) AS found (ref, line, path)
            JOIN stage_ref r ON r.kind = '{kind}' AND r.ref = found.ref
            WHERE r.id IS NULL AND NOT ({staged})
            ORDER BY found.line LIMIT 1000
            """
        )
        problems += [
            Problem(
                row["line"],
                split(row["path"]),
                row["ref"],
                "REFERENCE_NOT_FOUND",
                f"there is no {kind} with that {_named_by(kind, row['ref'])}; "
                "add it before, or in the same file",
            )
            for row in rows
        ]
    return problems


def _named_by(kind: str, ref: str) -> str:
    return "external_id" if ref.startswith("ext:") else TARGETS[kind][1]
