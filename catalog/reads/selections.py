"""A question taken apart: which of its conditions are somebody's choice in which facet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from catalog.reads.filters import AttributeFilter, ProductWhere, VariantIs, asked

CATEGORY, BRAND, PRICE, AVAILABILITY = "category", "brand", "price", "availability"
SPECIAL = (CATEGORY, BRAND, PRICE, AVAILABILITY)

OUT_OF_STOCK = ProductWhere(none_of=ProductWhere(variant=VariantIs(available=True)))


def of_attribute(code: str) -> str:
    return f"attr.{code}"


@dataclass(frozen=True, slots=True)
class Part:
    """One condition, all of which hold; `facets` are those that it is a choice in."""

    where: ProductWhere
    facets: frozenset[str] = frozenset()

    def without(self, facet: str) -> "Part | None":
        """What is left of it for whoever ignores that choice."""
        if facet not in self.facets:
            return self
        if self.where.variant is None:
            return None
        rest = _variant_without(self.where.variant, facet)
        return Part(ProductWhere(variant=rest), self.facets - {facet}) if asked(rest) else None


def parts(where: ProductWhere) -> Iterator[Part]:
    """Those that all hold, each for itself."""
    if where == OUT_OF_STOCK:
        yield Part(where, frozenset({AVAILABILITY}))
        return
    for name, value in asked(where).items():
        match name, value:
            case "all_of", tuple() | list():
                for inner in value:
                    yield from parts(inner)
            case "attributes", tuple() | list():
                for each in value:
                    yield Part(
                        ProductWhere(attributes=(each,)), frozenset({of_attribute(each.code)})
                    )
            case "variant", VariantIs():
                yield Part(ProductWhere(variant=value), frozenset(_of_variant(value)))
            case (("category" | "brand"), _):
                yield Part(replace(ProductWhere(), **{name: value}), frozenset({name}))  # type: ignore[arg-type]
            case _:
                yield Part(replace(ProductWhere(), **{name: value}))  # type: ignore[arg-type]


def _of_variant(one: VariantIs) -> Iterator[str]:
    if one.price is not None:
        yield PRICE
    if one.available is not None:
        yield AVAILABILITY
    yield from (of_attribute(each.code) for each in one.attributes or ())


def _variant_without(one: VariantIs, facet: str) -> VariantIs:
    if facet == PRICE:
        return replace(one, price=None)
    if facet == AVAILABILITY:
        return replace(one, available=None)
    kept = tuple(each for each in one.attributes or () if of_attribute(each.code) != facet)
    return replace(one, attributes=kept or None)


def chosen(parts: Sequence[Part], facet: str) -> set[str]:
    """The values that are asked for in that facet, as its buckets name them."""
    found: set[str] = set()
    for part in parts:
        if facet not in part.facets:
            continue
        where, one = part.where, part.where.variant or VariantIs()
        if facet == CATEGORY:
            found |= set(map(str, where.category or ()))
        elif facet == BRAND:
            found |= set(map(str, where.brand or ()))
        elif facet == AVAILABILITY:
            available = False if where == OUT_OF_STOCK else one.available
            found.add("true" if available else "false")
        elif facet == PRICE and one.price is not None:
            found.add(price_value(one.price.gte, one.price.lt))
        else:
            for each in (*(where.attributes or ()), *(one.attributes or ())):
                if of_attribute(each.code) == facet:
                    found |= _values(each)
    return found


def price_value(gte: object, lt: object) -> str:
    """What a bucket of prices is called: `10-20`, `-5`, `500-`."""
    return f"{'' if gte is None else gte}-{'' if lt is None else lt}"


def _values(each: AttributeFilter) -> set[str]:
    flag = set() if each.bool is None else {"true" if each.bool else "false"}
    return {*(each.any_of or ()), *(each.all_of or ()), *flag}
