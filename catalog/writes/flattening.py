"""Records into stage rows: what can be known of a value without asking the database."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

import nh3
import orjson
from pydantic import BaseModel
from slugify import slugify

from catalog.writes import gtin
from catalog.writes.inputs import (
    AttributeDefinition,
    AttributeInput,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    LocationInput,
    MediaInput,
    PriceInput,
    ProductInput,
    Scalar,
    SeoInput,
    StockInput,
    TranslationInput,
    TranslationRecord,
    Translations,
    TypeInput,
    VariantInput,
)
from catalog.writes.staging import CHUNK, Problem, Sourced

Row = tuple[object, ...]
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)$", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d$", re.ASCII)
_MARKUP = re.compile(r"[<&]")


class Flattener:
    """Numbers products and variants over a load, and collects rows until they are taken."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.problems: list[Problem] = []
        self.products = 0
        self.variants = 0

    def add(self, sourced: Sourced) -> None:
        record, line = sourced.record, sourced.line
        match record:
            case ProductInput():
                self._product(record, sourced)
            case TranslationRecord():
                self._translation(
                    record, Owner(line, ref=record.ref), record.kind, record.locale, ""
                )
            case ChannelInput():
                self._channel(record, line)
            case LocationInput():
                self._noun(
                    "stage_location",
                    record,
                    line,
                    (record.code, record.external_id, record.name or record.code, record.channels),
                )
            case AttributeDefinition():
                self._attribute(record, line)
            case TypeInput():
                self._type(record, line)
            case BrandInput():
                self._brand(record, line)
            case CategoryInput():
                self._category(record, line)
            case CollectionInput():
                self._collection(record, line)

    def take(self) -> dict[str, list[Row]]:
        rows, self.rows = dict(self.rows), defaultdict(list)
        return rows

    # Nouns

    def _noun(
        self,
        table: str,
        record: BaseModel,
        line: int,
        values: Row,
        *,
        also: Iterable[str] = (),
    ) -> None:
        if_missing = getattr(record, "if_missing", False)
        self.rows[table].append((line, if_missing, [*given(record), *also], *values))

    def _channel(self, record: ChannelInput, line: int) -> None:
        currencies = record.currencies or (record.default_currency,)
        locales = record.locales or (record.default_locale,)
        if record.default_currency not in currencies:
            self._refuse(
                line,
                ("default_currency",),
                record.default_currency,
                f"is not among the channel's currencies ({', '.join(currencies)}); add it there",
            )
        if record.default_locale not in locales:
            self._refuse(
                line,
                ("default_locale",),
                record.default_locale,
                f"is not among the channel's locales ({', '.join(locales)}); add it there",
            )
        if record.is_default and not record.is_active:
            self._refuse(line, ("is_active",), "false", "a default channel must be active")
        self._noun(
            "stage_channel",
            record,
            line,
            (
                record.code,
                record.external_id,
                record.name or record.code,
                record.default_currency,
                currencies,
                record.default_locale,
                locales,
                record.prices_include_tax,
                record.is_active,
                record.is_default,
            ),
        )

    def _attribute(self, record: AttributeDefinition, line: int) -> None:
        rules = {"localised": True} if record.localised else {}
        self._noun(
            "stage_attribute",
            record,
            line,
            (
                record.code,
                record.external_id,
                record.name or record.code,
                record.kind,
                record.unit,
                record.filterable,
                record.searchable,
                record.sortable,
                record.position,
                json_text(rules),
            ),
            also=("rules",) if "localised" in record.model_fields_set else (),
        )
        self._translations(record.translations, Owner(line, ref=record.code), "attribute")
        for index, option in enumerate(record.options):
            path = f"options/{index}"
            self.rows["stage_option"].append(
                (
                    line,
                    record.if_missing,
                    given(option),
                    path,
                    record.code,
                    option.code,
                    option.label or option.code,
                    index if option.position is None else option.position,
                    option.swatch,
                )
            )
            owner = Owner(line, ref=f"{record.code}/{option.code}", path=path)
            self._translations(option.translations, owner, "option")

    def _type(self, record: TypeInput, line: int) -> None:
        self._noun(
            "stage_type",
            record,
            line,
            (record.code, record.external_id, record.name or record.code),
        )
        self.rows["stage_assignment"] += [
            (
                line,
                record.if_missing,
                f"attributes/{index}",
                record.code,
                assignment.attribute,
                "variant" if assignment.is_option else assignment.level,
                assignment.is_option,
                assignment.required,
                assignment.position,
            )
            for index, assignment in enumerate(record.attributes)
        ]

    def _brand(self, record: BrandInput, line: int) -> None:
        self._noun(
            "stage_brand",
            record,
            line,
            (
                record.slug,
                record.external_id,
                record.name,
                record.description,
                json_text(record.metadata),
            ),
        )
        self._translations(record.translations, Owner(line, ref=record.slug), "brand")

    def _category(self, record: CategoryInput, line: int) -> None:
        seo = record.seo or SeoInput()
        self._noun(
            "stage_category",
            record,
            line,
            (
                record.slug,
                record.external_id,
                record.parent,
                record.name,
                record.description,
                record.position,
                record.published,
                seo.title,
                seo.description,
                json_text(record.metadata),
                *_image(record.image),
            ),
            also=_page_given(record),
        )
        self._translations(record.translations, Owner(line, ref=record.slug), "category")

    def _collection(self, record: CollectionInput, line: int) -> None:
        seo = record.seo or SeoInput()
        self._noun(
            "stage_collection",
            record,
            line,
            (
                record.slug,
                record.external_id,
                record.name,
                record.description,
                record.published,
                seo.title,
                seo.description,
                json_text(record.metadata),
                *_image(record.image),
                record.products,
            ),
            also=_page_given(record),
        )
        self._translations(record.translations, Owner(line, ref=record.slug), "collection")

    # Products

    def _product(self, record: ProductInput, sourced: Sourced) -> None:
        n, line = self.products, sourced.line
        self.products += 1
        owner = Owner(line, n=n)
        seo = record.seo or SeoInput()
        self.rows["stage_product"].append(
            (
                owner.chunk,
                n,
                line,
                [*given(record), *_seo_given(record)],
                record.external_id,
                record.slug,
                record.type,
                record.brand,
                record.name,
                record.description,
                record.status,
                record.tags or (),
                seo.title,
                seo.description,
                json_text(record.metadata),
                json_text(record.private_metadata),
                record.tax_class,
                record.primary_category,
                _slug_base(record),
            )
        )
        self._values(record.attributes, owner, axis=False)
        self._media(record.media, owner)
        self._translations(record.translations, owner, "product")
        for kind, refs in (("category", record.categories), ("collection", record.collections)):
            self.rows["stage_membership"] += [
                (*owner.part(f"{_plural(kind)}/{index}"), kind, ref, index)
                for index, ref in enumerate(dict.fromkeys(refs or ()))
            ]
        self.rows["stage_listing"] += [
            (
                *owner.part(f"listings/{index}"),
                given(listing),
                listing.channel,
                listing.published_from,
                listing.published_until,
                listing.purchasable_from,
            )
            for index, listing in enumerate(record.listings or ())
        ]
        self.rows["stage_association"] += [
            (
                *owner.part(f"associations/{index}"),
                association.product,
                association.kind,
                association.quantity,
                index,
            )
            for index, association in enumerate(record.associations or ())
        ]
        for index, variant in enumerate(record.variants or ()):
            own_line = sourced.variant_lines[index] if sourced.variant_lines else line
            self._variant(variant, Owner(own_line, n=n, v=self.variants, path=f"variants/{index}"))

    def _variant(self, variant: VariantInput, owner: "Owner") -> None:
        self.variants += 1
        trade_number = gtin.normalise(variant.barcode) if variant.barcode else None
        if variant.barcode and trade_number is None and gtin.looks_like_one(variant.barcode):
            self.problems.append(
                Problem(
                    owner.line,
                    (*split(owner.path), "barcode"),
                    variant.barcode,
                    "INVALID_GTIN",
                    "is no GTIN: its check digit or its length is wrong; kept as a plain barcode",
                    warning=True,
                )
            )
        self.rows["stage_variant"].append(
            (
                *owner.part(),
                given(variant),
                variant.external_id,
                variant.sku,
                variant.barcode,
                trade_number,
                variant.name,
                variant.position,
                variant.weight,
                variant.tracked,
                variant.backorder,
                json_text(variant.metadata),
                json_text(variant.private_metadata),
            )
        )
        self._values(dict(variant.options or {}), owner, axis=True)
        self._values(variant.attributes, owner, axis=False)
        self._media(variant.media, owner)
        self._prices(variant.prices, owner)
        self._stock(variant.stock, owner)
        self._translations(variant.translations, owner, "variant")

    def _prices(self, prices: Iterable[PriceInput] | None, owner: "Owner") -> None:
        self.rows["stage_price"] += [
            (
                *owner.part(f"prices/{index}"),
                price.channel,
                price.currency,
                price.min_quantity,
                price.amount,
                price.compare_at,
                price.valid_from,
                price.valid_until,
            )
            for index, price in enumerate(prices or ())
        ]

    def _stock(self, levels: Iterable[StockInput] | None, owner: "Owner") -> None:
        self.rows["stage_stock"] += [
            (
                *owner.part(f"stock/{index}"),
                given(level),
                level.location,
                level.on_hand,
                level.reserved,
                level.incoming,
            )
            for index, level in enumerate(levels or ())
        ]

    def _media(self, media: Iterable[MediaInput] | None, owner: "Owner") -> None:
        distinct = {(medium.url, medium.alt): medium for medium in media or ()}
        self.rows["stage_media"] += [
            (
                *owner.part(f"media/{index}"),
                medium.url,
                medium.kind,
                medium.alt,
                medium.width,
                medium.height,
                index,
            )
            for index, medium in enumerate(distinct.values())
        ]

    def _values(
        self, values: dict[str, AttributeInput] | None, owner: "Owner", *, axis: bool
    ) -> None:
        """A null value stays as a row without one: it clears what was there."""
        for code, value in (values or {}).items():
            part = owner.part(f"{'options' if axis else 'attributes'}/{code}")
            if isinstance(value, dict):
                texts: list[tuple[str | None, Scalar | None]] = list(value.items())
            elif isinstance(value, tuple):
                texts = [(None, item) for item in dict.fromkeys(value)]
            else:
                texts = [(None, value)]
            for ordinal, (locale, scalar) in enumerate(texts or [(None, None)]):
                row = (*part, code, axis, locale, *interpretations(scalar), ordinal)
                self.rows["stage_value"].append(row)

    def _translations(self, translations: Translations | None, owner: "Owner", kind: str) -> None:
        for locale, texts in (translations or {}).items():
            self._translation(texts, owner, kind, locale, f"translations/{locale}")

    def _translation(
        self, texts: TranslationInput, owner: "Owner", kind: str, locale: str, path: str
    ) -> None:
        seo = texts.seo or SeoInput()
        self.rows["stage_translation"].append(
            (
                *owner.part(path),
                kind,
                owner.ref,
                locale,
                [*given(texts), *_seo_given(texts)],
                texts.name,
                texts.slug,
                texts.description,
                seo.title,
                seo.description,
            )
        )

    def _refuse(self, line: int, path: tuple[str | int, ...], value: str, message: str) -> None:
        self.problems.append(Problem(line, path, value, "INVALID", message))


