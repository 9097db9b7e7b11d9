"""`/docs` and `/openapi.json`: Swagger UI, every file of it served from here."""

from pathlib import Path

import orjson
from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from catalog.rest import openapi
from catalog.rest.deps import PUBLIC

FOLDER = Path(__file__).parent / "swagger"

# Swagger UI sets styles from its script, and draws icons from data: addresses.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def install(app: FastAPI) -> None:
    """Last of all: the document describes the routes that there are by then."""
    document = orjson.dumps(openapi.document(app))

    async def describe() -> Response:
        return Response(document, media_type="application/json")

    async def show() -> Response:
        return FileResponse(
            FOLDER / "index.html",
            headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"},
        )

    app.get("/openapi.json", include_in_schema=False, dependencies=[PUBLIC])(describe)
    app.get("/docs", include_in_schema=False, dependencies=[PUBLIC])(show)
    app.mount("/docs/assets", StaticFiles(directory=FOLDER))
