"""Facets: what a list may be narrowed by, and how many products there would be.

One pass over the products that are in question, whatever the number of facets. Each facet ignores
its own choices, so a row counts for it when all other conditions hold: `pass` has a bit for each
group of facets that ask for the same conditions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog import ids, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import (
    attributes,
    brands,
    categories,
    query,
    selections,
    visibility,
)
from catalog.reads.conditions import Compiler
from catalog.reads.filters import EVERYTHING, ProductWhere
from catalog.reads.money import plain
from catalog.reads.product_lists import Asked, Unavailable, ask, tables
from catalog.reads.selections import AVAILABILITY, BRAND, CATEGORY, PRICE, SPECIAL, Part
from catalog.views import Bucket, Facet, JsonObject

MOST_FACETS = 50
MOST_BUCKETS = 100

# Where buckets of prices begin.
STEPS = tuple(Decimal(digit) * 10**zeros for zeros in range(7) for digit in (1, 2, 5))

LABELS = {
    CATEGORY: "Category",
    BRAND: "Brand",
    PRICE: "Price",
    AVAILABILITY: "Availability",
}
COUNTED = ("number", "boolean", "date", "text")

# Rows are `code` of the facet or id of the attribute, what the bucket is, its count, least and
# most. Options are grouped before it is asked whose they are; what many products have alike (where
# they hang, what they cost) is taken apart once for all of them. Arrays are taken apart in the
# SELECT: joined to their own elements each would be a lookup of its own.
_OPTIONS = """
SELECT o.attribute_id::text, o.id, NULL,
    sum(counted.n) FILTER (WHERE counted.pass & asked.bit <> 0)::int, NULL, NULL
FROM (
    SELECT option.id, option.pass, count(*) AS n
    FROM (SELECT unnest(hit.option_ids) AS id, hit.pass FROM hit) AS option GROUP BY 1, 2
) AS counted
JOIN attribute_option AS o ON o.id = counted.id
JOIN unnest(:option_facets::int[], :option_bits::int[]) AS asked (attribute_id, bit)
    ON asked.attribute_id = o.attribute_id
GROUP BY o.attribute_id, o.id"""

_CATEGORIES = """
SELECT 'category', above.id, NULL, sum(above.n)::int, NULL, NULL
FROM (
    SELECT DISTINCT member.alike, member.n, unnest(seen.path) AS id
    FROM (
        SELECT row_number() OVER () AS alike, count(*) AS n, unnest(hit.category_ids) AS id
        FROM hit WHERE hit.pass & :category_bit <> 0 GROUP BY hit.category_ids
    ) AS member
    JOIN seen ON seen.id = member.id
) AS above
GROUP BY above.id"""

_BRANDS = """
SELECT 'brand', hit.brand_id, NULL, count(*)::int, NULL, NULL
FROM hit WHERE hit.pass & :brand_bit <> 0 AND hit.brand_id IS NOT NULL GROUP BY hit.brand_id"""

_AVAILABILITY = """
SELECT 'availability', NULL, hit.available::text, count(*)::int, NULL, NULL
FROM hit WHERE hit.pass & :availability_bit <> 0 GROUP BY hit.available"""

_PRICES = """
SELECT 'price', step.n, NULL, sum(step.products)::int, min(step.lowest)::text,
    max(step.highest)::text
