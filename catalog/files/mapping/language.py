"""The mapping language: which path of a source file becomes which field of the catalog.

`docs/mapping.md` explains it. Here is its grammar; `loading` reads it from YAML, `expressions`
gives the values their meaning, `reading` applies them to files.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from catalog.files.mapping import marked
from catalog.writes import kinds

Place = marked.Place
Kind = Literal["select", "multiselect", "text", "rich_text", "number", "boolean", "date"]
RecordName = Literal["product", "category", "collection", "brand", "attribute", "translation"]


def unknown(word: object, known: Iterable[str]) -> dict[str, str]:
    known = sorted(known)
    close = get_close_matches(str(word), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known)}"
    return {"word": str(word), "message": f"`{word}` is not known here; {hint}"}


def _regex(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from None


def _from(given: object) -> object:
    """`title` is short for `{from: title}`."""
    return {"from": given} if isinstance(given, str) else given


def _list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Regex = Annotated[re.Pattern[str], BeforeValidator(_regex)]
Pattern = Annotated[str, AfterValidator(lambda pattern: _regex(pattern).pattern)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_list)]
Constant = bool | int | float | str | tuple[str, ...]


class Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _words(cls, given: object) -> object:
        """Say which words would be right; pydantic itself says only that one is not permitted."""
        if not isinstance(given, dict):
            raise ValueError("must be a block of `word: value` lines")
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for word in given:
            if word not in known:
                raise PydanticCustomError("word", "{message}", unknown(word, known))
        return given


class Conversion(Block):
    """`from` names the unit, or `column` the path where each line says it."""

    from_: str | None = Field(default=None, alias="from")
    column: str | None = None
    to: str


class Append(Block):
    append: str


class Value(Block):
    """One value: where it comes from, and what is done to it, in the order of these fields."""

    from_: Texts | None = Field(default=None, alias="from")
    template: str | None = None
    value: Constant | None = None
    ignore: Texts = ()
    split: str | None = None
    match: Regex | None = None
    replace: dict[Pattern, str] = {}
    strip_html: bool = False
    case: Literal["lower", "upper", "title", "sentence"] | None = None
    lookup: dict[str, str | None] | str | None = None
    otherwise: str | None = None
    number: bool | Literal[".", ","] = False
    convert: Conversion | None = None
    date: str | None = None
    first: bool = False
    join: str | None = None
    slug: bool = False
    default: Constant | None = None
    repeated: Literal["drop"] | Append | None = None
    empty: Literal["keep", "clear", "warn", "error", "skip"] = "keep"

    @model_validator(mode="after")
    def _one_origin(self) -> "Value":
        if sum(origin is not None for origin in (self.from_, self.template, self.value)) != 1:
            raise ValueError("needs exactly one of from (a path), template or value (a constant)")
        return self


V = Annotated[Value, BeforeValidator(_from)]
Values = dict[str, V]


class Attribute(Value):
    """A value, and how the attribute is created when the catalog does not know it yet."""

    name: str | None = None
    kind: Kind | None = None
    unit: str | None = None
    filterable: bool = False
    searchable: bool = False
    sortable: bool = False


Attributes = dict[kinds.Code, Annotated[Attribute, BeforeValidator(_from)]]


class Rest(Block):
    """Everything of a line that nothing else in the mapping uses becomes an attribute."""

    except_: Texts = Field(default=(), alias="except")
    options_up_to: int = 200
    filterable: bool = True


class Category(Block):
    """`path` is names from the root down, each created when missing; `ref` is a category that is
    there already: its slug, or `ext:` and its external id."""

    path: V | None = None
    ref: V | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Category":
        if (self.path is None) == (self.ref is None):
            raise ValueError("needs either path or ref")
        return self


class Medium(Block):
    url: V
    alt: V | None = None
    kind: Literal["image", "video", "model", "document"] = "image"


class Price(Block):
    """Without `currency` it is in the first currency of the first channel."""

    amount: V
    currency: V | None = None
    compare_at: V | None = None
    channel: V | None = None
    min_quantity: V | None = None


class Stock(Block):
    location: V
    on_hand: V
    incoming: V | None = None


class Option(Block):
    """One axis: what it is called, and which of its options the variant is."""

    name: V
    value: V


class AttributeOption(Block):
    label: V
    code: V | None = None
    swatch: V | None = None


class Variants(Block):
    each: str | None = None
    group_by: V | None = None
    when: V | None = None
    fields: Values = {}
    options: tuple[Option, ...] = ()
    prices: tuple[Price, ...] = ()
    stock: tuple[Stock, ...] = ()
    media: tuple[Medium, ...] = ()
    attributes: Attributes = {}
    metadata: Values = {}
    private_metadata: Values = {}


class Source(Block):
    """`items` is the path to the list of records inside a JSON document."""

    format: Literal["csv", "json", "jsonl"]
    encoding: str | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    items: str | None = None


class Table(Block):
    """For `lookup`: `rows`, or two columns of a CSV file that lies beside the mapping."""

    rows: dict[str, str | None] = {}
    file: str | None = None
    key: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Table":
        if bool(self.rows) == bool(self.file and self.key and self.value):
            raise ValueError("needs either rows, or file with key and value (two of its columns)")
        return self


class Channel(Block):
    """Where products are listed, created when the catalog has none of that code."""

    code: kinds.Code
    currencies: Annotated[tuple[kinds.Currency, ...], BeforeValidator(_list), Field(min_length=1)]
    locale: kinds.LocaleTag = "en"


class Mapping(Block):
    source: Source
    record: RecordName = "product"
    tables: dict[str, Table] = {}
    derive: Values = {}
    when: V | None = None
    group_by: V | None = None
    adjacent: bool = False
    fields: Values = {}
    categories: tuple[Category, ...] = ()
    attributes: Attributes = {}
    rest: Rest | None = None
    metadata: Values = {}
    private_metadata: Values = {}
    media: tuple[Medium, ...] = ()
    channels: tuple[Channel, ...] = ()
    translations: dict[kinds.LocaleTag, Values] = {}
    variants: Variants | None = None
    options: tuple[AttributeOption, ...] = ()


def values(block: Block, place: Place = ()) -> Iterator[tuple[Place, Value]]:
    """Every value of a mapping with its place."""
    if isinstance(block, Value):
        yield place, block
        return
    for name, held in block:
        yield from _values_in(held, (*place, name))


def _values_in(held: object, place: Place) -> Iterator[tuple[Place, Value]]:
    if isinstance(held, Block):
        yield from values(held, place)
    elif isinstance(held, dict):
        for name, item in held.items():
            yield from _values_in(item, (*place, name))
    elif isinstance(held, tuple):
        for index, item in enumerate(held):
            yield from _values_in(item, (*place, index))
