"""A record as rows of our own CSV: what `files.native.columns` reads, the other way round."""

from collections.abc import Iterator
from typing import Any

import orjson

from catalog.files import cells
from catalog.reads.stored import Record

Row = dict[str, str]
Fields = dict[str, Any]

# What a row tells first; then families, each by name.
_FIRST = (
    *("record", "external_id", "code", "slug", "type", "brand", "parent", "name", "description"),
    *("status", "kind", "label", "tags", "categories", "collections", "images", "images.alt"),
    *("sku", "barcode", "variant.external_id", "variant.position"),
)
_FAMILIES = (
    *("option.", "price.", "compare_at.", "sale.", "sale_compare_at.", "sale_from.", "sale_until."),
    *("stock.", "reserved.", "incoming.", "listed@", "published_from@", "published_until@"),
    *("purchasable_from@", "attribute.", "variant_attribute.", "seo.", "variant.", "metadata."),
    *("private_metadata.",),
)
_INSIDE = {"attribute": ("options", "option"), "type": ("attributes", "assignment")}


def place(column: str) -> tuple[int, str]:
    """Where the column stands in a header."""
    if column in _FIRST:
        return _FIRST.index(column), column
    family = next((n for n, start in enumerate(_FAMILIES) if column.startswith(start)), -1)
    return len(_FIRST) + 1 + family, column


def rows(record: Record) -> Iterator[Row]:
    """The record's own row, and one for each further part of it."""
    fields: Fields = dict(record)
    if fields["record"] == "product":
        yield from _product(fields)
        return
    inside, name = _INSIDE.get(fields["record"], ("", ""))
    parts: list[Fields] = fields.pop(inside, [])
    yield _noun(fields)
    for part in parts:
        yield {"record": name} | _noun(part)


def _noun(fields: Fields) -> Row:
    row = _texts("", fields)
    if image := fields.get("image"):
        row |= _filled({"image": image["url"], "image.alt": image.get("alt", "")})
    row |= _metadata("", fields)
    plain = fields.keys() - _FORMED
    return row | {name: _cell(name, fields[name]) for name in plain}


_FORMED = {
    *("name", "slug", "description", "seo", "translations", "metadata", "private_metadata"),
    *("image", "media", "attributes", "listings", "variants", "associations", "options"),
    *("prices", "stock"),
}


def _product(fields: Fields) -> Iterator[Row]:
    own = _noun(fields) | _pictures("", fields) | _values("attribute.", fields)
    for listing in fields.get("listings", ()):
        own |= _listing(listing)
    for link in fields.get("associations", ()):
        times = f"{link['quantity']} x " if link["quantity"] > 1 else ""
        said = times + cells.of_words([link["product"]])
        own[link["kind"]] = f"{own[link['kind']]} | {said}" if link["kind"] in own else said
    variants = fields.get("variants", ())
    yield own | (_variant(variants[0]) if variants else {})
    for variant in variants[1:]:
        yield {"record": "product", "slug": fields["slug"]} | _variant(variant)


def _variant(fields: Fields) -> Row:
    plain = {name: fields.get(name) for name in ("sku", "barcode", "weight", "tracked")}
    row = {
        name: _cell(name, value)
        for name, value in (plain | {"backorder": fields.get("backorder")}).items()
        if value is not None
    }
    own = {name: fields[name] for name in ("external_id", "position") if name in fields}
    row |= {f"variant.{name}": str(value) for name, value in own.items()}
    row |= _texts("variant.", fields) | _pictures("variant.", fields)
    row |= _metadata("variant.", fields) | _values("variant_attribute.", fields)
    row |= {f"option.{axis}": option for axis, option in fields.get("options", {}).items()}
    for price in fields.get("prices", ()):
        row |= _price(price)
    for level in fields.get("stock", ()):
        row |= _level(level)
    return row


def _texts(start: str, fields: Fields) -> Row:
    """Names and texts, and those of every language."""
    row = _text(start, fields, "")
    for locale, texts in fields.get("translations", {}).items():
        row |= _text(start, texts, f":{locale}")
    return row


def _text(start: str, fields: Fields, locale: str) -> Row:
    seo = fields.get("seo", {})
    found = {name: fields.get(name) for name in ("name", "slug", "description")}
    found |= {f"seo.{name}": seo.get(name) for name in ("title", "description")}
    return {f"{start}{name}{locale}": text.rstrip() for name, text in found.items() if text}


def _metadata(start: str, fields: Fields) -> Row:
    """A text as it is, anything else as JSON."""
    return _filled(
        {
            f"{start}{kind}.{key}": value if isinstance(value, str) else _json(value)
            for kind in ("metadata", "private_metadata")
            for key, value in fields.get(kind, {}).items()
            if key.strip()
        }
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _pictures(start: str, fields: Fields) -> Row:
    media = [medium for medium in fields.get("media", ()) if "kind" not in medium]
    if not media:
        return {}
    row = {f"{start}images": cells.of_texts([medium["url"] for medium in media])}
    if any(medium.get("alt") for medium in media):
        row[f"{start}images.alt"] = cells.of_texts([medium.get("alt", "") for medium in media])
    return row


def _values(start: str, fields: Fields) -> Row:
    row: Row = {}
    for code, value in fields.get("attributes", {}).items():
        if isinstance(value, dict):
            row |= {f"{start}{code}:{locale}": _value([text]) for locale, text in value.items()}
        else:
            row[f"{start}{code}"] = _value(value if isinstance(value, list) else [value])
    return _filled(row)


def _value(items: list[Any]) -> str:
    return cells.of_texts([_cell("", item) for item in items])


def _listing(listing: Fields) -> Row:
    channel = listing["channel"]
    times = {f"{name}@{channel}": text for name, text in listing.items() if name != "channel"}
    return {f"listed@{channel}": "yes"} | times


def _price(price: Fields) -> Row:
    """Of prices for a while a scope has one column, so the last one."""
    quantity = f">={price['min_quantity']}" if price["min_quantity"] > 1 else ""
    channel = f"@{price['channel']}" if "channel" in price else ""
    scope = f"{price['currency']}{channel}{quantity}"
    if "valid_from" not in price and "valid_until" not in price:
        named = {"price": "amount", "compare_at": "compare_at"}
    else:
        named = {
            "sale": "amount",
            "sale_compare_at": "compare_at",
            "sale_from": "valid_from",
            "sale_until": "valid_until",
        }
    return {f"{column}.{scope}": price.get(name, "") for column, name in named.items()}


def _level(level: Fields) -> Row:
    row = {f"stock.{level['location']}": str(level["on_hand"])}
    return row | {
        f"{name}.{level['location']}": str(level[name])
        for name in ("reserved", "incoming")
        if level[name]
    }


def _cell(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return cells.of_words(value)
    if isinstance(value, dict):
        return _json(value)
    return str(value).rstrip()


def _filled(row: Row) -> Row:
    return {name: trimmed for name, text in row.items() if (trimmed := text.rstrip())}
