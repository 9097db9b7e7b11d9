"""Errors as GraphQL shows them: what the client can do something about by its code, all else masked
and logged."""

import logging
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from catalog import errors
from catalog.errors import CatalogError
from catalog.writes.staging import Problem
from schema import records
from schema.types.payload import UserError

log = logging.getLogger(__name__)

# Whether a mutation's payload tells of it; the nearest class of an error's own tree decides. What
# the sender of a good document can do nothing about in its arguments stands beside the data.
IN_PAYLOAD: dict[type[CatalogError], bool] = {
    CatalogError: False,
    errors.NotFound: True,
    errors.BadRequest: True,
    errors.Invalid: True,
    errors.AmbiguousReference: True,
    errors.Conflict: True,
    errors.KeyReused: True,
    errors.VersionConflict: True,
    errors.VersionRequired: True,
    errors.Unauthorized: False,
    errors.Forbidden: False,
    errors.CursorExpired: False,
    errors.FileRefused: False,
    errors.Unavailable: False,
}

# What is wrong where the error itself does not say it.
ARGUMENT: dict[type[CatalogError], tuple[str]] = {
    errors.VersionConflict: ("if_version",),
    errors.KeyInUse: ("idempotency_key",),
    errors.KeyReused: ("idempotency_key",),
}


def in_payload(kind: type[CatalogError]) -> bool:
    return next(IN_PAYLOAD[each] for each in kind.__mro__ if each in IN_PAYLOAD)


def told(
    error: CatalogError, *, argument: str = "input", given: object = None
) -> tuple[UserError, ...]:
    """As a payload tells it: every flaw of what was given as that argument, or the one thing."""
    if not isinstance(error, errors.Invalid):
        path = error.path or ARGUMENT.get(type(error), ())
        return (_user_error(error.code, records.spelled(path), error.message),)
    return tuple(
        _user_error(flaw.code, (argument, *records.place(given, flaw.path)), flaw.message)
        for flaw in error.flaws
    )


def of_problems(
    problems: Sequence[Problem], *, warnings: bool, given: object = None, path: Sequence[str] = ()
) -> tuple[UserError, ...]:
    """What is wrong with a record, or else what it is warned of; `path` leads to `given`."""
    return tuple(
        _user_error(
            problem.code, ("input", *path, *records.place(given, problem.path)), problem.message
        )
        for problem in problems
        if problem.warning is warnings
    )


def _user_error(code: str, path: Sequence[str], message: str) -> UserError:
    return UserError(code=code, path=list(path), message=message)


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
