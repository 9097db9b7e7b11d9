"""Answers and references of the sample shop, for the OpenAPI document."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from catalog.rest import parts, shapes

JsonObject = dict[str, Any]

REFERENCES = {
    "products": "harbour-linen-shirt",
    "variants": "HLS-CHK-S",
    "categories": "clothing-tops",
    "collections": "gifts-under-50",
    "brands": "brackenfold",
    "attributes": "color",
    "channels": "eu",
    "types": "apparel",
    "locations": "hamburg",
}

_MOMENT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
_NO_SEO = parts.Seo(title=None, description=None)

_BRAND = shapes.Brand(
    id=1,
    external_id="B-01",
    slug="brackenfold",
    name="Brackenfold",
    description="<p>Plain clothes, made to be worn out slowly.</p>",
    metadata={},
)
_CATEGORY = shapes.Category(
    id=2,
    external_id="C-20",
    parent_id=1,
    path=[1, 2],
    level=1,
    slug="clothing-tops",
    name="Tops",
    description="<p>Shirts, sweaters and everything between.</p>",
    position=0,
    seo=_NO_SEO,
    metadata={},
    version=1,
)
_COLLECTION = shapes.Collection(
    id=2,
    external_id=None,
    slug="gifts-under-50",
    name="Gifts under 50",
    description="<p>Small things that arrive wrapped, on request.</p>",
    seo=parts.Seo(title="Gifts under 50", description="Small things that arrive wrapped."),
    metadata={},
    version=1,
)
_CHALK = shapes.AttributeOption(code="chalk", label="Chalk", position=0, swatch="#f1ece2")
_ATTRIBUTE = shapes.Attribute(
    id=1,
    external_id=None,
    code="color",
    name="Color",
    kind="select",
    unit=None,
    filterable=True,
    searchable=False,
    sortable=False,
    position=0,
    version=1,
    options=[_CHALK],
)
_CHANNEL = shapes.Channel(
    id=1,
    external_id=None,
    code="eu",
    name="European Union",
    default_currency="EUR",
    currencies=["EUR", "USD"],
    default_locale="en",
    locales=["en", "de"],
    prices_include_tax=True,
    is_default=True,
)
_TYPE = shapes.Type(
    id=1,
    external_id=None,
    code="apparel",
    name="Apparel",
    attributes=[
        shapes.Assignment(
            attribute="color", level="variant", is_option=True, required=False, position=0
        )
    ],
)
_LOCATION = shapes.Location(
    id=1, external_id=None, code="hamburg", name="Hamburg warehouse", channels=["eu"]
)
_PRICE = parts.EffectivePrice(amount=Decimal("79.00"), compare_at=None, currency="EUR")
_VARIANT = shapes.Variant(
    id=9,
    external_id=None,
    product_id=1,
    sku="HLS-CHK-S",
    barcode="2000000000015",
    gtin="02000000000015",
    name=None,
    position=0,
    weight=Decimal(240),
    metadata={},
    version=1,
    price=_PRICE,
    options=[
        shapes.AttributeValue(
            attribute=shapes.AttributeName(code="color", name="Color", kind="select", unit=None),
            values=["Chalk"],
            number=None,
            bool=None,
            date=None,
            references=[],
            options=[_CHALK],
        )
    ],
)
_PRODUCT = shapes.Product(
    id=1,
    external_id="P-1001",
    type_id=1,
    brand_id=1,
    slug="harbour-linen-shirt",
    name="Harbour Linen Shirt",
    description="<p>A shirt for warm evenings by the water.</p>",
    status="active",
    tags=["bestseller", "linen"],
    seo=_NO_SEO,
    metadata={"warranty_years": 2},
    tax_class="standard",
    created_at=_MOMENT,
    updated_at=_MOMENT,
    version=1,
    brand=_BRAND,
    price_range=parts.PriceRange(
        min=parts.Money(amount=Decimal("79.00"), currency="EUR"),
        max=parts.Money(amount=Decimal("89.00"), currency="EUR"),
    ),
)
_PRICES = shapes.VariantPrices(
    variant_id=9,
    sku="HLS-CHK-S",
    price=_PRICE,
    prices=[
        parts.Price(
            channel=None,
            amount=Decimal("79.00"),
            compare_at=None,
            currency="EUR",
            min_quantity=1,
            valid_from=None,
            valid_until=None,
        )
    ],
)
_STOCK = shapes.VariantStock(
    variant_id=9,
    sku="HLS-CHK-S",
    available=True,
    levels=[
        parts.StockLevel(location="hamburg", on_hand=13, reserved=2, incoming=0, updated_at=_MOMENT)
    ],
)
SHOWN: dict[str, parts.Shape] = {
    "products": _PRODUCT,
    "variants": _VARIANT,
    "categories": _CATEGORY,
    "collections": _COLLECTION,
    "brands": _BRAND,
    "attributes": _ATTRIBUTE,
    "types": _TYPE,
    "channels": _CHANNEL,
    "locations": _LOCATION,
    "prices": _PRICES,
    "stock": _STOCK,
}
SEARCHED = "/v1/products/search"
SEARCH = {
    "search": "linen shirt",
    "where": {
        "category": ["clothing"],
        "OR": [{"brand": ["brackenfold"]}, {"tags": ["bestseller"]}],
        "variant": {
            "price": {"lte": "100"},
            "available": True,
            "attributes": [{"code": "color", "any_of": ["chalk"]}],
        },
    },
    "sort": ["price", "name"],
    "facets": ["color", "price"],
    "count": True,
}
_FACETS = [
    shapes.Facet(
        code="color",
        label="Color",
        kind="select",
        buckets=[
            shapes.Bucket(
                value="chalk",
                label="Chalk",
                count=3,
                selected=False,
                swatch="#f1ece2",
                filter={"attributes": [{"code": "color", "any_of": ["chalk"]}]},
            )
        ],
        min=None,
        max=None,
    )
]
DRY_RUN = {
    "status": "updated",
    "changes": [{"path": ["name"], "old": "Harbour Linen Shirt", "new": "Harbour Shirt"}],
}


def one(noun: str) -> JsonObject:
    return SHOWN[noun].model_dump(mode="json", exclude_unset=True)


def page(noun: str) -> JsonObject:
    found = {"items": [one(noun)], "page": {"next": None, "prev": None, "total": None}}
    if noun == "products":
        found["facets"] = [each.model_dump(mode="json") for each in _FACETS]
    return found
