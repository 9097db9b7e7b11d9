"""What a list may be narrowed by, as reads understand it."""

import builtins
import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import strawberry
from strawberry import UNSET, enum_value, field

from catalog import ids
from catalog.conditions import MOST_VALUES
from catalog.errors import BadFilter
from catalog.reads import filters, products, variants
from catalog.reads.rules import DEEPEST, MOST_PARTS
from schema.types.status import ProductStatus

T = TypeVar("T")
# A class with a field of that name cannot name the type any more.
Flag: TypeAlias = builtins.bool
Moment: TypeAlias = datetime.datetime
Day: TypeAlias = datetime.date


@strawberry.input(description="A span of time.")
class DateTimeRange:
    gte: Moment | None = field(default=UNSET, description="From this moment on.")
    lt: Moment | None = field(default=UNSET, description="Before this moment.")


@strawberry.input(description="A span of numbers: all given limits hold.")
class DecimalRange:
    gte: Decimal | None = field(default=UNSET, description="At least.")
    gt: Decimal | None = field(default=UNSET, description="More than.")
    lte: Decimal | None = field(default=UNSET, description="At most.")
    lt: Decimal | None = field(default=UNSET, description="Less than.")


@strawberry.input(description="A span of days: all given limits hold.")
class DateRange:
    gte: Day | None = field(default=UNSET, description="From this day on.")
    gt: Day | None = field(default=UNSET, description="After this day.")
    lte: Day | None = field(default=UNSET, description="Up to this day.")
    lt: Day | None = field(default=UNSET, description="Before this day.")


@strawberry.input(
    description="Of an attribute: all given fields hold. A value is an option's code, or the text, "
    "number, day or `true` itself."
)
class AttributeFilter:
    code: str = field(description="Of the attribute.")
    any_of: list[str] | None = field(default=UNSET, description="Has one of these values.")
    all_of: list[str] | None = field(default=UNSET, description="Has each of these values.")
    none_of: list[str] | None = field(default=UNSET, description="Has none of these values.")
    number: DecimalRange | None = field(default=UNSET, description="Its number, in its unit.")
    date: DateRange | None = field(default=UNSET, description="Its day.")
    bool: Flag | None = field(default=UNSET, description="Its yes or no.")
    exists: Flag | None = field(default=UNSET, description="Whether it has any value.")


@strawberry.input(
    description="One and the same variant of a product: all given fields hold for it. (What "
    "`variants` is narrowed by is `VariantWhere`.)"
)
class VariantConditions:
    sku: list[str] | None = field(default=UNSET, description="With any of these SKUs.")
    price: DecimalRange | None = field(
        default=UNSET, description="What one piece costs now, in the asked channel and currency."
    )
    available: bool | None = field(default=UNSET, description="Whether it can be had.")
    attributes: list[AttributeFilter] | None = field(
        default=UNSET, description="Of the variant itself; all of them hold."
    )


@strawberry.input(
    description="Which products: all given fields hold, each by any of its values. "
    "An empty list matches none."
)
class ProductWhere:
    ids: list[strawberry.ID] | None = field(default=UNSET, description="These.")
    slugs: list[str] | None = field(default=UNSET, description="Those with these slugs.")
    type: list[str] | None = field(default=UNSET, description="Codes of product types.")
    category: list[strawberry.ID] | None = field(
        default=UNSET, description="In these categories or their descendants."
    )
    collection: list[strawberry.ID] | None = field(
        default=UNSET, description="In these collections."
    )
    brand: list[strawberry.ID] | None = field(default=UNSET, description="Of these brands.")
    tags: list[str] | None = field(default=UNSET, description="With any of these tags.")
    status: list[ProductStatus] | None = field(
        default=UNSET, description="Others than ACTIVE need a token."
    )
    updated_at: DateTimeRange | None = field(
        default=UNSET, description="Changed in this span of time."
    )
    attributes: list[AttributeFilter] | None = field(
        default=UNSET,
        description="Of the product or of any of its variants; all of them hold, not necessarily "
        "for one variant.",
    )
    variant: VariantConditions | None = field(
        default=UNSET, description="All of it holds for one variant."
    )
    all_of: list["ProductWhere"] | None = field(
        name="AND", default=UNSET, description="All of these hold; of none, that is everything."
    )
    any_of: list["ProductWhere"] | None = field(
        name="OR", default=UNSET, description="Any of these holds; of none, that is nothing."
    )
    none_of: "ProductWhere | None" = field(
        name="NOT", default=UNSET, description="This does not hold."
    )


@strawberry.input(description="Which variants: all given fields hold, each by any of its values.")
class VariantWhere:
    ids: list[strawberry.ID] | None = field(default=UNSET, description="These.")
    sku: list[str] | None = field(default=UNSET, description="Those with these SKUs.")
    product: list[strawberry.ID] | None = field(default=UNSET, description="Of these products.")


