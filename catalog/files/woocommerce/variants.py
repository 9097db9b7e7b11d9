"""What is sold: a variation, or the one variant of a simple product."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import nh3

from catalog.files import amounts, checking, naming
from catalog.files.nouns import Nouns
from catalog.files.reading import Defaults
from catalog.files.table import Row
from catalog.files.woocommerce import header
from catalog.files.woocommerce.header import Header
from catalog.writes.staging import Problem

Raw = dict[str, object]


class Builder:
    def __init__(
        self, known: Header, defaults: Defaults, nouns: Nouns, *, problems: list[Problem]
    ) -> None:
        self._header = known
        self._defaults = defaults
        self._nouns = nouns
        self._problems = problems
        self._location = nouns.location("Default", code="default", channels=(defaults.channel,))

    def build(self, row: Row, parent: Row | None, axes: Mapping[str, str]) -> Raw:
        """`axes` is attribute code by name. What a variation does not say its parent says."""
        raw: Raw = {
            "external_id": row["id"] or None,
            "sku": naming.squeezed(header.plain(row["sku"])) or None,
            "name": naming.squeezed(header.plain(row["name"])) or None if parent else None,
            "barcode": row["gtin upc ean or isbn"].lstrip("'") or None,
            "weight": header.grams(row, self._header)
            or (header.grams(parent, self._header) if parent else None),
            "options": self._options(row, axes),
            "prices": list(self._prices(row)),
            "metadata": self._metadata(row, parent),
        }
        if parent:
            raw["media"] = [{"url": url} for url in header.listed(row["images"])]
        return raw | self._stock(row, parent)

    def _options(self, row: Row, axes: Mapping[str, str]) -> Raw:
        """An axis that a variation leaves empty is any of its values, and none of them here."""
        cells = header.attributes(row, self._header)
        labels = {axes[name]: header.plain(cells[name]) for name in cells if name in axes}
        return {
            code: self._nouns.option(code, label.replace("\\,", ","))
            for code, label in labels.items()
        }

    def _metadata(self, row: Row, parent: Row | None) -> Raw:
        dimensions = header.dimensions(row, self._header)
        if parent and not dimensions:
            dimensions = header.dimensions(parent, self._header)
        metadata: Raw = {"dimensions": dimensions, "shipping_class": row["shipping class"]}
        if parent and row["description"]:
            metadata["description"] = nh3.clean(header.text(row["description"]))
        return {key: value for key, value in metadata.items() if value}

    def _stock(self, row: Row, parent: Row | None) -> Raw:
        """Without a number nobody counts: then only `In stock?` tells, and 0 is an empty shelf."""
        backorders = row["backorders allowed"].lower() in ("1", "notify", "yes")
        backorder = backorders or row["in stock"].lower() == "backorder"
        on_hand = row["stock"]
        if parent and on_hand.lower() == "parent":
            on_hand = parent["stock"]
        if not on_hand and row["in stock"] == "0":
            on_hand = "0"
        if not on_hand:
            return {"tracked": False, "backorder": backorder}
        stock = [{"location": self._location, "on_hand": on_hand}]
        return {"tracked": True, "backorder": backorder, "stock": stock}

    def _prices(self, row: Row) -> Iterator[Raw]:
        """A sale with dates is a price with a window; one without is the price, and the regular
        one what it is compared with."""
        regular, sale = row["regular price"], row["sale price"]
        if not regular and not sale:
            return
        price: Raw = {"currency": self._defaults.currency, "channel": None}
        if not regular or not sale:
            yield price | {"amount": regular or sale}
            return
        lower, usual = amounts.number(sale), amounts.number(regular)
        if lower is None:
            said = "is not a plain number: digits with a point for decimals, such as 1299.00"
            shown = checking.shortened(sale)
            self._problems.append(Problem(row.line, ("sale price",), shown, "INVALID", said))
            return
        if usual is not None and lower >= usual:
            said = f"is not below the regular price of {regular}, so it is left out"
            self._warn(row, "sale price", sale, "SALE_NOT_LOWER", said)
            yield price | {"amount": regular}
            return
        window = self._window(row)
        if window:
            yield price | {"amount": regular}
        yield price | {"amount": sale, "compare_at": regular} | window

    def _window(self, row: Row) -> Raw:
        """Both in UTC, as WooCommerce writes no offset; a last day is sold to its end."""
        starts, ends = row["date sale price starts"], row["date sale price ends"]
        window = {
            "valid_from": self._time(row, "date sale price starts", days=0) if starts else None,
            "valid_until": self._time(row, "date sale price ends", days=1) if ends else None,
        }
        return {field: time for field, time in window.items() if time}

    def _time(self, row: Row, column: str, *, days: int) -> str | None:
        cell = row[column]
        try:
            time = datetime.fromisoformat(cell)
        except ValueError:
            said = "must be a day such as 2026-05-01, or a time such as 2026-05-01T08:00:00"
            self._problems.append(Problem(row.line, (column,), cell, "INVALID", said))
            return None
        if len(cell) == len("2026-05-01"):
            time += timedelta(days=days)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()

    def _warn(self, row: Row, column: str, value: str, code: str, said: str) -> None:
        shown = checking.shortened(value)
        self._problems.append(Problem(row.line, (column,), shown, code, said, warning=True))
