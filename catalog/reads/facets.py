"""Facets: what a list may be narrowed by, and how many products there would be.

One pass over the products that are in question, whatever the number of facets. Each facet ignores
its own choices, so a row counts for it when all other conditions hold: `pass` has a bit for each
group of facets that ask for the same conditions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog import db, tags, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import (
    attributes,
    query,
    selections,
    visibility,
)
from catalog.reads.buckets import MOST_BUCKETS, STEPS, Row, Shown, Wanted
from catalog.reads.conditions import Compiler
from catalog.reads.filters import EVERYTHING, ProductWhere
from catalog.reads.product_lists import Asked, Unavailable, ask, standing, tables
from catalog.reads.selections import AVAILABILITY, BRAND, CATEGORY, PRICE, SPECIAL, Part
from catalog.views import Facet

MOST_FACETS = 50

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
    rows = await counting.rows() if wanted else []
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["count"]:
            found.setdefault(row["facet"], []).append(Row(*row))
    shown = Shown(ctx, counting.parts, found)
    await shown.look_up()
    return tuple([shown.facet(each) for each in wanted])


async def _wanted(ctx: Context, codes: Sequence[str] | None) -> list[Wanted]:
    if codes is None:
        every = await attributes.filterable(ctx)
        return [*map(Wanted, SPECIAL), *(Wanted(_called(each), each) for each in every)]
    if len(codes) > MOST_FACETS:
        raise BadFilter(f"at most {MOST_FACETS} facets, not {len(codes)}", path=("codes",))
    names = [code.removeprefix("attr.") for code in codes if code not in SPECIAL]
    known = await attributes.by_codes(ctx, names) if names else {}
    return [_one(code, known) for code in dict.fromkeys(codes)]


def _called(attribute: views.Attribute) -> str:
    of_its_own = selections.of_attribute(attribute.code)
    return of_its_own if attribute.code in SPECIAL else attribute.code


def _one(code: str, known: Mapping[str, views.Attribute]) -> Wanted:
    if code in SPECIAL:
        return Wanted(code)
    attribute = known.get(code.removeprefix("attr."))
    if attribute is None or not attribute.filterable or attribute.kind == "reference":
        ours = ", ".join(SPECIAL)
        raise BadFilter(
            f"there is no facet {code}: there are {ours} and the filterable attributes",
            path=("codes",),
        )
    return Wanted(_called(attribute), attribute)


@dataclass(slots=True)
class _Counting:
    """The one statement."""

    ctx: Context
    asked: Asked
    wanted: Sequence[Wanted]
    parts: Sequence[Part] = field(init=False)
    sql: str = field(init=False)
    values: dict[str, object] = field(init=False)
    within: tags.Within = field(init=False)

    async def rows(self) -> list[db.Record]:
        return await query.fetch(self.ctx, self.sql, self.within, **self.values)

    def __post_init__(self) -> None:
        self.parts = list(selections.parts(self.asked.where))
        compiler = Compiler(self.ctx, self.asked.known)
        names = {each.name for each in self.wanted}
        common = [part for part in self.parts if not part.facets & names]
        conditions = [each for part in common for each in compiler.where(part.where)]
        always = ProductWhere(all_of=tuple(part.where for part in common))
        self.within = standing(replace(self.asked, where=always))
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

    def _of_kind(self, *kinds: str) -> list[Wanted]:
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


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({each})" for each in conditions) or "true"
