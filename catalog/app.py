"""The application: the one place where the database, both faces and files to show meet."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from catalog import db, settings
from catalog.jobs import loop as jobs
from catalog.jobs import sweep
from catalog.rest import docs, openapi, problems, v1
from catalog.rest.deps import PUBLIC, declared
from catalog.rest.requests import Head, RequestId
from catalog.sample import PICTURES
from catalog.settings import Settings
from schema.http import graphql_router


def create_app(settings: Settings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with db.connected(settings), jobs.beside_requests(settings), sweep.beside():
            _settle()
            yield

    app = FastAPI(
        version=version("catalog"),
        lifespan=lifespan,
        dependencies=[Depends(declared)],
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation,
    )
    app.add_middleware(Head)
    app.add_middleware(RequestId)
    problems.install(app)
    # Routes are tried in turn, and trying all of REST's takes longer than a small answer.
    app.include_router(graphql_router(settings, dependencies=[PUBLIC]))
    for router in v1.ROUTERS:
        app.include_router(router, dependencies=v1.CHECKED)
    app.mount("/media", StaticFiles(directory=PICTURES))
    docs.install(app)
    return app


def _settle() -> None:
    """What was made at the start stays. Looked through with every collection of garbage, of which
    an import makes much, it would hold the event loop for a fifth of a second each time. And what
    an answer makes goes with it: searched for cycles at every 700th object, as Python does, it
    would cost a tenth more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def from_environment() -> FastAPI:
    """What the server loads, in each of its workers."""
    return create_app(settings.current())
