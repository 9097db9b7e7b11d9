"""Relay connections over the pages that reads hand out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import Parent, field

from catalog.paging import Page
from catalog.views import Facet
from schema.fields import computed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    node: T
    cursor: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A page and the ways to learn of its list how long it is and what it may be narrowed by, which
    are only gone when asked for."""

    page: Page[T]
    count: Callable[[], Awaitable[int | None]]
    facets: Callable[[tuple[str, ...] | None], Awaitable[Sequence[Facet] | None]] | None = None

    @property
    def nodes(self) -> tuple[T, ...]:
        return self.page.items

    @property
    def edges(self) -> tuple[Place[T], ...]:
        pairs = zip(self.page.items, self.page.cursors, strict=True)
        return tuple(Place(node, cursor) for node, cursor in pairs)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next: bool = field(name="hasNextPage", description="Whether more follow this page.")
    has_previous: bool = field(
        name="hasPreviousPage", description="Whether there are others before this page."
    )
    start_cursor: str | None = field(
        description="The place of the first item: `before` it is the previous page."
    )
    end_cursor: str | None = field(
        description="The place of the last item: `after` it is the next page."
    )


@strawberry.type(description="One item of a list and its place.")
class Edge(Generic[T]):
    node: T = field(description="The item.")
    cursor: str = field(description="Its place, for `after` and `before`.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    nodes: list[T] = field(description="The items of this page.")
    edges: list[Edge[T]] = field(description="The items of this page with their places.")
    page: PageInfo = field(name="pageInfo", description="Where this page stands in the list.")

    @computed(int, "How many the whole list has, whatever the page; counted only when asked.")
    @staticmethod
    async def total_count(listing: Parent[Listing[Any]]) -> int:
        return await listing.count() or 0
