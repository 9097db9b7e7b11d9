"""Raw values into inputs, and what is wrong with them said in the shop's words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from catalog.errors import Flaw
from catalog.files.nouns import Unfit
from catalog.writes import inputs
from catalog.writes.inputs import Record
from catalog.writes.staging import Problem, Sourced

Path = tuple[str | int, ...]
_RECORD: Final[TypeAdapter[Record]] = TypeAdapter(Record)
_SHOWN = 80

# What would be right, by pydantic's type of error. Their own `value_error`s are sentences already.
_SENTENCES: Mapping[str, str] = {
    "missing": "is missing; this record cannot do without it",
    "extra_forbidden": "is no field of this record; remove it or correct its name",
    "string_type": "must be text",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "must not be empty",
    "string_unicode": "holds characters that are not Unicode text",
    "int_type": "must be a whole number, such as 12",
    "int_parsing": "must be a whole number, such as 12",
    "int_parsing_size": "is too large a number",
    "int_from_float": "must be a whole number, such as 12",
    "decimal_type": "must be a number, such as 12.50",
    "decimal_parsing": "must be a number, such as 12.50",
    "decimal_max_digits": "has more than {max_digits} digits",
    "decimal_whole_digits": "has more than {whole_digits} digits before the point",
    "decimal_max_places": "has more than {decimal_places} decimals",
    "finite_number": "must be a number, not infinity and not NaN",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "literal_error": "must be one of {expected}",
    "datetime_type": "must be a time such as 2026-05-01T00:00:00+02:00",
    "datetime_parsing": "must be a time such as 2026-05-01T00:00:00+02:00",
    "datetime_from_date_parsing": "must be a time such as 2026-05-01T00:00:00+02:00",
    "datetime_object_invalid": "must be a time such as 2026-05-01T00:00:00+02:00",
    "timezone_aware": "needs an offset, as in 2026-05-01T00:00:00+02:00 or …Z for UTC",
    "tuple_type": "must be a list",
    "dict_type": "must be an object of names and values",
    "model_type": "must be an object of names and values",
    "model_attributes_type": "must be an object of names and values",
    "union_tag_invalid": "is no kind of record; there are {expected_tags}",
    "union_tag_not_found": "must be an object of names and values",
}
_PATTERNS: Mapping[str, str] = {
    r"^[A-Za-z0-9]": "may hold letters a–z, digits, hyphen, point and underscore, "
    "and begins with a letter or digit",
    r"^[^\s": "may not hold spaces nor any of / ? # %",
}

_ATTRIBUTE = (
    "must be a text, a number, true or false, a list of those, or texts by language such as "
    '{"en": "…"}'
)


def product(
    raw: Mapping[str, object], line: int, variant_lines: Sequence[int] = ()
) -> Iterator[Sourced | Problem]:
    """The product, or everything that is wrong with it."""
    try:
        valid = inputs.ProductInput.model_validate(raw)
    except ValidationError as error:
        yield from _problems(error, raw, line, variant_lines)
    else:
        yield from _findable(valid, Sourced(valid, line, tuple(variant_lines)))


def record(raw: object, line: int) -> Iterator[Sourced | Problem]:
    """A record of any noun, told by its `record`; a product where it says none."""
    if isinstance(raw, dict):
        raw = {"record": "product", **raw}
    try:
        valid = _RECORD.validate_python(raw)
    except ValidationError as error:
        yield from _problems(error, raw, line, tagged=True)
    else:
        yield from _findable(valid, Sourced(valid, line))


def _findable(valid: Record, sourced: Sourced) -> Iterator[Sourced | Problem]:
    """What nothing finds again would be made anew by each load of the same file."""
    found = not isinstance(valid, inputs.ProductInput) or bool(
        valid.external_id or valid.slug or any(variant.sku for variant in valid.variants or ())
    )
    if found:
        yield sourced
    else:
        said = "needs an external_id, a slug, or a variant's sku to be found by"
        yield Problem(sourced.line, (), None, "INVALID", said)


def flaws(error: ValidationError, raw: object) -> list[Flaw]:
    """What is wrong with one record that came alone."""
    return [
        Flaw(found.code, found.path, found.message, found.value)
        for found in _problems(error, raw, 1)
    ]


def unfit(error: Unfit, line: int) -> Iterator[Problem]:
    """What is wrong with a name that the file only mentions."""
    for item in error.error.errors(include_url=False):
        yield Problem(line, error.path, shortened(error.value), "INVALID", sentence(item))


def shortened(value: object) -> str | None:
    """A value as a report shows it; an object or a list is where its line is."""
    if value is None or isinstance(value, dict | list | tuple):
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _problems(
    error: ValidationError,
    raw: object,
    line: int,
    variant_lines: Sequence[int] = (),
    *,
    tagged: bool = False,
) -> Iterator[Problem]:
    """One for each place; an attribute's value has errors for every shape that it could have."""
    places: dict[Path, list[ErrorDetails]] = {}
    for item in error.errors(include_url=False):
        loc = item["loc"][1:] if tagged else item["loc"]
        path = _attribute(loc) or _place(raw, loc, missing=item["type"] == "missing")
        if item["type"] == "union_tag_invalid":
            path, item["input"] = ("record",), item["ctx"]["tag"]
        places.setdefault(path, []).append(item)
    for path, items in places.items():
        missing = items[0]["type"] == "missing"
        yield Problem(
            _line(path, line, variant_lines),
            path,
            None if missing else shortened(items[0]["input"]),
            "MISSING" if missing else "INVALID",
            sentence(items[0]) if len(items) == 1 else _attribute_sentence(items),
        )


def _attribute_sentence(items: Sequence[ErrorDetails]) -> str:
    said = (item for item in items if item["type"] in ("value_error", "string_too_long"))
    found = next(said, None)
    return sentence(found) if found else _ATTRIBUTE


def _attribute(loc: Path) -> Path | None:
    """Where the attribute is that an error in one of its value's shapes belongs to."""
    if "attributes" not in loc:
        return None
    end = loc.index("attributes") + 2
    by_code = len(loc) > end and isinstance(loc[end - 1], str)
    return loc[:end] if by_code else None


def _place(raw: object, loc: Path, *, missing: bool) -> Path:
    """`loc` as far as it leads into the input, and the one step further that is missing there."""
    for depth, part in enumerate(loc):
        try:
            raw = raw[part]  # type: ignore[index]  # what it is we learn by trying
        except (KeyError, IndexError, TypeError):
            return loc[: depth + 1] if missing else loc[:depth]
    return loc


def _line(path: Path, line: int, variant_lines: Sequence[int]) -> int:
    if len(path) > 1 and path[0] == "variants" and isinstance(path[1], int) and variant_lines:
        return variant_lines[path[1]]
    return line


def sentence(item: ErrorDetails) -> str:
    """What is wrong with a value, as the rest of a sentence that begins with it."""
    if item["type"] == "value_error":
        return item["msg"].removeprefix("Value error, ")
    context = item.get("ctx", {})
    if item["type"] == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        known = (text for start, text in _PATTERNS.items() if pattern.startswith(start))
        return next(known, f"must look like {pattern}")
    sentence = _SENTENCES.get(item["type"])
    return sentence.format(**context) if sentence else item["msg"]
