"""Small shops made by chance, as values and as rows: everything that a list asks about, with ties,
gaps, drafts, windows, and what is deleted."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import servers

from catalog import db
from catalog.reads.filters import ProductWhere, Range, VariantIs

NOW = datetime.now(UTC).replace(microsecond=0)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

# Names and texts, and what they are sorted by.
FOLDED = {
    "Ångström": "angstrom",
    "angstrom": "angstrom",
    "Älpha Beam": "alpha beam",
    "alpha": "alpha",
    "Zelt": "zelt",
    "beam": "beam",
    "Wood": "wood",
    "wool": "wool",
    "Wöll": "woll",
}
NAMES = ("Ångström", "angstrom", "Älpha Beam", "alpha", "Zelt", "beam")
TEXTS = ("Wood", "wool", "Wöll")
TAGS = ("new", "sale", "Sale")

EU, US = 1, 2
SOLD_IN = {EU: ("EUR", "USD"), US: ("USD",)}
# With the channels that they serve; the last is closed.
LOCATIONS = {1: (EU, US), 2: (EU,), 3: (EU, US)}
CLOSED = 3

# Parents, and what is not published; 6 lies below that.
PARENTS = {1: None, 2: 1, 3: 2, 4: None, 5: 1, 6: 5, 7: 4}
UNPUBLISHED = {5}
BRANDS = {1: "Brandone", 2: "Brandtwo", 3: "Brandgone"}
BRAND_GONE = 3
TYPES = {1: "lamp", 2: "tent"}

# By hand, not published, by rule.
BY_HAND, HIDDEN, RULED = 1, 2, 3
RULE = {"OR": [{"brand": ["b1"]}, {"variant": {"price": {"lt": "20"}}}]}
RULED_WHERE = ProductWhere(
    any_of=(
        ProductWhere(brand=(1,)),
        ProductWhere(variant=VariantIs(price=Range(lt=Decimal(20)))),
    )
)

KINDS = {
    "color": "select",
    "feature": "multiselect",
    "power": "number",
    "fresh": "boolean",
    "since": "date",
    "label": "text",
}
ATTRIBUTES = {code: n for n, code in enumerate(KINDS, start=1)}
# Id and position by code.
OPTIONS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "color": {"red": (1, 2), "blue": (2, 1), "green": (3, 1)},
    "feature": {"a": (4, 1), "b": (5, 2), "c": (6, 3)},
}
AMOUNTS = (Decimal("5"), Decimal("10"), Decimal("19.9"), Decimal("19.9001"), Decimal("20"))
NUMBERS = (Decimal(-1), Decimal("1.5"), Decimal(2), Decimal(40))
DATES = (date(2025, 1, 1), date(2025, 6, 1), date(2026, 1, 1))

_DAY = timedelta(days=1)
# What does not overlap; the first and the last are not now.
WINDOWS = (
    (NOW - 20 * _DAY, NOW - 10 * _DAY),
    (NOW - 5 * _DAY, NOW + 5 * _DAY),
    (NOW + 10 * _DAY, NOW + 20 * _DAY),
)


@dataclass(frozen=True)
class Price:
    channel: int | None
    currency: str
    amount: Decimal
    min_quantity: int = 1
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Value:
    """Of a select or multiselect an option's code."""

    code: str
    value: str | Decimal | bool | date
    locale: str | None = None


@dataclass(frozen=True)
class Variant:
    id: int
    sku: str
    deleted: bool
    tracked: bool
    backorder: bool
    prices: tuple[Price, ...]
    stock: Mapping[int, tuple[int, int]]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Listed:
    since: datetime | None = None
    until: datetime | None = None
    purchasable: datetime | None = None


@dataclass(frozen=True)
class Product:
    id: int
    type: int
    name: str
    status: str
    created: datetime
    updated: datetime
    deleted: bool
    brand: int | None
    tags: tuple[str, ...]
    categories: Mapping[int, int | None]
    collections: Mapping[int, int]
    listings: Mapping[int, Listed]
    values: tuple[Value, ...]
    variants: tuple[Variant, ...]
    german_slug: str | None

    @property
    def slug(self) -> str:
        return f"p{self.id}"


def path(category: int) -> list[int]:
    parent = PARENTS[category]
    return [*(path(parent) if parent else []), category]


class Shelf(tuple[Product, ...]):
    """So many products are a page in a report of what failed; the seed tells as much."""

    def __repr__(self) -> str:
        return f"a shelf of {len(self)}"


