"""Who may see which product, category, collection and picture: the one place, part of every read.

Without a token it is what is published in the channel at the context's moment; with one that sees
drafts, everything that is not deleted. Each function gives a condition on the table of that alias.
"""

from catalog.context import Context


def products(ctx: Context, p: str = "p") -> str:
    """Served by product_listing_product_id_channel_id_key."""
    if ctx.principal.sees_drafts:
        return f"{p}.deleted_at IS NULL"
    return f"""{p}.deleted_at IS NULL AND {p}.status = 'active' AND EXISTS (
            SELECT FROM product_listing AS listing
            WHERE listing.product_id = {p}.id AND listing.channel_id = :channel_id
            AND (listing.published_from IS NULL OR listing.published_from <= :at)
            AND (listing.published_until IS NULL OR listing.published_until > :at)
        )"""


# In a list. Served by listing_pkey, listing_newest_idx and the other indexes of `listing`.
SHELF = "l.channel_id = :channel_id AND l.currency = :currency"
SHOWN = """l.shown AND (l.shown_from IS NULL OR l.shown_from <= :at)
    AND (l.shown_until IS NULL OR l.shown_until > :at)"""


def listed(ctx: Context, *, filtered: bool = False) -> list[str]:
    """Conditions on `listing` as `l`: what stands on the context's shelf, and may be seen.

    Where they are only to filter what another condition finds, no index is read for them: it would
    have the whole shelf.
    """
    shelf = f"({SHELF}) IS TRUE" if filtered else SHELF
    return [shelf] if ctx.principal.sees_drafts else [shelf, SHOWN]


def categories(ctx: Context, c: str = "c") -> str:
    """Published with all its ancestors; served by category_pkey."""
    if ctx.principal.sees_drafts:
        return f"{c}.deleted_at IS NULL"
    return f"""{c}.deleted_at IS NULL AND {c}.published AND NOT EXISTS (
            SELECT FROM category AS ancestor
            WHERE ancestor.id = ANY ({c}.path)
            AND (ancestor.deleted_at IS NOT NULL OR NOT ancestor.published)
        )"""


def collections(ctx: Context, c: str = "c") -> str:
    if ctx.principal.sees_drafts:
        return f"{c}.deleted_at IS NULL"
    return f"{c}.deleted_at IS NULL AND {c}.published"


def media(ctx: Context, m: str = "m") -> str:
    """Shown by anything that may be seen.

    Served by product_media_media_id_idx, variant_media_media_id_idx, category_image_id_idx and
    collection_image_id_idx.
    """
    if ctx.principal.sees_drafts:
        return "true"
    return f"""(EXISTS (
            SELECT FROM product_media AS shown
            JOIN product AS p ON p.id = shown.product_id
            WHERE shown.media_id = {m}.id AND {products(ctx)}
        ) OR EXISTS (
            SELECT FROM variant_media AS shown
            JOIN variant AS v ON v.id = shown.variant_id
            JOIN product AS p ON p.id = v.product_id
            WHERE shown.media_id = {m}.id AND v.deleted_at IS NULL AND {products(ctx)}
        ) OR EXISTS (
            SELECT FROM category AS c WHERE c.image_id = {m}.id AND {categories(ctx)}
        ) OR EXISTS (
            SELECT FROM collection AS c WHERE c.image_id = {m}.id AND {collections(ctx)}
        ))"""
