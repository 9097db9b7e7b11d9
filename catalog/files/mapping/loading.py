"""Mappings read from YAML, and what is refused in them with its line and place."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.errors import FileRefused
from catalog.files import checking
from catalog.files.mapping import marked
from catalog.files.mapping.language import Mapping, Place, Values, unknown, values
from catalog.writes import inputs

Misfits = Iterator[tuple[Place, str]]

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


def targets(model: type[inputs.Input]) -> tuple[str, ...]:
    """The fields of a record that `fields` can fill."""
    plain = (name for name in model.model_fields if name not in _BLOCKS)
    return tuple(target for name in plain for target in _NESTED.get(name, (name,)))


def _misfits(mapping: Mapping) -> Misfits:
    """What the grammar allows and the record, or another part of the mapping, does not."""
    model = MODELS[mapping.record]
    yield from _strangers(mapping.fields, model, ("fields",))
    for locale, fields in mapping.translations.items():
        yield from _strangers(fields, inputs.TranslationInput, ("translations", locale))
    if mapping.variants:
        yield from _strangers(mapping.variants.fields, inputs.VariantInput, ("variants", "fields"))
    for block in _BLOCKS & mapping.model_fields_set - {"record"} - model.model_fields.keys():
        yield (block,), f"a {mapping.record} has none; only {_owners(block)} can have them"
    for place, value in values(mapping):
        if isinstance(value.lookup, str) and value.lookup not in mapping.tables:
            yield (*place, "lookup"), f"there is no table {value.lookup!r} under `tables`"


def _strangers(fields: Values, model: type[inputs.Input], place: Place) -> Misfits:
    known = targets(model)
    for name in fields:
        if name not in known:
            yield (*place, name), unknown(name, known)["message"]


def _owners(block: str) -> str:
    return ", ".join(name for name, model in MODELS.items() if block in model.model_fields)


def _told(detail: ErrorDetails) -> tuple[Place, str]:
    place = detail["loc"]
    if detail["type"] == "missing":
        return place[:-1], f"`{place[-1]}` is missing"
    if detail["type"] == "word":
        return (*place, detail["ctx"]["word"]), detail["msg"]
    return place, checking.sentence(detail)
