"""Our own NDJSON, broken."""

import json

from broken import Broken, Unreadable, shortened

MUG = {"slug": "mug", "type": "lamp", "name": "Mug", "variants": [{"sku": "M-1"}]}
LONG = "9" * 1_000_000
ADD, ONE = "add it before, or in the same file", "keep one of them"
EUR = {"amount": "5", "currency": "EUR"}
WEB = {"record": "channel", "default_currency": "EUR", "default_locale": "en", "is_default": True}


def raw(name: str, line: str, says: str = "is not JSON at character") -> Broken:
    """A second line that is no record, shown as it stands."""
    content = f"{json.dumps(MUG)}\n{line}\n".encode(errors="surrogatepass")
    return Broken(f"NDJSON: {name}", content, 2, "", shortened(line), says)


def lines(
    name: str, column: str, value: str | None, remedy: str, *records: object, line: int = 2
) -> Broken:
    content = "".join(json.dumps(record) + "\n" for record in (MUG, *records)).encode()
    return Broken(f"NDJSON: {name}", content, line, column, value, remedy)


def hat(name: str, column: str, value: str | None, remedy: str, /, **fields: object) -> Broken:
    hat = {"slug": "hat", "type": "lamp", "name": "Hat"}
    return lines(name, column, value, remedy, hat | fields)


def one(name: str, column: str, value: str | None, remedy: str, /, **fields: object) -> Broken:
    """A hat with one variant."""
    variants = [{"sku": "H-1"} | fields]
    return hat(name, f"variants[0].{column}", value, remedy, variants=variants)


def price(name: str, field: str, value: object, remedy: str) -> Broken:
    return one(
        name, f"prices[0].{field}", shortened(str(value)), remedy, prices=[EUR | {field: value}]
    )


def sale(begins: str, ends: str | None = None) -> dict[str, object]:
    return EUR | {"valid_from": f"{begins}T00:00:00Z", "valid_until": ends and f"{ends}T00:00:00Z"}


def other(record: str, /, **fields: object) -> dict[str, object]:
    return {"record": record, **fields}


