"""Attributes, their options, and the values that products and variants have of them."""

import builtins
import datetime
from decimal import Decimal
from enum import Enum

import strawberry
from strawberry import enum_value, field

from catalog import reads
from schema.edges import edge
from schema.types.lazy import LazyProduct
from schema.types.node import Node
from schema.types.paging import Connection


@strawberry.enum(description="What the values of an attribute are.")
class AttributeKind(Enum):
    SELECT = enum_value("select", description="One of its options.")
    MULTISELECT = enum_value("multiselect", description="Any of its options.")
    TEXT = enum_value("text", description="A plain text.")
    RICH_TEXT = enum_value("rich_text", description="A text in HTML, cleaned.")
    NUMBER = enum_value("number", description="A number, in the attribute's unit.")
    BOOLEAN = enum_value("boolean", description="Yes or no.")
    DATE = enum_value("date", description="A day.")
    REFERENCE = enum_value("reference", description="Other products.")


@strawberry.type(description="One of the values that an attribute offers.")
class AttributeOption:
    code: str = field(description="Its name in filters.")
    label: str = field(description="Its name for people.")
    position: int = field(description="Where it stands among the attribute's options.")
    swatch: str | None = field(description="A colour (`#rrggbb`) or the address of a picture.")


@strawberry.type(description="A property that products or variants have.")
class Attribute(Node):
    external_id: str | None = field(description="The integrator's own key.")
    code: str = field(description="Its name in filters.")
    name: str = field(description="Its name for people.")
    kind: AttributeKind = field(description="What its values are.")
    unit: str | None = field(description="Of its numbers, such as `mm`.")
    filterable: bool = field(description="Whether it is meant for filters.")
    searchable: bool = field(description="Whether its texts are searched.")
    sortable: bool = field(description="Whether it is meant for sorting.")
    position: int = field(description="Where it stands among the attributes.")
    options: list[AttributeOption] = edge(
        reads.attributes.options_by_attribute_ids,
        empty=(),
        description="What it offers to select; empty where its values are free.",
    )
    version: int = field(description="One more with every change.")


@strawberry.type(description="One page of attributes.")
class AttributeConnection(Connection[Attribute]):
    pass


@strawberry.type(
    description="What a product or variant has of an attribute: beside `values`, exactly the field "
    "of the attribute's kind is set."
)
class AttributeValue:
    attribute: Attribute = edge(
        reads.attributes.by_ids, key="attribute_id", description="Of what it is the value."
    )
    values: list[str] = field(description="The value as text for people, whatever its kind.")
    number: Decimal | None = field(description="In the attribute's unit.")
    bool: builtins.bool | None = field(description="Yes or no.")
    date: datetime.date | None = field(description="A day.")
    reference: LazyProduct | None = edge(
        reads.products.by_ids,
        key="references",
        pick=lambda found: next(iter(found), None),
        description="The product that it names, the first where it names several.",
    )
    references: list[LazyProduct] = edge(
        reads.products.by_ids, key="references", description="All products that it names."
    )
    options: list[AttributeOption] = field(description="The options that were selected.")