class Owner:
    """Whose part a row is, and where it stood."""

    __slots__ = ("chunk", "line", "n", "path", "ref", "v")

    def __init__(
        self,
        line: int,
        *,
        n: int | None = None,
        v: int | None = None,
        ref: str | None = None,
        path: str = "",
    ) -> None:
        self.line, self.n, self.v, self.ref, self.path = line, n, v, ref, path
        self.chunk = None if n is None else n // CHUNK

    def part(self, path: str = "") -> Row:
        joined = f"{self.path}/{path}" if self.path and path else self.path or path
        return (self.chunk, self.n, self.v, self.line, joined)


def interpretations(value: Scalar | None) -> Row:
    """A value as text, cleaned HTML, number, boolean and date, as far as it can be each: which of
    them counts is the attribute's to say, and that only the database knows."""
    if value is None:
        return (None, None, None, None, None)
    if isinstance(value, bool):
        text = "true" if value else "false"
        return (text, text, None, value, None)
    if isinstance(value, int | Decimal):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return (text, text, Decimal(value), _BOOLEANS.get(text), None)
    html = nh3.clean(value) if _MARKUP.search(value) else value
    stripped = value.strip()
    return (value, html, _number(stripped), _BOOLEANS.get(stripped.lower()), _date(stripped))


