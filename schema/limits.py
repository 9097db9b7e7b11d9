"""How large a document may be, measured in one pass before it is validated.

A fragment is measured once, however often it is spread, so the pass is linear in the document
where its expansion may be exponential.
"""

from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_TOKENS = 1_000
MAX_COMMENTS = 100
MAX_DEPTH = 12
MAX_INTROSPECTION_DEPTH = 16
MAX_FIELDS = 500
MAX_ALIASES = 30
MAX_ROOT_FIELDS = 20

INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection with its fragments spread. `introspection` is the depth of that part alone."""

    depth: int = 0
    introspection: int = 0
    fields: int = 0
    aliases: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            max(self.introspection, other.introspection),
            self.fields + other.fields,
            self.aliases + other.aliases,
        )


NOTHING = Size()


@dataclass(slots=True)
class Measure:
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Size] = field(default_factory=dict)

    def selection(self, selections: SelectionSetNode | None) -> Size:
        size = NOTHING
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                size += self.field(node)
            elif isinstance(node, InlineFragmentNode):
                size += self.selection(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                size += self.fragment(node.name.value)
        return size

    def field(self, node: FieldNode) -> Size:
        within = self.selection(node.selection_set)
        fields, aliases = within.fields + 1, within.aliases + (node.alias is not None)
        if node.name.value in INTROSPECTION:
            return Size(0, within.depth + 1, fields, aliases)
        return Size(within.depth + 1, within.introspection, fields, aliases)

    def fragment(self, name: str) -> Size:
        """A fragment that spreads itself counts as nothing there: validation refuses it."""
        if name not in self.known and name in self.fragments:
            self.known[name] = NOTHING
            self.known[name] = self.selection(self.fragments[name].selection_set)
        return self.known.get(name, NOTHING)


def exceeded(document: DocumentNode) -> list[GraphQLError]:
    """One error for each limit that an operation of the document is beyond."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    measure = Measure(fragments)
    return [
        GraphQLError(f"the query is too large: {count} {what}, at most {most}", node)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        for count, what, most in _counts(node, measure)
        if count > most
    ]


def _counts(
    operation: OperationDefinitionNode, measure: Measure
) -> tuple[tuple[int, str, int], ...]:
    size = measure.selection(operation.selection_set)
    roots = len(operation.selection_set.selections)
    return (
        (size.depth, "levels deep", MAX_DEPTH),
        (size.introspection, "levels of introspection deep", MAX_INTROSPECTION_DEPTH),
        (size.fields, "fields with fragments spread", MAX_FIELDS),
        (size.aliases, "aliases", MAX_ALIASES),
        (roots, "root fields", MAX_ROOT_FIELDS),
    )
