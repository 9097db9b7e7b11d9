"""Every operation there is, found in the routes and in the schema, and one request of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)
from starlette.routing import Route

from catalog.app import create_app
from catalog.rest.deps import scope_of as scope_of_route
from catalog.settings import Settings
from schema.execution import Schema
from schema.fields import scope_of as scope_of_field

UNREACHED = Settings(database_url="postgresql://nobody@nowhere/nothing", catalog_env="development")
NAMED = {"ref": "ext:nothing", "id": "1", "name": "page.js"}
VALUES = {"Int": "1", "Float": "1.5", "Boolean": "true", "Decimal": '"1.00"', "JSON": "{}"}


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` is `GET /v1/products/{ref}` or `mutation productUpsert`, which has a `document`."""

    name: str
    scope: str | None
    document: str | None = None

    async def ask(self, client: httpx.AsyncClient, secret: str | None) -> httpx.Response:
        """Of something that is not there, with a body that no write accepts."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        if self.document:
            return await client.post("/graphql", json={"query": self.document}, headers=headers)
        method, path = self.name.split(" ")
        for name, value in NAMED.items():
            path = path.replace(f"{{{name}}}", value)
        body = {} if method in ("GET", "DELETE") else {"json": {}}
        return await client.request(method, path, headers=headers | {"If-Match": "*"}, **body)


def application() -> FastAPI:
    """As it is served, though of no use for reading."""
    return create_app(UNREACHED)


def routes(app: FastAPI) -> Iterator[Operation]:
    for each in iter_route_contexts(app.routes):
        route = each.original_route
        if isinstance(route, Route):
            for method in sorted(route.methods):
                yield Operation(f"{method} {route.path_format}", scope_of_route(route))


def fields(schema: GraphQLSchema | None = None) -> Iterator[Operation]:
    schema = schema or Schema(open=True)._schema
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, field in root.fields.items() if root else ():
            asked = f"{kind} {{ {name}{_arguments(field)}{_selection(field)} }}"
            yield Operation(f"{kind} {name}", scope_of_field(field), asked)


def _selection(field: GraphQLField) -> str:
    return " { __typename }" if is_composite_type(get_named_type(field.type)) else ""


def _arguments(field: GraphQLField) -> str:
    """Only what has to be there."""
    given = [
        f"{name}: {_value(argument.type)}"
        for name, argument in field.args.items()
        if is_required_argument(argument)
    ]
    return f"({', '.join(given)})" if given else ""


def _value(type_: GraphQLInputType) -> str:
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type)
    if isinstance(type_, GraphQLList):
        return "[]"
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        needed = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        # One that takes any of several keys is content with the first.
        chosen = needed or list(type_.fields)[:1]
        return "{" + ", ".join(f"{n}: {_value(type_.fields[n].type)}" for n in chosen) + "}"
    return VALUES.get(type_.name, '"nothing"')
