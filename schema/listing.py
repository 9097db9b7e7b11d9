"""Lists of products: of all, and of every category, collection or brand of a level."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar

from strawberry import UNSET, argument
from strawberry.types.fields.resolver import StrawberryResolver

from catalog import views
from catalog.context import Context
from catalog.paging import Page, Paging
from catalog.reads import products
from schema.answer import Info
from schema.edges import edge
from schema.filters import ProductSort, ProductWhere, product_order, product_where
from schema.types.paging import Listing

T = TypeVar("T")

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
    sort: Annotated[
        list[ProductSort] | None, argument(description="Their order; the newest first by default.")
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listing[views.Product]:
    ctx, narrowed = info.context.ctx, product_where(where or None)
    page = await products.page(
        ctx,
        narrowed,
        order=product_order(sort or None),
        paging=paging(first=first, after=after, last=last, before=before),
    )
    return Listing(page, partial(products.count, ctx, narrowed))


ARGUMENTS = StrawberryResolver(resolve_products).arguments


def products_of(owner: products.Owner, *, description: str) -> Any:
    """The products of each object of the level, with the arguments that the root's list has."""

    async def pages(
        ctx: Context,
        ids: Sequence[int],
        *,
        where: products.ProductWhere,
        order: str,
        paging: Paging,
    ) -> dict[int, Page[views.Product]]:
        return await products.pages_by_owner_ids(ctx, owner, ids, where, order=order, paging=paging)

    async def counts(
        ctx: Context, ids: Sequence[int], *, where: products.ProductWhere
    ) -> dict[int, int]:
        return await products.counts_by_owner_ids(ctx, owner, ids, where)

    return edge(pages, *ARGUMENTS, read=_read, count=counts, description=description)


def _read(
    where: ProductWhere | None = None, sort: list[ProductSort] | None = None, **place: Any
) -> Mapping[str, Any]:
    return {
        "where": product_where(where or None),
        "order": product_order(sort or None),
        "paging": paging(**place),
    }
