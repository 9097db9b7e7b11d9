"""Our own CSV, broken."""

import gzip

from broken import Broken, Unreadable, cells, table, text

HEADER = "slug,type,name,status,categories,sku,option.color,weight,price.EUR,stock.main"
MUG = {"slug": "mug", "type": "lamp", "name": "Mug", "sku": "M-1", "price.EUR": "9.50"}
HAT = {"slug": "hat", "type": "lamp", "name": "Hat", "sku": "H-1", "stock.main": "1"}
# A million digits: reading them as a number would take minutes.
LONG = "9" * 1_000_000
NUMBER, WHOLE = "such as 1299.00", "must be a whole number, such as 12"
ADD, OFFSET = "add it before, or in the same file", "2026-05-01T00:00:00+02:00"

CELLS = cells(
    "CSV",
    HEADER,
    MUG,
    HAT,
    [
        ("a thousands separator", "price.EUR", "1,299.00", NUMBER),
        ("a decimal comma", "price.EUR", "9,50", NUMBER),
        ("a currency sign", "price.EUR", "€9", NUMBER),
        ("a price in words", "price.EUR", "cheap", NUMBER),
        ("a price of a million digits", "price.EUR", LONG, NUMBER),
        ("a price with an exponent", "price.EUR", "1e3", NUMBER),
        ("digits of another script", "price.EUR", "١٢", NUMBER),
        ("a price below zero", "price.EUR", "-5", "must be 0 or more"),
        ("too many decimals", "price.EUR", "9.99999", "more than 4 decimals"),
        ("stock in halves", "stock.main", "1.5", WHOLE),
        ("stock beyond measure", "stock.main", "9999999999", "must be less than 2147483648"),
        ("negative stock beyond measure", "stock.main", "-9999999999", "must be greater than"),
        ("stock in words", "stock.main", "many", NUMBER),
        ("a negative reservation", "reserved.main", "-1", "must be 0 or more"),
        ("a negative weight", "weight", "-1", "must be 0 or more"),
        ("a weight with its unit", "weight", "1 kg", "digits with a point"),
        ("an unknown category", "categories", "hats", ADD),
        ("an unknown type", "type", "hat", ADD),
        ("an unknown option", "option.color", "green", "given by code or label"),
        ("an unknown status", "status", "online", "must be one of 'draft', 'active' or 'archived'"),
        ("a slug with spaces", "slug", "a hat", "may not hold spaces"),
        ("a SKU twice in the file", "sku", "M-1", "stands already on line 2; keep one of them"),
        ("a SKU of another product", "sku", "desk-lamp-red", "a variant of the product desk-lamp"),
        ("no name for what is new", "name", "", "a new product needs it"),
        ("a text too long", "name", "x" * 501, "longer than 500 characters"),
        ("a cell of a megabyte", "name", "y" * 1_000_000, "longer than 500 characters"),
        ("NUL in a cell", "name", "H\0t", "remove it"),
        ("an attribute that is no axis", "option.power", "5", "assign it to the type"),
        ("an attribute in the wrong place", "variant_attribute.power", "5", "assign it to the"),
        ("a number attribute in words", "attribute.power", "lots", "such as 1299.5"),
        ("an address that is none", "images", "hat.jpg", "must begin with https://"),
        (
            "a date that is none",
            "published_from@eu",
            "31.12.2026",
            f"must be a time such as {OFFSET}",
        ),
        ("a time without an offset", "published_from@eu", "2026-05-01T00:00:00", f"as in {OFFSET}"),
        ("a flag that is neither", "backorder", "maybe", "must be true or false"),
        ("an association with itself", "related", "hat", "leads to another one"),
        ("an association with nothing", "related", "cap", ADD),
        ("an unknown primary category", "primary_category", "hats", ADD),
    ],
)


def named(name: str, column: str, value: str, remedy: str) -> Broken:
    """A column that is wrong, whatever is in it."""
    content = table(f"{HEADER},{column}", MUG, {**HAT, column: "5"})
    return Broken(f"CSV: {name}", content, 3, column, value, remedy)


COLUMNS = (
    named("an unknown currency", "price.XQX", "XQX", "of ISO 4217, such as EUR"),
    named("a currency not sold here", "price.CHF", "CHF", "add the currency to the channel first"),
    named("an unknown channel", "price.EUR@mars", "mars", ADD),
    named("an unknown location", "stock.attic", "attic", ADD),
    named("an unknown language", "name:deutsch!", "deutsch!", "such as"),
    named("an axis that is none", "option.size", "size", ADD),
    named("an unknown attribute", "attribute.colour", "colour", ADD),
)


def rows(name: str, line: int, column: str, value: str | None, remedy: str, *found: str) -> Broken:
    return Broken(f"CSV: {name}", text(*found), line, column, value, remedy)


