"""Which column of our own CSV a problem belongs to that only the database finds."""

import re
from collections.abc import Sequence

from catalog.files.native.columns import LINKS
from catalog.files.reading import Columns, Path

_KEYED = ("option", "attribute", "variant_attribute")
_PRICES = (*("price", "compare_at", "sale", "sale_compare_at", "sale_from", "sale_until"),)
_FORMS: dict[tuple[str, ...], str] = {
    ("attributes",): "attribute",
    ("media",): "images",
    ("listings",): "listed@",
    ("associations",): "associations",
    ("variants", "options"): "option",
    ("variants", "attributes"): "variant_attribute",
    ("variants", "prices"): "price",
    ("variants", "stock"): "stock",
    ("variants", "media"): "variant.images",
    ("variants", "gtin"): "barcode",
    **{("variants", field): field for field in ("sku", "barcode", "weight")},
    **{("variants", field): f"variant.{field}" for field in ("external_id", "name", "position")},
}
# The columns that fill one list of a variant or product.
_LISTS: dict[str, tuple[str, ...]] = {
    "associations": LINKS,
    "listed@": ("listed", "published_from", "published_until", "purchasable_from"),
    "price": _PRICES,
    "stock": ("stock", "reserved", "incoming"),
}
_SEPARATOR = re.compile(r"[.@:]|>=")


def columns(header: Sequence[str]) -> Columns:
    """The column, where the header leaves one; else the form of those that it may be."""

    def column(path: Path, value: str | None = None) -> str:
        names = tuple(part for part in path if isinstance(part, str))
        form = _translated(names) or _form(names)
        if form in header:
            return form
        able = [name for name in header if _fits(name, form)]
        said = [name for name in able if value and value.casefold() in _keys(name)]
        return said[0] if said else able[0] if len(able) == 1 else form

    return column


def _translated(names: Sequence[str]) -> str | None:
    """`variants translations de name` is `variant.name:de`."""
    if "translations" not in names[:2] or len(names) < names.index("translations") + 3:
        return None
    _, locale, *field = names[names.index("translations") :]
    return f"{'variant.' if names[0] == 'variants' else ''}{'.'.join(field)}:{locale}"


def _form(names: tuple[str, ...]) -> str:
    for start, form in _FORMS.items():
        if names[: len(start)] == start:
            keys = names[len(start) :]
            return f"{form}.{keys[0]}" if form in _KEYED and keys else form
    return ".".join(names)


def _fits(name: str, form: str) -> bool:
    starts = _LISTS.get(form, (form,))
    return _SEPARATOR.split(name)[0] in starts or name.startswith(f"{form}:")


def _keys(name: str) -> list[str]:
    return [part.casefold() for part in _SEPARATOR.split(name)[1:]]
