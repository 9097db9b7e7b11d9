"""What stands in the way of a deletion or a restoration, each as the flaw that names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.db import Connection, Record
from catalog.errors import Flaw
from catalog.writes.nouns import Noun


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`sql` names what stands in the way of $1: ten at most, each with the total."""

    code: str
    message: str
    sql: str
    path: tuple[str, ...] = ()


# What needs it.
_USES: Mapping[str, Obstacle] = {
    # Served by category_parent_id_position_id_idx.
    "category": Obstacle(
        "HAS_CHILDREN",
        "has categories below it ({total}): {names}; delete or move them first",
        """
        SELECT slug AS name, count(*) OVER () AS total FROM category
        WHERE parent_id = $1 AND deleted_at IS NULL ORDER BY position, id LIMIT 10
        """,
    ),
    # Served by product_product_type_id_idx.
    "product_type": Obstacle(
        "TYPE_IN_USE",
        "is the type of products ({total}): {names}; delete them, or give them another type, first",
        """
        SELECT slug AS name, count(*) OVER () AS total FROM product
        WHERE product_type_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 10
        """,
    ),
    # Served by product_type_attribute_attribute_id_idx.
    "attribute": Obstacle(
        "ATTRIBUTE_IN_USE",
        "tells the variants apart in product types ({total}): {names}; "
        "take it off their option axes first",
        """
        SELECT t.code AS name, count(*) OVER () AS total
        FROM product_type_attribute AS axis
        JOIN product_type AS t ON t.id = axis.product_type_id AND t.deleted_at IS NULL
        WHERE axis.attribute_id = $1 AND axis.is_option ORDER BY t.code LIMIT 10
        """,
    ),
    # Served by channel_pkey.
    "channel": Obstacle(
        "DEFAULT_CHANNEL",
        "{names} is the default channel; make another one the default first",
        "SELECT code AS name, 1 AS total FROM channel WHERE id = $1 AND is_default",
    ),
}

# What it would hang on that is deleted itself. Served by the primary keys, and by
# product_type_attribute_product_type_id_attribute_id_key.
_MISSING: Mapping[str, Obstacle] = {
    "category": Obstacle(
        "PARENT_DELETED",
        "would lie below {names}, which is deleted; restore that first",
        """
        SELECT p.slug AS name, 1 AS total
        FROM category AS c JOIN category AS p ON p.id = c.parent_id
        WHERE c.id = $1 AND p.deleted_at IS NOT NULL
        """,
        path=("parent",),
    ),
    "variant": Obstacle(
        "PRODUCT_DELETED",
        "is a variant of {names}, which is deleted; restore that first",
        """
        SELECT p.slug AS name, 1 AS total
        FROM variant AS v JOIN product AS p ON p.id = v.product_id
        WHERE v.id = $1 AND p.deleted_at IS NOT NULL
        """,
        path=("product",),
    ),
    "product": Obstacle(
        "TYPE_DELETED",
        "is of the type {names}, which is deleted; restore that first",
        """
        SELECT t.code AS name, 1 AS total
        FROM product AS p JOIN product_type AS t ON t.id = p.product_type_id
        WHERE p.id = $1 AND t.deleted_at IS NOT NULL
        """,
        path=("type",),
    ),
    "product_type": Obstacle(
        "ATTRIBUTE_DELETED",
        "tells its variants apart by attributes that are deleted ({total}): {names}; "
        "restore them first",
        """
        SELECT a.code AS name, count(*) OVER () AS total
        FROM product_type_attribute AS axis JOIN attribute AS a ON a.id = axis.attribute_id
        WHERE axis.product_type_id = $1 AND axis.is_option AND a.deleted_at IS NOT NULL
        ORDER BY a.code LIMIT 10
        """,
        path=("attributes",),
    ),
}


async def to_deletion(connection: Connection, table: str, id: int) -> list[Flaw]:
    return await _standing(connection, _USES.get(table), id)


async def to_restoration(
    connection: Connection, noun: Noun, whole: Mapping[str, Sequence[int]], deleted_at: datetime
) -> list[Flaw]:
    """`whole` is what would be there again, ids by kind, the noun's own first."""
    flaws = await _standing(connection, _MISSING.get(noun.table), whole[noun.table][0])
    flaws += await _taken(connection, noun, whole[noun.table])
    if noun.table == "product":
        flaws += await _taken_of_variants(connection, whole["variant"])
    if noun.key == "slug":
        flaws += await _taken_slugs(connection, noun.table, whole[noun.table][0], deleted_at)
    return flaws


