"""The columns of our own CSV, and where in an input each leads. `docs/files.md` lists them.

A point is before a key, `@` before a channel, `:` before a language, `>=` before a quantity.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from catalog.errors import FileRefused
from catalog.writes import inputs

Owner = Literal["record", "variant"]

_RECORDS = (
    *(inputs.ChannelInput, inputs.LocationInput, inputs.AttributeDefinition, inputs.OptionInput),
    *(inputs.TypeInput, inputs.AssignmentInput, inputs.BrandInput, inputs.CategoryInput),
    *(inputs.CollectionInput, inputs.ProductInput, inputs.TranslationRecord),
)
# Fields of records that have columns of another form, below.
_FORMED = {
    *("variants", "listings", "attributes", "options", "associations", "media", "image", "seo"),
    *("name", "slug", "description", "metadata", "private_metadata", "translations"),
}
_FIELDS = {field for model in _RECORDS for field in model.model_fields} - _FORMED
_OF_VARIANTS = ("sku", "barcode", "weight", "tracked", "backorder")
LINKS = ("related", "cross_sell", "up_sell", "accessory", "component", "replacement")
_PICTURES = ("images", "images.alt", "image", "image.alt")

_VARIANT_FIELD = re.compile(r"variant\.(external_id|position|images|images\.alt)")
_TEXT = re.compile(r"(variant\.)?(name|slug|description|seo\.title|seo\.description)(?::(.+))?")
_METADATA = re.compile(r"(variant\.)?(metadata|private_metadata)\.(.+)")
_VALUE = re.compile(r"(option|attribute|variant_attribute)\.([^:]+)(?::(.+))?")
_LOCALISED = ("attribute.", "variant_attribute.")
_PRICE = re.compile(
    r"(price|compare_at|sale|sale_compare_at|sale_from|sale_until)"
    r"\.([A-Za-z]{3})(?:@(.+?))?(?:>=(\d+))?"
)
_PRICE_FIELDS = {
    "price": "amount",
    "sale": "amount",
    "sale_compare_at": "compare_at",
    "sale_from": "valid_from",
    "sale_until": "valid_until",
}
_STOCK = re.compile(r"(stock|reserved|incoming)\.(.+)")
_LISTING = re.compile(r"(listed|published_from|published_until|purchasable_from)@(.+)")
# For a hint only: one of each form.
_EXAMPLES = (
    *("name", "slug", "description", "seo.title", "seo.description", "name:de", "metadata.key"),
    *("variant.name", "variant.position", "variant.external_id", "variant.images"),
    *("option.size", "attribute.color", "variant_attribute.color", "price.EUR", "compare_at.EUR"),
    *("sale.EUR", "sale_from.EUR", "sale_until.EUR", "stock.default", "listed@web"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list, made of all columns that name the same one; `fixed` is in each."""

    list: str
    fixed: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`path` is within the record or variant, or within the entry where there is one."""

    name: str
    owner: Owner
    path: tuple[str, ...]
    entry: Entry | None = None


def parse(header: Sequence[str], *, file: str) -> dict[str, Column]:
    """By name. Raises FileRefused for one that no record has, with the likeliest that was meant."""
    found = {name: _column(name) for name in header if name}
    known = {name: column for name, column in found.items() if column is not None}
    for name in found.keys() - known.keys():
        close = get_close_matches(name, [*_FIELDS, *_OF_VARIANTS, *LINKS, *_EXAMPLES], n=1)
        hint = f"did you mean {close[0]}?" if close else "remove it, or rename it"
        raise FileRefused(f"{file}: the column “{name}” is none of our CSV; {hint}")
    for name in known:
        plain = name.partition(":")[0]
        if name.startswith(_LOCALISED) and plain != name and plain in known:
            raise FileRefused(
                f"{file}: “{plain}” and “{name}” cannot both be there: a localised attribute has a "
                f"language in every column, such as {plain}:en"
            )
    return known


def recognise(header: Sequence[str]) -> bool:
    """Ours has a column `record`, or a key and only columns of ours, one typing error forgiven."""
    if "record" in header:
        return True
    unknown = [name for name in header if _column(name) is None]
    return bool({"slug", "external_id"} & set(header)) and len(unknown) <= 1 < len(header)


def _column(name: str) -> Column | None:
    if name in _OF_VARIANTS:
        return Column(name, "variant", (name,))
    if name in _FIELDS or name in LINKS or name in _PICTURES:
        return Column(name, "record", (name,))
    if match := _VARIANT_FIELD.fullmatch(name):
        return Column(name, "variant", (match[1],))
    return _keyed(name) or _listed(name)


def _keyed(name: str) -> Column | None:
    if match := _TEXT.fullmatch(name):
        variant, field, locale = match.groups()
        path = tuple(field.split("."))
        return Column(
            name,
            "variant" if variant else "record",
            ("translations", locale, *path) if locale else path,
        )
    if match := _METADATA.fullmatch(name):
        return Column(name, "variant" if match[1] else "record", (match[2], match[3]))
    if match := _VALUE.fullmatch(name):
        kind, code, locale = match.groups()
        field = "options" if kind == "option" else "attributes"
        owner: Owner = "record" if kind == "attribute" else "variant"
        return Column(name, owner, (field, code, locale) if locale else (field, code))
    return None


def _listed(name: str) -> Column | None:
    if match := _PRICE.fullmatch(name):
        what, currency, channel, quantity = match.groups()
        fixed: dict[str, object] = {
            "currency": currency.upper(),
            "channel": channel,
            "min_quantity": int(quantity or 1),
        }
        kind = "sale" if what.startswith("sale") else "prices"
        entry = Entry(kind, tuple(fixed.items()))
        return Column(name, "variant", (_PRICE_FIELDS.get(what, what),), entry)
    if match := _STOCK.fullmatch(name):
        field = "on_hand" if match[1] == "stock" else match[1]
        return Column(name, "variant", (field,), Entry("stock", (("location", match[2]),)))
    if match := _LISTING.fullmatch(name):
        entry = Entry("listings", (("channel", match[2]),))
        return Column(name, "record", (match[1],), entry)
    return None
