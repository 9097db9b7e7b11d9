"""Which products: conditions as values, the same for lists, searches, facets and rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from catalog.views import Day, Flag

T = TypeVar("T", Decimal, date)


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """All limits that are not None hold."""

    gte: T | None = None
    gt: T | None = None
    lte: T | None = None
    lt: T | None = None


@dataclass(frozen=True, slots=True)
class AttributeFilter:
    """Of an attribute: all fields that are not None hold.

    A value is an option's code, or the text, number, date (RFC 3339) or `true` itself: `any_of` has
    one of them, `all_of` each, `none_of` none. `exists` asks whether there is a value at all.
    """

    code: str
    any_of: Sequence[str] | None = None
    all_of: Sequence[str] | None = None
    none_of: Sequence[str] | None = None
    number: Range[Decimal] | None = None
    date: Range[Day] | None = None
    bool: Flag | None = None
    exists: Flag | None = None


@dataclass(frozen=True, slots=True)
class VariantIs:
    """All of it holds for one variant. `price` is what one piece costs now in the context's channel
    and currency; attributes are the variant's own."""

    sku: Sequence[str] | None = None
    price: Range[Decimal] | None = None
    available: bool | None = None
    attributes: Sequence[AttributeFilter] | None = None


@dataclass(frozen=True, slots=True)
class ProductWhere:
    """All fields that are not None hold, each by any one of its values.

    `type` are codes; `category` (with descendants), `collection` and `brand` are ids; `tags` are
    compared as written; `updated_from` is included, `updated_until` is not. `attributes` are the
    product's own or those of any of its variants.
    """

    ids: Sequence[int] | None = None
    slugs: Sequence[str] | None = None
    type: Sequence[str] | None = None
    category: Sequence[int] | None = None
    collection: Sequence[int] | None = None
    brand: Sequence[int] | None = None
    tags: Sequence[str] | None = None
    status: Sequence[str] | None = None
    updated_from: datetime | None = None
    updated_until: datetime | None = None
    attributes: Sequence[AttributeFilter] | None = None
    variant: VariantIs | None = None
    all_of: "Sequence[ProductWhere] | None" = None
    any_of: "Sequence[ProductWhere] | None" = None
    none_of: "ProductWhere | None" = None


EVERYTHING = ProductWhere()


def asked(value: object) -> dict[str, object]:
    """The fields that are asked for."""
    found = ((field.name, getattr(value, field.name)) for field in fields(value))  # type: ignore[arg-type]
    return {name: each for name, each in found if each is not None}


def every(where: ProductWhere) -> Iterator[ProductWhere]:
    """The conditions themselves and all within them."""
    yield where
    for inner in (*(where.all_of or ()), *(where.any_of or ())):
        yield from every(inner)
    if where.none_of is not None:
        yield from every(where.none_of)


def attributes(where: ProductWhere) -> Iterator[AttributeFilter]:
    """Every condition on an attribute, wherever it stands."""
    for each in every(where):
        yield from each.attributes or ()
        if each.variant is not None:
            yield from each.variant.attributes or ()
