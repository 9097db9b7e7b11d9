"""What an answer says when something is wrong: problem details (RFC 9457), for every error."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from catalog import errors
from catalog.errors import CatalogError
from catalog.rest import bodies
from catalog.rest.requests import HEADER

MEDIA_TYPE = "application/problem+json"

# The nearest class of an error's own tree decides.
STATUS: dict[type[CatalogError], HTTPStatus] = {
    CatalogError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.BadRequest: HTTPStatus.BAD_REQUEST,
    bodies.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    bodies.BodyTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    bodies.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.AmbiguousReference: HTTPStatus.CONFLICT,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.VersionConflict: HTTPStatus.PRECONDITION_FAILED,
    errors.VersionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    errors.Unauthorized: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.CursorExpired: HTTPStatus.GONE,
    errors.FileRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
HEADERS: dict[HTTPStatus, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Bearer realm="catalog"'},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "1"},
}
# Reads speak of Relay's arguments; here one parameter stands for them.
PARAMETERS = {
    "after": "cursor",
    "before": "cursor",
    "first": "limit",
    "last": "limit",
    "codes": "facets",
}
IN_QUERY = {"search": "q", "attributes": "attr"}

logger = logging.getLogger(__name__)


class ProblemError(BaseModel):
    """One thing that is wrong with the request, and where."""

    location: str = Field(description="Such as `query.limit`.", examples=["query.limit"])
    code: str = Field(examples=["LESS_THAN_EQUAL"])
    message: str = Field(examples=["Input should be less than or equal to 250"])


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:problem-type:catalog:invalid-parameters"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["limit: Input should be less than or equal to 250"])
    code: str = Field(description="What programs tell errors apart by.", examples=["INVALID_INPUT"])
    request_id: str = Field(
        description="Name it when asking for help.", examples=["0f8fad5bd9cb469fa16570867728950e"]
    )
    errors: list[ProblemError] = Field(default=[])


def status_of(error: type[CatalogError]) -> HTTPStatus:
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def install(app: FastAPI) -> None:
    """Every way a request can fail on this application ends in a problem."""
    app.exception_handler(CatalogError)(_refused)
    app.exception_handler(errors.Invalid)(_flawed)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_unexpected)


async def _refused(request: Request, error: CatalogError) -> Response:
    """Who may not, and has not said who they are, is asked to say so (RFC 9110, section 15.5.2)."""
    if isinstance(error, errors.Forbidden) and "authorization" not in request.headers:
        error = errors.Unauthorized(error.message, path=error.path)
    location = ".".join(_located_at(error.path, request))
    found = [ProblemError(location=location, code=error.code, message=error.message)]
    return problem(
        request,
        status_of(type(error)),
        code=error.code,
        detail=error.message,
        errors=found if error.path else [],
    )


def _located_at(path: tuple[str | int, ...], request: Request) -> list[str]:
    """The part of the request, where the path does not say it, and the place in it. A parameter
    that was sent is called what it was sent as, known or not."""
    steps = [_parameter(str(step), request) for step in path]
    if steps[:1] == ["body"]:
        return steps
    if steps[:1] == ["ref"]:
        return ["path", *steps]
    return ["query", *(IN_QUERY.get(step, step) for step in steps)]


def _parameter(name: str, request: Request) -> str:
    return name if name in request.query_params else PARAMETERS.get(name, name)


async def _flawed(request: Request, error: errors.Invalid) -> Response:
    """A flaw's path begins with the part of the request that it is in. Where all that is wrong is
    that somebody else has the keys, it is a conflict."""
    taken = all(flaw.code.endswith("_TAKEN") for flaw in error.flaws)
    return problem(
        request,
        HTTPStatus.CONFLICT if taken else status_of(type(error)),
        code=error.code,
        detail=error.message,
        errors=[
            ProblemError(
                location=".".join(map(str, flaw.path)), code=flaw.code, message=_message(flaw)
            )
            for flaw in error.flaws
        ],
    )


def _message(flaw: errors.Flaw) -> str:
    """Without the value that was sent; but what the catalog has and a list lacks is named."""
    named = flaw.code.endswith("_IN_USE") and flaw.value
    return f"{flaw.value} {flaw.message}" if named else flaw.message


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    """Pydantic's own words, but never its `input`: what was sent is not repeated."""
    found = [_located(item) for item in error.errors()]
    return problem(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        code="INVALID_INPUT",
        detail="; ".join(f"{item.location.partition('.')[2]}: {item.message}" for item in found),
        errors=found,
    )


def _located(item: Mapping[str, Any]) -> ProblemError:
    return ProblemError(
        location=".".join(str(step) for step in item["loc"]),
        code=item["type"].upper(),
        message=item["msg"].removeprefix("Value error, "),
    )


async def _http(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address; /docs lists all that there are",
        HTTPStatus.METHOD_NOT_ALLOWED: "this address takes other methods: see the Allow header",
    }
    return problem(
        request,
        status,
        code=status.name,
        detail=details.get(status, error.detail),
        headers=dict(error.headers or {}) | _allowed(request, status),
    )


def _allowed(request: Request, status: HTTPStatus) -> dict[str, str]:
    """What every route of the address takes: the first one that was asked only knows its own
    methods. HEAD is allowed wherever GET is, though routes do not know it."""
    if status is not HTTPStatus.METHOD_NOT_ALLOWED:
        return {}
    methods: set[str] = set()
    for each in iter_route_contexts(request.app.routes):
        route = each.original_route
        if isinstance(route, Route) and route.path_regex.match(request.scope["path"]):
            methods |= route.methods or set()
    return {"Allow": ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))}


async def _unexpected(request: Request, error: Exception) -> Response:
    """Whatever it was stays in the log, where the id finds it."""
    logger.error("request %s failed", _request_id(request), exc_info=error)
    return problem(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="INTERNAL_SERVER_ERROR",
        detail="something went wrong here; name the request_id when you report it",
        headers={HEADER: _request_id(request)},
    )


def problem(
    request: Request,
    status: HTTPStatus,
    *,
    code: str,
    detail: str,
    errors: Sequence[ProblemError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    content = Problem(
        type=f"urn:problem-type:catalog:{code.lower().replace('_', '-')}",
        title=status.phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=_request_id(request),
        errors=list(errors),
    )
    return Response(
        content.model_dump_json(),
        status_code=status,
        headers={"Cache-Control": "no-store", **HEADERS.get(status, {}), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def _request_id(request: Request) -> str:
    return str(request.state.request_id)