def shelf(seed: int, size: int = 14) -> Shelf:
    """The same for the same seed."""
    chance = _Chance(random.Random(seed))
    return Shelf(chance.product(n) for n in range(1, size + 1))


@dataclass
class _Chance:
    random: random.Random
    skus: int = 0

    def product(self, id: int) -> Product:
        any = self.random
        return Product(
            id=id,
            type=any.choice((1, 1, 2)),
            name=any.choice(NAMES),
            status=any.choice(("active", "active", "active", "active", "draft", "archived")),
            created=EPOCH + any.randint(0, 3) * _DAY,
            updated=EPOCH + any.randint(0, 3) * _DAY,
            deleted=any.random() < 0.07,
            brand=any.choice((None, 1, 1, 2, 3)),
            tags=tuple(any.sample(TAGS, any.randint(0, 2))),
            categories={
                each: any.choice((None, 0, 1)) for each in any.sample([*PARENTS], any.randint(0, 2))
            },
            collections={each: any.randint(0, 2) for each in any.sample((1, 2), any.randint(0, 2))},
            listings={
                each: self.listed() for each in (EU, US) if any.random() < (0.9, 0.6)[each - 1]
            },
            values=tuple(self.values(0.4)),
            variants=tuple(self.variant() for _ in range(any.choice((0, 1, 1, 2, 2, 3)))),
            german_slug=any.choice((None, f"de-{id}")),
        )

    def listed(self) -> Listed:
        any = self.random
        since, until = any.choice(((None, None), (None, None), (None, None), *WINDOWS))
        later = any.choice((None, None, None, NOW - 9 * _DAY, NOW + 9 * _DAY))
        return Listed(since if any.random() < 0.9 else None, until, later)

    def values(self, share: float) -> Iterator[Value]:
        any = self.random
        for code, kind in KINDS.items():
            if any.random() > share:
                continue
            match kind:
                case "select":
                    yield Value(code, any.choice([*OPTIONS[code]]))
                case "multiselect":
                    for option in any.sample([*OPTIONS[code]], any.randint(1, 3)):
                        yield Value(code, option)
                case "number":
                    yield Value(code, any.choice(NUMBERS))
                case "boolean":
                    yield Value(code, any.random() < 0.5)
                case "date":
                    yield Value(code, any.choice(DATES))
                case "text":
                    yield Value(code, any.choice(TEXTS))

    def variant(self) -> Variant:
        any = self.random
        self.skus += 1
        return Variant(
            id=self.skus,
            sku=f"sku{self.skus}",
            deleted=any.random() < 0.15,
            tracked=any.random() < 0.8,
            backorder=any.random() < 0.1,
            prices=tuple(self.prices()),
            stock={
                each: (any.randint(-1, 3), any.randint(0, 2))
                for each in LOCATIONS
                if any.random() < 0.5
            },
            values=tuple(self.values(0.5)),
        )

    def prices(self) -> Iterator[Price]:
        any = self.random
        for channel in (None, EU, US):
            for currency in ("EUR", "USD"):
                if any.random() < (0.7 if channel is None else 0.25):
                    yield Price(channel, currency, any.choice(AMOUNTS))
                if any.random() < 0.15:
                    yield Price(channel, currency, Decimal(1), min_quantity=10)
                for since, until in WINDOWS:
                    if any.random() < 0.12:
                        open = any.choice((True, False)) and until > NOW + 15 * _DAY
                        ends = None if open else until
                        yield Price(channel, currency, any.choice(AMOUNTS), 1, since, ends)


