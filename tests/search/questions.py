"""Questions for products, made by chance."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from oracle import Asker
from shelves import (
    AMOUNTS,
    BRANDS,
    DATES,
    EPOCH,
    EU,
    KINDS,
    NUMBERS,
    OPTIONS,
    PARENTS,
    TAGS,
    TEXTS,
    US,
)

from catalog.reads.filters import AttributeFilter, ProductWhere, Range, VariantIs

ASKERS = (
    Asker(),
    Asker(channel=US, currency="USD"),
    Asker(staff=True, currency="USD", german=True),
    Asker(staff=True, channel=US, currency="USD"),
)

SEARCHES = (None, None, None, None, "beam", "alpha beam", "ang", "alp", "zelt")


def some(values: object, *, most: int = 2) -> st.SearchStrategy[list[object]]:
    """One or several of them; now and then none."""
    return st.lists(st.sampled_from([*values]), max_size=most, unique=True)  # type: ignore[call-overload,no-any-return]


def ranges(values: object) -> st.SearchStrategy[Range[object]]:
    limit = st.none() | st.sampled_from([*values])  # type: ignore[call-overload]
    return st.one_of(
        st.builds(Range, gte=limit, lt=limit),
        st.builds(Range, gt=limit, lte=limit),
    )


TEXTS_OF = {
    "color": [*OPTIONS["color"], "none such"],
    "feature": [*OPTIONS["feature"], "none such"],
    "power": [*map(str, NUMBERS), "x"],
    "fresh": ["true", "false", "x"],
    "since": [*map(str, DATES), "x"],
    "label": [*TEXTS, "x"],
}


def _attribute(code: str) -> st.SearchStrategy[AttributeFilter]:
    several = some(TEXTS_OF[code])
    asked = [
        st.builds(AttributeFilter, st.just(code), any_of=several),
        st.builds(AttributeFilter, st.just(code), any_of=several),
        st.builds(AttributeFilter, st.just(code), all_of=several),
        st.builds(AttributeFilter, st.just(code), none_of=several),
        st.builds(AttributeFilter, st.just(code), exists=st.booleans()),
        st.builds(AttributeFilter, st.just(code), any_of=several, none_of=several),
    ]
    match KINDS[code]:
        case "number":
            asked.append(st.builds(AttributeFilter, st.just(code), number=ranges(NUMBERS)))
        case "date":
            asked.append(st.builds(AttributeFilter, st.just(code), date=ranges(DATES)))
        case "boolean":
            asked.append(st.builds(AttributeFilter, st.just(code), bool=st.booleans()))
    return st.one_of(asked)


ATTRIBUTE = st.sampled_from([*KINDS]).flatmap(_attribute)

VARIANT = st.fixed_dictionaries(
    {},
    optional={
        "sku": some([f"sku{n}" for n in range(1, 15)], most=5),
        "price": ranges(AMOUNTS),
        "available": st.booleans(),
        "attributes": st.lists(ATTRIBUTE, min_size=1, max_size=2),
    },
).map(lambda fields: VariantIs(**fields))

CATEGORY = some(PARENTS)
COLLECTION = some([1, 2, 3])

LEAF = st.one_of(
    st.just(ProductWhere()),
    st.builds(ProductWhere, ids=some([*range(1, 16), 2**40], most=6)),
    st.builds(ProductWhere, slugs=some(["p1", "p2", "p3", "de-1", "de-4", "\x00"], most=4)),
    st.builds(ProductWhere, type=some(["lamp", "tent", "x"])),
    st.builds(ProductWhere, category=CATEGORY),
    st.builds(ProductWhere, category=CATEGORY),
    st.builds(ProductWhere, collection=COLLECTION),
    st.builds(ProductWhere, brand=some([*BRANDS, 99])),
    st.builds(ProductWhere, tags=some(TAGS)),
    st.builds(ProductWhere, updated_from=st.just(EPOCH.replace(day=2))),
    st.builds(ProductWhere, updated_until=st.just(EPOCH.replace(day=3))),
    st.builds(ProductWhere, attributes=st.lists(ATTRIBUTE, min_size=1, max_size=2)),
    st.builds(ProductWhere, attributes=st.lists(ATTRIBUTE, min_size=1, max_size=1)),
    st.builds(ProductWhere, variant=VARIANT),
    st.builds(ProductWhere, variant=VARIANT),
)

INNER = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(ProductWhere, all_of=st.lists(inner, max_size=2)),
        st.builds(ProductWhere, any_of=st.lists(inner, min_size=1, max_size=3)),
        st.builds(ProductWhere, any_of=st.lists(inner, min_size=1, max_size=3)),
        st.builds(ProductWhere, none_of=inner),
        st.tuples(LEAF, inner).map(lambda two: replace(two[0], all_of=[two[1]])),
    ),
    max_leaves=4,
)

ORDERS = (
    *("newest", "oldest", "name", "-name", "price", "-price", "updated", "-updated", "position"),
    *(f"{sign}attr.{code}" for code in KINDS if code != "feature" for sign in ("", "-")),
)


@dataclass(frozen=True)
class Question:
    asker: Asker
    where: ProductWhere
    search: str | None
    order: tuple[str, ...]
    unavailable: str


def _askable(
    asker: Asker,
    where: ProductWhere,
    search: str | None,
    order: list[str],
    unavailable: str,
    status: list[str],
) -> Question:
    """What may be asked: a status by staff, an order by hand of one thing."""
    if asker.staff and status:
        where = replace(where, status=status)
    one = (len(where.category or ()) == 1) != (len(where.collection or ()) == 1)
    kept = [name for name in order if name != "position" or one]
    return Question(asker, where, search, tuple(kept) or ("newest",), unavailable)


QUESTIONS = st.builds(
    _askable,
    st.sampled_from(ASKERS),
    INNER,
    st.sampled_from(SEARCHES),
    st.lists(st.sampled_from(ORDERS), min_size=1, max_size=3, unique=True),
    st.sampled_from(("show", "show", "last", "hide")),
    st.sampled_from(([], [], ["draft"], ["active", "archived"])),
)

BY_HAND = st.builds(
    _askable,
    st.sampled_from(ASKERS),
    st.one_of(
        st.builds(ProductWhere, category=st.sampled_from([*PARENTS]).map(lambda id: [id])),
        st.builds(ProductWhere, collection=st.sampled_from([1, 2, 3]).map(lambda id: [id])),
    ),
    st.none(),
    st.permutations(["position", "price", "attr.power"]).map(lambda found: found[:2]),
    st.sampled_from(("show", "last")),
    st.just([]),
)

CHANNELS = {EU: "eu", US: "us"}