@strawberry.enum(description="What becomes of products of which no variant can be had.")
class Unavailable(Enum):
    SHOW = enum_value("show", description="They are listed like all others.")
    LAST = enum_value("last", description="They come behind all others.")
    HIDE = enum_value("hide", description="They are left out, of totals and facets too.")


def product_where(where: ProductWhere | None) -> products.ProductWhere:
    """Raises `BadFilter` for what is too much."""
    if not where:
        return products.EVERYTHING
    parts = sum(1 + _attributes_in(part) for part in _parts(where, depth=1))
    if parts > MOST_PARTS:
        raise BadFilter(f"at most {MOST_PARTS} conditions, not {parts}", path=("where",))
    return _where(where)


def variant_where(where: VariantWhere | None) -> variants.VariantWhere:
    asked = where or VariantWhere()
    return variants.VariantWhere(
        ids=_rows("Variant", asked.ids, "ids"),
        skus=_several(asked.sku, "sku"),
        product=_rows("Product", asked.product, "product"),
    )


def _parts(where: ProductWhere, *, depth: int) -> Iterator[ProductWhere]:
    if depth > DEEPEST:
        raise BadFilter(f"at most {DEEPEST} levels of conditions", path=("where",))
    yield where
    for each in (*(where.all_of or ()), *(where.any_of or ())):
        yield from _parts(each, depth=depth + 1)
    if where.none_of:
        yield from _parts(where.none_of, depth=depth + 1)


def _attributes_in(where: ProductWhere) -> int:
    variant = where.variant or VariantConditions()
    return len(where.attributes or ()) + len(variant.attributes or ())


def _where(where: ProductWhere) -> products.ProductWhere:
    updated = where.updated_at or DateTimeRange()
    return products.ProductWhere(
        ids=_rows("Product", where.ids, "ids"),
        slugs=_several(where.slugs, "slugs"),
        type=_several(where.type, "type"),
        category=_rows("Category", where.category, "category"),
        collection=_rows("Collection", where.collection, "collection"),
        brand=_rows("Brand", where.brand, "brand"),
        tags=_several(where.tags, "tags"),
        status=_statuses(where.status),
        updated_from=updated.gte or None,
        updated_until=updated.lt or None,
        attributes=_attributes(where.attributes),
        variant=_variant(where.variant) if where.variant else None,
        all_of=_wheres(where.all_of),
        any_of=_wheres(where.any_of),
        none_of=_where(where.none_of) if where.none_of else None,
    )


def _wheres(several: Sequence[ProductWhere] | None) -> tuple[products.ProductWhere, ...] | None:
    given = _given(several)
    return None if given is None else tuple(map(_where, given))


def _variant(conditions: VariantConditions) -> filters.VariantIs:
    return filters.VariantIs(
        sku=_several(conditions.sku, "sku"),
        price=_range(conditions.price),
        available=_one(conditions.available),
        attributes=_attributes(conditions.attributes),
    )


def _attributes(
    several: Sequence[AttributeFilter] | None,
) -> tuple[filters.AttributeFilter, ...] | None:
    given = _several(several, "attributes")
    return None if given is None else tuple(map(_attribute, given))


def _attribute(asked: AttributeFilter) -> filters.AttributeFilter:
    return filters.AttributeFilter(
        code=asked.code,
        any_of=_several(asked.any_of, "anyOf"),
        all_of=_several(asked.all_of, "allOf"),
        none_of=_several(asked.none_of, "noneOf"),
        number=_range(asked.number),
        date=_range(asked.date),
        bool=_one(asked.bool),
        exists=_one(asked.exists),
    )


def _range(limits: DecimalRange | DateRange | None) -> Any:
    """Without a limit it asks for nothing."""
    if not limits:
        return None
    given = {name: _limit(getattr(limits, name)) for name in ("gte", "gt", "lte", "lt")}
    return filters.Range(**given)


def _limit(value: Decimal | Day | None) -> Decimal | Day | None:
    """A number with an exponent may be more than any column holds."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if value.adjusted() >= 18 or not isinstance(exponent, int) or exponent < -6:
            raise BadFilter("a number has up to 18 digits, and 6 behind the point", path=("where",))
    return None if value is UNSET else value


def _rows(kind: str, asked: Sequence[str] | None, name: str) -> tuple[int, ...] | None:
    return ids.rows_of(kind, _several(asked, name), path=("where", name))


def _statuses(asked: Sequence[ProductStatus] | None) -> tuple[str, ...] | None:
    given = _given(asked)
    return None if given is None else tuple(str(status.value) for status in given)


def _several(values: Sequence[T] | None, name: str) -> tuple[T, ...] | None:
    given = _given(values)
    if given and len(given) > MOST_VALUES:
        raise BadFilter(f"at most {MOST_VALUES} {name}, not {len(given)}", path=("where", name))
    return given


def _given(values: Sequence[T] | None) -> tuple[T, ...] | None:
    """A tuple, so that equal questions are one; None, which is no condition, for what is absent."""
    return None if values is None or values is UNSET else tuple(values)


def _one(value: T | None) -> T | None:
    return None if value is UNSET else value
