"""The breadth-first executor by itself, on a schema that is nobody's: every value for every type is
shown as graphql-core shows it, or left to graphql-core."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    build_schema,
    execute,
    parse,
)

from schema.breadth import Each, Executor, Level, Prepared, Source, Unfit, attribute

TYPES = (
    "String", "String!", "Int", "Int!", "Float", "Boolean", "ID", "ID!", "Colour", "Colour!",
    "[String]", "[String!]", "[String]!", "[String!]!", "[[Int]]", "[[Int!]!]!", "[Colour!]",
    "Lamp", "Lamp!", "[Lamp]", "[Lamp!]!", "[[Lamp]]", "Thing", "[Thing!]", "Either", "[Either]",
)  # fmt: skip

SDL = """
enum Colour { RED BLUE }
interface Thing { name: String }
type Lamp implements Thing { name: String }
type Shade implements Thing { name: String }
union Either = Lamp | Shade
type Query { value: TYPE }
"""

LAMP = SimpleNamespace(name="desk")


class Shade:
    name = "silk"


class Text(str):
    pass


VALUES: dict[str, object] = {
    "null": None,
    "absent": Undefined,
    "text": "a",
    "empty text": "",
    "kind of text": Text("b"),
    "name of a colour": "RED",
    "number as text": "12",
    "zero": 0,
    "one": 1,
    "largest": 2**31 - 1,
    "too large": 2**31,
    "far too large": 2**70,
    "true": True,
    "whole": 1.0,
    "broken": 1.5,
    "no number": float("nan"),
    "error": ValueError("inside"),
    "object": LAMP,
    "other object": Shade(),
    "dict": {"name": "x"},
    "class": Shade,
    "nothing": [],
    "texts": ["a", "b"],
    "tuple": ("a",),
    "set": {"a"},
    "text and null": ["a", None],
    "text and number": ["a", 1],
    "errors": ["a", ValueError("inside")],
    "lists": [[1, 2], [], [3]],
    "lists and null": [[1, None], None],
    "objects": [LAMP, Shade(), LAMP],
    "objects and null": [LAMP, None],
    "lists of objects": [[LAMP], [], [LAMP, LAMP]],
    "absent ones": [Undefined],
}


def schema_of(type_: str) -> GraphQLSchema:
    schema = build_schema(SDL.replace("TYPE", type_))
    schema.type_map["Lamp"].is_type_of = lambda value, _: isinstance(value, SimpleNamespace)  # type: ignore[attr-defined]
    for name in ("Thing", "Either"):
        schema.type_map[name].resolve_type = _type_of  # type: ignore[attr-defined]
    return schema


def _type_of(value: object, *_: object) -> str | None:
    return {"SimpleNamespace": "Lamp", "Shade": "Shade"}.get(type(value).__name__)


def attributes(type_: GraphQLObjectType, name: str, field: GraphQLField) -> Source | None:
    return attribute(name)


async def data(
    schema: GraphQLSchema, query: str, root: object, source_of: Any = attributes, **variables: Any
) -> dict[str, Any] | None:
    """None where there is no plan."""
    plan = Executor(schema, source_of).plan(Prepared.of(parse(query)), None, variables)
    return plan and await plan.run(None, root)


def query_of(type_: str) -> str:
    named = type_.strip("[]!")
    if named == "Either":
        return "{ value { __typename ... on Lamp { name } } }"
    return "{ value { __typename name } }" if named in ("Lamp", "Thing") else "{ value }"


@pytest.mark.parametrize("type_", TYPES)
async def test_every_value_is_shown_as_it_should_be_or_left_alone(type_: str) -> None:
    schema, query = schema_of(type_), query_of(type_)
    shown = 0
    for name, value in VALUES.items():
        root = SimpleNamespace(value=value)
        reference = execute(schema, parse(query), root)
        assert not hasattr(reference, "__await__")
        try:
            found = await data(schema, query, root)
        except Exception:
            # A mistake, or something too unusual to be sure of.
            assert reference.errors or name in ("absent", "set", "class", "absent ones"), name
        else:
            assert (found, None) == (reference.data, reference.errors), name
            assert repr(found) == repr(reference.data), name
            shown += 1
    assert shown


FRIENDS = build_schema(
    "type Query { all: [P!]! } type P { id: Int best: P friends: [P!]! twice: Int }"
)
PEOPLE = {n: SimpleNamespace(id=n, best_id=n % 3) for n in range(6)}


class Asked(list[tuple[str, list[int]]]):
    """Sources that remember what was asked of them, in which order."""

    def of(self, type_: GraphQLObjectType, name: str, field: GraphQLField) -> Source | None:
        if name == "all":
            return Each(lambda *_: list(PEOPLE.values()))
        if name == "twice":
            return Each(self._twice, waits=True)
        if name in ("best", "friends"):
            return Level(lambda people, *_: self._later(name, people))
        return attribute(name) if name == "id" else None

    async def _twice(self, person: Any, *_: object) -> int:
        return 2 * int(person.id)

    def _later(self, name: str, people: Sequence[Any]) -> Any:
        self.append((f"{name} called", [one.id for one in people]))

        async def values() -> list[Any]:
            self.append((f"{name} read", []))
            best = [PEOPLE[one.best_id] for one in people]
            return best if name == "best" else [[one, one] for one in best]

        return values


async def test_a_level_is_asked_at_once_and_an_object_in_two_places_once() -> None:
    asked = Asked()

    found = await data(
        FRIENDS, "{ all { best { id best { id } } friends { id } } }", None, asked.of
    )

    everybody = [0, 1, 2, 3, 4, 5]
    assert asked == [
        ("best called", everybody),
        ("friends called", everybody),
        ("best read", []),
        ("friends read", []),
        ("best called", [0, 1, 2]),
        ("best read", []),
    ]
    assert found is not None
    assert found["all"][4] == {
        "best": {"id": 1, "best": {"id": 1}},
        "friends": [{"id": 1}, {"id": 1}],
    }


async def test_what_waits_is_awaited_for_all_objects() -> None:
    found = await data(FRIENDS, "{ all { twice } }", None, Asked().of)

    assert found == {"all": [{"twice": 2 * n} for n in PEOPLE]}


async def test_an_error_leaves_nothing_under_way() -> None:
    done: list[int] = []

    async def broken(person: Any, *_: object) -> int:
        if person.id == 0:
            raise ValueError("broken")
        done.append(person.id)
        return 1

    def sources(type_: GraphQLObjectType, name: str, field: GraphQLField) -> Source | None:
        return Each(broken, waits=True) if name == "twice" else Asked().of(type_, name, field)

    with pytest.raises(ValueError, match="broken"):
        await data(FRIENDS, "{ all { twice } }", None, sources)
    assert done == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        "mutation { all { id } }",
        "{ all { id @foreign } }",
        "query Q($id: Int!) { all { id } }",
        "{ all { unknown } }",
    ],
)
async def test_what_is_not_understood_has_no_plan(query: str) -> None:
    assert await data(FRIENDS, query, None, Asked().of) is None


async def test_conditions_are_decided_for_each_run_and_few_plans_are_kept() -> None:
    query = (
        "query Q($a: Boolean!, $b: Boolean = true) { all @include(if: $a) { id @skip(if: $b) } }"
    )
    prepared, executor = Prepared.of(parse(query)), Executor(FRIENDS, Asked().of)
    shown = []
    for a, b in [(True, False), (True, True), (False, True), (True, False)]:
        plan = executor.plan(prepared, "Q", {"a": a, "b": b})
        assert plan is not None
        shown.append((await plan.run(None)).get("all", ["absent"])[0])

    assert shown == [{"id": 0}, {}, "absent", {"id": 0}]
    assert len(prepared.plans) == 3


async def test_a_value_that_cannot_be_shown_is_unfit() -> None:
    with pytest.raises(Unfit):
        await data(schema_of("Int!"), "{ value }", SimpleNamespace(value=None))
