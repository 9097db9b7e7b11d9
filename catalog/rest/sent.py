"""What is sent to write, for the OpenAPI document: it can be sent to the sample shop as it is."""

from typing import Any

JsonObject = dict[str, Any]

# Of each noun a new one, and what a PATCH changes.
_SENT: dict[str, tuple[JsonObject, JsonObject]] = {
    "products": (
        {
            "external_id": "P-2001",
            "slug": "quay-linen-shirt",
            "name": "Quay Linen Shirt",
            "type": "apparel",
            "brand": "brackenfold",
            "status": "active",
            "categories": ["clothing-tops"],
            "attributes": {"material": ["linen"]},
            "listings": [{"channel": "eu"}],
            "variants": [
                {
                    "sku": "QLS-CHK-S",
                    "options": {"color": "chalk", "size": "s"},
                    "prices": [{"amount": "79.00", "currency": "EUR"}],
                    "stock": [{"location": "hamburg", "on_hand": 12}],
                }
            ],
        },
        {"name": "Harbour Shirt", "tax_class": None},
    ),
    "variants": ({}, {"barcode": "2000000000015", "weight": "245"}),
    "categories": (
        {"slug": "clothing-shirts", "name": "Shirts", "parent": "clothing"},
        {"parent": None, "position": 3},
    ),
    "collections": (
        {"slug": "linen-days", "name": "Linen days", "products": ["harbour-linen-shirt"]},
        {"products": ["harbour-linen-shirt"]},
    ),
    "brands": ({"slug": "nordhaven", "name": "Nordhaven"}, {"description": "<p>New words.</p>"}),
    "attributes": (
        {
            "code": "collar",
            "name": "Collar",
            "kind": "select",
            "options": [{"code": "stand", "label": "Stand-up"}],
        },
        {"options": [{"code": "ecru", "label": "Ecru", "swatch": "#f0ead6"}]},
    ),
    "types": (
        {
            "code": "hat",
            "name": "Hats",
            "attributes": [
                {"attribute": "color", "level": "variant", "is_option": True},
                {"attribute": "material"},
            ],
        },
        {"name": "Clothes"},
    ),
    "channels": (
        {"code": "uk", "name": "Britain", "default_currency": "GBP", "default_locale": "en"},
        {"prices_include_tax": False},
    ),
    "locations": (
        {"code": "rotterdam", "name": "Rotterdam warehouse", "channels": ["eu"]},
        {"channels": ["eu", "us"]},
    ),
}
# Of what others use the lists cannot go.
_PUT: dict[str, JsonObject] = {
    "attributes": {"name": "Colour", "kind": "select", "filterable": True},
    "types": {"name": "Clothes"},
    "channels": {"name": "Europe", "default_currency": "EUR", "default_locale": "en"},
}
_KEYS = ("external_id", "slug", "code")


def example(noun: str, method: str) -> JsonObject:
    """PUT has the key in the address."""
    new, changes = _SENT[noun]
    if method == "PATCH":
        return changes
    if method == "PUT" and noun in _PUT:
        return _PUT[noun]
    return new if method == "POST" else {k: v for k, v in new.items() if k not in _KEYS}
