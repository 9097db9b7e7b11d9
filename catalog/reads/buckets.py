"""What facets have counted, as buckets with their labels, and the filters to send back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog import ids, views
from catalog.context import Context
from catalog.reads import attributes, brands, categories, selections
from catalog.reads.money import plain
from catalog.reads.selections import AVAILABILITY, BRAND, CATEGORY, PRICE, Part
from catalog.views import Bucket, Facet, JsonObject

MOST_BUCKETS = 100

# Where buckets of prices begin.
STEPS = tuple(Decimal(digit) * 10**zeros for zeros in range(7) for digit in (1, 2, 5))

LABELS = {
    CATEGORY: "Category",
    BRAND: "Brand",
    PRICE: "Price",
    AVAILABILITY: "Availability",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A facet: one of ours, or an attribute's."""

    code: str
    attribute: views.Attribute | None = None

    @property
    def name(self) -> str:
        return selections.of_attribute(self.attribute.code) if self.attribute else self.code

    @property
    def is_of_days(self) -> bool:
        return self.attribute is not None and self.attribute.kind == "date"


@dataclass(frozen=True, slots=True)
class Row:
    facet: str
    id: int | None
    value: str | None
    count: int
    lowest: str | None
    highest: str | None


@dataclass(slots=True)
class Shown:
    """What was counted, as buckets with their labels."""

    ctx: Context
    parts: Sequence[Part]
    rows: Mapping[str, Sequence[Row]]
    options: Mapping[int, views.AttributeOption] = field(default_factory=dict)
    brands: Mapping[int, views.Brand] = field(default_factory=dict)
    categories: Mapping[int, views.Category] = field(default_factory=dict)

    async def look_up(self) -> None:
        options = [row.id for rows in self.rows.values() for row in rows if row.facet.isdecimal()]
        self.options = await attributes.options_by_ids(self.ctx, _filled(options))
        self.brands = await brands.by_ids(self.ctx, self._ids(BRAND))
        self.categories = await categories.by_ids(self.ctx, self._ids(CATEGORY))

    def _ids(self, facet: str) -> list[int]:
        return _filled(row.id for row in self.rows.get(facet, ()))

    def facet(self, wanted: Wanted) -> Facet:
        key = str(wanted.attribute.id) if wanted.attribute else wanted.code
        rows = self.rows.get(key, ())
        buckets = list(self._buckets(wanted, rows, selections.chosen(self.parts, wanted.name)))
        lowest, highest = _ends(rows, of_days=wanted.is_of_days)
        return Facet(
            code=wanted.code,
            label=wanted.attribute.name if wanted.attribute else LABELS[wanted.code],
            kind=wanted.attribute.kind if wanted.attribute else wanted.code,
            buckets=tuple(buckets[:MOST_BUCKETS]),
            min=lowest,
            max=highest,
        )

    def _buckets(self, wanted: Wanted, rows: Sequence[Row], chosen: set[str]) -> Iterator[Bucket]:
        if wanted.attribute is not None:
            return self._of_attribute(wanted.attribute, rows, chosen)
        return {
            CATEGORY: self._of_categories,
            BRAND: self._of_brands,
            PRICE: self._of_prices,
            AVAILABILITY: self._of_availability,
        }[wanted.code](rows, chosen)

    def _of_attribute(
        self, attribute: views.Attribute, rows: Sequence[Row], chosen: set[str]
    ) -> Iterator[Bucket]:
        if attribute.kind in ("number", "date"):
            return
        for value, label, count, swatch in self._values(rows):
            condition = {"code": attribute.code, "anyOf": [value]}
            yield Bucket(value, label, count, value in chosen, swatch, {"attributes": [condition]})

    def _values(self, rows: Sequence[Row]) -> Iterator[tuple[str, str, int, str | None]]:
        """Options by position; texts and the like by how many products have them."""
        found = [(each, row) for row in rows if (each := self.options.get(row.id or 0))]
        for option, row in sorted(found, key=lambda each: (each[0].position, each[0].label)):
            yield option.code, option.label, row.count, option.swatch
        told = [(row.value, row.count) for row in rows if row.id is None and row.value is not None]
        for value, count in sorted(told, key=lambda each: (-each[1], each[0])):
            yield value, value, count, None

    def _of_categories(self, rows: Sequence[Row], chosen: set[str]) -> Iterator[Bucket]:
        """Branch by branch; parents come before their children."""
        found = [(each, row) for row in rows if (each := self.categories.get(row.id or 0))]
        for category, row in sorted(found, key=lambda each: each[0].path):
            id = ids.encode("Category", category.id)
            yield Bucket(
                id, category.name, row.count, str(category.id) in chosen, None, {"category": [id]}
            )

    def _of_brands(self, rows: Sequence[Row], chosen: set[str]) -> Iterator[Bucket]:
        """The largest first."""
        found = [(each, row) for row in rows if (each := self.brands.get(row.id or 0))]
        for brand, row in sorted(found, key=lambda each: (-each[1].count, each[0].name)):
            id = ids.encode("Brand", brand.id)
            yield Bucket(id, brand.name, row.count, str(brand.id) in chosen, None, {"brand": [id]})

    def _of_prices(self, rows: Sequence[Row], chosen: set[str]) -> Iterator[Bucket]:
        for row in sorted(rows, key=lambda each: each.id or 0):
            n = row.id or 0
            lowest = STEPS[n - 1] if n else None
            highest = STEPS[n] if n < len(STEPS) else None
            limits = {"gte": lowest, "lt": highest}
            told = {name: str(limit) for name, limit in limits.items() if limit is not None}
            value = selections.price_value(lowest, highest)
            label = f"{lowest or 0}–{highest}" if highest else f"{lowest}+"
            condition: JsonObject = {"variant": {"price": told}}
            yield Bucket(value, label, row.count, value in chosen, None, condition)

    def _of_availability(self, rows: Sequence[Row], chosen: set[str]) -> Iterator[Bucket]:
        for row in sorted(rows, key=lambda each: each.value != "true"):
            there: JsonObject = {"variant": {"available": True}}
            yes = row.value == "true"
            yield Bucket(
                "true" if yes else "false",
                "Available" if yes else "Not available",
                row.count,
                ("true" if yes else "false") in chosen,
                None,
                there if yes else {"NOT": there},
            )


def _ends(rows: Sequence[Row], *, of_days: bool) -> tuple[str | None, str | None]:
    lowest = [row.lowest for row in rows if row.lowest is not None]
    highest = [row.highest for row in rows if row.highest is not None]
    if not lowest or not highest:
        return None, None
    if of_days:
        return min(lowest), max(highest)
    return str(plain(min(map(Decimal, lowest)))), str(plain(max(map(Decimal, highest))))


def _filled(ids: "Sequence[int | None] | Iterator[int | None]") -> list[int]:
    return [id for id in ids if id is not None]
