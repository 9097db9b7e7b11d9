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
    ├── AmbiguousReference          a barcode that several variants carry
    ├── Conflict                    another write was quicker; repeat yours
    ├── Unauthorized                no token, or one that is not (any longer) good
    ├── Forbidden                   a good token without the scope
    ├── FileRefused                 a catalog file that cannot be read at all
    └── Unavailable                 the database cannot be had right now

Every face maps them by class: REST to a status, GraphQL to `extensions.code`.
"""

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


class AmbiguousReference(CatalogError):
    code = "AMBIGUOUS_REFERENCE"


class Conflict(CatalogError):
    code = "CONFLICT"


class Unauthorized(CatalogError):
    code = "UNAUTHORIZED"


class Forbidden(CatalogError):
    code = "FORBIDDEN"


class FileRefused(CatalogError):
    code = "FILE_REFUSED"


class Unavailable(CatalogError):
    code = "UNAVAILABLE"
