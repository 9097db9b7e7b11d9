"""A plan run level by level: all that a level asks for, before anything below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from schema.breadth.plan import Objects, Selected, Selection
from schema.breadth.sources import Later, together
from schema.breadth.values import Restore, Values, kinds


async def run(
    selection: Selection, root: object, variables: VariableValues, context: object
) -> dict[str, Any]:
    """What is selected of the root, and of all that it leads to."""
    top = Part(selection, [root])
    parts, level = [top], [top]
    while level:
        await _read(level, variables, context)
        level = [inner for part in level for inner in part.opened()]
        parts += level
    for part in reversed(parts):
        part.assemble()
    return top.results[0]


async def _read(level: Sequence["Part"], variables: VariableValues, context: object) -> None:
    """Fills the columns of a level."""
    waiting: list[Waiting] = []
    for part in level:
        for selected in part.selection.fields:
            arguments = selected.arguments(variables)
            found = selected.source.of(part.objects, arguments, context)
            if callable(found):
                waiting.append(Waiting(part, len(part.columns), found))
            part.columns.append(found)
    several = await together([one.rest() for one in waiting])
    for one, values in zip(waiting, several, strict=True):
        one.part.columns[one.number] = values


@dataclass(slots=True)
class Part:
    """Objects of one type in one place of the result, each of them once. `columns` has for each
    selected field the values as they were read, then as they are shown."""

    selection: Selection
    objects: list[Any]
    columns: list[Any] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    branches: list["Branch"] = field(default_factory=list)

    def opened(self) -> list["Part"]:
        """What its fields lead to. Those that lead nowhere are completed."""
        for number, selected in enumerate(self.selection.fields):
            values, restores = _open(selected, self.columns[number])
            inner = selected.inner
            if isinstance(inner, Objects):
                self.branches.append(Branch(number, values, restores, _parts(inner, values)))
            else:
                self.columns[number] = _restored(inner.completed(values), restores)
        return [part for branch in self.branches for part in branch.parts]

    def assemble(self) -> None:
        """The results, once those are there to which its fields lead."""
        for branch in self.branches:
            self.columns[branch.number] = _restored(branch.completed(), branch.restores)
        if not self.columns:
            self.results = [{} for _ in self.objects]
            return
        keys = [selected.key for selected in self.selection.fields]
        self.results = [dict(zip(keys, row)) for row in zip(*self.columns, strict=True)]  # noqa: B905


@dataclass(frozen=True, slots=True)
class Branch:
    """The objects of one field, opened."""

    number: int
    values: Values
    restores: Sequence[Restore]
    parts: Sequence[Part]

    def completed(self) -> Values:
        if len(self.parts) == 1 and len(self.parts[0].objects) == len(self.values):
            return self.parts[0].results
        made: dict[int, dict[str, Any]] = {}
        for part in self.parts:
            made.update(zip(map(id, part.objects), part.results, strict=True))
        return [made[key] for key in map(id, self.values)]


@dataclass(frozen=True, slots=True)
class Waiting:
    part: Part
    number: int
    rest: Later


def _open(selected: Selected, values: Values) -> tuple[Values, Sequence[Restore]]:
    restores: list[Restore] = []
    for step in selected.steps:
        values, restore = step(values)
        if restore is not None:
            restores.append(restore)
    return values, restores


def _restored(values: Values, restores: Sequence[Restore]) -> Values:
    for restore in reversed(restores):
        values = restore(values)
    return values


def _parts(objects: Objects, values: Values) -> list[Part]:
    """An object that several lead to is looked at once, and its result is shown in all places."""
    once = list(dict(zip(map(id, values), values, strict=True)).values())
    if len(kinds(values)) == 1:
        return [Part(objects.selection(values[0]), once)]
    groups: dict[str, Part] = {}
    for value in once:
        selection = objects.selection(value)
        part = groups.get(selection.type.name)
        if part is None:
            part = groups[selection.type.name] = Part(selection, [])
        part.objects.append(value)
    return list(groups.values())
