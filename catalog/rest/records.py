"""What was sent as the record that the writes take, and where in the request it is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from catalog.errors import Flaw, Invalid, NotFound
from catalog.files import checking
from catalog.writes.inputs import Input

R = TypeVar("R", bound=Input)


def record(model: type[R], body: object) -> R:
    """Raises `Invalid` with everything that is wrong with it."""
    try:
        found = model.model_validate(body)
    except ValidationError as error:
        with located("body"):
            raise Invalid(checking.flaws(error, body)) from None
    if "if_missing" in found.model_fields_set:
        raise _flaw("INVALID", "if_missing", "is for files of many records; leave it out")
    return found


def with_key(body: object, field: str, key: str) -> object:
    """The body with the key that the address gives."""
    if not isinstance(body, dict):
        return body
    if body.get(field, key) != key:
        raise _flaw(
            "KEY_MISMATCH",
            field,
            "differs from the key in the address; leave it out, or change it with PATCH",
        )
    return {**body, field: key}


def _flaw(code: str, field: str, message: str) -> Invalid:
    return Invalid([Flaw(code, ("body", field), message)])


@contextmanager
def located(*part: str) -> Iterator[None]:
    """What is wrong inside is wrong in this part of the request."""
    try:
        yield
    except Invalid as error:
        flaws = [replace(flaw, path=(*part, *flaw.path)) for flaw in error.flaws]
        raise Invalid(flaws) from error
    except NotFound as error:
        raise NotFound(error.message, path=("ref",)) from error
