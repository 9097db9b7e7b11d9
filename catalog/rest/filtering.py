"""Which products, as the query string says it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import TypeAdapter, ValidationError

from catalog import ids
from catalog.conditions import Amount
from catalog.errors import BadFilter
from catalog.reads import brands, categories, collections, filters
from catalog.reads.products import ProductWhere
from catalog.rest import refs
from catalog.rest.deps import Context
from catalog.rest.query import MAX_VALUES, Family, Key, Moment, Several

MOST_ATTRIBUTES = 20
SIGNS = {"gte": "At least", "gt": "More than", "lte": "At most", "lt": "Less than"}
NOT_TO_BE_HAD = ProductWhere(none_of=ProductWhere(variant=filters.VariantIs(available=True)))

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT: TypeAdapter[Decimal] = TypeAdapter(Amount)

ATTRIBUTES = Family("attr.")


def _described(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    told = {"name": name, "in": "query", "required": False}
    return told | {"description": description, "schema": schema}


BY_ATTRIBUTE: dict[str, Any] = {
    "parameters": [
        _described(
            "attr.<code>",
            "With any of these values of the attribute, itself or in a variant: codes of options, "
            "texts, numbers, days or `true`.",
            {"type": "array", "items": {"type": "string"}},
        ),
        *(
            _described(f"attr.<code>.{sign}", f"{told} this number or day.", {"type": "string"})
            for sign, told in SIGNS.items()
        ),
    ]
}
"""For the OpenAPI document, which has no words for parameters of which each catalog has its own."""


async def _where(
    ctx: Context,
    id: Annotated[Several[Key], Query(description="These.")] = (),
    slug: Annotated[Several[Key], Query(description="Those with these slugs.")] = (),
    type: Annotated[Several[Key], Query(description="Codes of product types.")] = (),
    category: Annotated[
        Several[Key], Query(description="In these categories or their descendants: references.")
    ] = (),
    collection: Annotated[
        Several[Key], Query(description="In these collections: references.")
    ] = (),
    brand: Annotated[Several[Key], Query(description="Of these brands: references.")] = (),
    tag: Annotated[Several[Key], Query(description="With any of these tags.")] = (),
    status: Annotated[
        Several[Literal["draft", "active", "archived"]],
        Query(description="Without a token only `active` ones are there."),
    ] = (),
    updated_from: Annotated[
        Moment | None, Query(alias="updated_at.gte", description="Changed at or after this moment.")
    ] = None,
    updated_until: Annotated[
        Moment | None, Query(alias="updated_at.lt", description="Changed before this moment.")
    ] = None,
) -> ProductWhere:
    return ProductWhere(
        ids=ids.rows_of("Product", list(id) or None, path=("id",)),
        slugs=slug or None,
        type=type or None,
        category=await refs.rows(
            ctx, category, refs.CATEGORY, categories.by_ref, parameter="category"
        ),
        collection=await refs.rows(
            ctx, collection, refs.COLLECTION, collections.by_ref, parameter="collection"
        ),
        brand=await refs.rows(ctx, brand, refs.BRAND, brands.by_ref, parameter="brand"),
        tags=tag or None,
        status=status or None,
        updated_from=updated_from,
        updated_until=updated_until,
    )


Where = Annotated[ProductWhere, Depends(_where)]
"""By what is stored of a product itself."""


def _price(sign: str, description: str) -> Any:
    return Query(alias=f"price.{sign}", description=description)


async def _prices(
    gte: Annotated[Amount | None, _price("gte", "A variant costs at least this now.")] = None,
    gt: Annotated[Amount | None, _price("gt", "A variant costs more than this now.")] = None,
    lte: Annotated[Amount | None, _price("lte", "A variant costs at most this now.")] = None,
    lt: Annotated[Amount | None, _price("lt", "A variant costs less than this now.")] = None,
) -> filters.Range[Decimal] | None:
    limits = filters.Range(gte, gt, lte, lt)
    return limits if filters.asked(limits) else None


async def listed(
    where: Where,
    price: Annotated[filters.Range[Decimal] | None, Depends(_prices)],
    attributes: Annotated[Mapping[str, Sequence[str]], Depends(ATTRIBUTES)],
    available: Annotated[
        bool | None,
        Query(
            description="`true`: a variant can be had, at the price that is asked for; `false`: "
            "none can."
        ),
    ] = None,
) -> ProductWhere:
    """Also by what its variants have, and cost in the context."""
    return replace(
        where,
        attributes=_attributes(attributes),
        variant=_variant(price, available),
        all_of=(NOT_TO_BE_HAD,) if available is False else None,
    )


def _variant(
    price: filters.Range[Decimal] | None, available: bool | None
) -> filters.VariantIs | None:
    one = filters.VariantIs(price=price, available=available or None)
    return one if filters.asked(one) else None


def _attributes(
    given: Mapping[str, Sequence[str]],
) -> tuple[filters.AttributeFilter, ...] | None:
    """`color` has values of it, `weight.gte` a limit."""
    if len(given) > MOST_ATTRIBUTES:
        raise BadFilter(f"at most {MOST_ATTRIBUTES} parameters attr.…", path=("attr",))
    any_of: dict[str, Sequence[str]] = {}
    limits: dict[str, dict[str, str]] = {}
    for name, values in given.items():
        _refuse(name, values)
        code, _, sign = name.rpartition(".")
        if code and sign in SIGNS:
            limits.setdefault(code, {})[sign] = values[0]
        else:
            any_of[name] = values
    asked = [filters.AttributeFilter(code, any_of=values) for code, values in any_of.items()]
    asked += [_limited(code, held) for code, held in limits.items()]
    return tuple(asked) or None


def _refuse(name: str, values: Sequence[str]) -> None:
    path = (f"attr.{name}",)
    if not all(values):
        raise BadFilter("say a value; nothing is not everything", path=path)
    if len(values) > MAX_VALUES:
        raise BadFilter(f"at most {MAX_VALUES} values, not {len(values)}", path=path)
    if name.rpartition(".")[2] in SIGNS and "." in name and len(values) > 1:
        raise BadFilter("give one value", path=path)


def _limited(code: str, given: Mapping[str, str]) -> filters.AttributeFilter:
    """Days where they are written as days."""
    if all(_DAY.fullmatch(value) for value in given.values()):
        days = {sign: _day(code, sign, value) for sign, value in given.items()}
        return filters.AttributeFilter(code, date=filters.Range(**days))
    numbers = {sign: _number(code, sign, value) for sign, value in given.items()}
    return filters.AttributeFilter(code, number=filters.Range(**numbers))


def _day(code: str, sign: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadFilter("there is no such day", path=(f"attr.{code}.{sign}",)) from None


def _number(code: str, sign: str, value: str) -> Decimal:
    try:
        return _AMOUNT.validate_python(value)
    except ValidationError:
        raise BadFilter(
            "is neither a number such as 9.90, with up to 6 digits behind the point, nor a day "
            "such as 2026-03-01",
            path=(f"attr.{code}.{sign}",),
        ) from None
