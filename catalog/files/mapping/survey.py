"""What `rest` finds: a file looked through once, to learn which attributes its lines have."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from slugify import slugify

from catalog.errors import FileRefused
from catalog.files.mapping.expressions import Get, Row
from catalog.files.mapping.transforms import Json, Unusable, is_empty, text
from catalog.files.nouns import Kind

MAX_ATTRIBUTES = 1_000
MAX_DEPTH = 6
LONGEST_LABEL = 100

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?")
_BOOLEANS = {"true", "false"}
_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(slots=True)
class Trait:
    """One leaf of the lines: how its values look, and the distinct ones up to a limit.

    `typed`: the file itself tells numbers and booleans from texts, as JSON does.
    """

    path: str
    typed: bool
    booleans: bool = False
    numbers: bool = False
    texts: bool = False
    lists: bool = False
    distinct: dict[str, None] = field(default_factory=dict)
    longest: int = 0
    kind: Kind = "text"

    @property
    def code(self) -> str:
        return _NOT_IN_A_CODE.sub("_", self.path).strip("_.-")[:100] or slugify(self.path)

    @property
    def name(self) -> str:
        """`core_boost_clock` as Core boost clock; capitals such as in PCIe stay."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|[_.\s-]+", " ", self.path).strip()
        return words[:1].upper() + words[1:]

    def see(self, value: Json, limit: int) -> None:
        if isinstance(value, list):
            self.lists = True
            for item in value:
                self._see_one(item, limit)
        else:
            self._see_one(value, limit)

    def _see_one(self, value: Json, limit: int) -> None:
        given = text(value)
        if isinstance(value, bool) or (not self.typed and given.lower() in _BOOLEANS):
            self.booleans = True
        elif isinstance(value, int | float) or (not self.typed and _NUMBER.fullmatch(given)):
            self.numbers = True
        else:
            self.texts = True
        self.longest = max(self.longest, len(given))
        if len(self.distinct) <= limit:
            self.distinct[given] = None

    def decide(self, limit: int) -> None:
        """One kind for all lines: where they disagree, it is a text."""
        if len(self.distinct) <= limit and self.longest <= LONGEST_LABEL:
            self.kind = "multiselect" if self.lists else "select"
        if not self.lists and not self.texts and self.booleans != self.numbers:
            self.kind = "boolean" if self.booleans else "number"
        if not self.kind.endswith("select"):
            self.distinct = {}


@dataclass(frozen=True, slots=True)
class Survey:
    """`traits` by path; `by_type` the paths that lines of a type have."""

    traits: dict[str, Trait]
    by_type: dict[str, dict[str, None]]


def leaves(row: Row, used: frozenset[str], *, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Every value that is not used elsewhere, with its path; lists of objects come as they are."""
    for key, value in row.items():
        path = prefix + key
        if path in used or key == "^" or is_empty(value):
            continue
        if isinstance(value, dict) and path.count(".") < MAX_DEPTH:
            yield from leaves(value, used, prefix=f"{path}.")
        else:
            yield path, value


def is_nested(value: Json) -> bool:
    """A list of objects or lists: something that no attribute can hold."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict | list) for item in value)
    )


def survey(
    rows: Iterable[Row], used: frozenset[str], *, type_of: Get, limit: int, typed: bool
) -> Survey:
    traits: dict[str, Trait] = {}
    by_type: dict[str, dict[str, None]] = {}
    for row in rows:
        try:
            paths = by_type.setdefault(text(type_of(row)), {})
        except Unusable:
            continue
        for path, value in leaves(row, used):
            if is_nested(value):
                continue
            if path not in traits:
                traits[path] = Trait(path, typed)
            traits[path].see(value, limit)
            paths[path] = None
    if len(traits) > MAX_ATTRIBUTES:
        raise FileRefused(
            f"rest: would make {len(traits)} attributes and at most {MAX_ATTRIBUTES} are made; "
            "name paths that are none under `rest.except`"
        )
    codes: dict[str, str] = {}
    for trait in traits.values():
        trait.decide(limit)
        if codes.setdefault(trait.code, trait.path) != trait.path:
            raise FileRefused(
                f"rest: {codes[trait.code]!r} and {trait.path!r} would both be the attribute "
                f"{trait.code}; give one of them another code under `attributes`"
            )
    return Survey(traits, by_type)