FROM (
    SELECT alike, width_bucket(price, :steps::numeric[]) AS n, products,
        min(price) AS lowest, max(price) AS highest
    FROM (
        SELECT row_number() OVER () AS alike, count(*) AS products, unnest(hit.prices) AS price
        FROM hit WHERE hit.pass & :price_bit <> 0 GROUP BY hit.prices
    ) AS priced
    GROUP BY alike, n, products
) AS step
GROUP BY step.n"""

# Served by attribute_value_product_key, variant_product_id_position_id_idx and
# attribute_value_variant_key.
_VALUES = f"""
SELECT facet, NULL, value, count, lowest, highest FROM (
    SELECT value.attribute_id::text AS facet, coalesce(value.text, value.boolean::text) AS value,
        count(DISTINCT value.owner)::int AS count,
        coalesce(min(value.number)::text, min(value.date)::text) AS lowest,
        coalesce(max(value.number)::text, max(value.date)::text) AS highest,
        row_number() OVER (
            PARTITION BY value.attribute_id
            ORDER BY count(DISTINCT value.owner) DESC,
                coalesce(value.text, value.boolean::text)
        ) AS nth
    FROM (
        SELECT hit.product_id AS owner, hit.pass, own.* FROM hit
        JOIN attribute_value AS own
            ON own.product_id = hit.product_id AND own.attribute_id = ANY (:value_facets::int[])
        UNION ALL
        SELECT hit.product_id, hit.pass, own.* FROM hit
        JOIN variant AS v ON v.product_id = hit.product_id AND v.deleted_at IS NULL
        JOIN attribute_value AS own
            ON own.variant_id = v.id AND own.variant_id IS NOT NULL
            AND own.attribute_id = ANY (:value_facets::int[])
    ) AS value
    JOIN unnest(:value_facets::int[], :value_bits::int[]) AS asked (attribute_id, bit)
        ON asked.attribute_id = value.attribute_id AND value.pass & asked.bit <> 0
    WHERE value.locale IS NULL OR value.locale = :locale
    GROUP BY value.attribute_id, coalesce(value.text, value.boolean::text)
) AS counted
WHERE nth <= {MOST_BUCKETS}"""

_ROW = "facet, id, value, count, lowest, highest"

_COLUMNS = {
    _OPTIONS: "l.option_ids",
    _CATEGORIES: "l.category_ids",
    _BRANDS: "l.brand_id",
    _AVAILABILITY: "l.available",
    _PRICES: "l.prices",
}


async def of(
    ctx: Context,
    where: ProductWhere = EVERYTHING,
    *,
    codes: Sequence[str] | None = None,
    search: str | None = None,
    unavailable: Unavailable = "show",
) -> tuple[Facet, ...]:
    """`codes` are of filterable attributes (`attr.<code>` where one is called like one of ours),
    `category`, `brand`, `price` and `availability`, in the order they are asked for; by default all
    of them. A facet that nothing is counted in has no buckets."""
    wanted = await _wanted(ctx, codes)
    asked = await ask(ctx, where, search=search, unavailable=unavailable)
    counting = _Counting(ctx, asked, wanted)
    rows = await query.fetch(ctx, counting.sql, **counting.values) if wanted else []
    found: dict[str, list[_Row]] = {}
    for row in rows:
        if row["count"]:
            found.setdefault(row["facet"], []).append(_Row(*row))
    shown = _Shown(ctx, counting.parts, found)
    await shown.look_up()
    return tuple([shown.facet(each) for each in wanted])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A facet: one of ours, or an attribute's."""

    code: str
    attribute: views.Attribute | None = None

    @property
    def name(self) -> str:
        return selections.of_attribute(self.attribute.code) if self.attribute else self.code


@dataclass(frozen=True, slots=True)
class _Row:
    facet: str
    id: int | None
    value: str | None
    count: int
    lowest: str | None
    highest: str | None


async def _wanted(ctx: Context, codes: Sequence[str] | None) -> list[_Wanted]:
    if codes is None:
        every = await attributes.filterable(ctx)
        return [*map(_Wanted, SPECIAL), *(_Wanted(_called(each), each) for each in every)]
    if len(codes) > MOST_FACETS:
        raise BadFilter(f"at most {MOST_FACETS} facets, not {len(codes)}", path=("codes",))
    names = [code.removeprefix("attr.") for code in codes if code not in SPECIAL]
    known = await attributes.by_codes(ctx, names) if names else {}
    return [_one(code, known) for code in dict.fromkeys(codes)]


def _called(attribute: views.Attribute) -> str:
    of_its_own = selections.of_attribute(attribute.code)
    return of_its_own if attribute.code in SPECIAL else attribute.code


def _one(code: str, known: Mapping[str, views.Attribute]) -> _Wanted:
    if code in SPECIAL:
        return _Wanted(code)
    attribute = known.get(code.removeprefix("attr."))
    if attribute is None or not attribute.filterable or attribute.kind == "reference":
        ours = ", ".join(SPECIAL)
        raise BadFilter(
            f"there is no facet {code}: there are {ours} and the filterable attributes",
            path=("codes",),
        )
    return _Wanted(_called(attribute), attribute)


