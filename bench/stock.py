"""The same application without the breadth-first executor, to be measured beside it: graphql-core
with the answer's loaders, as it serves what that executor has no plan for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI

from catalog import app
from schema.execution import BreadthFirst, Schema

STOCK, UNCACHED = "bench.stock:stock", "bench.stock:uncached"

_extensions, _init = Schema.get_extensions, Schema.__init__


def _without(schema: Schema, sync: bool = False) -> list[Any]:
    found = _extensions(schema, sync)
    return [each for each in found if not isinstance(each, BreadthFirst)]


def _uncached(schema: Schema, *, open: bool) -> None:
    _init(schema, open=open)
    schema.document = schema._document  # type: ignore[assignment]


@contextmanager
def executing() -> Iterator[None]:
    """While the block runs, every query of this process is graphql-core's."""
    Schema.get_extensions = _without  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Schema.get_extensions = _extensions  # type: ignore[method-assign]


def stock() -> FastAPI:
    Schema.get_extensions = _without  # type: ignore[method-assign, assignment]
    return app.from_environment()


def uncached() -> FastAPI:
    """And every document is parsed and validated anew."""
    Schema.__init__ = _uncached  # type: ignore[method-assign, assignment]
    return stock()
