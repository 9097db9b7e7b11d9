"""Product types, and which attributes they give to products and variants."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.reads import query, refs


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT t.id, t.external_id, t.code, t.name, t.updated_at, found.*
        FROM ({found}) AS found
        JOIN product_type AS t ON t.id = found.id"""


def _view(row: db.Record) -> views.ProductType:
    return views.ProductType(
        id=row["id"],
        external_id=row["external_id"],
        code=row["code"],
        name=row["name"],
        updated_at=row["updated_at"],
    )


SHAPE = query.Shape("t", _select, _view, "product_type")


async def all(ctx: Context) -> tuple[views.ProductType, ...]:
    """By code."""
    sql = _select(ctx, "SELECT id FROM product_type WHERE deleted_at IS NULL")
    rows = await query.fetch(ctx, f"{sql} ORDER BY t.code")
    return tuple(_view(row) for row in rows)


async def by_ref(ctx: Context, ref: refs.Ref) -> views.ProductType | None:
    live = "t.deleted_at IS NULL"
    return await refs.find(ctx, refs.PRODUCT_TYPE, ref, visible=live, shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.ProductType]:
    found = "SELECT id FROM product_type WHERE deleted_at IS NULL AND id = ANY (:ids)"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view)


# Served by product_type_attribute_product_type_id_attribute_id_key.
ASSIGNMENTS = """
SELECT t.product_type_id AS owner_id, t.attribute_id, a.code AS attribute, t.level, t.is_option,
    t.required, t.position
FROM product_type_attribute AS t
JOIN attribute AS a ON a.id = t.attribute_id AND a.deleted_at IS NULL
WHERE t.product_type_id = ANY (:ids)
ORDER BY owner_id, t.position, t.id
"""


async def assignments_by_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.Assignment, ...]]:
    """In the order of the type."""
    return await query.grouped(ctx, ASSIGNMENTS, ids, _assignment)


def _assignment(row: db.Record) -> views.Assignment:
    return views.Assignment(
        attribute_id=row["attribute_id"],
        attribute=row["attribute"],
        level=row["level"],
        is_option=row["is_option"],
        required=row["required"],
        position=row["position"],
    )
