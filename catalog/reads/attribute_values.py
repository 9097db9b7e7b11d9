"""What products and variants have of their attributes."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal

from catalog import db, settings, tags, views
from catalog.context import Context
from catalog.reads import query, translations, visibility
from catalog.reads.money import plain

Owner = Literal["product", "variant"]

OWNER_AND_ATTRIBUTE = itemgetter("owner_id", "attribute_id")

# The ids again: else their number is guessed from that of the values, and all variants are read.
PRODUCT_OF = {
    "product": "JOIN product AS p ON p.id = value.product_id AND p.id = ANY (:ids)",
    "variant": """JOIN variant AS v ON v.id = value.variant_id AND v.id = ANY (:ids)
        JOIN product AS p ON p.id = v.product_id""",
}


def _sql(ctx: Context, owner: Owner, *, only_axes: bool, only_codes: bool) -> str:
    """A row for each value, as the type orders them; of a text in several languages the best first.

    Served by attribute_value_<owner>_key, product_type_attribute_product_type_id_attribute_id_key.
    """
    return f"""
        SELECT value.{owner}_id AS owner_id, value.attribute_id, attribute.kind,
            value.number, value.text, value.boolean, value.date,
            value.reference_id, {translations.text(ctx, "r", "name")} AS reference_name,
            value.reference_id IS NULL OR r.id IS NOT NULL AS seen,
            o.id AS option_id, o.code, o.position, o.swatch,
            {translations.text(ctx, "o", "name", of="label")} AS label
        FROM attribute_value AS value
        {PRODUCT_OF[owner]}
        JOIN attribute ON attribute.id = value.attribute_id AND attribute.deleted_at IS NULL
        LEFT JOIN product_type_attribute AS assignment
            ON assignment.product_type_id = p.product_type_id
            AND assignment.attribute_id = value.attribute_id
        LEFT JOIN attribute_option AS o ON o.id = value.option_id
        {translations.join(ctx, "option", "o")}
        LEFT JOIN product AS r ON r.id = value.reference_id AND {visibility.products(ctx, "r")}
        {translations.join(ctx, "product", "r")}
        WHERE value.{owner}_id = ANY (:ids)
            AND (value.locale IS NULL OR value.locale = ANY (:spoken::text[]))
            {"AND coalesce(assignment.is_option, false)" if only_axes else ""}
            {"AND attribute.code = ANY (:codes)" if only_codes else ""}
        ORDER BY owner_id, assignment.position NULLS LAST, attribute.position, value.attribute_id,
            coalesce(array_position(:spoken::text[], value.locale), 1000),
            value.position, o.position, value.id"""


async def by_owner_ids(
    ctx: Context,
    owner: Owner,
    ids: Sequence[int],
    *,
    codes: Sequence[str] | None = None,
    only_axes: bool = False,
) -> dict[int, tuple[views.AttributeValue, ...]]:
    sql = _sql(ctx, owner, only_axes=only_axes, only_codes=codes is not None)
    spoken = [*ctx.locales, settings.current().catalog_locale]
    values = {"ids": list(ids), "spoken": spoken, "codes": codes}
    query.note_ids(sql, owner, ids)
    every = await query.rows(ctx, sql, **values) if ids else []
    tags.rows("product", {row["reference_id"] for row in every} - {None})
    rows = [row for row in every if row["seen"]]
    alike: dict[tuple[int, ...], views.AttributeValue] = {}
    found: dict[int, list[views.AttributeValue]] = {}
    for (owner_id, _), of_attribute in groupby(rows, key=OWNER_AND_ATTRIBUTE):
        found.setdefault(owner_id, []).append(_value(list(of_attribute), alike))
    return {owner_id: tuple(values) for owner_id, values in found.items()}


def _value(
    rows: Sequence[db.Record], alike: dict[tuple[int, ...], views.AttributeValue]
) -> views.AttributeValue:
    """One owner's value of one attribute, from a row for each option, reference or language. Of
    those that have the same options one is made, and is `alike` for all."""
    first = rows[0]
    attribute_id = first["attribute_id"]
    if first["option_id"] is not None:
        ids = tuple([row["option_id"] for row in rows])
        value = alike.get(ids)
        if value is None:
            options = tuple(map(_option, rows))
            labels = tuple([option.label for option in options])
            alike[ids] = value = views.AttributeValue(attribute_id, labels, options=options)
        return value
    if first["reference_id"] is not None:
        names = tuple(row["reference_name"] for row in rows)
        references = tuple(row["reference_id"] for row in rows)
        return views.AttributeValue(attribute_id, values=names, references=references)
    if first["number"] is not None:
        number = plain(first["number"])
        return views.AttributeValue(attribute_id, values=(str(number),), number=number)
    if first["boolean"] is not None:
        flag = first["boolean"]
        return views.AttributeValue(attribute_id, values=(str(flag).lower(),), bool=flag)
    if first["date"] is not None:
        day = first["date"]
        return views.AttributeValue(attribute_id, values=(day.isoformat(),), date=day)
    return views.AttributeValue(attribute_id, values=(first["text"],))


def _option(row: db.Record) -> views.AttributeOption:
    return views.AttributeOption(
        id=row["option_id"],
        attribute_id=row["attribute_id"],
        code=row["code"],
        label=row["label"],
        position=row["position"],
        swatch=row["swatch"],
    )
