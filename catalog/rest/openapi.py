"""The OpenAPI document: what FastAPI derives, and what it cannot know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from catalog.rest.problems import MEDIA_TYPE, Problem

JsonObject = dict[str, Any]

DESCRIPTION = """\
Everything a shop shows: products, variants, attributes, categories, collections, brands, prices
and stock.

**References.** One thing is named by `id:` and its id, `slug:` and its slug, `sku:`, `barcode:` or
`gtin:` of a variant, or `ext:` and the integrator's own key; a bare key is a slug (of a variant a
SKU, of an attribute or a channel a code). Percent-encode what a key holds of `/ ? # %`.

**Lists.** A parameter of several values takes them with commas or repeated; `\\,` is a comma
inside a value. `page.next` and `page.prev` are values of `cursor`, and the `Link` header has the
addresses.

**Access.** Without a token only what is published in the channel; `Authorization: Bearer cat_…`
with the scope `catalog:read` shows drafts and exact stock too.

Errors are problem details of RFC 9457; `code` tells them apart.
"""

REASONS = {
    301: "It moved: the slug is a former one.",
    400: "The question is wrong: a reference, a cursor or a parameter that there is not.",
    401: "The token is missing, or not (any longer) good.",
    403: "The token lacks the scope.",
    404: "There is no such thing, or it is not to be seen in this channel.",
    409: "Several variants have this barcode; `detail` lists their SKUs.",
    422: "A parameter is not what it should be.",
    503: "The database cannot be reached right now.",
}
ALWAYS = (400, 401, 404, 422, 503)


def problems(*statuses: int) -> dict[int | str, JsonObject]:
    """The `responses` of a route: what may go wrong with every one, and these."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": REASONS[status], **({"content": problem} if status >= 400 else {})}
        for status in sorted({*ALWAYS, *statuses})
    }


def document(app: FastAPI) -> JsonObject:
    found = get_openapi(
        title="Catalog",
        version=app.version,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        routes=app.routes,
    )
    components = found.setdefault("components", {})
    components["schemas"] |= _schemas(Problem)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "cat_…"}
    }
    for path, item in found["paths"].items():
        for operation in item.values():
            _complete(operation, public=not path.startswith("/v1/stock"))
    return found


def _schemas(model: type[Problem]) -> JsonObject:
    schema = model.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _complete(operation: JsonObject, *, public: bool) -> None:
    operation["security"] = [{}, {"token": []}] if public else [{"token": []}]
