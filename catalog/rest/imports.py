"""`/v1/imports`: files handed in, which are imported while nobody waits."""

import codecs
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from catalog import db, ids
from catalog.errors import BadRequest, NotFound
from catalog.files.formats import Format
from catalog.jobs import queue, report
from catalog.jobs.options import OnError, Options, checked
from catalog.jobs.report import MEDIA_TYPES, Target
from catalog.paging import Page
from catalog.reads import imports
from catalog.rest import import_shapes as shapes
from catalog.rest import paging, parts
from catalog.rest.answers import JSON
from catalog.rest.deps import Listing, Principal, Scope, Snapshot
from catalog.rest.import_uploads import FORM, RAW, Upload, received
from catalog.rest.openapi import problems
from catalog.writes import idempotency
from catalog.writes.staging import Lists

SCOPE = [Depends(Scope("catalog:write"))]
# What one says of a job is old in the next moment, and nobody else's business.
HEADERS = {"Cache-Control": "no-store"}

router = APIRouter(prefix=shapes.PREFIX, tags=["imports"])


async def _options(
    format: Annotated[
        Format | None, Query(description="When it would not be recognised by what is in the file.")
    ] = None,
    encoding: Annotated[
        str | None, Query(description="When it would not be recognised, such as `cp1252`.")
    ] = None,
    currency: Annotated[
        str | None,
        Query(description="Of prices that name none; the channel's own.", pattern="^[A-Z]{3}$"),
    ] = None,
    channel: Annotated[
        str | None, Query(description="Where the products are sold; the default channel.")
    ] = None,
    on_error: Annotated[
        OnError,
        Query(
            description="`abort`: one error, and nothing is written. `skip`: the products that "
            "have errors are left out."
        ),
    ] = "abort",
    dry_run: Annotated[
        bool, Query(description="Check everything, write nothing, and tell what would happen.")
    ] = False,
    lists: Annotated[
        Lists,
        Query(
            description="Whether lists of a record (variants, prices …) are merged into those that "
            "are there, or replace them."
        ),
    ] = "merge",
) -> Options:
    _refuse_unknown(encoding)
    return Options(
        format=format,
        encoding=encoding,
        currency=currency,
        channel=channel,
        on_error=on_error,
        dry_run=dry_run,
        lists=lists,
    )


def _refuse_unknown(encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except (LookupError, ValueError):
        raise BadRequest(
            "the encoding is unknown; common ones are utf-8, cp1252, utf-16", path=("encoding",)
        ) from None


_CSV = "record,slug,name,sku,price.EUR\nproduct,desk-lamp,Desk lamp,DL-1,19.90\n"
_LINE = '{"record": "product", "slug": "desk-lamp", "name": "Desk lamp"}\n'
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_BODY: dict[str, Any] = {
    "required": True,
    "description": "The file, at most 50 MB: as the body, with any of these media types (its "
    "content tells the format); or as the part `file` of a form, which may have a `mapping` beside "
    "it. It may be packed: `Content-Encoding: gzip`, or a .gz or .xz file.",
    "content": {
        FORM: {
            "example": {"file": _CSV},
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "contentMediaType": "application/octet-stream",
                        "description": "The catalog, with its filename.",
                    },
                    "mapping": {
                        "type": "string",
                        "description": "YAML that says which column is which field.",
                    },
                },
            },
        },
        **{kind: {"schema": _FILE, "example": _LINE if "json" in kind else _CSV} for kind in RAW},
    },
}


def _told(description: str, example: Any, **headers: str) -> Any:
    described = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    no_store = {"Cache-Control": {"description": "`no-store`", "schema": {"type": "string"}}}
    return {
        "description": description,
        "headers": described | no_store,
        "content": {JSON: {"example": example}},
    }


@router.post(
    "",
    name="start",
    summary="Hand in a file to be imported",
    description="Shopify and WooCommerce product CSV, our own CSV and NDJSON, any other CSV, JSON "
    "or JSON Lines with a mapping. Imports run one after the other in the order they came. The "
    "same file again changes nothing.",
    status_code=202,
    response_model=shapes.Import,
    responses={
        **problems(403, 408, 409, 413, 415),
        202: _told(
            "It is in the queue; ask for it at `Location`.",
            shapes.EXAMPLE,
            Location="The address of the import.",
        ),
    },
    dependencies=SCOPE,
    openapi_extra={"requestBody": _BODY},
)
async def start(
    request: Request,
    snapshot: Snapshot,
    principal: Principal,
    options: Annotated[Options, Depends(_options)],
    file_name: Annotated[
        str | None,
        Query(
            description="Instead of the one in `Content-Disposition`, for messages.", min_length=1
        ),
    ] = None,
    idempotency_key: Annotated[
        str | None, Header(description="The same request again with it starts no second import.")
    ] = None,
) -> Response:
    # Whoever sends slowly must not keep a connection.
    await snapshot.renew()
    async with received(request, name=file_name) as upload:
        _refuse_unknown(upload.charset)
        told = replace(
            options,
            encoding=options.encoding or upload.charset,
            mapping=None if upload.mapping is None else checked(upload.mapping),
        )
        async with db.unit_of_work():
            return await _started(upload, told, principal.token_id or 0, idempotency_key)


