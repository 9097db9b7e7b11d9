"""Errors as GraphQL shows them: what the client can do something about by its code, all else masked
and logged."""

import logging
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from catalog.errors import CatalogError

log = logging.getLogger(__name__)


def shown(error: GraphQLError, *, request_id: str) -> dict[str, Any]:
    """A GraphQL error as the response holds it, always with `extensions.code`; `argument` there is
    the path to what was wrong in the field's arguments."""
    formatted: dict[str, Any] = dict(error.formatted)
    cause = cause_of(error)
    if isinstance(cause, CatalogError):
        formatted["extensions"] = {"code": cause.code}
        if cause.path:
            formatted["extensions"]["argument"] = list(cause.path)
        return formatted
    if isinstance(cause, GraphQLError):
        return formatted | {"extensions": {"code": _code(error)} | (error.extensions or {})}
    log.error("request %s failed at %s", request_id, error.path, exc_info=cause)
    return formatted | {
        "message": f"Internal error; it was logged as request {request_id}",
        "extensions": {"code": "INTERNAL_ERROR", "requestId": request_id},
    }


def cause_of(error: GraphQLError) -> Exception:
    """What was raised first: a GraphQLError that nothing else caused is one of the language."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "GRAPHQL_VALIDATION_FAILED" if error.path is None else "BAD_REQUEST"
