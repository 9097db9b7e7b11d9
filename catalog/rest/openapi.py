"""The OpenAPI document: what FastAPI derives, and what it cannot know."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from catalog.context import PUBLIC
from catalog.rest import examples, sent
from catalog.rest.deps import scope_of
from catalog.rest.problems import MEDIA_TYPE, Problem
from catalog.rest.searching import ProductSearch
from catalog.writes.inputs import Record

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

**Searching.** `/v1/products` takes words (`q`), attributes (`attr.<code>`), prices and several sort
keys, and counts facets; `POST /v1/products/search` takes conditions of any shape, and every
`filter` that a facet tells, best beside others within `AND`.

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
    408: "The body came too slowly.",
    410: "What has changed since is not known any more: begin again.",
    413: "The body is too long.",
    415: "The body is of a type or encoding that is not taken here.",
    422: "A parameter is not what it should be.",
    503: "The database cannot be reached right now.",
}
WRITING = {
    403: "The token lacks the scope `catalog:write`.",
    404: "There is no such thing.",
    409: "Somebody else has a key of it, is writing it just now, or the request with this "
    "`Idempotency-Key` is still running: `code` tells.",
    412: "It is not in the version that `If-Match` says, or is there in spite of `If-None-Match`.",
    422: "Something in it is wrong: `errors` tells all of it. Or the `Idempotency-Key` came with "
    "another request before.",
    428: "`If-Match` is missing.",
}
"""Reasons where something is written."""

HEADERS = {
    301: {"Location": "Its address now, with the same parameters."},
    401: {"WWW-Authenticate": "`Bearer`: RFC 6750."},
    503: {"Retry-After": "In seconds."},
}
ALWAYS = (400, 401, 404, 422, 503)
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def problems(
    *statuses: int, reasons: Mapping[int, str] = MappingProxyType({})
) -> dict[int | str, JsonObject]:
    """The `responses` of a route: what may go wrong with every one, and these."""
    told = {**REASONS, **reasons}
    return {status: _response(status, told) for status in sorted({*ALWAYS, *statuses})}


def _response(status: int, reasons: Mapping[int, str]) -> JsonObject:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "description": reasons[status],
        **({"headers": _headers(HEADERS[status])} if status in HEADERS else {}),
        **({"content": problem} if status >= 400 else {}),
    }


def body(record: type[BaseModel], *media_types: str) -> JsonObject:
    """What a route takes whose handler reads it itself."""
    content = {"schema": {"$ref": f"#/components/schemas/{record.__name__}"}}
    return {
        "requestBody": {
            "required": True,
            "content": {each: dict(content) for each in media_types or (JSON,)},
        }
    }


IF_MATCH = "An `ETag` of it, so that nobody else's change is lost; `*` for whichever version it is."


def conditional(*, required: bool) -> JsonObject:
    """The headers that say which version is meant; where one is required no other makes sense."""
    own = _header("If-Match", IF_MATCH, required=required)
    none = _header("If-None-Match", "`*`: only if there is none yet.", required=False)
    return {"parameters": [own] if required else [own, none]}


def _header(name: str, description: str, *, required: bool) -> JsonObject:
    schema = {"type": "string"}
    told = {"name": name, "in": "header", "description": description, "schema": schema}
    return told | {"required": required, "example": "*"}


def _headers(described: dict[str, str]) -> JsonObject:
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in described.items()
    }


def operation(route: APIRoute) -> str:
    """The name that a generated client calls it by: `productsPage`."""
    return "".join(str(tag) for tag in route.tags[:1]) + route.name.title()


def document(app: FastAPI) -> JsonObject:
    found = get_openapi(
        title="Catalog",
        version=app.version,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        routes=app.routes,
    )
    components = found["components"]
    components["schemas"] |= _schemas(Problem) | _inputs()
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "cat_…"}
    }
    for each in iter_route_contexts(app.routes):
        route = each.original_route
        if isinstance(route, APIRoute) and route.path.startswith("/v1/"):
            for method in route.methods or ():
                _complete(found["paths"][route.path_format][method.lower()], route, method)
    return found


def _schemas(model: type[BaseModel]) -> JsonObject:
    schema = model.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _inputs() -> JsonObject:
    """Every record that can be sent; what only files say is left out."""
    models = get_args(get_args(Record)[0])
    _, schemas = models_json_schema(
        [(model, "validation") for model in (*models, ProductSearch)],
        ref_template="#/components/schemas/{model}",
    )
    found: JsonObject = schemas["$defs"]
    for schema in found.values():
        schema.get("properties", {}).pop("if_missing", None)
    return found


def _complete(operation: JsonObject, route: APIRoute, method: str) -> None:
    """Who may ask it, what it is asked in the sample shop, and what that answers."""
    scope = scope_of(route)
    operation["security"] = [{}, {"token": []}] if scope == PUBLIC else [{"token": [scope]}]
    noun = str(route.tags[0])
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _sent(parameter["schema"])
        if parameter["schema"].get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        if parameter["name"] == "ref":
            parameter["example"] = examples.REFERENCES[noun]
    if noun in examples.SHOWN and ":" not in route.path.removesuffix("{ref:path}"):
        listing = method == "GET" and "{ref" not in route.path
        searched = route.path == examples.SEARCHED
        _complete_noun(operation, noun, method, one=not (listing or searched))
        if searched:
            operation["requestBody"]["content"][JSON]["example"] = examples.SEARCH
            del operation["responses"]["200"]["headers"]["Link"]


def _complete_noun(operation: JsonObject, noun: str, method: str, *, one: bool) -> None:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = sent.example(noun, method)
    responses = operation["responses"]
    for answer in [responses[status] for status in ("200", "201") if status in responses]:
        answer["headers"] = _headers(
            {"Content-Language": "The locale of the texts."}
            | ({"ETag": "Its version, for `If-Match`."} if one else {})
            | ({} if one else {"Link": "`first`, `prev` and `next`: RFC 8288."})
        )
        if content := answer["content"].get(JSON):
            content["example"] = _answered(content["schema"], noun, one=one)


def _answered(schema: JsonObject, noun: str, *, one: bool) -> JsonObject:
    if schema.get("$ref", "").endswith("/DryRun"):
        return examples.DRY_RUN
    return examples.one(noun) if one else examples.page(noun)


def _sent(schema: JsonObject) -> JsonObject:
    """What can be sent of a parameter that may be left out: no null, and no list of nothing."""
    options = [option for option in schema.pop("anyOf", ()) if option != {"type": "null"}]
    told = {name: schema[name] for name in schema if name not in ("title", "description")}
    if told.get("type") == "array":
        told.pop("default", None)
        told["minItems"] = 1
    return told | (options[0] if options else {})
