"""Synthetic products, as rows for COPY.

Every chunk draws from a generator of its own, so it is the same in whatever order chunks are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random

from catalog.writes.synthetic import vocabulary
from catalog.writes.synthetic.records import CURRENCIES, Size, code, type_of_leaf
from catalog.writes.synthetic.vocabulary import AXES, TYPES

Row = tuple[object, ...]
Rows = dict[str, list[Row]]

CHUNK = 1_000
VARIANTS, MEDIA = 4, 3

# Products are from the two years before this day: a fixed one, or a seed would not repeat itself.
TODAY = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

# Of 335 categories the largest then holds 2,500 of 50,000 products, the hundredth 125.
SKEW = 0.65

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "media": ("id", "url", "alt", "width", "height"),
    "product": (
        "id",
        "external_id",
        "product_type_id",
        "brand_id",
        "name",
        "slug",
        "description",
        "status",
        "tags",
        "metadata",
        "private_metadata",
        "tax_class",
        "default_media_id",
        "created_at",
        "updated_at",
    ),
    "product_category": ("product_id", "category_id", "is_primary"),
    "product_listing": ("product_id", "channel_id", "published_from", "published_until"),
    "product_media": ("product_id", "media_id", "position"),
    "collection_product": ("collection_id", "product_id", "position"),
    "variant": (
        "id",
        "product_id",
        "sku",
        "barcode",
        "gtin",
        "position",
        "option_key",
        "weight",
        "tracked",
        "backorder",
        "created_at",
        "updated_at",
    ),
    "price": ("variant_id", "currency", "amount", "compare_at"),
    "stock_level": ("variant_id", "location_id", "on_hand", "reserved", "incoming"),
    "attribute_value": (
        "product_id",
        "variant_id",
        "attribute_id",
        "option_id",
        "number",
        "text",
        "boolean",
        "date",
    ),
}


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute by the ids that it has in the database."""

    id: int
    attribute: vocabulary.Attribute
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class World:
    """What products refer to, by id, and the first ids of what is made.

    `types` are ids and attributes in the order of the vocabulary; `leaves` the lowest categories,
    the fullest first, with `weights` as running totals; `collected` a product's number to its
    places in collections; `pictures` addresses that exist.
    """

    seed: int
    size: Size
    channels: Sequence[int]
    locations: Sequence[int]
    types: Sequence[tuple[int, Sequence[Known]]]
    color: Known
    measure: Known
    brands: Sequence[int]
    leaves: Sequence[int]
    weights: Sequence[float]
    collected: Mapping[int, Sequence[tuple[int, int]]]
    pictures: Sequence[str]
    first_product: int
    first_variant: int
    first_media: int


def weights(leaves: int) -> list[float]:
    """Running totals of a Zipf-like distribution, as `random.choices` wants them."""
    return list(accumulate((rank + 1) ** -SKEW for rank in range(leaves)))


