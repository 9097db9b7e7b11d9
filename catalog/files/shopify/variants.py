"""A variant out of its row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from catalog.files import amounts, checking, naming
from catalog.files.nouns import Nouns
from catalog.files.reading import Defaults
from catalog.files.shopify.header import Header, Market
from catalog.files.table import Row
from catalog.writes.staging import Problem

Raw = dict[str, object]

TRUE = {"true", "yes", "1"}
FALSE = {"false", "no", "0"}
_POLICIES = {"continue": True, "deny": False, "true": True, "false": False}
_ROUNDED_BY_A_SPREADSHEET = re.compile(r"\d(\.\d+)?[eE]\+\d+")


class Builder:
    """Builds variant after variant, and remembers the SKUs of the file: Shopify lets several
    variants share one, here it names a single variant."""

    def __init__(
        self,
        header: Header,
        defaults: Defaults,
        nouns: Nouns,
        *,
        channels: Mapping[str, str],
        problems: list[Problem],
    ) -> None:
        self._header = header
        self._defaults = defaults
        self._nouns = nouns
        self._channels = channels
        self._problems = problems
        self._skus: dict[str, int] = {}
        self._location = nouns.location(
            "Default", code="default", channels=(defaults.channel, *channels.values())
        )

    def build(
        self, row: Row, rows: Sequence[Row], *, axes: Mapping[int, str], type_code: str
    ) -> Raw:
        labels = {
            code: row[f"option{n} value"] for n, code in axes.items() if row[f"option{n} value"]
        }
        raw: Raw = {
            "name": " / ".join(labels.values()) or None,
            "options": {code: self._nouns.option(code, label) for code, label in labels.items()},
            "attributes": metafields(
                self._nouns, self._header, row, owner="variant", type_code=type_code
            ),
            "prices": list(self._prices(row)),
        }
        metadata = self._variant_metadata(row)
        if self._header.has("variant sku"):
            raw["sku"] = self._sku(row, metadata)
        if self._header.has("variant barcode"):
            raw["barcode"] = self._barcode(row)
        if self._header.has("variant grams"):
            raw["weight"] = _weight(row["variant grams"])
        if self._header.has("variant inventory tracker"):
            raw["tracked"] = bool(row["variant inventory tracker"])
        if row["variant inventory policy"]:
            raw["backorder"] = self._backorder(row)
        if row["variant inventory qty"]:
            on_hand = row["variant inventory qty"]
            raw["stock"] = [{"location": self._location, "on_hand": on_hand}]
        if self._header.has("variant image"):
            raw["media"] = _image(row["variant image"], rows)
        if self._header.has("cost per item"):
            cost = row["cost per item"]
            raw["private_metadata"] = {"cost": cost} if cost else {}
        return raw | ({"metadata": metadata} if metadata else {})

    def _variant_metadata(self, row: Row) -> Raw:
        """What a storefront may want to know and the catalog has no field for."""
        metadata: Raw = {}
        for field in ("requires shipping", "taxable"):
            cell = row[f"variant {field}"].lower()
            if cell in TRUE | FALSE:
                metadata[field.replace(" ", "_")] = cell in TRUE
        for field in ("weight unit", "tax code"):
            if row[f"variant {field}"]:
                metadata[field.replace(" ", "_")] = row[f"variant {field}"]
        return metadata

    def _sku(self, row: Row, metadata: Raw) -> str | None:
        cell = row["variant sku"]
        sku = naming.squeezed(cell)
        if any(character in cell for character in "\r\n\t"):
            said = f"holds a line break or tab; imported as “{sku}”"
            self._warn(row, "sku", cell, "SKU_MENDED", said)
        first = self._skus.setdefault(sku, row.line)
        if sku and first != row.line:
            said = f"stands already on line {first}; here it is kept in metadata.sku only"
            self._warn(row, "sku", cell, "DUPLICATE_SKU", said)
            metadata["sku"] = sku
            return None
        return sku or None

    def _barcode(self, row: Row) -> str | None:
        """Without the apostrophe by which a spreadsheet is kept from rounding it."""
        barcode = row["variant barcode"].lstrip("'’").strip()
        if _ROUNDED_BY_A_SPREADSHEET.fullmatch(barcode):
            said = "was rounded by a spreadsheet, and is left out; export it again as text"
            self._warn(row, "barcode", barcode, "BARCODE_ROUNDED", said)
            return None
        return barcode or None

    def _backorder(self, row: Row) -> bool:
        cell = row["variant inventory policy"]
        policy = _POLICIES.get(cell.lower())
        if policy is None:
            path, said = ("variants", "backorder"), "must be deny or continue"
            self._problems.append(Problem(row.line, path, cell, "INVALID", said))
        return bool(policy)

    def _prices(self, row: Row) -> Iterator[Raw]:
        base = Market("", "", "variant price", "variant compare at price")
        for market in (base, *self._header.markets):
            if not row[market.price]:
                continue
            amount, compare_at = row[market.price], row[market.compare_at]
            yield {
                "amount": amount,
                "currency": self._defaults.currency,
                "channel": self._channels.get(market.name),
                "compare_at": self._former(amount, compare_at, row),
            }

    def _former(self, amount: str, compare_at: str, row: Row) -> str | None:
        """The price it is compared with, where that is higher; Shopify writes 0 for none."""
        price, former = amounts.number(amount), amounts.number(compare_at)
        if price is None or former is None or former > price:
            return compare_at or None
        if 0 < former < price:
            said = f"is below the price of {amount}, so it is left out"
            path = "prices/compare_at"
            self._warn(row, path, compare_at, "COMPARE_AT_BELOW_PRICE", said)
        return None

    def _warn(self, row: Row, field: str, value: str, code: str, said: str) -> None:
        path = ("variants", *field.split("/"))
        shown = checking.shortened(value)
        self._problems.append(Problem(row.line, path, shown, code, said, warning=True))


def metafields(
    nouns: Nouns,
    header: Header,
    row: Row,
    *,
    owner: Literal["product", "variant"],
    type_code: str,
) -> Raw:
    """Values by attribute code: `namespace.key`, a variant's with `variant.` before it."""
    values: Raw = {}
    for metafield in header.metafields:
        if metafield.owner != owner or not row[metafield.column]:
            continue
        key = metafield.key if owner == "product" else f"variant.{metafield.key}"
        code = nouns.attribute(metafield.name, "text", code=key)
        nouns.assign(type_code, code, level=owner)
        values[code] = row[metafield.column]
    return values


def _image(url: str, rows: Sequence[Row]) -> list[Raw]:
    """With the text that the same picture has among the product's."""
    alts = (row["image alt text"] for row in rows if row["image src"] == url)
    return [{"url": url, "alt": next(alts, "")}] if url else []


def _weight(cell: str) -> str | None:
    """Grams; Shopify writes 0 for a weight that nobody entered."""
    weight = amounts.number(cell)
    if weight is None or weight < 0:
        return cell or None
    return amounts.grams(weight) if weight else None
