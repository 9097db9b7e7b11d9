"""Categories: one, those of a product, and the tree of them."""

from collections.abc import Sequence

from catalog import db, tags, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import query, refs, translations, visibility

MAX_DEPTH = 20


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT c.id, c.external_id, c.parent_id, c.path, c.position, c.metadata, c.image_id,
            c.version, found.*,
            {translations.text(ctx, "c", "slug")} AS slug,
            {translations.text(ctx, "c", "name")} AS name,
            {translations.text(ctx, "c", "description")} AS description,
            {translations.text(ctx, "c", "seo_title")} AS seo_title,
            {translations.text(ctx, "c", "seo_description")} AS seo_description
        FROM ({found}) AS found
        JOIN category AS c ON c.id = found.id
        {translations.join(ctx, "category", "c")}"""


def _view(row: db.Record) -> views.Category:
    return views.Category(
        id=row["id"],
        external_id=row["external_id"],
        parent_id=row["parent_id"],
        path=tuple(row["path"]),
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        position=row["position"],
        seo=views.Seo(title=row["seo_title"], description=row["seo_description"]),
        metadata=row["metadata"],
        image_id=row["image_id"],
        version=row["version"],
    )


SHAPE = query.Shape("c", _select, _view, "category")


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Category | None:
    visible = visibility.categories(ctx, "t")
    return await refs.find(ctx, refs.CATEGORY, ref, visible=visible, shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Category]:
    found = (
        f"SELECT c.id FROM category AS c WHERE c.id = ANY (:ids) AND {visibility.categories(ctx)}"
    )
    # Whether it may be seen depends on those above it.
    tags.note("category!")
    return await query.by_ids(ctx, _select(ctx, found), ids, _view, of="category")


async def by_product_ids(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[views.Category, ...]]:
    """The primary one first, the others branch by branch.

    Served by product_category_product_id_category_id_key.
    """
    found = f"""
        SELECT c.id, member.product_id AS owner_id, member.is_primary
        FROM product_category AS member
        JOIN category AS c ON c.id = member.category_id
        WHERE member.product_id = ANY (:ids) AND {visibility.categories(ctx)}"""
    order_by = "found.owner_id, found.is_primary DESC, c.path"
    sql = f"{_select(ctx, found)} ORDER BY {order_by}"
    return await query.grouped(ctx, sql, ids, _view, of="product")


async def children_by_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.Category, ...]]:
    """By position; served by category_parent_id_position_id_idx."""
    found = f"""
        SELECT c.id, c.parent_id AS owner_id
        FROM category AS c
        WHERE c.parent_id = ANY (:ids) AND {visibility.categories(ctx)}"""
    sql = f"{_select(ctx, found)} ORDER BY found.owner_id, c.position, c.id"
    return await query.grouped(ctx, sql, ids, _view)


async def ancestors_by_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.Category, ...]]:
    """From the root down to the parent; served by category_pkey."""
    found = f"""
        SELECT c.id, below.id AS owner_id
        FROM category AS below
        JOIN category AS c ON c.id = ANY (below.path) AND c.id <> below.id
        WHERE below.id = ANY (:ids) AND {visibility.categories(ctx)}"""
    sql = f"{_select(ctx, found)} ORDER BY found.owner_id, cardinality(c.path)"
    return await query.grouped(ctx, sql, ids, _view)


async def tree(
    ctx: Context, parent_id: int | None = None, depth: int = 1
) -> tuple[views.Category, ...]:
    """What lies under a category, or under none, that many levels deep: each before its children,
    siblings by position. Served by category_parent_id_position_id_idx."""
    if not 1 <= depth <= MAX_DEPTH:
        raise BadFilter(f"depth must be from 1 to {MAX_DEPTH}, not {depth}", path=("depth",))
    begin = "c.parent_id IS NULL" if parent_id is None else "c.parent_id = :parent_id"
    found = f"""
        WITH RECURSIVE below AS (
            SELECT c.id, 1 AS depth, ARRAY[c.position, c.id] AS place
            FROM category AS c
            WHERE {begin} AND {visibility.categories(ctx)}
            UNION ALL
            SELECT c.id, below.depth + 1, below.place || ARRAY[c.position, c.id]
            FROM below
            JOIN category AS c ON c.parent_id = below.id
            WHERE below.depth < :depth AND {visibility.categories(ctx)}
        )
        SELECT id, place FROM below"""
    sql = f"{_select(ctx, found)} ORDER BY found.place"
    rows = await query.fetch(ctx, sql, parent_id=parent_id, depth=depth)
    return tuple(_view(row) for row in rows)
