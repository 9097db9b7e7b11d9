"""`POST /v1/{noun}:bulk`: records a line each, loaded as one or as they come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from catalog.files.uploads import Form
from catalog.rest import bodies
from catalog.rest.deps import Scope
from catalog.rest.openapi import problems
from catalog.rest.uploads import MEDIA_TYPE, Order, Results

JsonObject = dict[str, Any]

FORMS: Final[Mapping[str, Form]] = {"application/x-ndjson": "ndjson", "text/csv": "csv"}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Bulk:
    """An address; `noun` is what its records call themselves, `kind` what their ids are of."""

    noun: str
    kind: str
    scope: str
    ndjson: str
    csv: str


_BULKS: Final[Mapping[str, Bulk]] = {
    "products": Bulk(
        "product",
        "Product",
        "catalog:write",
        '{"external_id": "P-1001", "tags": ["linen", "sale"]}\n'
        '{"slug": "harbour-linen-shirt", "brand": null}\n',
        "external_id,status,sku,price.EUR\nP-1001,active,HLS-CHK-S,69.00\n,,HLS-CHK-M,69.00\n",
    ),
    "categories": Bulk(
        "category",
        "Category",
        "catalog:write",
        '{"slug": "shirts", "name": "Shirts", "parent": "clothing"}\n',
        "slug,name,parent\nshirts,Shirts,clothing\n",
    ),
    "collections": Bulk(
        "collection",
        "Collection",
        "catalog:write",
        '{"slug": "summer", "name": "Summer", "products": ["harbour-linen-shirt"]}\n',
        "slug,name,products\nsummer,Summer,harbour-linen-shirt\n",
    ),
    "brands": Bulk(
        "brand",
        "Brand",
        "catalog:write",
        '{"external_id": "B-01", "slug": "brackenfold", "name": "Brackenfold"}\n',
        "external_id,slug,name\nB-01,brackenfold,Brackenfold\n",
    ),
    "attributes": Bulk(
        "attribute",
        "Attribute",
        "catalog:write",
        '{"code": "fit", "name": "Fit", "kind": "select", '
        '"options": [{"code": "slim", "label": "Slim"}]}\n',
        "record,code,name,kind,label\nattribute,fit,Fit,select,\noption,slim,,,Slim\n",
    ),
    "types": Bulk(
        "type",
        "ProductType",
        "catalog:write",
        '{"code": "shirt", "name": "Shirt", "attributes": [{"attribute": "fit"}]}\n',
        "record,code,name,attribute\ntype,shirt,Shirt,\nassignment,,,fit\n",
    ),
    "channels": Bulk(
        "channel",
        "Channel",
        "catalog:write",
        '{"code": "eu", "currencies": ["EUR", "USD"]}\n',
        "code,currencies\neu,EUR|USD\n",
    ),
    "locations": Bulk(
        "location",
        "StockLocation",
        "catalog:write",
        '{"code": "hamburg", "name": "Hamburg", "channels": ["eu"]}\n',
        "code,name,channels\nhamburg,Hamburg,eu\n",
    ),
    "prices": Bulk(
        "price",
        "Variant",
        "prices:write",
        '{"variant": "HLS-CHK-S", "currency": "EUR", "amount": "69.00"}\n',
        "sku,channel,currency,amount,compare_at,min_quantity,valid_from,valid_until\n"
        "HLS-CHK-S,,EUR,69.00,79.00,,,\n",
    ),
    "stock": Bulk(
        "stock",
        "Variant",
        "stock:write",
        '{"variant": "HLS-CHK-S", "location": "hamburg", "on_hand": 12}\n',
        "sku,location,on_hand,reserved,incoming\nHLS-CHK-S,hamburg,12,0,40\n",
    ),
}

_DESCRIPTION = """\
A record a line, as `docs/bulk.md` says; a line of results for each comes back.

With `on_error=abort` all lines are checked first, and any error means that nothing is written: 422
and the same lines. With `skip` up to 1,000 lines at a time are committed and answered while more
are coming; lines with errors are left out, and a line may refer to a later one. Up to 50 MB, gzip
too. The same upload again changes nothing, so it needs no Idempotency-Key.
"""
_RESULT = {
    "line": 1,
    "status": "updated",
    "id": "UHJvZHVjdDox",
    "external_id": "P-1001",
    "errors": [],
}
_RESULT_SCHEMA: JsonObject = {
    "type": "object",
    "description": "One line of the answer.",
    "required": ["line", "status", "id", "external_id", "errors"],
    "properties": {
        "line": {
            "type": ["integer", "null"],
            "description": "1-based, of the record's first line; null: of the upload as a whole.",
        },
        "status": {"enum": ["created", "updated", "unchanged", "failed"]},
        "id": {
            "type": ["string", "null"],
            "description": "Of the record; of prices and stock, the variant's.",
        },
        "external_id": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "path", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "path": {
                        "type": "array",
                        "items": {"type": ["string", "integer"]},
                        "description": "Into the record; in a CSV, the column.",
                    },
                    "message": {"type": "string"},
                },
            },
        },
    },
}


def _answers() -> dict[int | str, JsonObject]:
    content = {MEDIA_TYPE: {"schema": _RESULT_SCHEMA, "example": _RESULT}}
    found = problems(403, 408, 413, 415)
    found[422]["content"] |= content
    found[422]["description"] = "Nothing was written: the results say why. Or a parameter is wrong."
    return {**found, 200: {"description": "A line for each line.", "content": content}}


def _body(bulk: Bulk) -> JsonObject:
    texts = {"application/x-ndjson": bulk.ndjson, "text/csv": bulk.csv}
    content = {
        name: {"schema": {"type": "string"}, "example": text} for name, text in texts.items()
    }
    return {"requestBody": {"required": True, "content": content}}


def _route(address: str, bulk: Bulk) -> None:
    @router.post(
        f"/v1/{address}:bulk",
        name="bulk",
        tags=[address],
        summary=f"Write many {address}",
        description=_DESCRIPTION,
        response_class=Response,
        responses=_answers(),
        dependencies=[Depends(Scope(bulk.scope))],
        openapi_extra=_body(bulk),
    )
    async def _(
        request: Request,
        on_error: Annotated[
            Literal["abort", "skip"],
            Query(description="Write nothing where anything is wrong, or all the rest."),
        ] = "abort",
        lists: Annotated[
            Literal["merge", "replace"],
            Query(description="What lists that were sent do to those that are there."),
        ] = "merge",
        dry_run: Annotated[
            bool, Query(description="Say what would become of each line, and write nothing.")
        ] = False,
    ) -> Response:
        form = FORMS[bodies.media_type(request, tuple(FORMS))]
        return Results(request, Order(bulk.noun, bulk.kind, form, on_error, lists, dry_run))


for _address, _bulk in _BULKS.items():
    _route(_address, _bulk)
