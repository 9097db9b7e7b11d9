"""Everything that can go wrong in the shop's words.

    CatalogError
    ├── NotFound                    there is no such thing, or not for you
    │   ├── UnknownChannel
    │   └── ReferenceNotFound
    ├── BadRequest                  the question itself is wrong
    │   ├── BadReference
    │   ├── BadCursor
    │   ├── BadPageSize
    │   ├── BadFilter
    │   ├── UnknownLocale
    │   └── CurrencyNotSold
    ├── Invalid                     a record that cannot be written: all that is wrong with it
    ├── AmbiguousReference          a barcode that several variants carry
    ├── Conflict                    another write was quicker; repeat yours
    │   └── KeyInUse                the request with this idempotency key is still running
    ├── KeyReused                   an idempotency key that came with another request before
    ├── VersionConflict             it has changed since the caller read it
    ├── VersionRequired             a change must say which version it is of
    ├── Unauthorized                no token, or one that is not (any longer) good
    ├── Forbidden                   a good token without the scope
    ├── CursorExpired               a place in the changes from which there is no going on
    ├── FileRefused                 a catalog file that cannot be read at all
    └── Unavailable                 the database cannot be had right now

Every face maps them by class: REST to a status, GraphQL to `extensions.code`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class CatalogError(Exception):
    """`message` says what is wrong and what would be right; `path` names the argument."""

    code: ClassVar[str] = "CATALOG_ERROR"

    def __init__(self, message: str, *, path: tuple[str | int, ...] = ()) -> None:
        # What was asked is quoted in messages, and a lone surrogate in it could not be answered.
        self.message = message.encode(errors="replace").decode()
        super().__init__(self.message)
        self.path = path


class NotFound(CatalogError):
    code = "NOT_FOUND"


class UnknownChannel(NotFound):
    code = "UNKNOWN_CHANNEL"


class ReferenceNotFound(NotFound):
    code = "REFERENCE_NOT_FOUND"


class BadRequest(CatalogError):
    code = "BAD_REQUEST"


class BadReference(BadRequest):
    code = "BAD_REFERENCE"


class BadCursor(BadRequest):
    code = "BAD_CURSOR"


class BadPageSize(BadRequest):
    code = "BAD_PAGE_SIZE"


class BadFilter(BadRequest):
    code = "BAD_FILTER"


class UnknownLocale(BadRequest):
    code = "UNKNOWN_LOCALE"


class CurrencyNotSold(BadRequest):
    code = "CURRENCY_NOT_SOLD"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a record: where in it, what was sent, what would be right."""

    code: str
    path: tuple[str | int, ...]
    message: str
    value: str | None = None


class Invalid(CatalogError):
    code = "INVALID"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("; ".join(_sentence(flaw) for flaw in flaws[:5]))


def _sentence(flaw: Flaw) -> str:
    return " ".join(filter(None, (".".join(map(str, flaw.path)), flaw.message)))


class AmbiguousReference(CatalogError):
    code = "AMBIGUOUS_REFERENCE"


class Conflict(CatalogError):
    code = "CONFLICT"


class KeyInUse(Conflict):
    code = "IDEMPOTENCY_KEY_IN_USE"


class KeyReused(CatalogError):
    code = "IDEMPOTENCY_KEY_REUSED"


class VersionConflict(CatalogError):
    code = "VERSION_CONFLICT"


class VersionRequired(CatalogError):
    code = "VERSION_REQUIRED"


class Unauthorized(CatalogError):
    code = "UNAUTHORIZED"


class Forbidden(CatalogError):
    code = "FORBIDDEN"


class CursorExpired(CatalogError):
    code = "CURSOR_EXPIRED"


class FileRefused(CatalogError):
    code = "FILE_REFUSED"


class Unavailable(CatalogError):
    code = "UNAVAILABLE"
