"""What differs between two records of our own files (docs/files.md), told field by field.

A path is made of the fields' names. Between a list's name and a field of one of its items stands
what a person would call that item:

    variants      its SKU, else its external_id, else its options: "color=red size=m"
    prices        "EUR"; "eu EUR" in one channel; "EUR from 10" for quantities;
                  "EUR 2026-05-01T00:00:00Z/2026-06-01T00:00:00Z" for a window, ".." where open
    stock         the location's code
    listings      the channel's code
    media         the address
    associations  kind and product: "related desk-lamp"
    options       the option's code
    attributes    the attribute's code, of a product type and of values alike

so that ("variants", "LAMP-RED", "prices", "EUR", "amount") is the base price of the red lamp. An
item that has no such name is called by its place, from 0 on. Lists of plain values (tags, slugs of
categories) and values within metadata are compared as a whole. What is new, or goes, is told field
by field too, null on its other side.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Record = Mapping[str, object]
Path = tuple[str | int, ...]
Trait = Callable[[Record], Hashable]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that a write makes; null stands for what was, or will not be, there."""

    path: Path
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class _List:
    """`traits` tell the items of a list apart: two with the first in common are the same, else two
    with the second …; `called` is an item's name. `ordered`: the order is all that says where an
    item is shown."""

    traits: tuple[Trait, ...]
    called: Callable[[Record], str]
    ordered: bool = False


def between(old: Record | None, new: Record | None) -> tuple[Change, ...]:
    """None for a record that is not there."""
    own = [{k: v for k, v in (record or {}).items() if k != "record"} for record in (old, new)]
    return tuple(_of_fields(own[0], own[1], ()))


def _of_fields(old: Record, new: Record, path: Path) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        yield from _of_values(old.get(name), new.get(name), (*path, name), name)


def _of_values(old: object, new: object, path: Path, name: str) -> Iterator[Change]:
    if old == new:
        return
    befores, afters = _items(old), _items(new)
    if name in _METADATA:
        yield from _of_metadata(_record(old), _record(new), path)
    elif isinstance(old, Mapping | None) and isinstance(new, Mapping | None):
        yield from _of_fields(_record(old), _record(new), path)
    elif name in _LISTS and befores is not None and afters is not None:
        yield from _of_lists(befores, afters, path, _LISTS[name])
    else:
        yield Change(path, old, new)


def _of_metadata(old: Record, new: Record, path: Path) -> Iterator[Change]:
    """Its values are the integrator's: nobody here knows what they mean."""
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield Change((*path, key), old.get(key), new.get(key))


def _of_lists(
    old: Sequence[Record], new: Sequence[Record], path: Path, known: _List
) -> Iterator[Change]:
    partners = _partners(old, new, known.traits)
    for before, item in enumerate(old):
        other = new[partners[before]] if before in partners else {}
        yield from _of_fields(item, other, (*path, known.called(item) or before))
    matched = set(partners.values())
    for after, item in enumerate(new):
        if after not in matched:
            yield from _of_fields({}, item, (*path, known.called(item) or after))
    kept = [partners[before] for before in sorted(partners)]
    if known.ordered and kept != sorted(kept):
        yield Change(
            path, [known.called(each) for each in old], [known.called(each) for each in new]
        )


def _partners(
    old: Sequence[Record], new: Sequence[Record], traits: Sequence[Trait]
) -> dict[int, int]:
    """Where each item of the old list that is still there stands in the new one."""
    partners: dict[int, int] = {}
    for trait in traits:
        matched = set(partners.values())
        free = {trait(item): n for n, item in enumerate(new) if n not in matched}
        for n, item in enumerate(old):
            mark = trait(item)
            if mark is not None and n not in partners and mark in free:
                partners[n] = free.pop(mark)
    return partners


def _record(value: object) -> Record:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> list[Record] | None:
    """None where it is no list of records."""
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    records = [item for item in items if isinstance(item, Mapping)]
    return records if len(records) == len(items) else None


def _field(name: str) -> Trait:
    return lambda item: item.get(name)


def _options(item: Record) -> str:
    return " ".join(
        f"{axis}={option}" for axis, option in sorted(_record(item.get("options")).items())
    )


def _variant(item: Record) -> str:
    return str(item.get("sku") or item.get("external_id") or _options(item))


def _price(item: Record) -> str:
    start, end = item.get("valid_from"), item.get("valid_until")
    least = item.get("min_quantity")
    parts = (
        item.get("channel"),
        item.get("currency"),
        f"from {least}" if least != 1 else None,
        f"{start or '..'}/{end or '..'}" if start or end else None,
    )
    return " ".join(str(part) for part in parts if part)


def _medium(item: Record) -> Hashable:
    return item.get("url"), item.get("alt")


def _association(item: Record) -> str:
    return f"{item.get('kind')} {item.get('product')}"


def _called(name: str) -> Callable[[Record], str]:
    return lambda item: str(item.get(name) or "")


_METADATA = ("metadata", "private_metadata")
_LISTS: Mapping[str, _List] = {
    "variants": _List((_field("external_id"), _field("sku"), _options), _variant),
    "prices": _List((_price,), _price),
    "stock": _List((_field("location"),), _called("location")),
    "listings": _List((_field("channel"),), _called("channel")),
    "media": _List((_medium, _field("url")), _called("url"), ordered=True),
    "associations": _List((_association,), _association, ordered=True),
    "options": _List((_field("code"),), _called("code")),
    "attributes": _List((_field("attribute"),), _called("attribute")),
}
