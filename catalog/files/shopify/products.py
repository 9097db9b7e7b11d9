"""A product out of the rows of its handle."""

from collections.abc import Iterator, Sequence

from catalog.files import checking, naming
from catalog.files.nouns import Nouns
from catalog.files.reading import Defaults
from catalog.files.shopify import variants
from catalog.files.shopify.header import Header
from catalog.files.shopify.variants import FALSE, TRUE, Raw
from catalog.files.table import Row
from catalog.writes.staging import Problem, Sourced

_SELLING = (
    *("option1 value", "option2 value", "option3 value", "variant sku", "variant price"),
    *("variant barcode", "variant inventory qty", "variant grams"),
)
_NO_CATEGORY = "uncategorized"
_SAME_AXIS = {"colour": "color"}
# A listing that is over: one that a former import made has to go.
_UNLISTED = "1970-01-01T00:00:00Z"


class Builder:
    """Builds product after product; `_problems` are those of the product at hand."""

    def __init__(self, header: Header, defaults: Defaults, nouns: Nouns) -> None:
        self._header = header
        self._defaults = defaults
        self._nouns = nouns
        self._problems: list[Problem] = []
        self._channels = {
            market.name: nouns.channel(
                market.name, currency=defaults.currency, locale=defaults.locale
            )
            for market in header.markets
        }
        self._variants = variants.Builder(
            header, defaults, nouns, channels=self._channels, problems=self._problems
        )

    def build(self, rows: Sequence[Row]) -> Iterator[Sourced | Problem]:
        """Raises Unfit for a vendor, type, option … that cannot be one."""
        self._problems.clear()
        first = rows[0]
        type_code = self._type(first)
        axes = self._axes(rows, type_code)
        selling = self._selling(rows, axes)
        raw = self._texts(first) | {
            "type": type_code,
            "listings": self._listings(first),
            "attributes": variants.metafields(
                self._nouns, self._header, first, owner="product", type_code=type_code
            ),
            "variants": [
                self._variants.build(row, rows, axes=axes, type_code=type_code)
                | {"position": position}
                for position, row in enumerate(selling)
            ],
        }
        if self._header.has("image src"):
            raw["media"] = _images(rows)
        yield from self._problems
        if all(problem.warning for problem in self._problems):
            yield from checking.product(raw, first.line, [row.line for row in selling])

    def _type(self, row: Row) -> str:
        if row["type"]:
            return self._nouns.type(row["type"])
        return self._nouns.type("Default", code="default")

    def _texts(self, row: Row) -> Raw:
        """What the file has a column for; an empty cell empties the field."""
        raw: Raw = {"slug": row["handle"]}
        if row["title"]:
            raw["name"] = naming.squeezed(row["title"])
        for column, field in (("body html", "description"), ("tags", "tags")):
            if self._header.has(column):
                raw[field] = row[column] or None
        if self._header.has("tags"):
            raw["tags"] = list(dict.fromkeys(listed(row["tags"])))
        if self._header.has("vendor"):
            raw["brand"] = self._nouns.brand(row["vendor"]) if row["vendor"] else None
        if self._header.has("product category"):
            raw["categories"] = self._categories(row["product category"])
        if self._header.has("seo title") or self._header.has("seo description"):
            seo = {"title": row["seo title"], "description": row["seo description"]}
            raw["seo"] = {field: text or None for field, text in seo.items()}
        if row["status"] or row["title"]:
            raw["status"] = row["status"].lower() or "active"
        if metadata := self._metadata(row):
            raw["metadata"] = metadata
        return raw

    def _categories(self, cell: str) -> list[str]:
        path = [name.strip() for name in cell.split(" > ") if name.strip()]
        if not path or path[-1].casefold() == _NO_CATEGORY:
            return []
        return [self._nouns.category(path)]

    def _metadata(self, row: Row) -> Raw:
        google = {key: row[column] for column, key in self._header.google.items() if row[column]}
        gift_card = row["gift card"].lower() in TRUE
        return ({"google": google} if google else {}) | ({"gift_card": True} if gift_card else {})

    def _listings(self, row: Row) -> list[Raw]:
        published = row["published"] if self._header.has("published") else "true"
        sold = {self._defaults.channel: published}
        for market in self._header.markets:
            sold[self._channels[market.name]] = row[market.included]
        return [
            {"channel": channel, "published_until": None if self._yes(cell, row) else _UNLISTED}
            for channel, cell in sold.items()
            if cell
        ]

    def _yes(self, cell: str, row: Row) -> bool:
        if cell.lower() not in TRUE | FALSE:
            said = "must be TRUE or FALSE"
            self._problems.append(Problem(row.line, ("listings",), cell, "INVALID", said))
        return cell.lower() in TRUE

    def _axes(self, rows: Sequence[Row], type_code: str) -> dict[int, str]:
        """Attribute of each of the three options. `Title` alone is how Shopify says: no options."""
        names = {
            n: next((row[f"option{n} name"] for row in rows if row[f"option{n} name"]), "")
            for n in (1, 2, 3)
        }
        values = {row["option1 value"] for row in rows} - {""}
        if names[1].casefold() == "title" and values <= {"Default Title"}:
            return {}
        axes: dict[int, str] = {}
        for n, name in names.items():
            if name:
                code = _SAME_AXIS.get(naming.code(name))
                axes[n] = self._nouns.attribute(name, "select", code=code)
                self._nouns.assign(type_code, axes[n], is_option=True)
        return axes

    def _selling(self, rows: Sequence[Row], axes: dict[int, str]) -> list[Row]:
        """The rows that are variants, each combination of options once."""
        found: dict[tuple[str, ...], Row] = {}
        for row in rows:
            if not any(row[column] for column in _SELLING):
                continue
            combination = [row[f"option{n} value"] for n in axes]
            former = found.setdefault(naming.alike(*combination), row)
            if former is row:
                continue
            what = naming.squeezed(" / ".join(combination)) or "the only variant"
            said = f"stands already on line {former.line} for this product; this row is left out"
            path = ("variants", "options")
            self._problems.append(
                Problem(row.line, path, what, "OPTIONS_AGAIN", said, warning=True)
            )
        return list(found.values()) or [row for row in rows[:1] if row["title"]]


def _images(rows: Sequence[Row]) -> list[Raw]:
    images = [row for row in rows if row["image src"]]
    images.sort(key=lambda row: _whole(row["image position"]))
    return [{"url": row["image src"], "alt": row["image alt text"]} for row in images]


def listed(cell: str) -> list[str]:
    return [naming.squeezed(item) for item in cell.split(",") if item.strip()]


def _whole(cell: str) -> int:
    """Pictures without a position come last."""
    return int(cell) if cell.isdecimal() else 2**31
