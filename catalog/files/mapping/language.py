"""The mapping language: which path of a source file becomes which field of the catalog.

A mapping is YAML; `docs/mapping.md` explains it. Here is its grammar, and what is refused with the
place in the YAML. `expressions` gives the values their meaning, `reading` applies them to files.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from catalog.errors import FileRefused
from catalog.files.mapping import marked
from catalog.writes import inputs, kinds

Place = marked.Place
Misfits = Iterator[tuple[Place, str]]
Kind = Literal["select", "multiselect", "text", "rich_text", "number", "boolean", "date"]
RecordName = Literal["product", "category", "collection", "brand", "attribute", "translation"]

MODELS: dict[str, type[inputs.Input]] = {
    "product": inputs.ProductInput,
    "category": inputs.CategoryInput,
    "collection": inputs.CollectionInput,
    "brand": inputs.BrandInput,
    "attribute": inputs.AttributeDefinition,
    "translation": inputs.TranslationRecord,
}
# Fields that have a block of their own, or that no file sets.
_BLOCKS = {
    *("record", "if_missing", "categories", "media", "attributes", "listings", "variants"),
    *("associations", "translations", "metadata", "private_metadata", "options", "prices", "stock"),
}
_NESTED = {"seo": ("seo.title", "seo.description"), "image": ("image.url", "image.alt")}


def _unknown(word: object, known: Iterable[str]) -> dict[str, str]:
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
                raise PydanticCustomError("word", "{message}", _unknown(word, known))
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
    delimiter: str | None = None
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


def load(path: Path) -> Mapping:
    """Raises FileRefused, which lists every problem with its line and place in the YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(f"{path}: cannot be read as UTF-8 text: {error}") from None
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "mapping") -> Mapping:
    try:
        root, given = marked.parse(text)
    except marked.NotYaml as error:
        raise FileRefused(f"{name}: is not YAML that can be used: {error}") from None
    try:
        mapping = Mapping.model_validate(given)
    except ValidationError as error:
        problems = [_told(detail) for detail in error.errors(include_url=False)]
    else:
        problems = list(_misfits(mapping))
        if not problems:
            return mapping
    told: dict[tuple[int, str], str] = {}
    for place, what in problems:
        told.setdefault(marked.where(root, place), what)
    lines = (
        f"{name}, line {line}, {path or 'mapping'}: {what}" for (line, path), what in told.items()
    )
    raise FileRefused("\n".join(lines))


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


def targets(model: type[inputs.Input]) -> tuple[str, ...]:
    """The fields of a record that `fields` can fill."""
    plain = (name for name in model.model_fields if name not in _BLOCKS)
    return tuple(target for name in plain for target in _NESTED.get(name, (name,)))


def _misfits(mapping: Mapping) -> Misfits:
    """What the grammar allows and the record, or another part of the mapping, does not."""
    model = MODELS[mapping.record]
    yield from _unknown_fields(mapping.fields, model, ("fields",))
    for locale, fields in mapping.translations.items():
        yield from _unknown_fields(fields, inputs.TranslationInput, ("translations", locale))
    if mapping.variants:
        yield from _unknown_fields(
            mapping.variants.fields, inputs.VariantInput, ("variants", "fields")
        )
    for block in _BLOCKS & mapping.model_fields_set - {"record"} - model.model_fields.keys():
        yield (block,), f"a {mapping.record} has none; only {_owners(block)} can have them"
    for place, value in values(mapping):
        if isinstance(value.lookup, str) and value.lookup not in mapping.tables:
            yield (*place, "lookup"), f"there is no table {value.lookup!r} under `tables`"


def _unknown_fields(fields: Values, model: type[inputs.Input], place: Place) -> Misfits:
    known = targets(model)
    for name in fields:
        if name not in known:
            yield (*place, name), _unknown(name, known)["message"]


def _owners(block: str) -> str:
    return ", ".join(name for name, model in MODELS.items() if block in model.model_fields)


def _told(detail: ErrorDetails) -> tuple[Place, str]:
    place = detail["loc"]
    if detail["type"] == "word":
        place = (*place, detail["ctx"]["word"])
    return place, detail["msg"].removeprefix("Value error, ")
