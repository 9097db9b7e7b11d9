"""What a mutation answers: what became of the thing, and what was wrong."""

from dataclasses import dataclass
from enum import Enum

import strawberry
from strawberry import Parent, enum_value, field
from strawberry.scalars import JSON

from catalog import ids, reads
from schema.edges import edge
from schema.fields import computed
from schema.types.attribute import Attribute
from schema.types.brand import Brand
from schema.types.category import Category
from schema.types.channel import Channel
from schema.types.collection import Collection
from schema.types.product import Product
from schema.types.product_type import ProductType
from schema.types.stock import StockLocation
from schema.types.variant import Variant


@strawberry.enum(description="What became of a thing that was to be written.")
class WriteStatus(Enum):
    CREATED = enum_value("created", description="It is new.")
    UPDATED = enum_value("updated", description="It has changed.")
    UNCHANGED = enum_value("unchanged", description="It was as it was to be already.")
    DELETED = enum_value("deleted", description="It is gone until it is restored.")
    RESTORED = enum_value("restored", description="It is there again.")
    FAILED = enum_value("failed", description="Nothing of it was written: `errors` say why.")


@strawberry.type(description="Something that was wrong, and what would be right.")
class UserError:
    code: str = field(description="What was wrong, for programs: `REQUIRED`, `VERSION_CONFLICT`.")
    path: list[str] = field(description="Where in the arguments, from an argument's name on.")
    message: str = field(description="What was wrong, for people.")


@strawberry.type(description="One difference that a write would make.")
class Change:
    path: list[str] = field(
        description="Names of fields; behind that of a list what its item goes by: an SKU, a code."
    )
    old: object = field(graphql_type=JSON | None, description="What is there; null: nothing.")
    new: object = field(graphql_type=JSON | None, description="What would be; null: nothing.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a payload is made of; `kind` is the GraphQL type that `row` is one of, None where
    nothing was written."""

    kind: str
    status: str
    row: int | None = None
    errors: tuple[UserError, ...] = ()
    warnings: tuple[UserError, ...] = ()
    changes: tuple[Change, ...] = ()


@strawberry.type
class Payload:
    status: WriteStatus = field(description="What became of it.")
    errors: list[UserError] = field(description="All that kept it from being written.")
    warnings: list[UserError] = field(description="What was written otherwise than it was sent.")
    changes: list[Change] = field(description="What it would change; told of a dry run alone.")

    @computed(strawberry.ID | None, "Of what was written, also when it is gone: restores ask it.")
    @staticmethod
    def id(written: Parent[Written]) -> str | None:
        return None if written.row is None else ids.encode(written.kind, written.row)


@strawberry.type(description="What became of a product.")
class ProductPayload(Payload):
    product: Product | None = edge(
        reads.products.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a variant.")
class VariantPayload(Payload):
    variant: Variant | None = edge(
        reads.variants.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a category.")
class CategoryPayload(Payload):
    category: Category | None = edge(
        reads.categories.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a collection.")
class CollectionPayload(Payload):
    collection: Collection | None = edge(
        reads.collections.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a brand.")
class BrandPayload(Payload):
    brand: Brand | None = edge(
        reads.brands.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of an attribute.")
class AttributePayload(Payload):
    attribute: Attribute | None = edge(
        reads.attributes.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a product type.")
class ProductTypePayload(Payload):
    product_type: ProductType | None = edge(
        reads.product_types.by_ids,
        key="row",
        description="As it is now; null where it is not there.",
    )


@strawberry.type(description="What became of a channel.")
class ChannelPayload(Payload):
    channel: Channel | None = edge(
        reads.channels.by_ids, key="row", description="As it is now; null where it is not there."
    )


@strawberry.type(description="What became of a stock location.")
class StockLocationPayload(Payload):
    stock_location: StockLocation | None = edge(
        reads.stock_locations.by_ids,
        key="row",
        description="As it is now; null where it is not there.",
    )


@dataclass(frozen=True, slots=True)
class LineWritten:
    """What a `BulkResult` is made of; `kind` is the GraphQL type that `row` is one of."""

    index: int
    kind: str
    status: str
    row: int | None
    external_id: str | None
    errors: tuple[UserError, ...]
    warnings: tuple[UserError, ...]


@strawberry.type(description="What became of one of several.")
class BulkResult:
    index: int = field(description="Where it stood in `input`, from 0 on.")
    status: WriteStatus = field(description="What became of it.")
    external_id: str | None = field(description="The integrator's own key.")
    errors: list[UserError] = field(description="All that kept it from being written.")
    warnings: list[UserError] = field(description="What was written otherwise than it was sent.")

    @computed(strawberry.ID | None, "Of the thing written; the variant's for prices and stock.")
    @staticmethod
    def id(line: Parent[LineWritten]) -> str | None:
        return None if line.row is None else ids.encode(line.kind, line.row)


@dataclass(frozen=True, slots=True)
class AllWritten:
    results: tuple[LineWritten, ...] = ()
    errors: tuple[UserError, ...] = ()


@strawberry.type(description="What became of all that was sent at once.")
class BulkPayload:
    results: list[BulkResult] = field(description="One for each of `input`, in its order.")
    errors: list[UserError] = field(description="What was wrong with the call as a whole.")
