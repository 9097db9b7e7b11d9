"""The schema as it is run: documents are parsed, measured and validated once, `@inContext` is heard
before the first resolver."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    specified_rules,
    strip_ignored_characters,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionResult as Result
from strawberry.types.graphql import OperationType as StrawberryOperationType

from catalog.context import Context
from catalog.errors import CatalogError, Unavailable, UnknownChannel
from catalog.reads import contexts
from schema import directives, limits
from schema.answer import Answer
from schema.breadth import Executor, Plan, Prepared
from schema.fields import guard
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.sources import Sources

log = logging.getLogger(__name__)

DOCUMENTS = 100
"""How many are kept; the largest that `limits` lets through takes 0.6 MB of nodes, and each of its
plans 0.4 MB."""


@dataclass(frozen=True, slots=True)
class Document:
    nodes: DocumentNode
    errors: tuple[GraphQLError, ...]
    prepared: Prepared


class Schema(strawberry.Schema):
    """`open` shows itself to strangers: introspection, and suggestions in errors."""

    def __init__(self, *, open: bool) -> None:
        super().__init__(
            query=Query,
            mutation=Mutation,
            directives=[directives.in_context],
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        guard(self._schema)
        sources = Sources(self.schema_converter)
        self.executor = Executor(self._schema, sources.of)
        self.open = open
        self.document = lru_cache(maxsize=DOCUMENTS)(self._document)

    def _document(self, text: str) -> Document:
        """Raises GraphQLSyntaxError."""
        nodes = parse(text, max_lexical_tokens=limits.MAX_TOKENS, max_comments=limits.MAX_COMMENTS)
        rules = [*specified_rules, OneOfInputValidationRule]
        if not self.open:
            rules.append(NoSchemaIntrospectionCustomRule)
        errors = limits.exceeded(nodes) or validate(
            self._schema, nodes, rules, hide_suggestions=not self.open
        )
        return Document(nodes, tuple(errors), Prepared.of(nodes))

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[StrawberryOperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> Result:
        """A query that there is a plan for is run by it, past Strawberry's hooks. All else, and a
        query in which anything goes wrong, is graphql-core's: from the start, in a snapshot that
        has not failed."""
        data = await self.breadth_first(
            query or "", variable_values or {}, operation_name, answer=context_value
        )
        if data is not None:
            return Result(data=data, errors=None)
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )

    async def breadth_first(
        self, text: str, variables: dict[str, Any], operation_name: str | None, *, answer: Answer
    ) -> dict[str, Any] | None:
        """The data, or None for what graphql-core has to answer."""
        plan = self._plan(text, variables, operation_name)
        if plan is None:
            return None
        try:
            if not _asks_the_schema(plan.operation):
                await _prepare(self._schema, plan.operation, variables, answer)
            return await plan.run(answer)
        except Unavailable:
            answer.forget()
        except Exception:
            log.debug("handed over to graphql-core", exc_info=True)
            await answer.begin_again()
        return None

    def _plan(
        self, text: str, variables: dict[str, Any], operation_name: str | None
    ) -> Plan | None:
        try:
            document = self.document(text)
        except GraphQLError:
            return None
        if document.errors:
            return None
        return self.executor.plan(document.prepared, operation_name, variables)

    def normal(self, text: str, operation: str | None) -> str | None:
        """The text without what means nothing; None unless it is a valid query. Raises
        GraphQLSyntaxError."""
        document = self.document(text)
        asked = get_operation_ast(document.nodes, operation)
        if document.errors or asked is None or asked.operation is not OperationType.QUERY:
            return None
        return strip_ignored_characters(text)

    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        """Without Strawberry's own for directives, which awaits every field: `@inContext` is none
        of a field."""
        return [Parsed(), InContext()]

    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        kwargs = super()._get_custom_context_kwargs(operation_extensions, sync=sync)
        return kwargs | {"hide_suggestions": not self.open}

    def process_errors(self, *_: object) -> None:
        """They are logged where they are shown, with the id of the request."""


class Parsed(SchemaExtension):
    """Puts the parsed and validated document where Strawberry would parse and validate."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = self._document().nodes
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = list(self._document().errors)
        yield

    def _document(self) -> Document:
        schema, text = self.execution_context.schema, self.execution_context.query
        assert isinstance(schema, Schema)
        assert text is not None
        return schema.document(text)


class InContext(SchemaExtension):
    """Finds out the context that `@inContext` asks for; where there is none, that is the answer."""

    async def on_execute(self) -> AsyncIterator[None]:
        try:
            operation = self._operation()
            if not _asks_the_schema(operation):
                await self._prepare(operation)
        except GraphQLError as error:
            self.execution_context.result = ExecutionResult(data=None, errors=[error])
        yield

    async def _prepare(self, operation: OperationDefinitionNode) -> None:
        context = self.execution_context
        try:
            await _prepare(
                context.schema._schema, operation, context.variables or {}, context.context
            )
        except CatalogError as error:
            where = list(operation.directives or ())
            raise GraphQLError(error.message, where, original_error=error) from error

    def _operation(self) -> OperationDefinitionNode:
        """The one of that name; Strawberry would take the first of several where none is named."""
        document = self.execution_context.graphql_document
        name = self.execution_context._provided_operation_name
        assert document is not None
        operation = get_operation_ast(document, name)
        if operation is None:
            raise GraphQLError("the document holds several operations: name one in operationName")
        return operation


def _asks_the_schema(operation: OperationDefinitionNode) -> bool:
    """Whether it is introspection alone, which an empty database can answer too."""
    return all(
        isinstance(node, FieldNode) and node.name.value.startswith("__")
        for node in operation.selection_set.selections
    )


async def _prepare(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    answer: Answer,
) -> None:
    asked = directives.asked(schema, operation, variables)
    answer.resolve = partial(_context, answer, operation, asked)
    answer.ctx = await answer.resolve()


async def _context(
    answer: Answer, operation: OperationDefinitionNode, asked: Mapping[str, str | None]
) -> Context:
    try:
        return await contexts.resolve(
            answer.principal,
            channel=asked.get("channel"),
            locale=asked.get("locale"),
            currency=asked.get("currency"),
            accept_language=answer.accept_language,
        )
    except UnknownChannel:
        if asked.get("channel") or operation.operation is not OperationType.MUTATION:
            raise
        # The first channel is written while there is none.
        return Context(answer.principal, 0, "", "", "", (), datetime.now(UTC))