RAW = (
    raw("a line cut off", '{"slug": "hat", "name": "H'),
    raw("single quotes", "{'slug': 'hat'}", "a line is one record"),
    raw("an array broken off", '{"slug": "hat", "tags": ["a", "b"'),
    raw("a comma too many", '{"slug": "hat",}'),
    raw("not a number", '{"slug": "hat", "tax_class": NaN}'),
    raw("infinity", '{"slug": "hat", "tax_class": -Infinity}'),
    raw("an escaped lone surrogate", '{"slug": "hat", "name": "\\ud800"}'),
    raw("nested without end", '{"slug": "hat", "metadata": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    raw("a number of a million digits", '{"slug": "hat", "tax_class": ' + LONG + "}"),
    raw("two records on a line", '{"slug": "hat"} {"slug": "cap"}', "a line is one record"),
    raw("a line of CSV", "hat,lamp,Hat"),
)

SHAPES = (
    lines("a list of records", "", None, "must be an object", [{"slug": "hat"}]),
    lines("a text for a record", "", "hat", "must be an object", "hat"),
    lines("nothing to be found by", "", None, "to be found by", {"name": "Hat", "type": "lamp"}),
    hat("a field that is none", "colour", "red", "remove it or correct its name", colour="red"),
    hat("a text for a list", "tags", "red", "must be a list", tags="red"),
    hat("a number for a text", "name", "5", "must be text", name=5),
    hat("an object for a list", "variants", None, "must be a list", variants={"sku": "H-1"}),
    hat("NUL in a key of metadata", "metadata", None, "remove it", metadata={"a\0": 1}),
    hat(
        "two primary categories", "primary_category", None, "must be text", primary_category=[1, 2]
    ),
    hat(
        "an attribute in no shape",
        "attributes.power",
        None,
        "or texts by language",
        attributes={"power": {"en": 5}},
    ),
    hat(
        "an association of no kind",
        "associations[0].kind",
        "twin",
        "must be one of 'related'",
        associations=[{"product": "mug", "kind": "twin"}],
    ),
    hat(
        "a picture without width",
        "media[0].width",
        "0",
        "must be greater than 0",
        media=[{"url": "/a.jpg", "width": 0}],
    ),
    hat(
        "a language that is none",
        "translations.no language",
        "no language",
        "such as",
        translations={"no language": {"name": "Hut"}},
    ),
)

OFFERS = (
    price("an amount of a million digits", "amount", LONG, "such as 1299.00"),
    price("an amount with a separator", "amount", "1,299.00", "such as 1299.00"),
    price("a float beyond its decimals", "amount", 9.99999, "more than 4 decimals"),
    price("an amount that is true", "amount", True, "must be a number, such as 12.50"),
    price("a currency in words", "currency", "euro", "longer than 3 characters"),
    price("a currency that is none", "currency", "XQX", "of ISO 4217, such as EUR"),
    price("a currency not sold", "currency", "CHF", "add the currency to the channel first"),
    price("a channel that is none", "channel", "mars", ADD),
    price("from zero pieces on", "min_quantity", 0, "must be 1 or more"),
    price("a time of no day", "valid_from", "2026-02-30T00:00:00Z", "must be a time such as"),
    one(
        "a window upside down",
        "prices[0]",
        None,
        "the start must be earlier than the end",
        prices=[sale("2026-02-01", "2026-01-01")],
    ),
    one(
        "two prices for one thing",
        "prices[1]",
        "6",
        "keep one",
        prices=[EUR, EUR | {"amount": "6"}],
    ),
    one(
        "two sales at once",
        "prices[1].valid_from",
        "2026-02-01 00:00:00+00",
        "cannot be on at once",
        prices=[sale("2026-01-01"), sale("2026-02-01")],
    ),
    one(
        "a location that is none",
        "stock[0].location",
        "attic",
        ADD,
        stock=[{"location": "attic", "on_hand": 1}],
    ),
)

VALUES = (
    one("an axis that is none", "options.size", "size", ADD, options={"size": "L"}),
    one(
        "an option that is none",
        "options.color",
        "pink",
        "by code or label",
        options={"color": "pink"},
    ),
    hat(
        "several values for one",
        "attributes.power",
        "6",
        "takes a single value",
        attributes={"power": [5, 6]},
    ),
    hat(
        "a language where there is none",
        "attributes.power.en",
        "5",
        "send the value alone",
        attributes={"power": {"en": "5"}},
    ),
)

NOUNS = (
    lines("a brand without a name", "name", None, "", other("brand", slug="acme")),
    lines(
        "a record of no kind", "record", "thing", "there are 'channel'", other("thing", slug="x")
    ),
    lines(
        "two products of one key",
        "slug",
        "mug",
        f"stands already on line 1; {ONE}",
        {"slug": "mug", "type": "lamp", "name": "Cup"},
    ),
    lines(
        "two default channels",
        "is_default",
        "true",
        "only one channel can be the default",
        WEB | {"code": "one"},
        WEB | {"code": "two"},
        line=3,
    ),
    lines(
        "another kind for what has values",
        "kind",
        "text",
        "use select, or another code",
        other("attribute", code="color", kind="text"),
    ),
    lines(
        "a translation of nothing",
        "ref",
        "cap",
        ADD,
        other("translation", kind="product", ref="cap", locale="de", name="Kappe"),
    ),
)
LINES = (*RAW, *SHAPES, *OFFERS, *VALUES, *NOUNS)

MAPPING = "--mapping"
UNREADABLE = (
    Unreadable("an array of JSON", b'[{"slug": "hat"}]', ("of other people's making", MAPPING)),
    Unreadable("a record that breaks off", b'{"slug": "hat", "name": \n', ("JSON", MAPPING)),
    Unreadable("nesting without end", b"[" * 100_000, ("JSON", MAPPING)),
)
