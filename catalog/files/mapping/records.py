"""Lines of a file made into records, as a mapping says."""

from collections.abc import Iterator, Sequence

from catalog.files import checking, naming
from catalog.files.mapping import expressions, variants
from catalog.files.mapping.attributes import Writer
from catalog.files.mapping.cells import Line, Skip
from catalog.files.mapping.language import Category, Mapping, Place, Variants, values
from catalog.files.mapping.survey import Survey
from catalog.files.mapping.transforms import Json, text
from catalog.files.mapping.work import Built, Work
from catalog.files.nouns import Unfit
from catalog.writes.staging import Problem, Sourced


class Builder:
    """Builds record after record; `work` remembers what may not repeat and what was mentioned."""

    def __init__(self, mapping: Mapping, work: Work, survey: Survey | None) -> None:
        self.mapping = mapping
        self.work = work
        self.survey = survey
        self._writer = Writer(work)
        self._used = used_paths(mapping)

    def build(self, lines: Sequence[Line]) -> Iterator[Sourced | Problem]:
        """What these lines mention and then their record, or what is wrong with them."""
        number = lines[0].number
        problems = self.work.problems = []
        try:
            made = list(self._made(lines, number))
        except Skip:
            return
        except Unfit as error:
            made = list(checking.unfit(error, number))
        yield from problems
        if all(problem.warning for problem in problems):
            yield from self.work.nouns.take(number)
            yield from made

    def _made(self, lines: Sequence[Line], number: int) -> Iterator[Sourced | Problem]:
        rows = variants.lines_of(self.mapping, self.work, lines)
        built = self._fields(lines)
        if self.mapping.record != "product":
            return checking.record({"record": self.mapping.record} | built, number)
        built |= self._product(built, lines, rows)
        return checking.product(built, number, [row[0].number for row in rows])

    def _fields(self, lines: Sequence[Line]) -> Built:
        mapping, work = self.mapping, self.work
        built = work.fields(mapping.fields, lines, ())
        parts: Built = {
            "metadata": work.raw(mapping.metadata, lines, ("metadata",)),
            "private_metadata": work.raw(mapping.private_metadata, lines, ("private_metadata",)),
            "options": self._options(lines),
            "translations": self._translations(lines),
        }
        return built | {name: part for name, part in parts.items() if part}

    def _translations(self, lines: Sequence[Line]) -> Built:
        built: Built = {}
        for locale, fields in self.mapping.translations.items():
            texts = self.work.fields(fields, lines, ("translations", locale))
            if texts:
                built[locale] = texts
        return built

    def _product(self, fields: Built, lines: Sequence[Line], rows: list[list[Line]]) -> Built:
        mapping, work = self.mapping, self.work
        type_ = work.nouns.type(text(fields.get("type")) or "default")
        attributes = self._writer.listed(
            mapping.attributes, lines, type_=type_, level="product", at=("attributes",)
        )
        parts: Built = {
            "brand": self._brand(text(fields.get("brand"))),
            "categories": self._categories(lines),
            "media": work.media(mapping.media, lines, ("media",)),
            "attributes": attributes,
            "listings": self._listings(),
            "variants": [self._variant(index, row, lines, type_) for index, row in enumerate(rows)],
        }
        if self.survey:
            rest, nested = self._rest(self.survey, lines, type_)
            parts["attributes"] = rest | attributes
            parts["metadata"] = nested | work.raw(mapping.metadata, lines, ("metadata",))
        parts = {name: part for name, part in parts.items() if part}
        return parts | {"type": type_}

    def _variant(
        self, index: int, lines: Sequence[Line], product: Sequence[Line], type_: str
    ) -> Built:
        return variants.build(
            self.mapping.variants or Variants(),
            lines,
            self._writer,
            product=product,
            type_=type_,
            channels=self.mapping.channels,
            at=("variants", index),
        )

    def _rest(self, survey: Survey, lines: Sequence[Line], type_: str) -> tuple[Built, Built]:
        """The first line that has something says it."""
        attributes: Built = {}
        nested: Built = {}
        for line in reversed(lines):
            more, deeper = self._writer.rest(survey, self._used, line, type_=type_)
            attributes |= more
            nested |= deeper
        return attributes, nested

    def _brand(self, name: str) -> str:
        return name if not name or name.startswith("ext:") else self.work.nouns.brand(name)

    def _categories(self, lines: Sequence[Line]) -> list[Json]:
        found: dict[str, None] = {}
        for line in lines:
            for index, category in enumerate(self.mapping.categories):
                found |= dict.fromkeys(self._category(category, line, ("categories", index)))
        return list(found)

    def _category(self, category: Category, line: Line, at: Place) -> list[str]:
        read = self.work.read(category.path or category.ref, [line], at)
        names = [text(name) for name in (read if isinstance(read, list) else [read])]
        names = [name for name in names if name]
        if category.ref or not names:
            return names
        return [self.work.nouns.category(names)]

    def _listings(self) -> list[Json]:
        for channel in self.mapping.channels:
            self.work.nouns.channel(
                channel.code.capitalize(),
                code=channel.code,
                currency=channel.currencies[0],
                currencies=channel.currencies,
                locale=channel.locale,
            )
        return [{"channel": channel.code} for channel in self.mapping.channels]

    def _options(self, lines: Sequence[Line]) -> list[Json]:
        built: list[Json] = []
        for line in lines:
            for option in self.mapping.options:
                here = ("options", len(built))
                read = {name: self.work.text(value, [line], here) for name, value in option}
                read["code"] = read["code"] or naming.code(read["label"])
                entry: Json = {name: found for name, found in read.items() if found}
                if read["label"]:
                    built.append(entry)
        return built


def used_paths(mapping: Mapping) -> frozenset[str]:
    """What `rest` leaves alone."""
    used = {source for _, value in values(mapping) for source in expressions.sources(value)}
    return frozenset(used | set(mapping.derive) | set(mapping.rest.except_ if mapping.rest else ()))
