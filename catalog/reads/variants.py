"""Variants: one by any of its keys, those of a product, pages of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import db, tags, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import attribute_values, query, refs, translations, visibility
from catalog.reads.money import plain

ID, POSITION = Key("v.id", int), Key("v.position", int)

# Served by variant_product_id_position_id_idx and variant_sku_key.
VARIANT_ORDERS = {
    "position": Order("variant.position", (Key("v.product_id", int), POSITION, ID)),
    "sku": Order("variant.sku", (Key("v.sku", str, nullable=True), ID)),
}
OF_PRODUCT = Order("variant.of-product", (POSITION, ID))


@dataclass(frozen=True, slots=True)
class VariantWhere:
    """Which variants: all fields that are not None hold, each by any one of its values."""

    ids: Sequence[int] | None = None
    skus: Sequence[str] | None = None
    product: Sequence[int] | None = None


EVERYTHING = VariantWhere()


def _select(ctx: Context, found: str) -> str:
    private = "v.private_metadata" if ctx.principal.sees_drafts else "'{}'::jsonb"
    return f"""
        SELECT v.id, v.external_id, v.product_id, v.sku, v.barcode, v.gtin, v.position, v.weight,
            v.metadata, {private} AS private_metadata, v.version, found.*,
            {translations.text(ctx, "v", "name")} AS name
        FROM ({found}) AS found
        JOIN variant AS v ON v.id = found.id
        {translations.join(ctx, "variant", "v")}"""


def _view(row: db.Record) -> views.Variant:
    return views.Variant(
        id=row["id"],
        external_id=row["external_id"],
        product_id=row["product_id"],
        sku=row["sku"],
        barcode=row["barcode"],
        gtin=row["gtin"],
        name=row["name"],
        position=row["position"],
        weight=None if row["weight"] is None else plain(row["weight"]),
        metadata=row["metadata"],
        private_metadata=row["private_metadata"],
        version=row["version"],
    )


SHAPE = query.Shape("v", _select, _view, "product", id="product_id")


def _visible(ctx: Context, v: str = "v", *, row_by_row: bool = True) -> str:
    """A variant is seen where its product is.

    Asked row by row, so that a page stops at its end; a plan that joins would begin with the first
    product of the shop. To count all, joining is six times faster.
    """
    return f"""{v}.deleted_at IS NULL AND EXISTS (
            SELECT FROM product AS p WHERE p.id = {v}.product_id AND {visibility.products(ctx)}
            {"OFFSET 0" if row_by_row else ""}
        )"""


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Variant | None:
    return await refs.find(ctx, refs.VARIANT, ref, visible=_visible(ctx, "t"), shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Variant]:
    found = f"SELECT v.id FROM variant AS v WHERE v.id = ANY (:ids) AND {_visible(ctx)}"
    sql = _select(ctx, found)
    rows = await query.rows(ctx, sql, ids=list(ids)) if ids else []
    SHAPE.note(ctx, rows)
    if len(rows) < len(set(ids)):
        tags.asked(sql, channel_id=ctx.channel_id)
    return {row["id"]: _view(row) for row in rows}


async def by_product_ids(
    ctx: Context, ids: Sequence[int], *, first: int | None = None, after: str | None = None
) -> dict[int, Page[views.Variant]]:
    """The first variants of each product, by position; every asked id has a page."""
    return await query.pages_by_owner(
        ctx,
        SHAPE,
        lambda id, _: f"variant AS v WHERE v.product_id = {id} AND {_visible(ctx)}",
        ids,
        order=OF_PRODUCT,
        paging=Paging(first=first, after=after),
        of="product",
    )


async def counts_by_product_ids(ctx: Context, ids: Sequence[int]) -> dict[int, int]:
    """How many variants each product has."""
    sql = f"""
        SELECT v.product_id AS id, count(*) AS total
        FROM variant AS v
        WHERE v.product_id = ANY (:ids) AND {_visible(ctx)}
        GROUP BY v.product_id"""
    return await query.by_ids(ctx, sql, ids, lambda row: int(row["total"]), of="product")


async def page(
    ctx: Context, where: VariantWhere = EVERYTHING, *, order: str = "position", paging: Paging
) -> Page[views.Variant]:
    """`position` goes product by product, each in its own order."""
    if order not in VARIANT_ORDERS:
        known = ", ".join(VARIANT_ORDERS)
        raise BadFilter(f"variants are ordered by {known}, not by {order}", path=("sort",))
    return await query.page(
        ctx,
        SHAPE,
        _source(ctx, where),
        order=VARIANT_ORDERS[order],
        paging=paging,
        values=_values(where),
    )


async def count(ctx: Context, where: VariantWhere = EVERYTHING) -> int:
    return await query.count(ctx, _source(ctx, where, row_by_row=False), **_values(where))


async def options_by_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.AttributeValue, ...]]:
    """What each variant is on its product's axes: size M, colour red."""
    return await attribute_values.by_owner_ids(ctx, "variant", ids, only_axes=True)


# Served by variant_pkey, variant_sku_key and variant_product_id_position_id_idx.
CONDITIONS = {
    "ids": "v.id = ANY (:ids)",
    "skus": "v.sku = ANY (:skus)",
    "product": "v.product_id = ANY (:product)",
}


def _values(where: VariantWhere) -> dict[str, object]:
    fields = ((field, getattr(where, field)) for field in CONDITIONS)
    return {field: value for field, value in fields if value is not None}


def _source(ctx: Context, where: VariantWhere, *, row_by_row: bool = True) -> str:
    visible = _visible(ctx, row_by_row=row_by_row)
    conditions = [visible, *(CONDITIONS[field] for field in _values(where))]
    return "variant AS v WHERE " + " AND ".join(conditions)
