"""Attributes, their options, and what products and variants have of them."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import attribute_values, query, refs, translations

POSITION = Order("attribute.position", (Key("a.position", int), Key("a.id", int)))

LIVE = "attribute AS a WHERE a.deleted_at IS NULL"


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT a.id, a.external_id, a.code, a.kind, a.unit, a.filterable, a.searchable, a.sortable,
            a.position, a.version, found.*,
            {translations.text(ctx, "a", "name")} AS name
        FROM ({found}) AS found
        JOIN attribute AS a ON a.id = found.id
        {translations.join(ctx, "attribute", "a")}"""


def _view(row: db.Record) -> views.Attribute:
    return views.Attribute(
        id=row["id"],
        external_id=row["external_id"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        unit=row["unit"],
        filterable=row["filterable"],
        searchable=row["searchable"],
        sortable=row["sortable"],
        position=row["position"],
        version=row["version"],
    )


SHAPE = query.Shape("a", _select, _view, "attribute")


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Attribute | None:
    return await refs.find(ctx, refs.ATTRIBUTE, ref, visible="t.deleted_at IS NULL", shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Attribute]:
    sql = _select(ctx, f"SELECT a.id FROM {LIVE} AND a.id = ANY (:ids)")
    return await query.by_ids(ctx, sql, ids, _view)


async def by_codes(ctx: Context, codes: Sequence[str]) -> dict[str, views.Attribute]:
    """Served by attribute_code_key."""
    sql = _select(ctx, f"SELECT a.id FROM {LIVE} AND a.code = ANY (:codes)")
    rows = await query.fetch(ctx, sql, codes=codes)
    return {row["code"]: _view(row) for row in rows}


async def filterable(ctx: Context) -> tuple[views.Attribute, ...]:
    """What lists may be narrowed by, by position; references are no values to choose from."""
    found = f"SELECT a.id FROM {LIVE} AND a.filterable AND a.kind <> 'reference'"
    rows = await query.fetch(ctx, f"{_select(ctx, found)} ORDER BY a.position, a.id")
    return tuple(map(_view, rows))


async def page(ctx: Context, *, paging: Paging) -> Page[views.Attribute]:
    """By position."""
    return await query.page(ctx, SHAPE, LIVE, order=POSITION, paging=paging)


async def count(ctx: Context) -> int:
    return await query.count(ctx, LIVE)


async def options_by_attribute_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.AttributeOption, ...]]:
    """Served by attribute_option_attribute_id_code_key."""
    sql = f"{_options(ctx)} WHERE o.attribute_id = ANY (:ids) ORDER BY owner_id, o.position, o.id"
    return await query.grouped(ctx, sql, ids, _option, of="attribute")


async def options_by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.AttributeOption]:
    """Served by attribute_option_pkey."""
    return await query.by_ids(ctx, f"{_options(ctx)} WHERE o.id = ANY (:ids)", ids, _option)


def _options(ctx: Context) -> str:
    return f"""
        SELECT o.attribute_id AS owner_id, o.id, o.code, o.position, o.swatch,
            {translations.text(ctx, "o", "name", of="label")} AS label
        FROM attribute_option AS o
        {translations.join(ctx, "option", "o")}"""


def _option(row: db.Record) -> views.AttributeOption:
    return views.AttributeOption(
        id=row["id"],
        attribute_id=row["owner_id"],
        code=row["code"],
        label=row["label"],
        position=row["position"],
        swatch=row["swatch"],
    )


async def values_by_product_ids(
    ctx: Context, ids: Sequence[int], *, codes: Sequence[str] | None = None
) -> dict[int, tuple[views.AttributeValue, ...]]:
    """In the order of the product's type; `codes` narrows them down to these attributes."""
    return await attribute_values.by_owner_ids(ctx, "product", ids, codes=codes)


async def values_by_variant_ids(
    ctx: Context, ids: Sequence[int], *, codes: Sequence[str] | None = None
) -> dict[int, tuple[views.AttributeValue, ...]]:
    """The variant's own, its option axes among them."""
    return await attribute_values.by_owner_ids(ctx, "variant", ids, codes=codes)
