"""Lists of products: of all, and of every category, collection or brand of a level."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar

from strawberry import UNSET, argument
from strawberry.types.fields.resolver import StrawberryResolver

from catalog import views
from catalog.context import Context
from catalog.errors import BadRequest
from catalog.paging import Page, Paging
from catalog.reads import facets, products
from schema.answer import Info
from schema.edges import edge
from schema.filters import ProductWhere, Unavailable, product_where
from schema.sorting import ProductSort, product_order
from schema.types.paging import Listing

T = TypeVar("T")

MOST_FACETED = 10
"""Each list's facets are counted by themselves."""

First = Annotated[int | None, argument(description="At most so many, from the start or `after`.")]
After = Annotated[str | None, argument(description="Those behind this cursor.")]
Last = Annotated[int | None, argument(description="At most so many, from the end or `before`.")]
Before = Annotated[str | None, argument(description="Those before this cursor.")]


def paging(**asked: Any) -> Paging:
    """Of `first`, `after`, `last` and `before`, each as the client gave it or UNSET."""
    return Paging(**{name: value for name, value in asked.items() if value is not UNSET})


class Noun(Protocol[T]):
    """A module of reads with a list that takes no filter."""

    async def page(self, ctx: Context, *, paging: Paging) -> Page[T]: ...
    async def count(self, ctx: Context) -> int: ...


def listing(noun: Noun[T]) -> Callable[..., Awaitable[Listing[T]]]:
    """The resolver of such a list."""

    async def resolve(
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Listing[T]:
        asked = paging(first=first, after=after, last=last, before=before)
        page = await noun.page(info.context.ctx, paging=asked)
        return Listing(page, partial(noun.count, info.context.ctx))

    return resolve


async def resolve_products(
    info: Info,
    where: Annotated[ProductWhere | None, argument(description="Which ones.")] = UNSET,
    search: Annotated[
        str | None,
        argument(description="Words that they have, as somebody types them, mistakes and all."),
    ] = UNSET,
    sort: Annotated[
        list[ProductSort] | None,
        argument(
            description="Their order, by the first key, then the next; by default by relevance "
            "where there is a `search`, else the newest first."
        ),
    ] = UNSET,
    unavailable: Annotated[
        Unavailable | None, argument(description="What becomes of those that cannot be had.")
    ] = Unavailable.SHOW,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listing[views.Product]:
    ctx, listed = info.context.ctx, _listed(where, search, unavailable)
    page = await products.page(
        ctx,
        **listed,
        order=product_order(sort or None),
        paging=paging(first=first, after=after, last=last, before=before),
    )
    return Listing(
        page,
        partial(products.count, ctx, **listed),
        lambda codes: facets.of(ctx, **listed, codes=codes),
    )


ARGUMENTS = StrawberryResolver(resolve_products).arguments


def products_of(owner: products.Owner, *, description: str) -> Any:
    """The products of each object of the level, with the arguments that the root's list has."""

    async def pages(
        ctx: Context, ids: Sequence[int], **asked: Any
    ) -> dict[int, Page[views.Product]]:
        return await products.pages_by_owner_ids(ctx, owner, ids, **asked)

    async def counts(ctx: Context, ids: Sequence[int], **listed: Any) -> dict[int, int]:
        return await products.counts_by_owner_ids(ctx, owner, ids, **listed)

    async def faceted(
        ctx: Context, ids: Sequence[int], *, where: products.ProductWhere, **listed: Any
    ) -> dict[int, tuple[views.Facet, ...]]:
        if len(ids) > MOST_FACETED:
            raise BadRequest(
                f"facets of at most {MOST_FACETED} lists at once, not of {len(ids)}",
                path=("facets",),
            )
        return {id: await facets.of(ctx, _within(owner, id, where), **listed) for id in ids}

    return edge(
        pages, *ARGUMENTS, read=_read, count=counts, facets=faceted, description=description
    )


def _within(owner: products.Owner, id: int, where: products.ProductWhere) -> products.ProductWhere:
    """Any of one, so that the owner is nobody's choice: a facet ignores those."""
    of_owner: dict[str, Any] = {owner: (id,)}
    return products.ProductWhere(any_of=(products.ProductWhere(**of_owner),), all_of=(where,))


def _read(
    where: ProductWhere | None = None,
    search: str | None = None,
    sort: list[ProductSort] | None = None,
    unavailable: Unavailable | None = None,
    **place: Any,
) -> Mapping[str, Any]:
    return {
        **_listed(where, search, unavailable),
        "order": product_order(sort or None),
        "paging": paging(**place),
    }


def _listed(
    where: ProductWhere | None, search: str | None, unavailable: Unavailable | None
) -> Mapping[str, Any]:
    """Which products, on whichever page."""
    return {
        "where": product_where(where or None),
        "search": search or None,
        "unavailable": (unavailable or Unavailable.SHOW).value,
    }
