"""GraphQL over HTTP: one address for queries and for people, its SDL, its assets."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.params import Depends
from graphql import GraphQLError
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from catalog import db, http_cache, tags
from catalog.asgi import Receive, Scope, Send
from catalog.errors import CatalogError, Unauthorized, Unavailable
from catalog.reads import contexts, tokens
from catalog.settings import Settings
from schema import errors, graphiql
from schema.answer import Answer
from schema.documents import Documents
from schema.execution import Schema
from schema.negotiation import (
    GRAPHQL,
    HTML,
    JSON,
    Question,
    Refused,
    media_type,
    question,
    received,
)

PREFLIGHT = "GraphQL-Require-Preflight"
SAFE, ANY = (OperationType.QUERY,), (OperationType.QUERY, OperationType.MUTATION)
STATUS: dict[type[Exception], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Bearer realm="catalog"'},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "1"},
}
VARY = {"Vary": "Accept, Accept-Language, Authorization"}


def install(app: FastAPI, face: "Face", *, dependencies: Sequence[Depends]) -> None:
    """`/graphql` (GraphiQL for browsers), its assets, and `/schema.graphql`. What a token is needed
    for, the fields say."""
    app.router.routes.append(Address(face, dependencies))
    router = APIRouter(include_in_schema=False, dependencies=dependencies)
    router.add_api_route("/graphql/assets/{name}", graphiql.asset, methods=["GET"])
    router.add_api_route("/schema.graphql", face.sdl, methods=["GET"])
    app.include_router(router)


class Address(Route):
    """Of a face that takes its requests apart itself: making ready what FastAPI would hand to a
    function takes longer than a small answer."""

    def __init__(self, face: "Face", dependencies: Sequence[Depends]) -> None:
        super().__init__("/graphql", face, include_in_schema=False)
        self.methods = {"GET", "POST"}
        self.dependencies = dependencies


class Face:
    """`open`: shows itself to strangers, with GraphiQL; else in development only."""

    def __init__(self, settings: Settings) -> None:
        self.development = settings.catalog_env == "development"
        self.open = settings.graphql_open
        self.schema = Schema(open=self.open)
        enforced = settings.graphql_trusted_documents == "enforce"
        self.documents = Documents(self.schema, enforced=enforced)
        self.text = self.schema.as_str() + "\n"

    async def sdl(self) -> Response:
        return PlainTextResponse(self.text)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self.graphql(scope, receive)
        await answer(scope, receive, send)

    async def graphql(self, scope: Scope, receive: Receive) -> Response:
        """Every failure is a GraphQL response: errors by their codes, the unexpected masked."""
        accepted = JSON
        headers = dict(scope["headers"])
        try:
            accepted = self._accepted(scope["method"], headers)
            if accepted == HTML:
                return graphiql.page()
            asked = await received(scope, headers, receive)
            result = await self._answer(asked, self._admitted(asked))
        except Refused as refused:
            return _refusal(refused, accepted)
        except Exception as error:
            result = _failed(error)
        request_id = scope.get("state", {}).get("request_id") or uuid.uuid4().hex
        return _response(result, accepted, request_id=request_id)

    def _accepted(self, method: str, headers: Mapping[bytes, bytes]) -> str:
        return media_type(headers.get(b"accept"), html=self.open and method != "POST")

    def _admitted(self, asked: http_cache.Request) -> Question:
        """A text that other sites can make a browser send by GET is let through in development
        only: a header of its own makes the browser ask first. A hash stands for what the shop's own
        pages have asked."""
        put = question(asked)
        preflight = self.development or PREFLIGHT.lower().encode() in asked.headers
        if asked.method != "POST" and put.query is not None and not preflight:
            raise Refused(403, f"by GET a query needs the header {PREFLIGHT}: 1; or use POST")
        return put

    def key(self, asked: http_cache.Request) -> str | None:
        """Of a query that nobody is told anything else about; what is refused has none."""
        try:
            accepted = self._accepted(asked.method, asked.headers)
            if accepted == HTML:
                return None
            put = self._admitted(asked)
            text = self.documents.known(put)
            normal = self.schema.normal(text, put.operation_name) if text is not None else None
        except (Refused, GraphQLError):
            return None
        if text is None or normal is None:
            return None
        # What is trusted is a text to the byte, not what it means.
        document = text if self.documents.enforced else normal
        languages = contexts.accepted(_header(asked, b"accept-language"))
        rest = [put.operation_name, put.variables, languages, accepted]
        try:
            told = orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            # It reads what is nested deeper than it writes.
            return None
        return http_cache.digest(b"graphql", document.encode(), told)

    async def _answer(self, asked: http_cache.Request, put: Question) -> ExecutionResult:
        """All of it shows one moment of the database."""
        language = _header(asked, b"accept-language")
        async with (
            db.snapshot(),
            Answer(await tokens.principal(_secret(asked)), accept_language=language) as answer,
        ):
            try:
                result = await self.schema.execute(
                    await self.documents.text(put),
                    variable_values=put.variables,
                    operation_name=put.operation_name,
                    allowed_operation_types=ANY if asked.method == "POST" else SAFE,
                    context_value=answer,
                )
                if not result.errors:
                    tags.storable()
                return result
            except InvalidOperationTypeError as error:
                reason = error.as_http_error_reason(asked.method)
                if asked.method != "POST":
                    raise Refused(405, reason, allow="POST") from None
                raise Refused(400, reason) from None
            except CannotGetOperationTypeError as error:
                found = GraphQLError(error.as_http_error_reason())
                return ExecutionResult(data=None, errors=[found])


def _header(asked: http_cache.Request, name: bytes) -> str:
    return asked.headers.get(name, b"").decode("latin-1")


def _secret(asked: http_cache.Request) -> str | None:
    scheme, _, secret = _header(asked, b"authorization").partition(" ")
    if not scheme:
        return None
    if scheme.lower() != "bearer":
        raise Unauthorized("send the token as: Authorization: Bearer cat_…")
    return secret.strip()


def _failed(error: Exception) -> ExecutionResult:
    """The result of a question that was not executed."""
    return ExecutionResult(data=None, errors=[GraphQLError(str(error), original_error=error)])


def _response(result: ExecutionResult, accepted: str, *, request_id: str) -> Response:
    found = result.errors or []
    payload: dict[str, Any] = {}
    if found:
        payload["errors"] = [errors.shown(error, request_id=request_id) for error in found]
    executed = result.data is not None or any(error.path for error in found)
    if executed:
        payload["data"] = result.data
    status = HTTPStatus.OK if executed else _status(found, accepted)
    # Of a hash that is unknown now the next client may send the text.
    kept = {} if executed else {"Cache-Control": "no-store"}
    return _json(payload, accepted, status, kept | HEADERS.get(status, {}))


def _status(found: list[GraphQLError], accepted: str) -> HTTPStatus:
    """Of what was not executed. Clients of plain JSON expect 200 with errors where the request was
    well-formed (GraphQL over HTTP, section 6.4.1)."""
    cause = errors.cause_of(found[0])
    if isinstance(cause, GraphQLError | CatalogError):
        usual = HTTPStatus.BAD_REQUEST if accepted == GRAPHQL else HTTPStatus.OK
        return STATUS.get(type(cause), usual)
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _refusal(refused: Refused, accepted: str) -> Response:
    error = {"message": refused.message, "extensions": {"code": refused.code}}
    return _json({"errors": [error]}, accepted, HTTPStatus(refused.status), refused.headers)


def _json(
    payload: dict[str, Any], accepted: str, status: HTTPStatus, headers: dict[str, str]
) -> Response:
    return Response(
        orjson.dumps(payload),
        status_code=status,
        media_type=f"{accepted}; charset=utf-8",
        headers=VARY | headers,
    )
