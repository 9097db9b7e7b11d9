"""Fields that a function computes from the view, and what a token needs for them.

Every field of `Query` and `Mutation` declares who may ask it, where it is defined:

    @computed(Product | None, "A product; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def product(…): …

    @computed(ProductPayload, "Creates a product, or changes it.", scope="catalog:write")
    @staticmethod
    async def product_upsert(…): …

A scope shows in the SDL as `@needs(scope: …)`. `guard` puts the check before each resolver: whoever
may not gets UNAUTHORIZED (no token) or FORBIDDEN (a token without the scope) at that field, and
nothing of it runs. A field that declares nothing is refused to everybody.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import strawberry
from graphql import GraphQLField, GraphQLSchema, default_field_resolver
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema_directive import Location

from catalog.context import PUBLIC
from catalog.errors import Forbidden

P = ParamSpec("P")
T = TypeVar("T")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="needs",
    description="Only for a token with this scope, or with one that holds it.",
)
class Needs:
    scope: str = strawberry.field(description="Such as `catalog:write`.")


def computed(
    type_: object, description: str, *, scope: str | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`type_` is GraphQL's name for what the function returns, which is a view or a plain value.
    `scope`, of `catalog.context.SCOPES` or `PUBLIC`, is for the fields of `Query` and `Mutation`.
    """
    field: Callable[[Callable[P, T]], Callable[P, T]]
    field = strawberry.field(
        graphql_type=type_,
        description=description,
        metadata={"scope": scope} if scope else None,
        directives=[Needs(scope=scope)] if scope not in (None, PUBLIC) else (),
    )
    return field


def scope_of(field: GraphQLField) -> str | None:
    """What a field declares; None denies."""
    definition = (field.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    scope: str | None = definition and definition.metadata.get("scope")
    return scope


def guard(schema: GraphQLSchema) -> None:
    """Puts the check before every resolver of the roots."""
    for root in filter(None, (schema.query_type, schema.mutation_type)):
        for field in root.fields.values():
            field.resolve = _guarded(field.resolve, scope_of(field))


def _guarded(resolve: Any, scope: str | None) -> Any:
    resolve = resolve or default_field_resolver

    @wraps(resolve)
    def guarded(source: object, info: Any, **arguments: Any) -> Any:
        if scope is None:
            raise Forbidden("this field declares no scope, so nobody may ask it")
        info.context.principal.require(scope)
        return resolve(source, info, **arguments)

    return guarded
