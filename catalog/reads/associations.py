"""Associations: which products go with a product."""

from collections.abc import Sequence

from catalog import db, tags, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.models.association import ASSOCIATION_KINDS
from catalog.reads import query, visibility


async def by_product_ids(
    ctx: Context, ids: Sequence[int], *, kind: str | None = None
) -> dict[int, tuple[views.Association, ...]]:
    """By kind and position, only those whose target may be seen.

    Served by association_product_id_kind_target_id_key.
    """
    if kind is not None and kind not in ASSOCIATION_KINDS:
        known = ", ".join(ASSOCIATION_KINDS)
        raise BadFilter(f"a kind of association is one of {known}, not {kind}", path=("kind",))
    sql = f"""
        SELECT a.product_id AS owner_id, a.target_id, a.kind, a.quantity, a.position,
            {visibility.products(ctx)} AS seen
        FROM association AS a
        JOIN product AS p ON p.id = a.target_id
        WHERE a.product_id = ANY (:ids)
            {"" if kind is None else "AND a.kind = :kind"}
        ORDER BY owner_id, a.kind, a.position, a.id"""
    found = await query.grouped(ctx, sql, ids, _seen, of="product", kind=kind)
    seen = {owner: tuple(filter(None, every)) for owner, every in found.items()}
    return {owner: every for owner, every in seen.items() if every}


def _seen(row: db.Record) -> views.Association | None:
    """What may not be seen is as good as not there, as long as it may not."""
    tags.rows("product", [row["target_id"]])
    return _view(row) if row["seen"] else None


def _view(row: db.Record) -> views.Association:
    return views.Association(
        product_id=row["owner_id"],
        target_id=row["target_id"],
        kind=row["kind"],
        quantity=row["quantity"],
        position=row["position"],
    )
