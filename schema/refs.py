"""References: the one key, of several, that a client knows a thing by."""

from typing import TypeAlias

import strawberry
from strawberry import UNSET, field

from catalog import ids
from catalog.reads.refs import Ref, RefKind

ID = "The id that an earlier answer held."
EXTERNAL_ID = "The integrator's own key."


@strawberry.input(one_of=True, description="A product by one of its keys.")
class ProductRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    slug: str | None = field(
        default=UNSET, description="Its slug in any language, or one that it had before."
    )
    sku: str | None = field(default=UNSET, description="The SKU of one of its variants.")
    barcode: str | None = field(
        default=UNSET, description="The barcode or GTIN of one of its variants."
    )
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A variant by one of its keys.")
class VariantRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    sku: str | None = field(default=UNSET, description="Its SKU.")
    barcode: str | None = field(default=UNSET, description="Its barcode or GTIN.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A category by one of its keys.")
class CategoryRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    slug: str | None = field(
        default=UNSET, description="Its slug in any language, or one that it had before."
    )
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A collection by one of its keys.")
class CollectionRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    slug: str | None = field(
        default=UNSET, description="Its slug in any language, or one that it had before."
    )
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A brand by one of its keys.")
class BrandRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    slug: str | None = field(default=UNSET, description="Its slug.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="An attribute by one of its keys.")
class AttributeRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    code: str | None = field(default=UNSET, description="Its name in filters.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A product type by one of its keys.")
class ProductTypeRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    code: str | None = field(default=UNSET, description="Its short name.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A channel by one of its keys.")
class ChannelRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    code: str | None = field(default=UNSET, description="Its name in `@inContext`.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A stock location by one of its keys.")
class StockLocationRef:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    code: str | None = field(default=UNSET, description="Its short name.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


@strawberry.input(one_of=True, description="A variant by one key that is its alone.")
class VariantKey:
    id: strawberry.ID | None = field(default=UNSET, description=ID)
    sku: str | None = field(default=UNSET, description="Its SKU.")
    external_id: str | None = field(default=UNSET, description=EXTERNAL_ID)


AnyRef: TypeAlias = (
    ProductRef
    | VariantRef
    | CategoryRef
    | CollectionRef
    | BrandRef
    | AttributeRef
    | ProductTypeRef
    | ChannelRef
    | StockLocationRef
)

KINDS: dict[str, RefKind] = {
    "id": "id",
    "slug": "slug",
    "code": "slug",
    "sku": "sku",
    "barcode": "barcode",
    "external_id": "external_id",
}
"""What reads call each key."""


def ref(by: AnyRef, *, path: tuple[str | int, ...] = ("by",)) -> Ref:
    """The key that was given; an id must be one of the referenced type."""
    key, value = _given(by)
    if key == "id":
        noun = type(by).__name__.removesuffix("Ref")
        value = str(ids.row_of(noun, value, path=(*path, "id")))
    return Ref(KINDS[key], value)


def variant_key(given: VariantKey) -> str:
    """As records refer to a variant. Raises `BadReference`."""
    key, value = _given(given)
    if key == "id":
        return f"id:{ids.row_of('Variant', value)}"
    return f"ext:{value}" if key == "external_id" else value


def _given(by: AnyRef | VariantKey) -> tuple[str, str]:
    return next((key, value) for key in KINDS if (value := getattr(by, key, UNSET)) is not UNSET)
