"""What `include` adds: for each noun the fields that cost reads, each read once for a whole answer.

A loader takes the views of one level and gives the shown value by the view's id; a name such as
`variants.prices` is the name of a loader of the level below.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from catalog import views
from catalog.context import Context
from catalog.paging import Page, encode_cursor
from catalog.reads import (
    associations,
    attributes,
    brands,
    categories,
    collections,
    media,
    prices,
    product_types,
    products,
    stock,
    variants,
)
from catalog.rest import parts, shapes
from catalog.rest.paging import AFTER


class View(Protocol):
    @property
    def id(self) -> int: ...


V = TypeVar("V", bound=View)
W = TypeVar("W")
S = TypeVar("S", bound=parts.Shape)
M = TypeVar("M", bound=BaseModel)

Tree: TypeAlias = Mapping[str, "Tree"]
Loader: TypeAlias = Callable[[Context, Sequence[V], Tree], Awaitable[Mapping[int, object]]]

FIRST_VARIANTS = 50


@dataclass(frozen=True, slots=True)
class Noun(Generic[V, S]):
    shape: type[S]
    loaders: Mapping[str, Loader[V]]

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that every answer has, unless it was asked for less."""
        return tuple(name for name in self.shape.model_fields if name not in self.loaders)


@dataclass(frozen=True, slots=True)
class Shown:
    """What to show of things: of their own fields these, or all; and what to include."""

    fields: tuple[str, ...] = ()
    include: Tree = field(default_factory=dict)


EVERYTHING = Shown()


def shown(fields: Iterable[str] = (), include: Iterable[str] = ()) -> Shown:
    return Shown(tuple(fields), _tree(include))


def _tree(names: Iterable[str]) -> Tree:
    """`("brand", "variants.prices")` as `{"brand": {}, "variants": {"prices": {}}}`."""
    root: dict[str, dict[str, object]] = {}
    for name in names:
        level = root
        for step in name.split("."):
            level = level.setdefault(step, {})  # type: ignore[assignment]  # recursive by nature
    return root  # type: ignore[return-value]


async def expand(
    ctx: Context, noun: Noun[V, S], found: Sequence[V], shown: Shown = EVERYTHING
) -> list[S]:
    """The views in their shape."""
    items = [noun.shape.model_validate(view) for view in found]
    fields = {"id", *shown.fields} if shown.fields else set(noun.fields)
    if not ctx.principal.sees_drafts:
        fields.discard("private_metadata")
    for item in items:
        item.model_fields_set.intersection_update(fields)
    for name, below in shown.include.items():
        values = await noun.loaders[name](ctx, found, below)
        for view, item in zip(found, items, strict=True):
            item.model_fields_set.add(name)
            if view.id in values:
                setattr(item, name, values[view.id])
    return items


async def _by_id(
    ctx: Context, noun: Noun[V, S], found: Sequence[V], shown: Shown = EVERYTHING
) -> dict[int, S]:
    items = await expand(ctx, noun, found, shown)
    return {view.id: item for view, item in zip(found, items, strict=True)}


def _one(
    read: Callable[[Context, Sequence[int]], Awaitable[Mapping[int, object]]],
    key: Callable[[V], int | None],
    shape: type[M],
) -> Loader[V]:
    """The one thing that each view names by its id."""

    async def load(ctx: Context, found: Sequence[V], _: Tree) -> Mapping[int, object]:
        named = {view.id: key(view) for view in found}
        wanted = sorted({row for row in named.values() if row is not None})
        shown = _shaped(await read(ctx, wanted), shape)
        return {owner: shown[row] for owner, row in named.items() if row in shown}

    return load


def _value(
    read: Callable[[Context, Sequence[int]], Awaitable[Mapping[int, W]]],
    shown: Callable[[W], object],
) -> Loader[View]:
    """What `read` says of each id, as `shown` makes it."""

    async def load(ctx: Context, found: Sequence[View], _: Tree) -> Mapping[int, object]:
        values = await read(ctx, [view.id for view in found])
        return {owner: shown(value) for owner, value in values.items()}

    return load


def _shaped(found: Mapping[int, object], shape: type[M]) -> dict[int, M]:
    return {row: shape.model_validate(view) for row, view in found.items()}


def _each(shape: type[M]) -> Callable[[Iterable[object]], list[M]]:
    return lambda values: [shape.model_validate(value) for value in values]


def _attributes(
    read: Callable[
        [Context, Sequence[int]], Awaitable[Mapping[int, Sequence[views.AttributeValue]]]
    ],
) -> Loader[View]:
    """Values of attributes, each with the name of its attribute."""

    async def load(ctx: Context, found: Sequence[View], _: Tree) -> Mapping[int, object]:
        values = await read(ctx, [view.id for view in found])
        wanted = {value.attribute_id for several in values.values() for value in several}
        named = _shaped(await attributes.by_ids(ctx, sorted(wanted)), shapes.AttributeName)
        return {
            owner: [shapes.attribute_value(value, named[value.attribute_id]) for value in several]
            for owner, several in values.items()
        }

    return load


