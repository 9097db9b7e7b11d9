"""Where the breadth-first executor finds what the fields of our types show."""

from functools import partial
from types import SimpleNamespace
from typing import Any

from graphql import GraphQLField, GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from schema.answer import Answer
from schema.breadth import Each, Level, Plain, Source, attribute
from schema.edges import EdgeField


class Sources:
    """Of every field: an edge is one batch read, a computed one calls its function, all others are
    attributes. The roots' go the way that graphql-core's do, past the check of their scopes."""

    def __init__(self, converter: GraphQLCoreConverter) -> None:
        self._converter = converter

    def of(self, type_: GraphQLObjectType, name: str, field: GraphQLField) -> Source | None:
        definition = (field.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(definition, StrawberryField) or definition.extensions:
            return None
        if isinstance(definition, EdgeField):
            return Level(partial(self._edges, definition))
        if definition.base_resolver is None:
            return attribute(definition.python_name)
        if type_.name == "Query":
            return Each(partial(_resolved, field.resolve), waits=True)
        return self._computed(definition, definition.base_resolver)

    def _edges(
        self, edge: EdgeField, sources: Any, arguments: dict[str, Any], answer: Answer
    ) -> Any:
        return edge.level(sources, answer, self._converted(edge, arguments))

    def _computed(self, field: StrawberryField, resolver: StrawberryResolver[Any]) -> Source | None:
        """Its function is called with the object itself, and with as little of Strawberry's `Info`
        as our functions look at."""
        parent, info = resolver.parent_parameter, resolver.info_parameter
        if parent is None or resolver.self_parameter or resolver.root_parameter:
            return None
        wrapped = resolver.wrapped_func
        function: Any = getattr(wrapped, "__func__", wrapped)
        if info is None and not field.arguments and not resolver.is_async:
            return Plain(function)

        def resolve(source: object, arguments: dict[str, Any], answer: Answer) -> Any:
            given = self._converted(field, arguments)
            if info is not None:
                given[info.name] = SimpleNamespace(context=answer)
            return function(**{parent.name: source}, **given)

        return Each(resolve, waits=resolver.is_async)

    def _converted(self, field: StrawberryField, arguments: dict[str, Any]) -> dict[str, Any]:
        """As our functions take them, not as the client wrote them."""
        converter = self._converter
        return convert_arguments(
            arguments, field.arguments, converter.scalar_registry, converter.config
        )


def _resolved(resolve: Any, root: object, arguments: dict[str, Any], answer: Answer) -> Any:
    return resolve(root, SimpleNamespace(context=answer), **arguments)