@dataclass(slots=True)
class _Counting:
    """The one statement."""

    ctx: Context
    asked: Asked
    wanted: Sequence[_Wanted]
    parts: Sequence[Part] = field(init=False)
    sql: str = field(init=False)
    values: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = list(selections.parts(self.asked.where))
        compiler = Compiler(self.ctx, self.asked.known)
        names = {each.name for each in self.wanted}
        common = [part for part in self.parts if not part.facets & names]
        conditions = [each for part in common for each in compiler.where(part.where)]
        narrowed = bool(conditions or self.asked.words)
        if self.asked.unavailable == "hide":
            conditions.append("l.available")
        conditions.append(query.PLANNED_ANEW)
        groups = self._groups(compiler)
        choices = list(dict.fromkeys(each for held in groups.values() for each in held))
        passes = list(dict.fromkeys(groups.values()))
        bits = {name: 1 << passes.index(held) for name, held in groups.items()}
        arms = self._arms(bits)
        self.values = {
            **compiler.values,
            **(self.asked.words.values if self.asked.words else {}),
            **self._bound(bits),
        }
        columns = ["l.product_id", *(_COLUMNS[arm] for arm in arms if arm in _COLUMNS)]
        asked = [*columns, *(f"({each}) AS c{n}" for n, each in enumerate(choices))]
        from_ = tables(self.asked.words, [*conditions, *choices], ranked=False)
        # Few enough are left to ask each of them once for every choice; of all products what the
        # choices have in common is looked up.
        once = "OFFSET 0" if narrowed else ""
        held = [_all(f"l.c{choices.index(each)}" for each in every) for every in passes]
        passed = " + ".join(
            f"CASE WHEN {each} THEN {1 << n} ELSE 0 END" for n, each in enumerate(held)
        )
        self.sql = f"""
            WITH hit AS MATERIALIZED (
                SELECT {", ".join(columns)}, {passed or "0"} AS pass
                FROM (
                    SELECT {", ".join(asked)} FROM {from_}
                    WHERE {" AND ".join([*visibility.listed(self.ctx), *conditions])} {once}
                ) AS l
                WHERE {" OR ".join(held) or "true"}
            ), seen AS MATERIALIZED (
                SELECT c.id, c.path FROM category AS c WHERE {visibility.categories(self.ctx)}
            )
            SELECT * FROM ({" UNION ALL ".join(arms)}) AS counted ({_ROW})"""

    def _groups(self, compiler: Compiler) -> dict[str, tuple[str, ...]]:
        """By the name of a facet, the choices that hold for a row that counts there."""
        names = {each.name for each in self.wanted}
        choices = [part for part in self.parts if part.facets & names]
        # By what they say: conditions may be lists, which are no keys.
        compiled: dict[str, str] = {}
        found = {}
        for name in names:
            kept = (rest for part in choices if (rest := part.without(name)) is not None)
            held = []
            for part in kept:
                said = repr(part.where)
                if said not in compiled:
                    compiled[said] = _all(compiler.where(part.where))
                held.append(compiled[said])
            found[name] = tuple(held)
        return found

    def _of_kind(self, *kinds: str) -> list[_Wanted]:
        return [each for each in self.wanted if each.attribute and each.attribute.kind in kinds]

    def _arms(self, bits: Mapping[str, int]) -> list[str]:
        arms = [_OPTIONS] if self._of_kind("select", "multiselect") else []
        ours = {CATEGORY: _CATEGORIES, BRAND: _BRANDS, PRICE: _PRICES, AVAILABILITY: _AVAILABILITY}
        arms += [arm for name, arm in ours.items() if name in bits]
        return arms + ([_VALUES] if self._of_kind(*COUNTED) else [])

    def _bound(self, bits: Mapping[str, int]) -> dict[str, object]:
        chosen, counted = self._of_kind("select", "multiselect"), self._of_kind(*COUNTED)
        return {
            **{f"{name}_bit": bits[name] for name in SPECIAL if name in bits},
            "steps": list(STEPS),
            "option_facets": [each.attribute.id for each in chosen if each.attribute],
            "option_bits": [bits[each.name] for each in chosen],
            "value_facets": [each.attribute.id for each in counted if each.attribute],
            "value_bits": [bits[each.name] for each in counted],
        }


