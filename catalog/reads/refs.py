"""References: how people name one thing, and the SQL that finds what they may mean."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from catalog import tags
from catalog.context import Context
from catalog.errors import AmbiguousReference, BadReference
from catalog.reads import query

T = TypeVar("T")
RefKind = Literal["id", "slug", "sku", "barcode", "external_id"]


@dataclass(frozen=True, slots=True)
class Ref:
    """`value` of an id is its digits; the slug of an attribute, a type or a channel is its code."""

    kind: RefKind
    value: str


@dataclass(frozen=True, slots=True)
class Noun:
    """What can be referred to: its table, by which keys, and the column that `slug` means."""

    table: str
    kinds: tuple[RefKind, ...] = ("id", "slug", "external_id")
    slug: Literal["slug", "code"] = "slug"


PRODUCT = Noun("product", ("id", "slug", "sku", "barcode", "external_id"))
VARIANT = Noun("variant", ("id", "sku", "barcode", "external_id"))
CATEGORY = Noun("category")
COLLECTION = Noun("collection")
BRAND = Noun("brand")
CHANNEL = Noun("channel", slug="code")
PRODUCT_TYPE = Noun("product_type", slug="code")
ATTRIBUTE = Noun("attribute", slug="code")
STOCK_LOCATION = Noun("stock_location", slug="code")

BY_ID = "SELECT :id::int AS id, 1 AS rank, false AS moved, NULL AS sku"

# Served by <table>_<key>_key.
BY_KEY = """
        SELECT {id} AS id, 1 AS rank, false AS moved, NULL AS sku
        FROM {table}
        WHERE {key} = :value AND deleted_at IS NULL"""

# Served by variant_barcode_idx and variant_gtin_key.
BY_BARCODE = """
        SELECT {id} AS id, 1 AS rank, false AS moved, sku
        FROM variant
        WHERE (barcode = :value OR gtin = :gtin) AND deleted_at IS NULL"""

# Served by translation_slug_key, <table>_slug_key, slug_history_kind_slug_locale_key.
BY_SLUG = """
        SELECT
            entity_id AS id,
            array_position(:locales::text[], locale) AS rank,
            false AS moved,
            NULL AS sku
        FROM translation
        WHERE kind = '{table}' AND slug = :value AND locale = ANY (:locales::text[])
        AND deleted_at IS NULL
        UNION ALL
        SELECT id, 100, false, NULL FROM {table} WHERE slug = :value AND deleted_at IS NULL
        UNION ALL
        SELECT entity_id, 100 + coalesce(array_position(:locales::text[], locale), 100), true, NULL
        FROM slug_history
        WHERE kind = '{table}' AND slug = :value AND locale = ANY (:locales::text[] || ''::text)"""


async def find(
    ctx: Context,
    noun: Noun,
    ref: Ref,
    *,
    visible: str,
    shape: query.Shape[T],
) -> T | None:
    """What the reference means; its row says `moved` where the slug is a former one.

    `visible` is a condition on the noun's table as `t`, so that the best of what may be seen wins.
    Several visible things with one barcode are an error that lists their SKUs.
    """
    found = f"""
        SELECT t.id, candidate.rank, candidate.moved, candidate.sku AS found_by, {visible} AS seen
        FROM ({_candidates(noun, ref)}) AS candidate
        JOIN {noun.table} AS t ON t.id = candidate.id"""
    sql = f"{shape.select(ctx, found)} ORDER BY found.rank"
    every = await query.rows(ctx, sql, **_values(ref))
    _note(ctx, noun, ref, sql)
    # What may not be seen yet would be what is meant as soon as it may.
    shape.note(ctx, every)
    rows = [row for row in every if row["seen"]]
    if ref.kind == "barcode" and len({row["id"] for row in rows}) > 1:
        skus = ", ".join(sorted(row["found_by"] or "(no SKU)" for row in rows))
        raise AmbiguousReference(
            f"the barcode {ref.value} is on several variants; ask for one by its SKU: {skus}",
            path=("by", "barcode"),
        )
    return shape.view(rows[0]) if rows else None


def _note(ctx: Context, noun: Noun, ref: Ref, sql: str) -> None:
    """The answer depends on what else may come to be meant."""
    if noun not in (PRODUCT, VARIANT):
        tags.asked(sql, channel_id=ctx.channel_id)
    elif ref.kind == "slug":
        tags.note(f"slug:{ref.value}")
    elif ref.kind in ("sku", "barcode"):
        tags.note("keys")
    elif ref.kind == "external_id" or noun is VARIANT:
        tags.note("product")
    else:
        tags.rows("product", [int(ref.value[:10])])


def _candidates(noun: Noun, ref: Ref) -> str:
    """SQL of what the reference may mean, the best with the lowest rank."""
    if ref.kind not in noun.kinds:
        kinds = ", ".join(noun.kinds)
        raise BadReference(f"a {noun.table} is found by {kinds}, not by {ref.kind}", path=("by",))
    of_variant = "product_id" if noun is PRODUCT else "id"
    if ref.kind == "id":
        return BY_ID
    if ref.kind == "barcode":
        return BY_BARCODE.format(id=of_variant)
    if ref.kind == "sku":
        return BY_KEY.format(id=of_variant, table="variant", key="sku")
    if ref.kind == "external_id":
        return BY_KEY.format(id="id", table=noun.table, key="external_id")
    if noun.slug == "code":
        return BY_KEY.format(id="id", table=noun.table, key="code")
    return BY_SLUG.format(table=noun.table)


def _values(ref: Ref) -> dict[str, object]:
    if ref.kind != "id":
        return {"value": ref.value, "gtin": gtin(ref.value)}
    if not (ref.value.isascii() and ref.value.isdigit()):
        raise BadReference("an id is a whole number", path=("by", "id"))
    return {"id": int(ref.value) if len(ref.value) <= 10 else None}


def gtin(barcode: str) -> str | None:
    """The barcode's digits as a GTIN-14: a shorter one is that with zeros before it (GS1 General
    Specifications 3.3)."""
    digits = barcode.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 12, 13, 14)):
        return None
    return digits.zfill(14)
