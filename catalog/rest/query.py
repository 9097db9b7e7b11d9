"""The query string: well formed, and nothing in it that the operation does not take."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, TypeVar
from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant, get_flat_params
from fastapi.params import ParamTypes
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from catalog.errors import BadRequest

T = TypeVar("T")

MAX_VALUES = 100

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_COMMA = re.compile(r"(?<!\\),")


def split(values: Sequence[str]) -> list[str]:
    """Every part of every value: `a,b` is as repeating the parameter; `\\,` is a comma."""
    return [part.replace("\\,", ",") for value in values for part in _COMMA.split(value)]


def _split(values: object) -> object:
    return split(values) if isinstance(values, list) else values


def _moment(value: object) -> object:
    if isinstance(value, str) and not _RFC_3339.fullmatch(value):
        raise ValueError(
            "is not a time of RFC 3339 with its offset, such as 2026-03-01T08:00:00Z; "
            "write a + as %2B"
        )
    return value


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of the years 1 to 9999") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_utc)]
# Nothing is not everything: who joins an empty list of ids must not get all that there are.
Key = Annotated[str, Field(min_length=1)]
Several = Annotated[tuple[T, ...], Field(max_length=MAX_VALUES), BeforeValidator(_split)]


@dataclass(frozen=True, slots=True)
class Family:
    """Parameters of which only the beginning is known. As a dependency it gives the values of each
    by what follows that."""

    begin: str

    async def __call__(self, request: Request) -> Mapping[str, tuple[str, ...]]:
        given = request.query_params
        return {
            name.removeprefix(self.begin): tuple(split(given.getlist(name)))
            for name in given
            if name.startswith(self.begin)
        }


class UnknownParameter(BadRequest):
    code = "UNKNOWN_PARAMETER"


class MalformedAddress(BadRequest):
    code = "MALFORMED_ADDRESS"


def text(raw: bytes) -> str:
    """Percent-decoded UTF-8 (RFC 3986, section 2), strictly: no lone `%`, no broken UTF-8, no NUL,
    which no text of the database can hold."""
    if _BROKEN_ESCAPE.search(raw):
        raise MalformedAddress("a % must begin an escape such as %2F; write % itself as %25")
    decoded = unquote_to_bytes(raw)
    if b"\x00" in decoded:
        raise MalformedAddress("a NUL character cannot be part of any value; remove %00")
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        raise MalformedAddress("the escapes are not UTF-8; encode the text as UTF-8") from None


async def check(request: Request) -> None:
    """Refuses what would be ignored: a parameter the operation lacks, or a second value of one that
    takes a single one."""
    text(request.scope["query_string"])
    taken, begins = _taken(request.scope["route"].path, request.scope["endpoint"])
    for name, count in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name.startswith(begins):
            continue
        if name not in taken:
            known = ", ".join([*taken, *(f"{begin}…" for begin in begins)]) or "none"
            raise UnknownParameter(
                f"there is no such query parameter here; there are: {known}", path=(name,)
            )
        if count > 1 and not taken[name]:
            raise BadRequest(f"{name} is given {count} times; give it once", path=(name,))


@lru_cache(maxsize=256)
def _taken(path: str, handler: Callable[..., object]) -> tuple[dict[str, bool], tuple[str, ...]]:
    """The query parameters of a route, and whether each takes several values; and how others may
    begin."""
    found = get_dependant(path=path, call=handler)
    named = {
        field.alias: _takes_several(field.field_info.annotation)
        for field in get_flat_params(found)
        if getattr(field.field_info, "in_", None) is ParamTypes.query
    }
    return named, tuple(dict.fromkeys(_begins(found)))


def _begins(found: Dependant) -> Iterator[str]:
    if isinstance(found.call, Family):
        yield found.call.begin
    for each in found.dependencies:
        yield from _begins(each)


def _takes_several(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) is tuple
