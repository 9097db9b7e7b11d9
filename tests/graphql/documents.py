"""Queries made by chance, of every type and field of a schema: valid, with what may be in the shop
and what may not as their arguments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

# What costs many statements, or needs a token, is asked less often than its neighbours.
SELDOM = {"facets": 0.1, "suggest": 0.2, "stock": 0.1, "explainListing": 0.1, "search": 0.2}
NAMES = {"first": (0, 1, 2, 3, 5), "last": (0, 1, 2), "depth": (1, 2, 3), "limit": (1, 3)}
WRONG = {"first": (-1, 5000, None), "last": (-1, None), "depth": (0, None), "limit": (0, None)}


class Bare(str):
    """What is written without quotes: a variable, a value of an enum."""


@dataclass(frozen=True, slots=True)
class Made:
    text: str
    variables: dict[str, Any]


@dataclass(slots=True)
class Maker:
    """`known` has values for arguments and input fields of that name, and for types of that name.
    With `careful` there is nothing wrong in it."""

    schema: GraphQLSchema
    known: Mapping[str, Sequence[Any]]
    random: Random
    careful: bool = False
    fields_left: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    names: int = 0
    apart: bool = False

    def document(self) -> Made:
        self.fields_left = self.random.randint(2, 24)
        root = self.schema.query_type
        assert root is not None
        selections = self.selections(root, depth=0)
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self.declared.items())
        head = f"query Made({declared})" if declared else "query"
        text = "\n".join([f"{head} {{ {selections} }}", *self.fragments.values()])
        return Made(text, self.variables)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def selections(self, type_: Any, *, depth: int) -> str:
        chosen = [self.selection(type_, depth=depth) for _ in range(self.random.randint(1, 5))]
        return " ".join(each for each in chosen if each) or "__typename"

    def selection(self, type_: Any, *, depth: int) -> str:
        self.fields_left -= 1
        what = self.random.random()
        if what < 0.08:
            return self.conditional("__typename")
        if what < 0.16 and depth:
            return self.inline(type_, depth=depth)
        if what < 0.24 and depth:
            return self.conditional(f"...{self.fragment(self.specific(type_), depth=depth)}")
        if isinstance(type_, GraphQLInterfaceType) and self.chance(0.6):
            specific = self.specific(type_)
            return f"... on {specific.name} {{ {self.selections(specific, depth=depth)} }}"
        return self.field(type_, depth=depth)

    def inline(self, type_: Any, *, depth: int) -> str:
        inner = type_ if self.chance(0.4) else self.specific(type_)
        condition = "" if inner is type_ else f" on {inner.name}"
        inside = self.selections(inner, depth=depth)
        return f"{self.conditional(f'...{condition}')} {{ {inside} }}"

    def fragment(self, type_: Any, *, depth: int) -> str:
        if self.fragments and self.chance(0.3):
            same = [name for name, text in self.fragments.items() if f" on {type_.name} " in text]
            if same:
                return self.random.choice(same)
        name = self.name("F")
        inside = self.selections(type_, depth=depth)
        self.fragments[name] = f"fragment {name} on {type_.name} {{ {inside} }}"
        return name

    def specific(self, type_: Any) -> Any:
        """The type itself, or what it may also be looked at as."""
        if isinstance(type_, GraphQLInterfaceType):
            return self.random.choice(self.schema.get_possible_types(type_))
        several = [type_, type_, *type_.interfaces]
        return self.random.choice(several)

    def field(self, type_: Any, *, depth: int) -> str:
        name, definition = self.chosen(type_, depth=depth)
        if not name:
            return ""
        arguments = self.arguments(definition)
        aliased = bool(definition.args) or self.apart or self.chance(0.1)
        written = self.conditional(f"{self.name('a')}: {name}{arguments}" if aliased else name)
        inner = get_named_type(definition.type)
        if is_leaf_type(inner):
            return written
        # The same field of several types may differ in its own: each has a name of its own.
        self.apart = isinstance(inner, GraphQLInterfaceType)
        inside = self.selections(inner, depth=depth + 1)
        self.apart = False
        return f"{written} {{ {inside} }}"

    def chosen(self, type_: Any, *, depth: int) -> tuple[str, Any]:
        fields = [
            (name, definition)
            for name, definition in type_.fields.items()
            if (self.fields_left > 0 and depth < 7) or is_leaf_type(get_named_type(definition.type))
        ]
        for _ in range(10):
            name, definition = self.random.choice(fields) if fields else ("", None)
            if self.chance(SELDOM.get(name, 1)):
                return name, definition
        return "", None

    def conditional(self, written: str) -> str:
        if not self.chance(0.12):
            return written
        directive = self.random.choice(["skip", "include"])
        return f"{written} @{directive}(if: {self.condition()})"

    def condition(self) -> str:
        value = self.chance(0.5)
        if self.chance(0.5):
            return json.dumps(value)
        known = [name for name, type_ in self.declared.items() if type_ == "Boolean!"]
        if known and self.chance(0.5):
            return f"${self.random.choice(known)}"
        return self.variable("Boolean!", value)

    def variable(self, type_: str, value: object) -> str:
        name = self.name("v")
        self.declared[name] = type_
        if value is not None or type_.endswith("!") or self.chance(0.5):
            self.variables[name] = value
        return f"${name}"

    def arguments(self, definition: GraphQLField) -> str:
        given = [
            f"{name}: {self.argument(name, argument)}"
            for name, argument in definition.args.items()
            if is_required_argument(argument) or self.chance(self.likely(name))
        ]
        return f"({', '.join(given)})" if given else ""

    def likely(self, name: str) -> float:
        """Of pages whatever is asked with `first` is right."""
        if name in ("last", "after", "before"):
            return 0 if self.careful else 0.2
        return SELDOM.get(name, 0.35)

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        value = self.value(name, argument.type)
        if self.chance(0.3):
            return self.variable(str(argument.type), _plain(value))
        return _literal(value)

    def value(self, name: str, type_: GraphQLInputType, *, depth: int = 0) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self.value(name, type_.of_type, depth=depth)
        if not self.careful and self.chance(0.02):
            return self.random.choice(WRONG.get(name, (None,)))
        if isinstance(type_, GraphQLList):
            several = range(self.random.randint(0 if depth else 1, 3))
            return [self.value(name, type_.of_type, depth=depth) for _ in several]
        if isinstance(type_, GraphQLEnumType):
            return Bare(self.random.choice([*type_.values]))
        if isinstance(type_, GraphQLInputObjectType):
            return self.input(type_, depth=depth)
        if name in NAMES:
            return self.random.choice(NAMES[name])
        return self.random.choice(self.known.get(name) or self.known[type_.name])  # type: ignore[union-attr]

    def input(self, type_: GraphQLInputObjectType, *, depth: int) -> dict[str, Any]:
        names = [*type_.fields]
        one_of = _is_one_of(type_)
        if one_of:
            chosen = [self.random.choice(names)]
        else:
            shallow = [n for n in names if depth < 2 or n not in ("AND", "OR", "NOT")]
            chosen = self.random.sample(shallow, k=min(len(shallow), self.random.randint(0, 2)))
            chosen += [n for n in names if is_required_input(type_, n) and n not in chosen]
        made = {n: self.value(n, type_.fields[n].type, depth=depth + 1) for n in chosen}
        if one_of:
            return {n: value if value is not None else "nothing" for n, value in made.items()}
        return made


def _is_one_of(type_: GraphQLInputObjectType) -> bool:
    """Strawberry says so in its own definition alone."""
    return type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].is_one_of is True


def is_required_input(type_: GraphQLInputObjectType, name: str) -> bool:
    return isinstance(type_.fields[name].type, GraphQLNonNull)


def _plain(value: Any) -> Any:
    """As a variable holds it."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return str(value) if isinstance(value, Bare) else value


def _literal(value: Any) -> str:
    if isinstance(value, Bare):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)
