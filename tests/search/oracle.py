"""Lists as a straightforward program makes them: every product asked about every condition."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shelves import (
    BRAND_GONE,
    CLOSED,
    EU,
    FOLDED,
    HIDDEN,
    KINDS,
    LOCATIONS,
    NOW,
    OPTIONS,
    PARENTS,
    RULED,
    RULED_WHERE,
    TYPES,
    UNPUBLISHED,
    Price,
    Product,
    Value,
    Variant,
    path,
)

from catalog.reads.filters import AttributeFilter, ProductWhere, Range, VariantIs

SortKey = Callable[[Product], object]


@dataclass(frozen=True)
class Asker:
    """Who asks, and at which shelf."""

    staff: bool = False
    channel: int = EU
    currency: str = "EUR"
    german: bool = False


def price(variant: Variant, asker: Asker) -> Decimal | None:
    """The channel's own before that of all; one with a window before the base price."""
    held = [each for each in variant.prices if _holds(each, asker)]
    held.sort(key=lambda each: (each.channel is None, each.since is None and each.until is None))
    return held[0].amount if held else None


def _holds(price: Price, asker: Asker) -> bool:
    return (
        price.currency == asker.currency
        and price.channel in (None, asker.channel)
        and price.min_quantity == 1
        and _now_within(price.since, price.until)
    )


def _now_within(since: datetime | None, until: datetime | None) -> bool:
    return (since is None or since <= NOW) and (until is None or until > NOW)


def live(product: Product) -> list[Variant]:
    return [each for each in product.variants if not each.deleted]


def variant_available(product: Product, variant: Variant, asker: Asker) -> bool:
    listed = product.listings.get(asker.channel)
    if listed is not None and listed.purchasable is not None and listed.purchasable > NOW:
        return False
    there = sum(
        on_hand - reserved
        for location, (on_hand, reserved) in variant.stock.items()
        if location != CLOSED and asker.channel in LOCATIONS[location]
    )
    return not variant.tracked or variant.backorder or there > 0


def available(product: Product, asker: Asker) -> bool:
    return any(variant_available(product, each, asker) for each in live(product))


def prices(product: Product, asker: Asker) -> list[Decimal]:
    found = (price(each, asker) for each in live(product))
    return sorted({each for each in found if each is not None})


def visible(product: Product, asker: Asker) -> bool:
    if product.deleted:
        return False
    if asker.staff:
        return True
    listed = product.listings.get(asker.channel)
    return (
        product.status == "active"
        and listed is not None
        and _now_within(listed.since, listed.until)
    )


def seen_category(category: int, asker: Asker) -> bool:
    return asker.staff or not set(path(category)) & UNPUBLISHED


def matches(product: Product, where: ProductWhere, asker: Asker) -> bool:
    return all(_conditions(product, where, asker))


def _conditions(product: Product, where: ProductWhere, asker: Asker) -> Iterable[bool]:
    if where.ids is not None:
        yield product.id in where.ids
    if where.slugs is not None:
        german = {product.german_slug} if asker.german else set()
        yield bool({product.slug, *german} & set(where.slugs))
    if where.type is not None:
        yield TYPES[product.type] in where.type
    if where.category is not None:
        yield any(
            seen_category(each, asker) and set(path(each)) & set(where.category)
            for each in product.categories
        )
    if where.collection is not None:
        yield any(_in_collection(product, each, asker) for each in where.collection)
    if where.brand is not None:
        yield product.brand in where.brand and product.brand != BRAND_GONE
    if where.tags is not None:
        yield bool(set(product.tags) & set(where.tags))
    if where.status is not None:
        yield product.status in where.status
    if where.updated_from is not None:
        yield product.updated >= where.updated_from
    if where.updated_until is not None:
        yield product.updated < where.updated_until
    for each in where.attributes or ():
        yield _has(values(product), each)
    if where.variant is not None:
        asked = where.variant
        yield any(_is(product, each, asked, asker) for each in live(product))
    for inner in where.all_of or ():
        yield matches(product, inner, asker)
    if where.any_of is not None:
        yield any(matches(product, inner, asker) for inner in where.any_of)
    if where.none_of is not None:
        yield not matches(product, where.none_of, asker)


def _in_collection(product: Product, collection: int, asker: Asker) -> bool:
    if collection == RULED:
        return matches(product, RULED_WHERE, asker)
    return collection in product.collections and (asker.staff or collection != HIDDEN)


def values(product: Product) -> list[Value]:
    return [*product.values, *(value for each in live(product) for value in each.values)]


