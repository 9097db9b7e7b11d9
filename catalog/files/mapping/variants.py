"""The variants of a product: which lines make which, and what they cost."""

from collections.abc import Iterator, Sequence

from catalog.files.mapping import cells, expressions
from catalog.files.mapping.attributes import Writer
from catalog.files.mapping.cells import Line
from catalog.files.mapping.language import Channel, Mapping, Option, Place, Price, Stock, Variants
from catalog.files.mapping.transforms import Json
from catalog.files.mapping.work import Built, Work


def lines_of(mapping: Mapping, work: Work, lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each variant."""
    variants = mapping.variants
    if not variants:
        return []
    rows = list(_items(variants.each, lines)) if variants.each else list(lines)
    if variants.when:
        rows = [row for row in rows if work.read(variants.when, [row], ("variants",)) is not None]
    if variants.group_by:
        key = work.cell(variants.group_by)
        return list(cells.groups(rows, key, adjacent=False, problems=work.problems))
    if mapping.group_by or variants.each:
        return [[row] for row in rows]
    return [rows] if rows else []


def _items(path: str, lines: Sequence[Line]) -> Iterator[Line]:
    get = expressions.path(path)
    for line in lines:
        items = get(line.row)
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, dict):
                yield Line(line.number, {**item, expressions.OUTER: line.row})


def build(
    variants: Variants,
    lines: Sequence[Line],
    writer: Writer,
    *,
    product: Sequence[Line],
    type_: str,
    channels: Sequence[Channel],
    at: Place,
) -> Built:
    """`product` is all lines of the product: some files name its axes in the first one only."""
    work = writer.work
    named = lines if variants.each else [*lines, *product]
    attributes = writer.listed(
        variants.attributes, lines, type_=type_, level="variant", at=(*at, "attributes")
    )
    parts: dict[str, Json] = {
        "options": _options(variants.options, lines, named, writer, type_, (*at, "options")),
        "attributes": attributes,
        "prices": _prices(variants.prices, lines, work, channels, (*at, "prices")),
        "stock": _stock(variants.stock, lines, work, channels, (*at, "stock")),
        "media": work.media(variants.media, lines, (*at, "media")),
        "metadata": work.raw(variants.metadata, lines, (*at, "metadata")),
        "private_metadata": work.raw(variants.private_metadata, lines, (*at, "private_metadata")),
    }
    fields = work.fields(variants.fields, lines, at)
    return fields | {name: part for name, part in parts.items() if part}


def _options(
    options: Sequence[Option],
    lines: Sequence[Line],
    named: Sequence[Line],
    writer: Writer,
    type_: str,
    at: Place,
) -> Built:
    built: Built = {}
    for option in options:
        name = writer.work.text(option.name, named, at)
        label = writer.work.text(option.value, lines, (*at, name))
        if name and label:
            code, chosen = writer.axis(name, label, type_=type_)
            built[code] = chosen
    return built


def _prices(
    prices: Sequence[Price],
    lines: Sequence[Line],
    work: Work,
    channels: Sequence[Channel],
    at: Place,
) -> list[Json]:
    """One for each line and price of the mapping that has an amount; the same one only once."""
    usual = next((channel.currencies[0] for channel in channels), "")
    built: list[Json] = []
    for line in lines:
        for price in prices:
            here = (*at, len(built))
            read = {name: work.text(value, [line], (*here, name)) for name, value in price}
            read["currency"] = read["currency"] or usual
            entry: Json = {name: found for name, found in read.items() if found}
            if read["amount"] and entry not in built:
                built.append(entry)
    return built


def _stock(
    stock: Sequence[Stock],
    lines: Sequence[Line],
    work: Work,
    channels: Sequence[Channel],
    at: Place,
) -> list[Json]:
    """Locations that the catalog does not know are created, and serve the mapping's channels."""
    served = [channel.code for channel in channels]
    built: dict[str, Json] = {}
    for line in lines:
        for level in stock:
            here = (*at, len(built))
            read = {name: work.text(value, [line], (*here, name)) for name, value in level}
            if not read["on_hand"] or not read["location"]:
                continue
            location = work.nouns.location(read["location"], channels=served)
            read["location"] = location
            built.setdefault(location, {name: found for name, found in read.items() if found})
    return list(built.values())
