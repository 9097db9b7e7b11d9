"""Collections."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import query, refs, translations, visibility

# Served by collection_name_sort_id_idx.
NAME = Order("collection.name", (Key("c.name_sort", str), Key("c.id", int)))


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT c.id, c.external_id, c.metadata, c.image_id, c.version, found.*,
            {translations.text(ctx, "c", "slug")} AS slug,
            {translations.text(ctx, "c", "name")} AS name,
            {translations.text(ctx, "c", "description")} AS description,
            {translations.text(ctx, "c", "seo_title")} AS seo_title,
            {translations.text(ctx, "c", "seo_description")} AS seo_description
        FROM ({found}) AS found
        JOIN collection AS c ON c.id = found.id
        {translations.join(ctx, "collection", "c")}"""


def _view(row: db.Record) -> views.Collection:
    return views.Collection(
        id=row["id"],
        external_id=row["external_id"],
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        seo=views.Seo(title=row["seo_title"], description=row["seo_description"]),
        metadata=row["metadata"],
        image_id=row["image_id"],
        version=row["version"],
    )


SHAPE = query.Shape("c", _select, _view, "collection")


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Collection | None:
    visible = visibility.collections(ctx, "t")
    return await refs.find(ctx, refs.COLLECTION, ref, visible=visible, shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Collection]:
    sql = _select(ctx, f"SELECT c.id FROM {_source(ctx)} AND c.id = ANY (:ids)")
    return await query.by_ids(ctx, sql, ids, _view, of="collection")


async def by_product_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.Collection, ...]]:
    """By name; served by collection_product_product_id_idx."""
    found = f"""
        SELECT c.id, member.product_id AS owner_id
        FROM collection_product AS member
        JOIN collection AS c ON c.id = member.collection_id
        WHERE member.product_id = ANY (:ids) AND {visibility.collections(ctx)}"""
    sql = f"{_select(ctx, found)} ORDER BY found.owner_id, c.name_sort, c.id"
    return await query.grouped(ctx, sql, ids, _view, of="product")


async def page(ctx: Context, *, paging: Paging) -> Page[views.Collection]:
    """By name."""
    return await query.page(ctx, SHAPE, _source(ctx), order=NAME, paging=paging)


async def count(ctx: Context) -> int:
    return await query.count(ctx, _source(ctx))


def _source(ctx: Context) -> str:
    return f"collection AS c WHERE {visibility.collections(ctx)}"
