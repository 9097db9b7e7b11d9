"""A product and all that hangs on it, as stage rows."""

from collections.abc import Iterable

from catalog.writes import gtin
from catalog.writes.inputs import (
    MediaInput,
    PriceInput,
    PriceRecord,
    ProductInput,
    SeoInput,
    StockInput,
    StockRecord,
    VariantInput,
)
from catalog.writes.kinds import AttributeInput, Scalar
from catalog.writes.rows import (
    Owner,
    Rows,
    add_translations,
    given,
    interpretations,
    json_text,
    seo_given,
    slug_base,
    split,
)
from catalog.writes.staging import CHUNK, Problem, Sourced


def add_product(rows: Rows, record: ProductInput, sourced: Sourced) -> None:
    n, line = rows.products, sourced.line
    rows.products += 1
    if sourced.mode == "upsert" and sourced.target is None and not _found_by(record):
        rows.refuse(
            line, (), None, "needs an external_id, a slug or a variant's sku to be found by"
        )
    if sourced.lists == "replace":
        rows.filled.add("replace")
    owner = Owner(line, n=n)
    seo = record.seo or SeoInput()
    rows.of["stage_product"].append(
        (
            owner.chunk,
            n,
            line,
            [*_given(record, sourced), *seo_given(record)],
            sourced.target,
            sourced.mode,
            sourced.if_version if sourced.variant is None else None,
            sourced.lists == "replace",
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
            slug_base(record.slug, record.name),
        )
    )
    _add_values(rows, record.attributes, owner, axis=False)
    _add_media(rows, record.media, owner)
    add_translations(rows, record.translations, owner, "product")
    _add_places(rows, record, owner)
    _add_associations(rows, record, owner)
    for index, variant in enumerate(record.variants or ()):
        own_line = sourced.variant_lines[index] if sourced.variant_lines else line
        part = Owner(own_line, n=n, v=rows.variants, path=f"variants/{index}")
        known = (None, None) if sourced.variant is None else (sourced.variant, sourced.if_version)
        _add_variant(rows, variant, part, known)


def _given(record: ProductInput, sourced: Sourced) -> list[str]:
    """A variant that is written alone is no list of the product's."""
    alone = sourced.variant is not None
    return [name for name in given(record) if not (alone and name == "variants")]


def _found_by(record: ProductInput) -> bool:
    known = record.external_id or record.slug
    return bool(known or any(variant.sku for variant in record.variants or ()))


def _add_places(rows: Rows, record: ProductInput, owner: Owner) -> None:
    """Where it is shown: categories, collections, channels."""
    for kind, refs in (("category", record.categories), ("collection", record.collections)):
        rows.of["stage_membership"] += [
            (*owner.part(f"{_plural(kind)}/{index}"), kind, ref, index)
            for index, ref in enumerate(dict.fromkeys(refs or ()))
        ]
    rows.of["stage_listing"] += [
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


def _add_associations(rows: Rows, record: ProductInput, owner: Owner) -> None:
    rows.of["stage_association"] += [
        (
            *owner.part(f"associations/{index}"),
            association.product,
            association.kind,
            association.quantity,
            index,
        )
        for index, association in enumerate(record.associations or ())
    ]


def _add_variant(
    rows: Rows, variant: VariantInput, owner: Owner, known: tuple[int | None, int | None]
) -> None:
    """`known` is the row that it is, and the version that it must have."""
    rows.variants += 1
    trade_number = gtin.normalise(variant.barcode) if variant.barcode else None
    if variant.barcode and trade_number is None and gtin.looks_like_one(variant.barcode):
        rows.problems.append(
            Problem(
                owner.line,
                (*split(owner.path), "barcode"),
                variant.barcode,
                "INVALID_GTIN",
                "is no GTIN: its check digit or its length is wrong; kept as a plain barcode",
                warning=True,
            )
        )
    rows.of["stage_variant"].append(
        (
            *owner.part(),
            given(variant),
            *known,
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
    _add_values(rows, dict(variant.options or {}), owner, axis=True)
    _add_values(rows, variant.attributes, owner, axis=False)
    _add_media(rows, variant.media, owner)
    _add_prices(rows, variant.prices, owner)
    _add_stock(rows, variant.stock, owner)
    add_translations(rows, variant.translations, owner, "variant")


def add_price(rows: Rows, record: PriceRecord, sourced: Sourced) -> None:
    _add_prices(rows, (record,), _offered(rows, record.variant, sourced))


def add_stock(rows: Rows, record: StockRecord, sourced: Sourced) -> None:
    _add_stock(rows, (record,), _offered(rows, record.variant, sourced))


def _offered(rows: Rows, ref: str, sourced: Sourced) -> Owner:
    """The variant of a record that is not its product's."""
    owner = Owner(sourced.line, v=rows.variants, chunk=-1 - rows.offers // CHUNK)
    rows.variants += 1
    rows.offers += 1
    rows.of["stage_offer"].append((*owner.part(), ref))
    return owner


def _add_prices(rows: Rows, prices: Iterable[PriceInput] | None, owner: Owner) -> None:
    rows.of["stage_price"] += [
        (
            *owner.part(f"prices/{index}" if owner.n is not None else ""),
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


def _add_stock(rows: Rows, levels: Iterable[StockInput] | None, owner: Owner) -> None:
    rows.of["stage_stock"] += [
        (
            *owner.part(f"stock/{index}" if owner.n is not None else ""),
            given(level),
            level.location,
            level.on_hand,
            level.reserved,
            level.incoming,
        )
        for index, level in enumerate(levels or ())
    ]


def _add_media(rows: Rows, media: Iterable[MediaInput] | None, owner: Owner) -> None:
    distinct = {(medium.url, medium.alt): medium for medium in media or ()}
    rows.of["stage_media"] += [
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


def _add_values(
    rows: Rows, values: dict[str, AttributeInput] | None, owner: Owner, *, axis: bool
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
            rows.of["stage_value"].append(row)


def _plural(kind: str) -> str:
    return {"category": "categories", "collection": "collections"}[kind]