@dataclass
class _Rows:
    """By table, in an order in which they may be written."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)


def rows(products: Sequence[Product]) -> dict[str, list[dict[str, Any]]]:
    made = _Rows()
    for product in products:
        made.add(
            "product",
            id=product.id,
            product_type_id=product.type,
            name=product.name,
            slug=product.slug,
            status=product.status,
            created_at=product.created,
            updated_at=product.updated,
            deleted_at=NOW if product.deleted else None,
            brand_id=product.brand,
            tags=product.tags,
        )
        for variant in product.variants:
            made.add(
                "variant",
                id=variant.id,
                product_id=product.id,
                sku=variant.sku,
                option_key=variant.sku,
                deleted_at=NOW if variant.deleted else None,
                tracked=variant.tracked,
                backorder=variant.backorder,
            )
    for product in products:
        _hang(made, product)
        for variant in product.variants:
            _vary(made, variant)
    return made.tables


def _hang(made: _Rows, product: Product) -> None:
    for id, place in product.categories.items():
        made.add("product_category", product_id=product.id, category_id=id, position=place)
    for id, place in product.collections.items():
        made.add("collection_product", product_id=product.id, collection_id=id, position=place)
    for id, listed in product.listings.items():
        made.add(
            "product_listing",
            product_id=product.id,
            channel_id=id,
            published_from=listed.since,
            published_until=listed.until,
            purchasable_from=listed.purchasable,
        )
    for value in product.values:
        made.add("attribute_value", product_id=product.id, variant_id=None, **_value(value))
    if product.german_slug:
        made.add(
            "translation",
            kind="product",
            entity_id=product.id,
            locale="de",
            slug=product.german_slug,
        )


def _vary(made: _Rows, variant: Variant) -> None:
    for price in variant.prices:
        made.add(
            "price",
            variant_id=variant.id,
            channel_id=price.channel,
            currency=price.currency,
            amount=str(price.amount),
            min_quantity=price.min_quantity,
            valid_from=price.since,
            valid_until=price.until,
        )
    for location, (on_hand, reserved) in variant.stock.items():
        made.add(
            "stock_level",
            variant_id=variant.id,
            location_id=location,
            on_hand=on_hand,
            reserved=reserved,
        )
    for value in variant.values:
        made.add("attribute_value", product_id=None, variant_id=variant.id, **_value(value))


def _value(value: Value) -> dict[str, Any]:
    kind = KINDS[value.code]
    filled: dict[str, Any] = dict.fromkeys(("option_id", "number", "text", "boolean", "date"))
    if kind in ("select", "multiselect"):
        filled["option_id"] = OPTIONS[value.code][str(value.value)][0]
    else:
        filled[kind] = str(value.value) if isinstance(value.value, Decimal) else value.value
    return {"attribute_id": ATTRIBUTES[value.code], "locale": value.locale, **filled}


def _surroundings() -> dict[str, list[dict[str, Any]]]:
    """What is the same in every shop."""
    made = _Rows()
    for id, code in ((EU, "eu"), (US, "us")):
        made.add(
            "channel",
            id=id,
            code=code,
            name=code,
            default_currency=SOLD_IN[id][0],
            currencies=SOLD_IN[id],
            default_locale="en",
            locales=("en", "de") if id == EU else ("en",),
            is_default=id == EU,
        )
    for id, code in TYPES.items():
        made.add("product_type", id=id, code=code, name=code)
    for id, channels in LOCATIONS.items():
        gone = NOW if id == CLOSED else None
        made.add("stock_location", id=id, code=f"l{id}", name=f"l{id}", deleted_at=gone)
        for channel in channels:
            made.add("stock_location_channel", location_id=id, channel_id=channel)
    for id, name in BRANDS.items():
        gone = NOW if id == BRAND_GONE else None
        made.add("brand", id=id, slug=f"b{id}", name=name, deleted_at=gone)
    for id, parent in PARENTS.items():
        made.add(
            "category",
            id=id,
            parent_id=parent,
            path=path(id),
            slug=f"c{id}",
            name=f"Category {id}",
            published=id not in UNPUBLISHED,
        )
    for id in (BY_HAND, HIDDEN, RULED):
        rule = RULE if id == RULED else None
        made.add(
            "collection", id=id, slug=f"k{id}", name=f"K {id}", published=id != HIDDEN, rule=rule
        )
    for code, kind in KINDS.items():
        id = ATTRIBUTES[code]
        made.add(
            "attribute", id=id, code=code, name=code, kind=kind, filterable=True, sortable=True
        )
        for option, (option_id, position) in OPTIONS.get(code, {}).items():
            made.add(
                "attribute_option",
                id=option_id,
                attribute_id=id,
                code=option,
                label=option,
                position=position,
            )
    return made.tables


async def build(products: Sequence[Product]) -> None:
    """The database holds this shop and nothing else; one statement a table, whose triggers make
    the read model."""
    await servers.empty()
    await write({**_surroundings(), **rows(products)})


async def write(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    async with db.unit_of_work() as connection:
        for table, given in tables.items():
            columns = ", ".join(given[0])
            await connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} "
                f"FROM jsonb_populate_recordset(NULL::{table}, $1)",
                given,
            )
