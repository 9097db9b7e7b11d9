"""The same application without the breadth-first executor, to be measured beside it: graphql-core
with the answer's loaders, as it serves what that executor has no plan for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from catalog import app
from catalog.http_cache import HttpCache
from schema.execution import Schema

STOCK, UNCACHED = "bench.stock:stock", "bench.stock:uncached"

_breadth_first = Schema.breadth_first


async def _nothing(*_: Any, **__: Any) -> None:
    return None


async def _forgetting(schema: Schema, *_: Any, **__: Any) -> None:
    schema.document.cache_clear()


@contextmanager
def executing() -> Iterator[None]:
    """While the block runs, every query of this process is graphql-core's."""
    Schema.breadth_first = _nothing  # type: ignore[method-assign]
    try:
        yield
    finally:
        Schema.breadth_first = _breadth_first  # type: ignore[method-assign]


def stock() -> HttpCache:
    Schema.breadth_first = _nothing  # type: ignore[method-assign]
    return app.from_environment()


def uncached() -> HttpCache:
    """And every document is parsed and validated anew."""
    Schema.breadth_first = _forgetting  # type: ignore[method-assign, assignment]
    return app.from_environment()
