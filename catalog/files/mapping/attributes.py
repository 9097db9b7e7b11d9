"""The attributes of a product or variant: those that a mapping lists, and the rest of its line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast, get_args

from catalog.files.mapping.cells import Line
from catalog.files.mapping.language import Attribute, Place
from catalog.files.mapping.survey import Survey, Trait, is_nested, leaves
from catalog.files.mapping.transforms import Json, is_empty, text
from catalog.files.mapping.work import Built, Work
from catalog.files.nouns import Kind, Level
from catalog.writes.staging import Problem

LONGEST_TEXT = 2_000
MOST_OPTIONS = 100


@dataclass(slots=True)
class Writer:
    """Gives values to attributes, each mentioned with its first value."""

    work: Work
    _codes: dict[tuple[str, str], str] = field(default_factory=dict)
    _options: dict[tuple[str, str], str] = field(default_factory=dict)

    def listed(
        self,
        attributes: dict[str, Attribute],
        lines: Sequence[Line],
        *,
        type_: str,
        level: Level,
        at: Place,
    ) -> Built:
        built: Built = {}
        for code, attribute in attributes.items():
            found = self.work.read(attribute, lines, (*at, code))
            if found is None:
                continue
            kind = self._kind(code, attribute, lines[0], (*at, code))
            if (type_, code) not in self._codes:
                self._codes[type_, code] = self._mention(code, attribute, kind)
                self.work.nouns.assign(type_, code, level=level)
            built[code] = self._value(code, kind, found)
        return built

    def rest(
        self, survey: Survey, used: frozenset[str], line: Line, *, type_: str
    ) -> tuple[Built, Built]:
        """Attributes, and what no attribute can hold (lists of objects) for metadata."""
        built: Built = {}
        nested: Built = {}
        for path, value in leaves(line.row, used):
            trait = survey.traits.get(path)
            if is_nested(value):
                nested[path] = value
            elif trait:
                code = self._codes.get((type_, path)) or self._mention_trait(trait, type_)
                built[code] = self._value(code, trait.kind, value)
        return {code: value for code, value in built.items() if not is_empty(value)}, nested

    def axis(self, name: str, label: str, *, type_: str) -> tuple[str, str]:
        """The code of an axis of the type's variants, and that of its option."""
        code = self.work.nouns.attribute(name, "select")
        self.work.nouns.assign(type_, code, is_option=True)
        return code, self._option(code, label)

    def _mention(self, code: str, attribute: Attribute, kind: Kind) -> str:
        return self.work.nouns.attribute(
            attribute.name or code.replace("_", " ").replace("-", " ").capitalize(),
            kind,
            code=code,
            unit=attribute.unit,
            filterable=attribute.filterable,
            searchable=attribute.searchable,
            sortable=attribute.sortable,
        )

    def _mention_trait(self, trait: Trait, type_: str) -> str:
        """Under another code where the catalog has this one for another kind of attribute."""
        code = self.work.nouns.attribute(trait.name, trait.kind, code=trait.code)
        self.work.nouns.assign(type_, code)
        self._codes[type_, trait.path] = code
        return code

    def _kind(self, code: str, attribute: Attribute, line: Line, at: Place) -> Kind:
        """What the mapping says, else what the catalog knows, else what the transforms imply."""
        known = self.work.nouns.kinds.get(code)
        if known in get_args(Kind) and not attribute.kind:
            return cast(Kind, known)
        kind = kind_of(attribute)
        if known not in (None, kind):
            said = f"is {kind} in the mapping and {known} in the catalog; change one, or the code"
            self.work.problems.append(Problem(line.number, at, kind, "OTHER_KIND", said))
        return kind

    def _value(self, code: str, kind: Kind, found: Json) -> Json:
        if kind == "multiselect":
            labels = found if isinstance(found, list) else [found]
            options = (self._option(code, text(label)) for label in labels if not is_empty(label))
            return list[Json](dict.fromkeys(options))[:MOST_OPTIONS]
        if kind == "select":
            return self._option(code, text(found))
        if kind == "number" and isinstance(found, float):
            return round(found, 6)
        if kind in ("number", "boolean"):
            return found
        return text(found)[:LONGEST_TEXT]

    def _option(self, code: str, label: str) -> str:
        known = self._options.get((code, label))
        if known is None:
            known = self._options[code, label] = self.work.nouns.option(code, label)
        return known


def kind_of(attribute: Attribute) -> Kind:
    """What a mapping that names no kind means."""
    if attribute.kind:
        return attribute.kind
    if attribute.number or attribute.convert:
        return "number"
    if attribute.date:
        return "date"
    return "multiselect" if attribute.split else "text"