async def _started(upload: Upload, options: Options, token_id: int, key: str | None) -> Response:
    digest = b""
    if key is not None:
        said = repr(options).encode()
        digest = idempotency.digest(shapes.PREFIX.encode(), said, await upload.digest())
        if kept := await idempotency.begin(token_id, key, digest):
            job = int(kept.answer)
            return await _answer(job, status=kept.status)
    job = await queue.add(upload.file, options, name=upload.name, token_id=token_id)
    if key is not None:
        await idempotency.keep(token_id, key, digest, 202, str(job).encode())
    return await _answer(job, status=202)


async def _answer(job: int, *, status: int = 200) -> Response:
    async with db.uncommitted():
        shape = shapes.shown(await _job(job))
    return _json(shape, {"Location": shape.links.self}, status=status)


@router.get(
    "",
    name="page",
    summary="Imports, the newest first",
    response_model=shapes.Imports,
    responses={
        **problems(403),
        200: _told(
            "A page.",
            {"items": [shapes.EXAMPLE], "page": {"next": None, "prev": None, "total": None}},
            Link="`first`, `prev` and `next`: RFC 8288.",
        ),
    },
    dependencies=SCOPE,
)
async def page(request: Request, principal: Principal, listing: Listing) -> Response:
    listed: Page[Any] = await imports.page(principal, paging=listing.paging)
    total = await imports.count() if listing.counted else None
    info = paging.page_info(listed, total=total)
    shown = shapes.Imports.model_construct(
        items=[shapes.shown(each) for each in listed.items], page=info
    )
    return _json(shown, {"Link": paging.links(request, info)})


async def _id(
    id: Annotated[str, Path(description="As an answer told it.", examples=[shapes.EXAMPLE["id"]])],
) -> int:
    return ids.row_of(shapes.KIND, id)


Id = Annotated[int, Depends(_id)]


async def _job(job: int) -> imports.Import:
    view = await imports.by_id(job)
    if view is None:
        raise NotFound("there is no such import; ended ones are forgotten after 30 days")
    return view


@router.get(
    "/{id}",
    name="one",
    summary="How far an import is, and what came of it",
    response_model=shapes.Import,
    responses={**problems(403), 200: _told("The import.", shapes.EXAMPLE)},
    dependencies=SCOPE,
)
async def one(id: Id) -> Response:
    return _json(shapes.shown(await _job(id)), {})


@router.post(
    "/{id}/cancel",
    name="cancel",
    summary="Stop an import",
    description="At the next chunk, within two seconds or so. What it has written stays, and is "
    "counted.",
    status_code=202,
    response_model=shapes.Import,
    responses={**problems(403, 409), 202: _told("It stops.", shapes.EXAMPLE)},
    dependencies=SCOPE,
)
async def cancel(id: Id, snapshot: Snapshot) -> Response:
    await queue.cancel(id)
    await snapshot.renew()
    return _json(shapes.shown(await _job(id)), {}, status=202)


def _errors(target: Target) -> Any:
    """The `responses` of a route that answers with the rows that were refused."""
    told = _told("A line each.", None)
    content = {MEDIA_TYPES[target].partition(";")[0]: {"schema": {"type": "string"}}}
    return {**problems(403), 200: {**told, "content": content}}


async def _refused(job: int, target: Target) -> Response:
    view = await _job(job)
    name = f"{view.file_name}.errors.{target}".encode("ascii", "replace").decode()
    quoted = name.replace("\\", "_").replace('"', "_").replace("?", "_")
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{quoted}"'}
    pieces = report.pieces(target, job)
    return StreamingResponse(pieces, headers=headers, media_type=MEDIA_TYPES[target])


@router.get(
    "/{id}/errors.csv",
    name="errors_table",
    summary="The rows that were refused or doubted, as CSV",
    description="What is wrong and what would be right, and then the row as the file has it. "
    "Cells that a spreadsheet would run as a formula begin with an apostrophe.",
    response_class=Response,
    responses=_errors("csv"),
    dependencies=SCOPE,
)
async def errors_table(id: Id) -> Response:
    return await _refused(id, "csv")


@router.get(
    "/{id}/errors.ndjson",
    name="errors_lines",
    summary="The rows that were refused or doubted, as NDJSON",
    description="What is wrong and what would be right; `input` is the row as the file has it.",
    response_class=Response,
    responses=_errors("ndjson"),
    dependencies=SCOPE,
)
async def errors_lines(id: Id) -> Response:
    return await _refused(id, "ndjson")


def _json(shape: parts.Shape, headers: dict[str, str], *, status: int = 200) -> Response:
    content = shape.__pydantic_serializer__.to_json(shape)
    return Response(content, status_code=status, headers=HEADERS | headers, media_type=JSON)