def _number(text: str) -> Decimal | None:
    if len(text) > 40 or not _NUMBER.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def given(record: BaseModel) -> list[str]:
    """The fields that were sent: absent is not null."""
    return list(record.model_fields_set)


def _seo_given(record: BaseModel) -> tuple[str, ...]:
    if "seo" not in record.model_fields_set:
        return ()
    seo: SeoInput | None = getattr(record, "seo", None)
    sent = seo.model_fields_set if seo else {"title", "description"}
    return tuple(f"seo_{field}" for field in sent)


def _page_given(record: BaseModel) -> tuple[str, ...]:
    image = ("image_id",) if "image" in record.model_fields_set else ()
    return (*_seo_given(record), *image)


def _image(image: MediaInput | None) -> tuple[str | None, str | None]:
    return (image.url, image.alt) if image else (None, None)


def _slug_base(record: ProductInput) -> str | None:
    """What a slug is made of where none was sent."""
    if record.slug or not record.name:
        return None
    return slugify(record.name, max_length=200, word_boundary=True) or "product"


def _plural(kind: str) -> str:
    return {"category": "categories", "collection": "collections"}[kind]


def json_text(value: object) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()


def split(path: str | None) -> tuple[str | int, ...]:
    """A stage row's path as the input's: `variants/0/sku` is ("variants", 0, "sku")."""
    parts = path.split("/") if path else []
    return tuple(int(part) if part.isdecimal() else part for part in parts)