ROWS = (
    rows(
        "a product in two places",
        4,
        "slug",
        "mug",
        "stands already on line 2; keep one of them",
        "slug,type,name,option.color",
        "mug,lamp,Mug,red",
        "hat,lamp,Hat,red",
        "mug,lamp,Mug,blue",
    ),
    rows(
        "a product of two names",
        3,
        "name",
        "Cup",
        "leave it empty, or repeat that",
        "slug,type,name,option.color",
        "mug,lamp,Mug,red",
        "mug,lamp,Cup,blue",
    ),
    rows(
        "a combination twice",
        3,
        "option.color",
        "color=red",
        "is the combination of line 2 too",
        "slug,type,name,sku,option.color",
        "mug,lamp,Mug,M-1,red",
        ",,,M-2,red",
    ),
    rows(
        "a window upside down",
        2,
        "sale.EUR",
        None,
        "the start must be earlier than the end",
        "slug,type,name,price.EUR,sale.EUR,sale_from.EUR,sale_until.EUR",
        "mug,lamp,Mug,9,8,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z",
    ),
    rows(
        "no column for a name", 2, "name", None, "a new product needs it", "slug,type", "mug,lamp"
    ),
    rows("no key", 2, "", None, "to be found by", "slug,type,name", ",lamp,Mug"),
    rows(
        "a cell too many",
        3,
        "",
        "oops",
        "in double quotes",
        "slug,type,name",
        "mug,lamp,Mug",
        "hat,lamp,Hat,oops",
    ),
    rows(
        "a quote inside quotes",
        3,
        "",
        None,
        'write it twice ("")',
        "slug,type,name",
        "mug,lamp,Mug",
        'hat,lamp,"5" hat"',
    ),
    rows(
        "no kind of record",
        3,
        "record",
        "brnad",
        "there are 'channel'",
        "record,slug,name",
        "brand,acme,Acme",
        "brnad,apex,Apex",
    ),
    rows(
        "an option below nothing",
        2,
        "record",
        "option",
        "below the row of its attribute",
        "record,code,name",
        "option,red,Red",
    ),
    rows(
        "a parent that is not there",
        2,
        "parent",
        "hats",
        ADD,
        "record,slug,name,parent",
        "category,caps,Caps,hats",
    ),
    rows(
        "a category below itself",
        2,
        "parent",
        "home-lamps",
        "below",
        "record,slug,name,parent",
        "category,home,Home,home-lamps",
    ),
)

BAD = text("slug,type,name,price.EUR", "mug,lamp,Mug,9", "größe,lamp,Größe,cheap").decode()
PRICE = ("price.EUR", "cheap", NUMBER)
PACKED = (
    Broken("CSV: packed with gzip", gzip.compress(BAD.encode()), 3, *PRICE),
    Broken("CSV: marked twice", b"\xef\xbb\xbf\xef\xbb\xbf" + BAD.encode(), 3, *PRICE),
    Broken("CSV: UTF-16", BAD.encode("utf-16"), 3, *PRICE),
    Broken("CSV: UTF-16 without a mark", BAD.encode("utf-16-le"), 3, *PRICE),
    Broken("CSV: lines of an old Mac", BAD.replace("\n", "\r").encode(), 3, *PRICE),
    Broken("CSV: a table of tabs", BAD.replace(",", "\t").encode(), 3, *PRICE),
)
TABLES = (*CELLS, *COLUMNS, *ROWS, *PACKED)

OURS, WHOLE_FILE = "none of the formats we know", table(HEADER, MUG, HAT)
UNREADABLE = (
    Unreadable("nothing", b"", ("is empty",)),
    Unreadable("white space", b" \n\n \n", ("is empty",)),
    Unreadable("only the mark of an encoding", b"\xef\xbb\xbf", ("is empty",)),
    Unreadable("white space of UTF-16", "\n \n".encode("utf-16"), ("is empty",)),
    Unreadable(
        "a quote never closed",
        text("slug,name", "mug,Mug", 'hat,"Hat', "cap,Cap"),
        ("opened on line 3 is never closed", "close it, or double it"),
    ),
    Unreadable(
        "a cell without end",
        text("slug,name", f'hat,"{"x" * 5_000_000}"'),
        ("begins on line 2 is longer than", "its double quote is never closed"),
    ),
    Unreadable(
        "an unknown column",
        text("slug,name,type,prise.EUR", "hat,Hat,lamp,5"),
        ("the column “prise.EUR” is none of our CSV", "did you mean price.EUR?"),
    ),
    Unreadable(
        "a column twice",
        text("slug,name,name", "hat,Hat,Hat"),
        ("“name” and “name” mean the same", "remove or rename one of them"),
    ),
    Unreadable(
        "an attribute with and without languages",
        text("slug,attribute.material,attribute.material:en", "hat,a,b"),
        ("cannot both be there", "such as attribute.material:en"),
    ),
    Unreadable("a workbook", b"PK\x03\x04" + bytes(range(256)), ("save the sheet as CSV UTF-8",)),
    Unreadable(
        "an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", ("save the sheet as CSV",)
    ),
    Unreadable("gzip that breaks off", gzip.compress(WHOLE_FILE)[:-20], ("cannot be read",)),
    Unreadable(
        "no encoding", bytes([0x81, 0x8D, 0xFF, 0x90]) * 50, ("neither UTF-8", "--encoding")
    ),
    Unreadable(
        "a byte of another encoding",
        WHOLE_FILE + b"caf\xe9,lamp\n",
        ("soon after line", "0xe9", "save the file as UTF-8 or say --encoding"),
        encoding="utf-8",
    ),
    Unreadable(
        "UTF-16 that is said to be UTF-8",
        BAD.encode("utf-16"),
        ("is not utf-8", "--encoding"),
        encoding="utf-8",
    ),
    Unreadable("NUL in the header", b"slug\0,name\nhat,Hat\n", ("holds NUL bytes",)),
    Unreadable("another shop's table", text("artno,title", "1,Hat"), (OURS, "--mapping")),
    Unreadable("colons between cells", text("slug:name:type", "hat:Hat:lamp"), (OURS, "--mapping")),
    Unreadable("a page of the web", b"<!doctype html><html>Not found</html>", (OURS, "--mapping")),
)
