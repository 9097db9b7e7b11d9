"""Facets: what a list may be narrowed by, and how many products there would be."""

from collections.abc import Sequence

from catalog import views
from catalog.context import Context
from catalog.reads.filters import EVERYTHING, ProductWhere


async def of(
    ctx: Context,
    where: ProductWhere = EVERYTHING,
    *,
    codes: Sequence[str] | None = None,
    search: str | None = None,
    unavailable: str = "show",
) -> tuple[views.Facet, ...]:
    raise NotImplementedError
