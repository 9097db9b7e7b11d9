"""The same application without the breadth-first executor, to be measured beside it: graphql-core
with the answer's loaders, as it serves what that executor has no plan for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI

from catalog import app
from schema.execution import BreadthFirst, Schema

STOCK, UNCACHED = "bench.stock:stock", "bench.stock:uncached"


@contextmanager
def executing() -> Iterator[None]:
    """While the block runs, every query is graphql-core's."""
    usual = Schema.get_extensions

    def without(self: Schema, sync: bool = False) -> list[Any]:
        return [each for each in usual(self, sync) if not isinstance(each, BreadthFirst)]

    Schema.get_extensions = without  # type: ignore[method-assign]
    try:
        yield
    finally:
        Schema.get_extensions = usual  # type: ignore[method-assign]


def stock() -> FastAPI:
    executing().__enter__()
    return app.from_environment()


def uncached() -> FastAPI:
    """And every document is parsed and validated anew."""
    usual = Schema.__init__

    def without(self: Schema, *, open: bool) -> None:
        usual(self, open=open)
        self.document = self._document  # type: ignore[assignment]

    Schema.__init__ = without  # type: ignore[method-assign]
    return stock()
