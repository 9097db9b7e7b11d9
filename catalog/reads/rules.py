"""Conditions as JSON: what a search is sent, and the rule of a collection.

Things are named by their keys: slugs, or `ext:` and the integrator's own; `id:` and an opaque id.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from catalog import ids
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import filters, query, visibility
from catalog.reads.filters import ProductWhere
from catalog.views import Flag

MOST_PARTS: Final = 200
MOST_VALUES: Final = 100
DEEPEST: Final = 10

Key = Annotated[str, Field(min_length=1, max_length=500)]
Keys = Annotated[list[Key], Field(max_length=MOST_VALUES)]


def _text(value: object) -> object:
    """A number or a boolean as a value of an attribute is written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Value = Annotated[str, BeforeValidator(_text), Field(max_length=500)]
Values = Annotated[list[Value], Field(max_length=MOST_VALUES)]
Amount = Annotated[Decimal, Field(max_digits=24, decimal_places=6)]


class _Conditions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AmountRange(_Conditions):
    gte: Amount | None = Field(None, description="At least.")
    gt: Amount | None = Field(None, description="More than.")
    lte: Amount | None = Field(None, description="At most.")
    lt: Amount | None = Field(None, description="Less than.")


class DayRange(_Conditions):
    gte: date | None = Field(None, description="From this day on.")
    gt: date | None = Field(None, description="After this day.")
    lte: date | None = Field(None, description="Up to this day.")
    lt: date | None = Field(None, description="Before this day.")


class MomentRange(_Conditions):
    gte: AwareDatetime | None = Field(None, description="From this moment on.")
    lt: AwareDatetime | None = Field(None, description="Before this moment.")


class AttributeConditions(_Conditions):
    """Of an attribute: all that is given holds."""

    code: Key = Field(description="Of the attribute.")
    any_of: Values | None = Field(None, description="Has one of these: codes of options, or texts.")
    all_of: Values | None = Field(None, description="Has each of these.")
    none_of: Values | None = Field(None, description="Has none of these.")
    number: AmountRange | None = None
    date: DayRange | None = None
    bool: Flag | None = None
    exists: Flag | None = Field(None, description="Whether it has a value.")


Attributes = Annotated[list[AttributeConditions], Field(max_length=20)]


class VariantConditions(_Conditions):
    """All that is given holds for one variant."""

    sku: Keys | None = None
    price: AmountRange | None = Field(None, description="What one piece costs now.")
    available: bool | None = Field(None, description="Whether it can be had.")
    attributes: Attributes | None = Field(None, description="Its own.")


class ProductConditions(_Conditions):
    """All that is given holds, each by any of its values."""

    ids: Keys | None = None
    slugs: Keys | None = None
    type: Keys | None = Field(None, description="Codes of product types.")
    category: Keys | None = Field(None, description="In these or their descendants: references.")
    collection: Keys | None = Field(None, description="In these: references.")
    brand: Keys | None = Field(None, description="Of these: references.")
    tags: Keys | None = None
    status: list[Literal["draft", "active", "archived"]] | None = None
    updated_at: MomentRange | None = None
    attributes: Attributes | None = Field(None, description="Of the product or of its variants.")
    variant: VariantConditions | None = None
    AND: "list[ProductConditions] | None" = None
    OR: "list[ProductConditions] | None" = None
    NOT: "ProductConditions | None" = None


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
    if len(parts) > MOST_PARTS:
        raise BadFilter(f"at most {MOST_PARTS} conditions, not {len(parts)}", path=("where",))
    found = {name: await _rows(ctx, name, parts, strict=strict) for name in NOUNS}
    return _where(conditions, found)


def _parts(conditions: ProductConditions, *, depth: int) -> Iterator[ProductConditions]:
    if depth > DEEPEST:
        raise BadFilter(f"at most {DEEPEST} levels of conditions", path=("where",))
    yield conditions
    inner = [*(conditions.AND or ()), *(conditions.OR or ())]
    for each in (*inner, *([conditions.NOT] if conditions.NOT else ())):
        yield from _parts(each, depth=depth + 1)


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
