"""What products refer to, as stage rows."""

from collections.abc import Iterable

from pydantic import BaseModel

from catalog.writes.inputs import (
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    LocationInput,
    SeoInput,
    TypeInput,
)
from catalog.writes.rows import Owner, Row, Rows, add_translations, given, json_text, seo_given


def add_location(rows: Rows, record: LocationInput, line: int) -> None:
    values = (record.code, record.external_id, record.name or record.code, record.channels)
    _add_noun(rows, "stage_location", record, line, values)


def _add_noun(
    rows: Rows,
    table: str,
    record: BaseModel,
    line: int,
    values: Row,
    *,
    also: Iterable[str] = (),
) -> None:
    if_missing = getattr(record, "if_missing", False)
    rows.of[table].append((line, if_missing, [*given(record), *also], *values))


def add_channel(rows: Rows, record: ChannelInput, line: int) -> None:
    currencies = record.currencies or (record.default_currency,)
    locales = record.locales or (record.default_locale,)
    if record.default_currency not in currencies:
        rows.refuse(
            line,
            ("default_currency",),
            record.default_currency,
            f"is not among the channel's currencies ({', '.join(currencies)}); add it there",
        )
    if record.default_locale not in locales:
        rows.refuse(
            line,
            ("default_locale",),
            record.default_locale,
            f"is not among the channel's locales ({', '.join(locales)}); add it there",
        )
    if record.is_default and not record.is_active:
        rows.refuse(line, ("is_active",), "false", "a default channel must be active")
    _add_noun(
        rows,
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


def add_attribute(rows: Rows, record: AttributeDefinition, line: int) -> None:
    rules = {"localised": True} if record.localised else {}
    _add_noun(
        rows,
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
    add_translations(rows, record.translations, Owner(line, ref=record.code), "attribute")
    for index, option in enumerate(record.options):
        path = f"options/{index}"
        rows.of["stage_option"].append(
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
        add_translations(rows, option.translations, owner, "option")


def add_type(rows: Rows, record: TypeInput, line: int) -> None:
    _add_noun(
        rows,
        "stage_type",
        record,
        line,
        (record.code, record.external_id, record.name or record.code),
    )
    rows.of["stage_assignment"] += [
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


def add_brand(rows: Rows, record: BrandInput, line: int) -> None:
    _add_noun(
        rows,
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
    add_translations(rows, record.translations, Owner(line, ref=record.slug), "brand")


def add_category(rows: Rows, record: CategoryInput, line: int) -> None:
    values = (*_page(record), record.parent, record.position)
    _add_noun(rows, "stage_category", record, line, values, also=_page_given(record))
    add_translations(rows, record.translations, Owner(line, ref=record.slug), "category")


def add_collection(rows: Rows, record: CollectionInput, line: int) -> None:
    values = (*_page(record), record.products)
    _add_noun(rows, "stage_collection", record, line, values, also=_page_given(record))
    add_translations(rows, record.translations, Owner(line, ref=record.slug), "collection")


def _page(record: CategoryInput | CollectionInput) -> Row:
    """What everything has that is a page of a shop."""
    seo = record.seo or SeoInput()
    image = record.image
    return (
        record.slug,
        record.external_id,
        record.name,
        record.description,
        record.published,
        seo.title,
        seo.description,
        json_text(record.metadata),
        *((image.url, image.alt) if image else (None, None)),
    )


def _page_given(record: BaseModel) -> tuple[str, ...]:
    image = ("image_id",) if "image" in record.model_fields_set else ()
    return (*seo_given(record), *image)
