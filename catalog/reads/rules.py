"""Conditions as JSON, made those of a question: what they name is looked up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from pydantic import ValidationError

from catalog import ids
from catalog.conditions import (
    MOST_VALUES,
    Amount,
    AmountRange,
    AttributeConditions,
    DayRange,
    MomentRange,
    ProductConditions,
    VariantConditions,
)
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import filters, query, visibility
from catalog.reads.filters import ProductWhere

__all__ = ["MOST_VALUES", "Amount", "ProductConditions"]

MOST_PARTS: Final = 200
DEEPEST: Final = 10

NOUNS: Mapping[str, tuple[str, str]] = {
    "category": ("Category", "category"),
    "collection": ("Collection", "collection"),
    "brand": ("Brand", "brand"),
}


async def read(ctx: Context, rule: object) -> ProductWhere:
    """Of a collection. What it names and is no longer there, no product has."""
    try:
        return await resolved(ctx, ProductConditions.model_validate(rule), strict=False)
    except ValidationError:
        return ProductWhere(ids=())


async def resolved(
    ctx: Context, conditions: ProductConditions, *, strict: bool = True
) -> ProductWhere:
    """Raises `BadFilter` for what is too much, and if `strict` for what there is not."""
    parts = list(_parts(conditions, depth=1))
    count = sum(map(_weight, parts))
    if count > MOST_PARTS:
        raise BadFilter(f"at most {MOST_PARTS} conditions, not {count}", path=("where",))
    found = {name: await _rows(ctx, name, parts, strict=strict) for name in NOUNS}
    return _where(conditions, found)


def _parts(conditions: ProductConditions, *, depth: int) -> Iterator[ProductConditions]:
    if depth > DEEPEST:
        raise BadFilter(f"at most {DEEPEST} levels of conditions", path=("where",))
    yield conditions
    inner = [*(conditions.AND or ()), *(conditions.OR or ())]
    for each in (*inner, *([conditions.NOT] if conditions.NOT else ())):
        yield from _parts(each, depth=depth + 1)


def _weight(part: ProductConditions) -> int:
    """Each attribute is looked up for itself."""
    of_variants = part.variant.attributes if part.variant else None
    return 1 + len(part.attributes or ()) + len(of_variants or ())


async def _rows(
    ctx: Context, noun: str, parts: Sequence[ProductConditions], *, strict: bool
) -> dict[str, int]:
    """Ids by the references that name them. Served by <table>_slug_key, <table>_external_id_key."""
    kind, table = NOUNS[noun]
    keys = sorted({key for part in parts for key in getattr(part, noun) or ()})
    if not keys:
        return {}
    found = {key: ids.row_of(kind, key[3:], path=(noun,)) for key in keys if key.startswith("id:")}
    external = {key[4:]: key for key in keys if key.startswith("ext:")}
    rest = [key for key in keys if key not in found and not key.startswith("ext:")]
    slugs = {key.removeprefix("slug:"): key for key in rest}
    visible = {"category": visibility.categories, "collection": visibility.collections}
    seen = visible[noun](ctx, "t") if noun in visible else "t.deleted_at IS NULL"
    sql = f"""
        SELECT t.id, t.slug, t.external_id FROM {table} AS t
        WHERE (t.slug = ANY (:slugs::text[]) OR t.external_id = ANY (:external::text[]))
        AND {seen}"""
    for row in await query.fetch(ctx, sql, slugs=list(slugs), external=list(external)):
        if row["slug"] in slugs:
            found[slugs[row["slug"]]] = row["id"]
        if row["external_id"] in external:
            found[external[row["external_id"]]] = row["id"]
    missing = [key for key in keys if key not in found]
    if missing and strict:
        raise BadFilter(f"there is no {noun} {missing[0]}", path=("where", noun))
    return found


def _where(conditions: ProductConditions, found: Mapping[str, Mapping[str, int]]) -> ProductWhere:
    given: dict[str, Any] = {
        name: tuple(getattr(conditions, name))
        for name in ("slugs", "type", "tags", "status")
        if getattr(conditions, name) is not None
    }
    for noun in NOUNS:
        keys = getattr(conditions, noun)
        if keys is not None:
            given[noun] = tuple(found[noun][key] for key in keys if key in found[noun])
    if conditions.ids is not None:
        given["ids"] = ids.rows_of("Product", conditions.ids, path=("where", "ids"))
    if conditions.updated_at is not None:
        given |= _moments(conditions.updated_at)
    if conditions.attributes is not None:
        given["attributes"] = tuple(map(_attribute, conditions.attributes))
    if conditions.variant is not None:
        given["variant"] = _variant(conditions.variant)
    for name, several in (("all_of", conditions.AND), ("any_of", conditions.OR)):
        if several is not None:
            given[name] = tuple(_where(each, found) for each in several)
    if conditions.NOT is not None:
        given["none_of"] = _where(conditions.NOT, found)
    return ProductWhere(**given)


def _moments(span: MomentRange) -> dict[str, object]:
    limits = {"updated_from": span.gte, "updated_until": span.lt}
    try:
        return {name: at.astimezone(UTC) for name, at in limits.items() if at is not None}
    except OverflowError:
        raise BadFilter("in UTC a time has a year from 1 to 9999", path=("updated_at",)) from None


def _attribute(conditions: AttributeConditions) -> filters.AttributeFilter:
    return filters.AttributeFilter(
        code=conditions.code,
        any_of=_tuple(conditions.any_of),
        all_of=_tuple(conditions.all_of),
        none_of=_tuple(conditions.none_of),
        number=_range(conditions.number),
        date=_range(conditions.date),
        bool=conditions.bool,
        exists=conditions.exists,
    )


def _variant(conditions: VariantConditions) -> filters.VariantIs:
    of = conditions.attributes
    return filters.VariantIs(
        sku=_tuple(conditions.sku),
        price=_range(conditions.price),
        available=conditions.available,
        attributes=None if of is None else tuple(map(_attribute, of)),
    )


def _range(limits: AmountRange | DayRange | None) -> Any:
    if limits is None:
        return None
    return filters.Range(gte=limits.gte, gt=limits.gt, lte=limits.lte, lt=limits.lt)


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