async def _standing(connection: Connection, obstacle: Obstacle | None, id: int) -> list[Flaw]:
    rows = await connection.fetch(obstacle.sql, id) if obstacle else []
    if not obstacle or not rows:
        return []
    names = ", ".join(row["name"] for row in rows)
    total = rows[0]["total"]
    more = f" and {total - len(rows)} more" if total > len(rows) else ""
    message = obstacle.message.format(total=total, names=names + more)
    return [Flaw(obstacle.code, obstacle.path, message)]


@dataclass(frozen=True, slots=True)
class _Key:
    """What is unique among all that is there: `field` is what people call it."""

    code: str
    field: str
    columns: tuple[str, ...]


_EXTERNAL_ID = _Key("EXTERNAL_ID_TAKEN", "external_id", ("external_id",))
_OF_VARIANTS = (
    _Key("SKU_TAKEN", "sku", ("sku",)),
    _EXTERNAL_ID,
    _Key("GTIN_TAKEN", "barcode", ("gtin",)),
    _Key("COMBINATION_TAKEN", "options", ("product_id", "option_key")),
)

# Served by {table}_pkey and {table}_{columns}_key.
_TAKEN = """
SELECT {named} AS own, own.{column} AS value, holder.id, holder.external_id, {sku} AS sku
FROM {table} AS own
JOIN {table} AS holder ON {same} AND holder.deleted_at IS NULL
WHERE own.id = ANY ($1::int[])
ORDER BY own.id
"""

# Served by translation_kind_entity_id_locale_key and translation_slug_key.
_TAKEN_SLUGS = """
SELECT own.locale, own.slug AS value, t.id, t.external_id, NULL AS sku
FROM translation AS own
JOIN translation AS holder ON holder.kind = own.kind AND holder.slug = own.slug
    AND holder.locale = own.locale AND holder.deleted_at IS NULL
JOIN {table} AS t ON t.id = holder.entity_id
WHERE own.kind = '{table}' AND own.entity_id = $1 AND own.deleted_at = $2
ORDER BY own.locale
"""


async def _taken(connection: Connection, noun: Noun, ids: Sequence[int]) -> list[Flaw]:
    own_key = _Key(f"{noun.key.upper()}_TAKEN", noun.key, (noun.key,))
    keys = _OF_VARIANTS if noun.table == "variant" else (own_key, _EXTERNAL_ID)
    return [
        _flaw(key.code, (key.field,), noun.table, row)
        for key in keys
        for row in await connection.fetch(_sql(noun.table, key), ids)
    ]


async def _taken_of_variants(connection: Connection, ids: Sequence[int]) -> list[Flaw]:
    return [
        _flaw(key.code, ("variants", row["own"], key.field), "variant", row)
        for key in _OF_VARIANTS
        for row in await connection.fetch(_sql("variant", key), ids)
    ]


async def _taken_slugs(
    connection: Connection, table: str, id: int, deleted_at: datetime
) -> list[Flaw]:
    rows = await connection.fetch(_TAKEN_SLUGS.format(table=table), id, deleted_at)
    return [
        _flaw("SLUG_TAKEN", ("translations", row["locale"], "slug"), table, row) for row in rows
    ]


def _sql(table: str, key: _Key) -> str:
    of_variant = table == "variant"
    return _TAKEN.format(
        table=table,
        column=key.columns[-1],
        same=" AND ".join(f"holder.{column} = own.{column}" for column in key.columns),
        named="coalesce(own.sku, own.external_id, own.id::text)" if of_variant else "NULL",
        sku="holder.sku" if of_variant else "NULL",
    )


def _flaw(code: str, path: tuple[str, ...], table: str, row: Record) -> Flaw:
    keys = {"id": row["id"], "external_id": row["external_id"], "sku": row["sku"]}
    holder = ", ".join(f"{name} {value}" for name, value in keys.items() if value is not None)
    message = f"belongs to another {table} now ({holder}); change or delete that one first"
    return Flaw(code, path, message, row["value"])