async def _variants(
    ctx: Context, found: Sequence[views.Product], below: Tree
) -> Mapping[int, object]:
    pages = await variants.by_product_ids(
        ctx, [view.id for view in found], first=FIRST_VARIANTS, after=None
    )
    flat = [variant for page in pages.values() for variant in page.items]
    shown = await _by_id(ctx, VARIANT, flat, Shown(include=below))
    return {
        owner: shapes.Variants.model_construct(
            items=[shown[variant.id] for variant in page.items], page=_following(page)
        )
        for owner, page in pages.items()
    }


def _following(page: Page[views.Variant]) -> parts.PageInfo:
    """A cursor of `/v1/variants?product=`, whose order names the product too."""
    if not page.has_next:
        return parts.PageInfo(next=None, prev=None, total=None)
    last = page.items[-1]
    place = (last.product_id, last.position, last.id)
    cursor = encode_cursor(place, variants.VARIANT_ORDERS["position"])
    return parts.PageInfo(next=AFTER + cursor, prev=None, total=None)


async def _related(ctx: Context, found: Sequence[views.Product], _: Tree) -> Mapping[int, object]:
    related = await associations.by_product_ids(ctx, [view.id for view in found], kind=None)
    wanted = {one.target_id for several in related.values() for one in several}
    targets = await products.by_ids(ctx, sorted(wanted))
    shown = await _by_id(ctx, PRODUCT, list(targets.values()))
    return {
        owner: [
            shapes.Association.model_construct(
                kind=one.kind, quantity=one.quantity, product=shown[one.target_id]
            )
            for one in several
            if one.target_id in shown
        ]
        for owner, several in related.items()
    }


async def _product(ctx: Context, found: Sequence[views.Variant], _: Tree) -> Mapping[int, object]:
    owners = await products.by_ids(ctx, sorted({view.product_id for view in found}))
    shown = await _by_id(ctx, PRODUCT, list(owners.values()))
    return {view.id: shown[view.product_id] for view in found if view.product_id in shown}


_MEDIA = _each(parts.Media)

VARIANT: Noun[views.Variant, shapes.Variant] = Noun(
    shapes.Variant,
    {
        "product": _product,
        "options": _attributes(variants.options_by_ids),
        "attributes": _attributes(attributes.values_by_variant_ids),
        "media": _value(media.by_variant_ids, _MEDIA),
        "price": _value(prices.effective_by_variant_ids, parts.effective_price),
        "prices": _value(prices.by_variant_ids, _each(parts.Price)),
        "available": _value(stock.available_by_variant_ids, bool),
        "stock": _value(stock.by_variant_ids, _each(parts.StockLevel)),
    },
)

PRODUCT: Noun[views.Product, shapes.Product] = Noun(
    shapes.Product,
    {
        "type": _one(product_types.by_ids, lambda product: product.type_id, shapes.ProductType),
        "brand": _one(brands.by_ids, lambda product: product.brand_id, shapes.Brand),
        "category": _value(
            categories.by_product_ids, lambda found: shapes.Category.model_validate(found[0])
        ),
        "categories": _value(categories.by_product_ids, _each(shapes.Category)),
        "collections": _value(collections.by_product_ids, _each(shapes.Collection)),
        "image": _value(
            partial(media.by_product_ids, first=1),
            lambda found: parts.Media.model_validate(found[0]),
        ),
        "media": _value(media.by_product_ids, _MEDIA),
        "attributes": _attributes(attributes.values_by_product_ids),
        "price_range": _value(prices.range_by_product_ids, parts.PriceRange.model_validate),
        "compare_at_price_range": _value(
            prices.compare_at_range_by_product_ids, parts.PriceRange.model_validate
        ),
        "available": _value(stock.available_by_product_ids, bool),
        "related": _related,
        "variants": _variants,
    },
)

CATEGORY: Noun[views.Category, shapes.Category] = Noun(
    shapes.Category,
    {
        "image": _one(media.by_ids, lambda category: category.image_id, parts.Media),
        "ancestors": _value(categories.ancestors_by_ids, _each(shapes.Category)),
        "children": _value(categories.children_by_ids, _each(shapes.Category)),
    },
)

COLLECTION: Noun[views.Collection, shapes.Collection] = Noun(
    shapes.Collection,
    {"image": _one(media.by_ids, lambda collection: collection.image_id, parts.Media)},
)

BRAND: Noun[views.Brand, shapes.Brand] = Noun(shapes.Brand, {})

ATTRIBUTE: Noun[views.Attribute, shapes.Attribute] = Noun(
    shapes.Attribute,
    {"options": _value(attributes.options_by_attribute_ids, _each(shapes.AttributeOption))},
)

CHANNEL: Noun[views.Channel, shapes.Channel] = Noun(shapes.Channel, {})

TYPE: Noun[views.ProductType, shapes.Type] = Noun(
    shapes.Type,
    {"attributes": _value(product_types.assignments_by_ids, _each(shapes.Assignment))},
)

LOCATION: Noun[views.StockLocation, shapes.Location] = Noun(shapes.Location, {})