def _has(values: Iterable[Value], asked: AttributeFilter) -> bool:
    held = [each.value for each in values if each.code == asked.code]
    texts = {written(each) for each in held}
    return all(
        (
            asked.any_of is None or bool(texts & set(asked.any_of)),
            asked.all_of is None or texts >= set(asked.all_of),
            asked.none_of is None or not texts & set(asked.none_of),
            asked.number is None or any(_between(each, asked.number) for each in held),
            asked.date is None or any(_between(each, asked.date) for each in held),
            asked.bool is None or asked.bool in held,
            asked.exists is None or bool(held) == asked.exists,
        )
    )


def written(value: object) -> str:
    """As a value stands in a filter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _between(value: object, limits: Range[Decimal] | Range[date]) -> bool:
    return all(
        (
            limits.gte is None or value >= limits.gte,  # type: ignore[operator]
            limits.gt is None or value > limits.gt,  # type: ignore[operator]
            limits.lte is None or value <= limits.lte,  # type: ignore[operator]
            limits.lt is None or value < limits.lt,  # type: ignore[operator]
        )
    )


def _is(product: Product, variant: Variant, asked: VariantIs, asker: Asker) -> bool:
    costs = price(variant, asker)
    there = variant_available(product, variant, asker)
    return (
        (asked.sku is None or variant.sku in asked.sku)
        and (asked.price is None or (costs is not None and _between(costs, asked.price)))
        and (asked.available is None or asked.available == there)
        and all(_has(variant.values, each) for each in asked.attributes or ())
    )


def searched(product: Product, words: str) -> bool:
    """All of them are words of its name, the last perhaps the beginning of one."""
    *whole, last = words.split()
    own = FOLDED[product.name].split()
    return set(whole) <= set(own) and any(each.startswith(last) for each in own)


def listed(
    products: Sequence[Product],
    where: ProductWhere,
    asker: Asker,
    *,
    search: str | None = None,
    order: Sequence[str] = ("newest",),
    unavailable: str = "show",
) -> list[int]:
    """Ids, in their order; where keys are the same by id, in the direction of the last key."""
    found = [
        each
        for each in products
        if visible(each, asker)
        and matches(each, where, asker)
        and (search is None or searched(each, search))
        and (unavailable != "hide" or available(each, asker))
    ]
    keys = [key for name in order for key in _keys(name, where, asker)]
    keys.append((lambda each: each.id, keys[-1][1]))
    if unavailable == "last":
        keys.insert(0, (lambda each: not available(each, asker), False))
    for key, descending in reversed(keys):
        filled = [each for each in found if key(each) is not None]
        filled.sort(key=key, reverse=descending)  # type: ignore[arg-type]
        found = filled + [each for each in found if key(each) is None]
    return [each.id for each in found]


def _keys(name: str, where: ProductWhere, asker: Asker) -> list[tuple[SortKey, bool]]:
    """NULLs come last, whichever way."""
    descending = name.startswith("-")
    match name.removeprefix("-"):
        case "newest":
            return [(lambda each: each.created, True)]
        case "oldest":
            return [(lambda each: each.created, False)]
        case "name":
            return [(lambda each: FOLDED[each.name], descending)]
        case "price":
            return [(lambda each: next(iter(prices(each, asker)), None), descending)]
        case "updated":
            return [(lambda each: each.updated, descending)]
        case "position":
            return [(_place(where), False), (lambda each: each.created, True)]
    return [(_by_attribute(name.removeprefix("-")[len("attr.") :], descending), descending)]


def _place(where: ProductWhere) -> SortKey:
    if where.category is not None and len(where.category) == 1:
        (category,) = where.category
        return lambda each: each.categories.get(category)
    (collection,) = where.collection or ()
    return lambda each: each.collections.get(collection)


def _by_attribute(code: str, descending: bool) -> SortKey:
    def key(product: Product) -> object:
        held = [_sortable(each) for each in values(product) if each.code == code]
        return (max if descending else min)(held, default=None)  # type: ignore[type-var]

    return key


def _sortable(value: Value) -> object:
    match KINDS[value.code]:
        case "select":
            return OPTIONS[value.code][str(value.value)][1]
        case "text":
            return FOLDED[str(value.value)]
    return value.value


def categories_above(product: Product, asker: Asker) -> set[int]:
    """Those that it is in, itself or by a descendant, as far as they may be seen."""
    return {
        above for each in product.categories if seen_category(each, asker) for above in path(each)
    }


assert set(PARENTS) >= UNPUBLISHED
