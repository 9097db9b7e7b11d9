"""A product out of its row and those of its variations."""

from collections.abc import Iterator, Mapping, Sequence

import nh3

from catalog.files import checking, naming
from catalog.files.nouns import Nouns
from catalog.files.reading import Defaults
from catalog.files.table import Row
from catalog.files.woocommerce import header, survey, variants
from catalog.files.woocommerce.header import Header
from catalog.files.woocommerce.survey import Survey
from catalog.files.woocommerce.variants import Raw
from catalog.writes.staging import Problem, Sourced

_KINDS = ("simple", "variable", "grouped", "external")
_STATUSES = {"1": "active", "0": "draft", "-1": "draft", "": "active"}
_LINKS = {"grouped products": "component", "upsells": "up_sell", "cross sells": "cross_sell"}


class Builder:
    """Builds product after product; `_problems` are those of the product at hand."""

    def __init__(self, known: Header, defaults: Defaults, nouns: Nouns, found: Survey) -> None:
        self._header = known
        self._defaults = defaults
        self._nouns = nouns
        self._found = found
        self._problems: list[Problem] = []
        self._variants = variants.Builder(known, defaults, nouns, problems=self._problems)

    def build(self, row: Row) -> Iterator[Sourced | Problem]:
        """Raises Unfit for a category, brand, option … that cannot be one."""
        self._problems.clear()
        key = survey.external_id(row)
        rows = [one for one in self._found.variations.get(key, []) if self._enabled(one)]
        kind, flags = survey.kinds(row)
        if rows:
            kind = "variable"
        axes = self._axes(row, rows)
        type_code = self._type(row, kind, axes)
        raw = self._texts(row, key) | {
            "type": type_code,
            "status": self._status(row),
            "categories": self._categories(row),
            "media": [{"url": url} for url in header.listed(row["images"])],
            "attributes": self._attributes(row, type_code, axes),
            "associations": self._associations(row, key),
            "metadata": self._metadata(row, kind, flags),
            "private_metadata": self._private(row),
        }
        if raw["status"] == "active":
            raw["listings"] = [{"channel": self._defaults.channel}]
        sold = rows if kind in ("variable", "grouped") else [row]
        raw["variants"] = [
            self._variants.build(one, row if rows else None, axes) | {"position": position}
            for position, one in enumerate(sold)
        ]
        yield from self._problems
        if all(problem.warning for problem in self._problems):
            yield from checking.product(raw, row.line, [one.line for one in sold])

    def _enabled(self, row: Row) -> bool:
        if row["published"] in ("0", "-1"):
            said = "is a variation that is not published; it was left out"
            self._warn(row, "published", row["published"], "NOT_PUBLISHED", said)
            return False
        return True

    def _type(self, row: Row, kind: str, axes: Mapping[str, str]) -> str:
        """One for each set of axes: elsewhere the same attribute may be the product's own."""
        if kind not in _KINDS:
            said = f"is a type we do not know; imported as simple. We know {', '.join(_KINDS)}"
            self._warn(row, "type", row["type"], "UNKNOWN_TYPE", said)
            kind = "simple"
        name = kind.capitalize()
        if axes:
            name = f"{name}: {', '.join(sorted(axes))}"
        code = self._nouns.type(name)
        for axis in axes.values():
            self._nouns.assign(code, axis, is_option=True)
        return code

    def _axes(self, row: Row, rows: Sequence[Row]) -> dict[str, str]:
        names = dict.fromkeys(name for one in rows for name in header.attributes(one, self._header))
        return {name: self._nouns.attribute(name, "select") for name in names}

    def _texts(self, row: Row, key: str) -> Raw:
        name = naming.squeezed(header.plain(row["name"]))
        raw: Raw = {"external_id": key} if key else {"slug": naming.slug(name)}
        raw["name"] = name or None
        raw["description"] = header.text(row["description"]) or None
        raw["tags"] = header.listed(row["tags"])
        raw["tax_class"] = row["tax class"] or None
        if self._header.has("brands"):
            brands = header.listed(row["brands"])
            raw["brand"] = self._nouns.brand(brands[0]) if brands else None
            if brands[1:]:
                said = f"are several brands; the first, {brands[0]}, is kept"
                self._warn(row, "brands", row["brands"], "SEVERAL_BRANDS", said)
        return raw

    def _status(self, row: Row) -> str | None:
        status = _STATUSES.get(row["published"])
        if status is None:
            said = "must be 1 (published), 0 (private) or -1 (draft)"
            self._problems.append(
                Problem(row.line, ("published",), row["published"], "INVALID", said)
            )
        return status

    def _categories(self, row: Row) -> list[str]:
        paths = (
            [name for part in path.split(">") if (name := part.strip())]
            for path in header.listed(row["categories"])
        )
        return [self._nouns.category(path) for path in paths if path]

    def _attributes(self, row: Row, type_code: str, axes: Mapping[str, str]) -> Raw:
        """Those that tell no variations of this product apart."""
        values: Raw = {}
        for name, cell in header.attributes(row, self._header).items():
            if name in axes:
                continue
            labels = header.listed(cell)
            code = self._attribute(name, several=len(labels) > 1)
            self._nouns.assign(type_code, code)
            values[code] = [self._nouns.option(code, label) for label in labels]
        return values

    def _attribute(self, name: str, *, several: bool) -> str:
        """An axis is a select and has one value; a product with several of them has a list."""
        code = naming.code(name)
        if code not in self._found.axes and self._nouns.kinds.get(code) != "select":
            return self._nouns.attribute(name, "multiselect")
        if several:
            return self._nouns.attribute(f"{name} list", "multiselect")
        return self._nouns.attribute(name, "select")

    def _associations(self, row: Row, key: str) -> list[Raw]:
        links: dict[tuple[str, str], Raw] = {}
        for column, kind in _LINKS.items():
            for ref in header.listed(row[column]):
                target = self._found.keys.get(ref)
                if target is None:
                    said = "is no product of this file, so the link to it is left out"
                    self._warn(row, column, ref, "LINK_LEFT_OUT", said)
                elif target != key:
                    links[kind, target] = {"product": f"ext:{target}", "kind": kind}
        return list(links.values())

    def _metadata(self, row: Row, kind: str, flags: Sequence[str]) -> Raw:
        metadata: Raw = dict.fromkeys(flags, True)
        if row["short description"]:
            metadata["short_description"] = nh3.clean(header.text(row["short description"]))
        if row["is featured"] == "1":
            metadata["featured"] = True
        if row["visibility in catalog"] not in ("", "visible"):
            metadata["visibility"] = row["visibility in catalog"]
        if row["tax status"] not in ("", "taxable"):
            metadata["tax_status"] = row["tax status"]
        if row["sold individually"] == "1":
            metadata["sold_individually"] = True
        if kind in ("variable", "grouped") and row["sku"]:
            metadata["sku"] = row["sku"]
        if row["external url"]:
            metadata["external"] = self._external(row)
        return metadata | self._meta(row, private=False)

    def _external(self, row: Row) -> Raw:
        url = row["external url"]
        if not url.startswith(("https://", "http://")):
            said = "must begin with https:// or http://"
            self._problems.append(Problem(row.line, ("external url",), url, "INVALID", said))
        return {"url": url, "button_text": row["button text"]}

    def _private(self, row: Row) -> Raw:
        """What only a buyer or the shop may see."""
        private: Raw = {}
        downloads = [
            {"name": row[f"download {n} name"], "url": row[f"download {n} url"]}
            for n in self._header.downloads
            if row[f"download {n} url"]
        ]
        if downloads:
            private["downloads"] = downloads
        for column in ("download limit", "download expiry days", "purchase note"):
            if row[column]:
                private[column.replace(" ", "_")] = row[column]
        return private | self._meta(row, private=True)

    def _meta(self, row: Row, *, private: bool) -> Raw:
        """WordPress hides meta keys that begin with an underscore."""
        meta = {
            key: header.plain(row[column])
            for column, key in self._header.meta.items()
            if row[column] and key.startswith("_") == private
        }
        return {"meta": meta} if meta else {}

    def _warn(self, row: Row, column: str, value: str, code: str, said: str) -> None:
        shown = checking.shortened(value)
        self._problems.append(Problem(row.line, (column,), shown, code, said, warning=True))
