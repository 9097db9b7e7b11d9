"""The schema itself: what is written down of it, and how it is run."""

from enum import Enum
from pathlib import Path

import pytest
from graphql import GraphQLNamedType, GraphQLSchema, is_introspection_type, is_specified_scalar_type
from speaking import Ask
from strawberry.extensions.directives import DirectivesExtension

from catalog.models.association import ASSOCIATION_KINDS
from catalog.models.attribute import KINDS
from catalog.models.media import MEDIA_KINDS
from catalog.models.product import STATUSES
from catalog.reads.products import PRODUCT_ORDERS
from schema import sorting
from schema.execution import Schema
from schema.types.attribute import AttributeKind
from schema.types.media import MediaKind
from schema.types.product import AssociationKind
from schema.types.status import ProductStatus

COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"


def ours(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    return [
        type_
        for type_ in schema.type_map.values()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def test_the_committed_sdl_is_that_of_the_types() -> None:
    """When it is not: python -m schema > schema/schema.graphql"""
    assert COMMITTED.read_text() == Schema(open=True).as_str() + "\n"


def test_every_type_field_and_argument_says_what_it_is() -> None:
    mute = []
    for type_ in ours(Schema(open=True)._schema):
        parts = [(type_.name, type_.description)]
        for name, field in getattr(type_, "fields", {}).items():
            parts.append((f"{type_.name}.{name}", field.description))
            for argument, value in getattr(field, "args", {}).items():
                parts.append((f"{type_.name}.{name}({argument})", value.description))
        for name, value in getattr(type_, "values", {}).items():
            parts.append((f"{type_.name}.{name}", value.description))
        mute += [name for name, description in parts if not description]

    assert mute == []


@pytest.mark.parametrize(
    ("enum", "values"),
    [
        (AssociationKind, ASSOCIATION_KINDS),
        (AttributeKind, KINDS),
        (MediaKind, MEDIA_KINDS),
        (ProductStatus, STATUSES),
    ],
)
def test_an_enum_names_what_the_database_may_hold(
    enum: type[Enum], values: tuple[str, ...]
) -> None:
    assert {member.value for member in enum} == set(values)


def test_products_can_be_sorted_in_every_order_that_reads_know() -> None:
    searched_or_by_attribute = {"relevance", "attr.{}", "-attr.{}"}

    assert set(sorting.ORDERS.values()) == {*PRODUCT_ORDERS, *searched_or_by_attribute}


def test_no_extension_looks_at_every_field() -> None:
    """Strawberry's own for directives would, and await each: pages take several times as long."""
    extensions = Schema(open=True).get_extensions()

    assert not any(isinstance(extension, DirectivesExtension) for extension in extensions)
    assert not any(extension._implements_resolve() for extension in extensions)


async def test_an_empty_catalog_shows_its_schema(ask: Ask, clean: None) -> None:
    shown = await ask("{ __typename __schema { queryType { name } } }")

    assert shown == {"__typename": "Query", "__schema": {"queryType": {"name": "Query"}}}
