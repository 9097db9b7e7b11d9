"""Which column of an unknown file is likely to be what, by its name and its values."""

import re
from collections.abc import Sequence

from catalog.files.mapping.profile import Column, Profile

Roles = dict[str, Column]

# By role: what its column may be called (whole words, the likeliest first) in shops and ERPs.
_NAMES: dict[str, tuple[str, ...]] = {
    "external_id": (
        r"(product |item |article |external )?(id|uuid|guid)",
        r"(set|item|article|product) (num|number|no|code)",
        r"\w+ id",
    ),
    "slug": (r"slug|handle|url key|permalink",),
    "name": (r"name|title|product name|item name|product title|bezeichnung|titel|label",),
    "description": (r"description|body html|body|long description|beschreibung|details",),
    "brand": (r"brand|manufacturer|vendor|maker|brand name|marke|hersteller",),
    "category": (
        r"categor(y|ies)( ?(path|paths|name|names|1))?|breadcrumbs?",
        r"product categor(y|ies)|department|google product category|kategorien?",
    ),
    "type": (r"product type|item type",),
    "tags": (r"tags|keywords|labels",),
    "seo.title": (r"(meta|seo|page) title",),
    "seo.description": (r"(meta|seo) description",),
    "sku": (r"sku|variant sku|part numbers?|mpn|item number|article number|artikelnummer",),
    "barcode": (r"barcode|gtin( ?1[34])?|ean( ?13)?|upc|isbn",),
    "amount": (r"price|sale price|unit price|regular price|list price|variant price|preis",),
    "compare_at": (r"compare at price|msrp|rrp|was price|old price|regular price|list price",),
    "currency": (r"currency|currency code|price currency",),
    "on_hand": (r"(inventory|stock|on hand)( (count|quantity|qty|level))?|qty|quantity",),
    "weight": (r"(shipping |variant )?weight",),
    "weight_unit": (r"weight unit",),
    "locale": (r"locale|language|lang|language code",),
    "parent": (r"parent( (id|key|code|category|category id))?",),
}
_MONEY = re.compile(r"\D{0,4}\d[\d.,' ]*\D{0,4}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LOCALE = re.compile(r"[a-z]{2,3}([-_]\w+)?", re.IGNORECASE)


def roles_of(found: Profile, columns: Sequence[Column]) -> Roles:
    """The likeliest column of each role. None has two of them, but that a SKU may be the key."""
    roles: Roles = {}
    for role, patterns in _NAMES.items():
        fits = [
            column
            for pattern in patterns
            for column in columns
            if re.fullmatch(pattern, column.words) and _fits(role, column, found)
            if column not in roles.values() or role == "sku"
        ]
        if fits:
            roles[role] = min(fits, key=lambda column: column.path.count("."))
    parent, key = roles.get("parent"), roles.get("external_id")
    if parent and not (key and set(parent.values) <= set(key.values)):
        del roles["parent"]
    return roles


def _fits(role: str, column: Column, found: Profile) -> bool:
    match role:
        case "external_id":
            return found.is_key(column) and not column.lists
        case "amount" | "compare_at":
            return column.all_match(_MONEY)
        case "on_hand" | "weight":
            return column.numeric
        case "currency":
            return column.all_match(_CURRENCY)
        case "locale":
            return column.all_match(_LOCALE)
        case "category" | "brand" | "name" | "type":
            return not column.numeric and not column.addresses and not column.nested
        case _:
            return not column.nested


def group_of(found: Profile, roles: Roles) -> Column | None:
    """The column that several rows of a product share, where a file has such rows."""
    slug = roles.get("slug")
    if slug and len(slug.values) == found.rows and slug.distinct < found.rows:
        return slug
    return next(
        (
            column
            for column in found.columns
            if re.fullmatch(r"(item |product )?(group|parent)( (id|sku|number))?", column.words)
            and len(column.values) == found.rows
            and column.distinct < found.rows
        ),
        None,
    )
