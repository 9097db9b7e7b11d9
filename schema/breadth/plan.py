"""A validated operation as a tree: what is selected of objects of each type, once fragments are
spread and conditions decided."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLString,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    is_leaf_type,
)
from graphql import (
    FragmentDefinitionNode as Fragment,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.type import GraphQLCompositeType

from schema.breadth.sources import Arguments, Constant, Source
from schema.breadth.values import Leaf, Step, Unfit, filled, steps, without_nulls

PLANS = 4
"""How many are kept of a document: for each operation and what its conditions leave in."""

SourceOf: TypeAlias = Callable[[GraphQLObjectType, str, GraphQLField], Source | None]

CONDITIONS = {GraphQLSkipDirective.name, GraphQLIncludeDirective.name}


@dataclass(frozen=True, slots=True)
class Selected:
    """One key of the result. `inner` is what its values are once `steps` have opened them."""

    key: str
    source: Source
    arguments: Callable[[VariableValues], Arguments]
    steps: tuple[Step, ...]
    inner: "Leaf | Objects"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected of the objects of a type."""

    type: GraphQLObjectType
    fields: tuple[Selected, ...]


class Objects:
    """Objects of a type, or of one of several: which one their class says."""

    def __init__(self, type_: GraphQLCompositeType, selections: Sequence[Selection]) -> None:
        self._type = type_
        self._selections = {each.type.name: each for each in selections}
        self._of_kind: dict[type, Selection] = {}

    def selection(self, value: object) -> Selection:
        """What is selected of such a value."""
        found = self._of_kind.get(type(value))
        if found is None:
            found = self._of_kind[type(value)] = self._told(value)
        return found

    def _told(self, value: object) -> Selection:
        name: Any = self._type.name
        if not isinstance(self._type, GraphQLObjectType):
            resolve: Any = self._type.resolve_type
            name = resolve and resolve(value, None, self._type)
        selection = self._selections.get(name) if isinstance(name, str) else None
        if selection is None:
            raise Unfit(f"a {type(value).__name__} is none of {self._type}")
        is_type_of: Any = selection.type.is_type_of
        if is_type_of is not None and is_type_of(value, None) is not True:
            raise Unfit(f"a {type(value).__name__} is no {name}")
        return selection


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A validated document: its fragments, the variables on which its conditions hang, whether
    anything in it is not understood, and the plans made of it so far."""

    document: DocumentNode
    fragments: dict[str, FragmentDetails]
    conditions: tuple[str, ...]
    foreign: bool
    plans: dict[tuple[object, ...], Selection | None] = field(default_factory=dict)

    @classmethod
    def of(cls, document: DocumentNode) -> "Prepared":
        fragments = [each for each in document.definitions if isinstance(each, Fragment)]
        directives = [
            directive
            for each in document.definitions
            if isinstance(each, Fragment | OperationDefinitionNode)
            for directive in _directives(each.selection_set)
        ]
        return cls(
            document,
            {each.name.value: FragmentDetails(each) for each in fragments},
            tuple({name: None for each in directives for name in _variables(each)}),
            any(each.name.value not in CONDITIONS for each in directives)
            or any(each.variable_definitions for each in fragments),
        )


def _directives(selections: SelectionSetNode | None) -> Iterator[DirectiveNode]:
    for node in selections.selections if selections else ():
        yield from node.directives or ()
        if isinstance(node, FieldNode | InlineFragmentNode):
            yield from _directives(node.selection_set)


def _variables(node: FieldNode | DirectiveNode) -> Iterator[str]:
    """Names of the variables in its arguments."""
    for argument in node.arguments or ():
        yield from _variables_in(argument.value)


def _variables_in(value: ValueNode) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    elif isinstance(value, ListValueNode):
        for item in value.values:
            yield from _variables_in(item)
    elif isinstance(value, ObjectValueNode):
        for item_field in value.fields:
            yield from _variables_in(item_field.value)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes the plan of one operation, its conditions decided by `variables`."""

    schema: GraphQLSchema
    source_of: SourceOf
    fragments: dict[str, FragmentDetails]
    operation: OperationDefinitionNode
    variables: VariableValues

    def plan(self) -> Selection:
        root = self.schema.query_type
        assert root is not None
        collected = collect_fields(
            self.schema, self.fragments, self.variables, root, self.operation
        )
        return self._selection(root, collected.grouped_field_set)

    def _selection(self, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> Selection:
        fields = (self._selected(type_, key, details) for key, details in grouped.items())
        return Selection(type_, tuple(fields))

    def _selected(self, type_: GraphQLObjectType, key: str, details: FieldDetailsList) -> Selected:
        """The first of several nodes of that key has its arguments: all have the same."""
        node = details[0].node
        name = node.name.value
        if name == "__typename":
            leaf = Leaf(GraphQLString, required=True)
            return Selected(key, Constant(type_.name), lambda _: {}, (), leaf)
        definition = type_.fields.get(name)
        source = definition and self.source_of(type_, name, definition)
        if definition is None or source is None:
            raise Unfit(f"{type_}.{name} is not understood")
        opened, required, inner = steps(definition.type)
        if is_leaf_type(inner):
            leaf = Leaf(inner, required=required)
            return Selected(key, source, _arguments(definition, node), opened, leaf)
        opened += (filled if required else without_nulls,)
        objects = self._objects(cast(GraphQLCompositeType, inner), details)
        return Selected(key, source, _arguments(definition, node), opened, objects)

    def _objects(self, type_: GraphQLCompositeType, details: FieldDetailsList) -> Objects:
        possible = (
            [type_]
            if isinstance(type_, GraphQLObjectType)
            else self.schema.get_possible_types(type_)
        )
        inside = (self._selection(each, self._inside(each, details)) for each in possible)
        return Objects(type_, tuple(inside))

    def _inside(self, type_: GraphQLObjectType, details: FieldDetailsList) -> GroupedFieldSet:
        return collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, details
        ).grouped_field_set


def _arguments(definition: GraphQLField, node: FieldNode) -> Callable[[VariableValues], Arguments]:
    """What the field is asked with, once and for all where that hangs on no variable."""
    if not any(_variables(node)):
        known = get_argument_values(definition, node)
        return lambda _: known
    return partial(get_argument_values, definition, node)
