"""Inputs as the records of `catalog.writes.inputs`, and places in records as places in inputs."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any, TypeGuard, TypeVar

from pydantic import ValidationError
from strawberry import UNSET
from strawberry.types.base import has_object_definition
from strawberry.utils.str_converters import to_camel_case

from catalog.errors import BadReference, Flaw, Invalid
from catalog.files import checking
from catalog.writes.inputs import Input
from schema.inputs.attribute import AttributeValueInput, OptionValueInput
from schema.inputs.fields import KEY
from schema.refs import VariantKey, variant_key

R = TypeVar("R", bound=Input)
T = TypeVar("T")
Path = tuple[str | int, ...]

VALUES = ("values", "number", "bool", "date", "texts")

# Their items go by names of their own, which are nobody's to spell.
NAMED = frozenset(
    {
        "variants", "prices", "stock", "listings", "media", "associations", "options", "attributes",
        "translations", "metadata", "private_metadata",
    }
)  # fmt: skip


def read(kind: type[R], given: object) -> R:
    """The record that the input stands for. Raises `Invalid` with all that is wrong with it, told
    by the record's names: `place` finds it in the input."""
    wrong = flaws(given)
    raw = plain(given)
    try:
        record = kind.model_validate(raw)
    except ValidationError as error:
        known = [flaw.path for flaw in wrong]
        found = checking.flaws(error, raw)
        raise Invalid([*wrong, *(flaw for flaw in found if not _told(flaw.path, known))]) from None
    if wrong:
        raise Invalid(wrong)
    return record


def _told(path: Path, known: Sequence[Path]) -> bool:
    return any(other[: len(path)] == path for other in known)


def plain(given: object) -> Any:
    """As records take it: what was sent, by the records' names."""
    if isinstance(given, VariantKey):
        return _key(given)
    if has_object_definition(given):
        return {name: _field(key, value) for name, key, value in _sent(given)}
    if _holds(given, Enum) or _holds_inputs(given):
        return [plain(item) for item in given]
    return given.value if isinstance(given, Enum) else given


def _holds(given: object, kind: type[T]) -> TypeGuard[list[T]]:
    """JSON may be a list too, deeper than functions can call themselves."""
    return isinstance(given, list) and bool(given) and isinstance(given[0], kind)


def _holds_inputs(given: object) -> TypeGuard[list[Any]]:
    return _holds(given, object) and has_object_definition(given[0])


def _sent(given: Any) -> Iterable[tuple[str, str | None, Any]]:
    """Name, key of the entries if they stand for a mapping, and value of each field sent."""
    for field in fields(given):
        value = getattr(given, field.name)
        if value is not UNSET:
            yield field.name, field.metadata.get(KEY), value


def _field(key: str | None, value: Any) -> Any:
    if key is None or value is None:
        return plain(value)
    return {getattr(item, key): _entry(item, key) for item in value}


def _entry(item: Any, key: str) -> Any:
    if isinstance(item, OptionValueInput):
        return item.value
    if isinstance(item, AttributeValueInput):
        return _value(item)
    entry = plain(item)
    del entry[key]
    return entry


def _value(item: AttributeValueInput) -> Any:
    """What `flaws` lets through has one."""
    if item.texts:
        return {text.locale: text.text for text in item.texts}
    if item.date:
        return str(item.date)
    return next((value for name in VALUES if (value := getattr(item, name)) is not UNSET), None)


def _key(given: VariantKey) -> str | None:
    try:
        return variant_key(given)
    except BadReference:
        return None


def flaws(given: object, path: Path = ()) -> list[Flaw]:
    """What no record could hold: entries twice, an attribute without a value, ids of nothing."""
    if isinstance(given, VariantKey):
        return _flaws_of_key(given, path)
    if isinstance(given, AttributeValueInput):
        return _flaws_of_value(given, path)
    if _holds_inputs(given):
        return [flaw for n, item in enumerate(given) for flaw in flaws(item, (*path, n))]
    if not has_object_definition(given):
        return []
    found: list[Flaw] = []
    for name, key, value in _sent(given):
        found += _repeated(value, key, (*path, name)) if key and value else []
        found += flaws(value, (*path, name))
    return found


def _flaws_of_key(given: VariantKey, path: Path) -> list[Flaw]:
    try:
        variant_key(given)
    except BadReference as error:
        return [Flaw(error.code, (*path, "id"), error.message, given.id)]
    return []


def _flaws_of_value(item: AttributeValueInput, path: Path) -> list[Flaw]:
    sent = [name for name in VALUES if getattr(item, name) is not UNSET]
    if len(sent) != 1:
        said = f"needs exactly one of {', '.join(VALUES)}; null in it removes the value"
        return [Flaw("INVALID", path, said)]
    return _repeated(item.texts, "locale", (*path, "texts")) if item.texts else []


def _repeated(items: Sequence[Any], key: str, path: Path) -> list[Flaw]:
    names = [getattr(item, key) for item in items]
    said = "stands twice in this list; keep one of them"
    return [
        Flaw("DUPLICATE", (*path, n, key), said, name)
        for n, name in enumerate(names)
        if name in names[:n]
    ]


def place(given: Any, path: Path) -> tuple[str, ...]:
    """Where in the input what stands at `path` in its record was sent."""
    if not path:
        return ()
    first, rest = path[0], path[1:]
    if isinstance(given, list) and isinstance(first, int) and first < len(given):
        return (str(first), *place(given[first], rest))
    known = has_object_definition(given)
    sent = {name: (key, value) for name, key, value in _sent(given)} if known else {}
    if first not in sent:
        return spelled(path)
    key, value = sent[str(first)]
    if key and rest and value:
        rest = (_index(value, key, rest[0]), *rest[1:])
    return (to_camel_case(str(first)), *place(value, rest))


def _index(items: Sequence[Any], key: str, name: str | int) -> str | int:
    """The last, as it is the one that a mapping keeps."""
    found = (n for n in reversed(range(len(items))) if getattr(items[n], key) == name)
    return next(found, name)


def spelled(path: Path) -> tuple[str, ...]:
    """A place in a record by GraphQL's names; what people have named stays as it is."""
    parts, ours = [], True
    for part in path:
        parts.append(to_camel_case(part) if ours and isinstance(part, str) else str(part))
        ours = not (ours and part in NAMED)
    return tuple(parts)
