"""Requests of GraphQL over HTTP taken apart: what is asked, and as what it is answered.

The rules are those of the GraphQL over HTTP specification; where it leaves a choice, the stricter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from catalog.asgi import Receive, Scope
from catalog.bounded import kept_of_texts
from catalog.http_cache import Request

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"

MAX_BODY = 64 * 1024


class Refused(Exception):
    """The request is none of GraphQL's, or not one that is let through: HTTP says why."""

    def __init__(
        self, status: int, message: str, *, code: str = "BAD_REQUEST", allow: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = {"Allow": allow} if allow else {}


@dataclass(frozen=True, slots=True)
class Persisted:
    """`extensions.persistedQuery`, as it was sent: what should be the SHA-256 of a document."""

    version: object
    digest: str


@dataclass(frozen=True, slots=True)
class Question:
    """`query` may be absent where `persisted` stands for it."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    persisted: Persisted | None = None


def media_type(accept: bytes | None, *, html: bool) -> str:
    """The type of answer that the client likes best; `html`: whether a page is on offer. Plain JSON
    for who takes anything."""
    weights = _weights(accept.decode("latin-1") if accept else "*/*")
    anything = max(weights.get("*/*", 0.0), weights.get("application/*", 0.0))
    offers = {
        GRAPHQL: weights.get(GRAPHQL, 0.0),
        JSON: weights.get(JSON, anything),
        HTML: weights.get(HTML, 0.0) if html else 0.0,
    }
    best = max(offers, key=offers.__getitem__)
    if not offers[best]:
        raise Refused(406, f"answers are of the types {GRAPHQL} and {JSON}")
    return best


@kept_of_texts(100, longest=200)
def _weights(accept: str) -> Mapping[str, float]:
    return dict(map(_weighted, accept.split(",")))


def _weighted(entry: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in entry.split(";"))
    weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return name, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return name, 0.0


async def received(scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Request:
    """The request with its content, which only a POST has. Raises `Refused`."""
    body = b""
    if scope["method"] == "POST":
        _require_json(headers)
        body = await _body(headers, receive)
    return Request(scope["method"], b"", scope["query_string"], headers, body)


def question(asked: Request) -> Question:
    """What the request asks. Raises `Refused`."""
    if asked.method != "POST":
        return _of_query(asked.query.decode("latin-1"))
    _require_json(asked.headers)
    return of_body(asked.body)


def _of_query(query: str) -> Question:
    if len(query) > MAX_BODY:
        raise Refused(414, f"the address is longer than {MAX_BODY // 1024} kB")
    given: dict[str, Any] = dict(parse_qsl(query))
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _parsed(given[name], name)
    return _checked(given)


def of_body(body: bytes) -> Question:
    """Of the content of a POST. Raises `Refused`."""
    return _checked(_parsed(body, "the body"))


def _require_json(headers: Mapping[bytes, bytes]) -> None:
    told = headers.get(b"content-type", b"").decode("latin-1")
    kind, *parameters = (part.strip().lower() for part in told.split(";"))
    charset = next((text[8:].strip('"') for text in parameters if text.startswith("charset=")), "")
    if kind != JSON or charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"send the query as {JSON} in UTF-8")


async def _body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    refusal = Refused(413, f"the body is larger than {MAX_BODY // 1024} kB")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > MAX_BODY:
        raise refusal
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, "the body was cut off")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise refusal
        more = message.get("more_body", False)
    return body


def _parsed(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{what} is no JSON: {error}") from None


def _checked(given: object) -> Question:
    if not isinstance(given, dict):
        raise Refused(400, "send one JSON object: {query, variables, operationName}")
    for name in ("variables", "extensions"):
        if not isinstance(given.get(name), dict | None):
            raise Refused(400, f"`{name}` must be an object")
    if not isinstance(given.get("operationName"), str | None):
        raise Refused(400, "`operationName` must be a string")
    persisted = _persisted((given.get("extensions") or {}).get("persistedQuery"))
    query = given.get("query")
    named = isinstance(query, str) and query.strip()
    if not named and (query is not None or persisted is None):
        raise Refused(400, "`query` must be the text of a GraphQL document")
    return Question(query, given.get("variables"), given.get("operationName") or None, persisted)


def _persisted(given: object) -> Persisted | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("sha256Hash"), str):
        raise Refused(400, "`persistedQuery` must be an object: {version: 1, sha256Hash}")
    return Persisted(given.get("version"), given["sha256Hash"])
