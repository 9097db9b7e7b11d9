"""The application: the one place where the database, both faces and files to show meet."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.staticfiles import StaticFiles

from catalog import aside, db, following, http_cache, settings
from catalog.http_cache import HttpCache
from catalog.jobs import loop as jobs
from catalog.jobs import sweep
from catalog.rest import caching, docs, openapi, problems, v1
from catalog.rest.deps import PUBLIC, declared
from catalog.rest.requests import Head, RequestId
from catalog.sample import PICTURES
from catalog.settings import Settings
from schema import http as graphql_over_http

# Where nothing of OpenTelemetry is set, FastAPI would look for it again with each request.
UNOBSERVED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(settings: Settings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with (
            db.connected(settings) as redis,
            following.opened(settings, cached, redis) as follower,
            jobs.beside_requests(settings),
            sweep.beside(follower, settings),
        ):
            graphql.documents.remote = redis
            aside.serve()
            _settle()
            yield

    app = FastAPI(
        version=version("catalog"),
        lifespan=lifespan,
        dependencies=[Depends(declared)],
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation,
        telemetry=None if any(name.startswith("OTEL_") for name in os.environ) else UNOBSERVED,
    )
    app.add_middleware(Head)
    app.add_middleware(RequestId)
    problems.install(app)
    graphql = graphql_over_http.Face(settings)
    # Routes are tried in turn, and trying all of REST's takes longer than a small answer.
    graphql_over_http.install(app, graphql, dependencies=[PUBLIC])
    for router in v1.ROUTERS:
        app.include_router(router, dependencies=v1.CHECKED)
    app.mount("/media", StaticFiles(directory=PICTURES))
    docs.install(app)
    faces = [http_cache.Face("/graphql", frozenset({"GET", "HEAD", "POST"}), graphql.key)]
    cached = HttpCache(app, [*faces, caching.FACE], max_age=settings.cache_max_age)
    app.state.cached = cached
    return app


def _settle() -> None:
    """What was made at the start stays. Looked through with every collection of garbage, of which
    an import makes much, it would hold the event loop for a fifth of a second each time. And what
    an answer makes goes with it: searched for cycles at every 700th object, as Python does, it
    would cost a tenth more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def from_environment() -> HttpCache:
    """What the server loads, in each of its workers."""
    return served(create_app(settings.current()))


def served(app: FastAPI) -> HttpCache:
    """The application with what is kept of its answers before it."""
    cached: HttpCache = app.state.cached
    return cached
