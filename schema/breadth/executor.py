"""From an operation to its plan, from a plan to its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from schema.breadth.levels import run
from schema.breadth.plan import PLANS, Planner, Prepared, Selection, SourceOf
from schema.breadth.values import Unfit


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that can be run: its selections, and the values of its variables."""

    operation: OperationDefinitionNode
    selection: Selection
    variables: VariableValues

    async def run(self, context: object, root: object = None) -> dict[str, Any]:
        """The data of the result. Whatever it raises, graphql-core has the answer."""
        return await run(self.selection, root, self.variables, context)


class Executor:
    """Makes plans; `source_of` says where the values of each field come from."""

    def __init__(self, schema: GraphQLSchema, source_of: SourceOf) -> None:
        self._schema, self._source_of = schema, source_of

    def plan(
        self, prepared: Prepared, operation_name: str | None, variables: Mapping[str, Any]
    ) -> Plan | None:
        """None for what graphql-core has to answer."""
        operation = get_operation_ast(prepared.document, operation_name)
        if prepared.foreign or not operation or operation.operation is not OperationType.QUERY:
            return None
        definitions = operation.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, dict(variables))
        if isinstance(values, list):
            return None
        key = operation_name, *map(values.coerced.get, prepared.conditions)
        if key not in prepared.plans:
            if len(prepared.plans) >= PLANS:
                prepared.plans.clear()
            planner = Planner(self._schema, self._source_of, prepared.fragments, operation, values)
            prepared.plans[key] = _made(planner)
        selection = prepared.plans[key]
        return None if selection is None else Plan(operation, selection, values)


def _made(planner: Planner) -> Selection | None:
    try:
        return planner.plan()
    except (Unfit, GraphQLError):
        return None