@dataclass(slots=True)
class _Shown:
    """What was counted, as buckets with their labels."""

    ctx: Context
    parts: Sequence[Part]
    rows: Mapping[str, Sequence[_Row]]
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

    def facet(self, wanted: _Wanted) -> Facet:
        key = str(wanted.attribute.id) if wanted.attribute else wanted.code
        rows = self.rows.get(key, ())
        buckets = list(self._buckets(wanted, rows, selections.chosen(self.parts, wanted.name)))
        lowest, highest = _ends(rows, of_days=bool(wanted.attribute) and _is_of_days(wanted))
        return Facet(
            code=wanted.code,
            label=wanted.attribute.name if wanted.attribute else LABELS[wanted.code],
            kind=wanted.attribute.kind if wanted.attribute else wanted.code,
            buckets=tuple(buckets[:MOST_BUCKETS]),
            min=lowest,
            max=highest,
        )

    def _buckets(self, wanted: _Wanted, rows: Sequence[_Row], chosen: set[str]) -> Iterator[Bucket]:
        if wanted.attribute is not None:
            return self._of_attribute(wanted.attribute, rows, chosen)
        return {
            CATEGORY: self._of_categories,
            BRAND: self._of_brands,
            PRICE: self._of_prices,
            AVAILABILITY: self._of_availability,
        }[wanted.code](rows, chosen)

    def _of_attribute(
        self, attribute: views.Attribute, rows: Sequence[_Row], chosen: set[str]
    ) -> Iterator[Bucket]:
        if attribute.kind in ("number", "date"):
            return
        told = [
            (option.position, row.count, option.code, option.label, option.swatch)
            for row in rows
            if row.id is not None and (option := self.options.get(row.id))
        ] or [(0, row.count, row.value or "", row.value or "", None) for row in rows]
        told.sort(key=lambda each: (each[0], -each[1] if not self.options else 0, each[3]))
        for _, count, value, label, swatch in told:
            condition = {"code": attribute.code, "anyOf": [value]}
            yield Bucket(value, label, count, value in chosen, swatch, {"attributes": [condition]})

    def _of_categories(self, rows: Sequence[_Row], chosen: set[str]) -> Iterator[Bucket]:
        """Branch by branch; parents come before their children."""
        found = [(each, row) for row in rows if (each := self.categories.get(row.id or 0))]
        for category, row in sorted(found, key=lambda each: each[0].path):
            id = ids.encode("Category", category.id)
            yield Bucket(
                id, category.name, row.count, str(category.id) in chosen, None, {"category": [id]}
            )

    def _of_brands(self, rows: Sequence[_Row], chosen: set[str]) -> Iterator[Bucket]:
        """The largest first."""
        found = [(each, row) for row in rows if (each := self.brands.get(row.id or 0))]
        for brand, row in sorted(found, key=lambda each: (-each[1].count, each[0].name)):
            id = ids.encode("Brand", brand.id)
            yield Bucket(id, brand.name, row.count, str(brand.id) in chosen, None, {"brand": [id]})

    def _of_prices(self, rows: Sequence[_Row], chosen: set[str]) -> Iterator[Bucket]:
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

    def _of_availability(self, rows: Sequence[_Row], chosen: set[str]) -> Iterator[Bucket]:
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


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({each})" for each in conditions) or "true"


def _is_of_days(wanted: _Wanted) -> bool:
    return wanted.attribute is not None and wanted.attribute.kind == "date"


def _ends(rows: Sequence[_Row], *, of_days: bool) -> tuple[str | None, str | None]:
    lowest = [row.lowest for row in rows if row.lowest is not None]
    highest = [row.highest for row in rows if row.highest is not None]
    if not lowest or not highest:
        return None, None
    if of_days:
        return min(lowest), max(highest)
    return str(plain(min(map(Decimal, lowest)))), str(plain(max(map(Decimal, highest))))


def _filled(ids: "Sequence[int | None] | Iterator[int | None]") -> list[int]:
    return [id for id in ids if id is not None]
