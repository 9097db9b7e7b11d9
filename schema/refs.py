"""References: the one key, of several, that a client knows a thing by."""

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


KEYS: tuple[RefKind, ...] = ("id", "slug", "sku", "barcode", "external_id")


def ref(by: ProductRef | VariantRef | CategoryRef | CollectionRef | BrandRef) -> Ref:
    """The key that was given; an id must be one of the referenced type."""
    kind, value = next(
        (key, value) for key in KEYS if (value := getattr(by, key, UNSET)) is not UNSET
    )
    if kind == "id":
        noun = type(by).__name__.removesuffix("Ref")
        value = str(ids.row_of(noun, value, path=("by", "id")))
    return Ref(kind, value)
