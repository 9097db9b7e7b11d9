"""Facets: what a list may be narrowed by, and how many products there would be.

One pass over the products that are in question, whatever the number of facets. Each facet ignores
its own choices, so a row counts for it when all other conditions hold: `pass` has a bit for each
group of facets that ask for the same conditions.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog import db, tags, views
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import (
    attributes,
    query,
    selections,
    tallies,
    visibility,
)
from catalog.reads.buckets import STEPS, Row, Shown, Wanted
from catalog.reads.conditions import Compiler
from catalog.reads.filters import EVERYTHING, ProductWhere
from catalog.reads.product_lists import Asked, Unavailable, ask, standing, tables
from catalog.reads.selections import SPECIAL, Part
from catalog.views import Facet

MOST_FACETS = 50

# Conditions that listing_sets_idx serves.
_BY_SETS = re.compile(r"l\.\w+_ids && ")


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
        hung = "hit" if self.asked.words else "l"
        compiler = Compiler(self.ctx, self.asked.known, hung=hung)
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
        columns = [tallies.COLUMNS[arm] for arm in arms]
        asked = [*columns, *(f"({each}) AS c{n}" for n, each in enumerate(choices))]
        from_ = tables(self.asked.words, [*conditions, *choices], ranked=False)
        # Few enough are left to ask each of them once for every choice; of all products what the
        # choices have in common is looked up.
        once = "OFFSET 0" if narrowed else ""
        found_by_sets = any(map(_BY_SETS.match, conditions))
        listed = visibility.listed(self.ctx, filtered=found_by_sets)
        held = [_all(f"l.c{choices.index(each)}" for each in every) for every in passes]
        passed = " + ".join(
            f"CASE WHEN {each} THEN {1 << n} ELSE 0 END" for n, each in enumerate(held)
        )
        self.sql = f"""
            WITH hit AS MATERIALIZED (
                SELECT {", ".join(columns)}, {passed or "0"} AS pass
                FROM (
                    SELECT {", ".join(asked)} FROM {from_}
                    WHERE {" AND ".join([*listed, *conditions])} {once}
                ) AS l
                WHERE {" OR ".join(held) or "true"}
            ), seen AS MATERIALIZED (
                SELECT c.id, c.path FROM category AS c WHERE {visibility.categories(self.ctx)}
            )
            SELECT * FROM ({" UNION ALL ".join(arms)}) AS counted ({tallies.ROW})"""

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
        arms = [arm for how, arm in tallies.HOW.items() if self._of_kind(*tallies.KINDS[how])]
        return arms + [arm for name, arm in tallies.OURS.items() if name in bits]

    def _bound(self, bits: Mapping[str, int]) -> dict[str, object]:
        bound: dict[str, object] = {"steps": list(STEPS)}
        bound |= {f"{name}_bit": bits[name] for name in SPECIAL if name in bits}
        for how, kinds in tallies.KINDS.items():
            counted = self._of_kind(*kinds)
            bound[f"{how}_facets"] = [each.attribute.id for each in counted if each.attribute]
            bound[f"{how}_bits"] = [bits[each.name] for each in counted]
        bound["of_days"] = [each.is_of_days for each in self._of_kind(*tallies.KINDS["range"])]
        return bound


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({each})" for each in conditions) or "true"
