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
    Noun,
    SeoInput,
    TypeInput,
)
from catalog.writes.rows import (
    Owner,
    Row,
    Rows,
    add_translations,
    given,
    json_text,
    seo_given,
    slug_base,
)
from catalog.writes.staging import COLUMNS, Sourced

# Where the key stands among a noun's columns, and the integrator's next to it.
_KEY = COLUMNS["stage_brand"].index("slug")


def add_location(rows: Rows, record: LocationInput, sourced: Sourced) -> None:
    values = (record.code, record.external_id, record.name or record.code, record.channels)
    _add_noun(rows, "stage_location", record, sourced, values)


def _add_noun(
    rows: Rows,
    table: str,
    record: Noun,
    sourced: Sourced,
    values: Row,
    *,
    also: Iterable[str] = (),
) -> None:
    if sourced.mode == "upsert" and sourced.target is None and not any(values[:2]):
        key = COLUMNS[table][_KEY]
        rows.refuse(sourced.line, (key,), None, f"is missing: a {key} or an external_id finds it")
    meant = (sourced.target, sourced.mode, sourced.if_version, sourced.lists == "replace")
    if sourced.lists == "replace":
        rows.filled.add("replace")
    told = [*given(record), *also]
    rows.of[table].append((sourced.line, record.if_missing, told, *meant, *values))


def add_channel(rows: Rows, record: ChannelInput, sourced: Sourced) -> None:
    _add_noun(
        rows,
        "stage_channel",
        record,
        sourced,
        (
            record.code,
            record.external_id,
            record.name or record.code,
            record.default_currency,
            record.currencies,
            record.default_locale,
            record.locales,
            record.prices_include_tax,
            record.is_active,
            record.is_default,
        ),
    )


def add_attribute(rows: Rows, record: AttributeDefinition, sourced: Sourced) -> None:
    rules = {"localised": True} if record.localised else {}
    _add_noun(
        rows,
        "stage_attribute",
        record,
        sourced,
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
    add_translations(rows, record.translations, Owner(sourced.line, ref=record.code), "attribute")
    for index, option in enumerate(record.options):
        path = f"options/{index}"
        rows.of["stage_option"].append(
            (
                sourced.line,
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
        owner = Owner(sourced.line, ref=f"{record.code or ''}/{option.code}", path=path)
        add_translations(rows, option.translations, owner, "option")


def add_type(rows: Rows, record: TypeInput, sourced: Sourced) -> None:
    _add_noun(
        rows,
        "stage_type",
        record,
        sourced,
        (record.code, record.external_id, record.name or record.code),
    )
    rows.of["stage_assignment"] += [
        (
            sourced.line,
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


def add_brand(rows: Rows, record: BrandInput, sourced: Sourced) -> None:
    _add_noun(
        rows,
        "stage_brand",
        record,
        sourced,
        (
            record.slug,
            record.external_id,
            record.name,
            record.description,
            json_text(record.metadata),
            slug_base(record.slug, record.name),
        ),
    )
    add_translations(rows, record.translations, Owner(sourced.line, ref=record.slug), "brand")


def add_category(rows: Rows, record: CategoryInput, sourced: Sourced) -> None:
    values = (*_page(record), record.parent, record.position)
    _add_noun(rows, "stage_category", record, sourced, values, also=_page_given(record))
    add_translations(rows, record.translations, Owner(sourced.line, ref=record.slug), "category")


def add_collection(rows: Rows, record: CollectionInput, sourced: Sourced) -> None:
    rule = record.rule and record.rule.model_dump(mode="json", exclude_unset=True)
    values = (*_page(record), record.products, json_text(rule))
    _add_noun(rows, "stage_collection", record, sourced, values, also=_page_given(record))
    add_translations(rows, record.translations, Owner(sourced.line, ref=record.slug), "collection")


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
        slug_base(record.slug, record.name),
    )


def _page_given(record: BaseModel) -> tuple[str, ...]:
    image = ("image_id",) if "image" in record.model_fields_set else ()
    return (*seo_given(record), *image)