def collected(
    seed: int, size: Size, collections: Sequence[int]
) -> dict[int, list[tuple[int, int]]]:
    """Which products each collection shows, at most 60, in a manual order."""
    random = Random(f"{seed}/collections")
    places: dict[int, list[tuple[int, int]]] = {}
    for collection in collections:
        chosen = random.sample(range(size.products), min(60, max(1, size.products // 4)))
        for position, number in enumerate(chosen):
            places.setdefault(number, []).append((collection, position))
    return places


def make(world: World, start: int) -> Rows:
    """Rows of the products from number `start` on, in the order in which they can be written."""
    random = Random(f"{world.seed}/{start}")
    rows: Rows = {table: [] for table in COLUMNS}
    for number in range(start, min(start + CHUNK, world.size.products)):
        _product(world, number, random, rows)
    return rows


def _product(world: World, number: int, random: Random, rows: Rows) -> None:
    product = world.first_product + number
    leaf = random.choices(range(len(world.leaves)), cum_weights=world.weights)[0]
    kind = type_of_leaf(leaf, world.size)
    material = int(random.random() * len(vocabulary.MATERIALS))
    name = (
        f"{random.choice(vocabulary.QUALITIES)} {vocabulary.MATERIALS[material]}"
        f" {random.choice(TYPES[kind].things)}"
    )
    made = TODAY - timedelta(seconds=int(random.random() * 730 * 86_400))
    media = _media(world, product, name, random, rows)
    rows["product"].append(
        (
            product,
            f"SYN-{product}",
            world.types[kind][0],
            # Some brands make far more than others.
            world.brands[int(len(world.brands) * random.random() ** 2)],
            name,
            f"{code(name)}-{product}",
            _description(random),
            _status(random.random()),
            random.sample(vocabulary.TAGS, int(random.random() * 4)),
            {"warranty_years": 1 + product % 5},
            {"supplier": f"S-{product % 97:03}"},
            "standard",
            media,
            made,
            made + random.random() * 30 * DAY,
        )
    )
    _places_of(world, number, leaf, made, random, rows)
    _attributes(world.types[kind][1], product, material, random, rows)
    _variants(world, number, made, random, rows)


def _description(random: Random) -> str:
    sentences = (
        random.choice(vocabulary.OPENINGS),
        *random.sample(vocabulary.MIDDLES, 2),
        random.choice(vocabulary.CLOSINGS),
    )
    return f"<p>{' '.join(sentences)}</p>"


def _status(luck: float) -> str:
    if luck < 0.95:
        return "active"
    return "draft" if luck < 0.99 else "archived"


def _media(world: World, product: int, name: str, random: Random, rows: Rows) -> int:
    """Id of the first of the pictures; the query makes every picture one of its own."""
    first = world.first_media + (product - world.first_product) * MEDIA
    for position in range(MEDIA):
        url = f"{random.choice(world.pictures)}?n={first + position}"
        rows["media"].append((first + position, url, f"{name}, view {position + 1}", 400, 400))
        rows["product_media"].append((product, first + position, position))
    return first


def _places_of(
    world: World, number: int, leaf: int, made: datetime, random: Random, rows: Rows
) -> None:
    """Categories, channels and collections of a product."""
    product = world.first_product + number
    rows["product_category"].append((product, world.leaves[leaf], True))
    second = int(random.random() * len(world.leaves))
    if random.random() < 0.3 and second != leaf:
        rows["product_category"].append((product, world.leaves[second], False))
    for channel, share in zip(world.channels, (0.95, 0.8), strict=True):
        if random.random() < share:
            over = made + 30 * DAY if random.random() < 0.005 else None
            rows["product_listing"].append((product, channel, made, over))
    for collection, position in world.collected.get(number, ()):
        rows["collection_product"].append((collection, product, position))


def _attributes(
    attributes: Sequence[Known], product: int, material: int, random: Random, rows: Rows
) -> None:
    """What the name says of the material is what the attribute says."""
    values = rows["attribute_value"]
    for known in attributes:
        option, number, text, boolean, day = None, None, None, None, None
        match known.attribute.kind:
            case "multiselect":
                option = known.options[material]
            case "select":
                option = random.choice(known.options)
            case "number":
                low, high = known.attribute.low, known.attribute.high
                number = Decimal(low + int(random.random() * (high - low)))
            case "boolean":
                boolean = random.random() < 0.5
            case "date":
                day = date(2024, 1, 1) + int(random.random() * 730) * DAY
            case "text":
                text = random.choice(vocabulary.CARE)
        values.append((product, None, known.id, option, number, text, boolean, day))


def _variants(world: World, number: int, made: datetime, random: Random, rows: Rows) -> None:
    """Two colours in two neighbouring sizes."""
    product = world.first_product + number
    colors = random.sample(range(len(world.color.options)), 2)
    smaller = int(random.random() * (len(world.measure.options) - 1))
    # From 5 to 1,000, most of them low.
    cents = int(500 * 200 ** random.random()) // 50 * 50
    weight = Decimal(50 + int(random.random() * 4_000))
    combinations = [(color, size) for color in colors for size in (smaller, smaller + 1)]
    for position, (color, size) in enumerate(combinations):
        variant = world.first_variant + number * VARIANTS + position
        labels = f"color={_COLOR_CODES[color]};size={_SIZE_CODES[size]}"
        barcode = _barcode(variant)
        rows["variant"].append(
            (
                variant,
                product,
                f"SYN-{product}-{position + 1}",
                barcode,
                barcode.zfill(14),
                position,
                labels,
                weight,
                random.random() > 0.01,
                random.random() < 0.02,
                made,
                made,
            )
        )
        for known, option in ((world.color, color), (world.measure, size)):
            rows["attribute_value"].append(
                (None, variant, known.id, known.options[option], None, None, None, None)
            )
        _prices(variant, cents + 200 * (size - smaller), random, rows)
        _stock(world, variant, random, rows)


_COLOR_CODES = tuple(map(code, AXES[0].options))
_SIZE_CODES = tuple(map(code, AXES[1].options))


def _barcode(number: int) -> str:
    """A GTIN-13 of those that every company may use within itself (GS1 prefix 20)."""
    digits = f"20{number:010}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _prices(variant: int, cents: int, random: Random, rows: Rows) -> None:
    reduced = random.random() < 0.2
    for currency, rate in zip(CURRENCIES, (100, 110), strict=True):
        amount = Decimal(cents * rate // 100).scaleb(-2)
        before = Decimal(cents * rate // 80).scaleb(-2) if reduced else None
        rows["price"].append((variant, currency, amount, before))


def _stock(world: World, variant: int, random: Random, rows: Rows) -> None:
    location = world.locations[random.random() < 0.15]
    on_hand = 0 if random.random() < 0.12 else 1 + int(80 * random.random() ** 2)
    reserved = int(on_hand * 0.2 * random.random())
    incoming = 0 if on_hand else int(50 * random.random())
    rows["stock_level"].append((variant, location, on_hand, reserved, incoming))
