"""The OpenAPI document: what FastAPI derives, and what it cannot know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from catalog.context import PUBLIC
from catalog.rest import examples
from catalog.rest.deps import scope_of
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
HEADERS = {
    301: {"Location": "Its address now, with the same parameters."},
    401: {"WWW-Authenticate": "`Bearer`: RFC 6750."},
    503: {"Retry-After": "In seconds."},
}
ALWAYS = (400, 401, 404, 422, 503)


def problems(*statuses: int) -> dict[int | str, JsonObject]:
    """The `responses` of a route: what may go wrong with every one, and these."""
    return {status: _response(status) for status in sorted({*ALWAYS, *statuses})}


def _response(status: int) -> JsonObject:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "description": REASONS[status],
        **({"headers": _headers(HEADERS[status])} if status in HEADERS else {}),
        **({"content": problem} if status >= 400 else {}),
    }


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
    components["schemas"] |= _schemas(Problem)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "cat_…"}
    }
    for each in iter_route_contexts(app.routes):
        route = each.original_route
        if isinstance(route, APIRoute) and route.path.startswith("/v1/"):
            for method in route.methods:
                _complete(found["paths"][route.path_format][method.lower()], route)
    return found


def _schemas(model: type[BaseModel]) -> JsonObject:
    schema = model.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _complete(operation: JsonObject, route: APIRoute) -> None:
    """Who may ask it, what it is asked in the sample shop, and what that answers."""
    scope = scope_of(route)
    operation["security"] = [{}, {"token": []}] if scope == PUBLIC else [{"token": [scope]}]
    noun = str(route.tags[0])
    for status, answer in operation["responses"].items():
        if status in ("200", "201"):
            _complete_answer(answer, noun, one=route.path.endswith("{ref:path}"))
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _sent(parameter["schema"])
        if parameter["schema"].get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        if parameter["name"] == "ref":
            parameter["example"] = examples.REFERENCES[noun]


def _complete_answer(answer: JsonObject, noun: str, *, one: bool) -> None:
    content = answer["content"].get("application/json")
    answer["headers"] = _headers(
        {"Content-Language": "The locale of the texts."}
        | ({} if one or content is None else {"Link": "`first`, `prev` and `next`: RFC 8288."})
    )
    if content is not None:
        content["example"] = examples.one(noun) if one else examples.page(noun)


def _sent(schema: JsonObject) -> JsonObject:
    """What can be sent of a parameter that may be left out: no null, and no list of nothing."""
    options = [option for option in schema.pop("anyOf", ()) if option != {"type": "null"}]
    told = {name: schema[name] for name in schema if name not in ("title", "description")}
    if told.get("type") == "array":
        del told["default"]
        told["minItems"] = 1
    return told | (options[0] if options else {})
