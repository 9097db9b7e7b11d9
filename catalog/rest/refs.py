"""How an address names one thing: `id:`, `slug:`, `sku:`, `ext:`, `barcode:`, or a bare key."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Path, Request

from catalog import ids
from catalog.context import Context
from catalog.errors import BadReference, NotFound, ReferenceNotFound
from catalog.reads.refs import Ref, RefKind
from catalog.rest import query


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """By which keys a noun is named; `noun` is the type's name inside its ids, `bare` the prefix
    that a key without one has. As a dependency it gives the reference that the address ends in."""

    noun: str
    bare: str
    prefixes: Mapping[str, RefKind]

    @property
    def word(self) -> str:
        """The noun as a sentence has it."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.noun).lower()

    async def __call__(
        self,
        request: Request,
        ref: Annotated[
            str, Path(description="A bare key, or a prefix and a key: `id:`, `ext:`, `slug:` …")
        ],
    ) -> Ref:
        return parse(_sent(request), self)


_OWN: dict[str, RefKind] = {"id": "id", "ext": "external_id"}
_SLUG: dict[str, RefKind] = {**_OWN, "slug": "slug"}
_CODE: dict[str, RefKind] = {**_OWN, "code": "slug"}
_SOLD: dict[str, RefKind] = {"sku": "sku", "barcode": "barcode", "gtin": "barcode"}

PRODUCT = Grammar("Product", "slug", _SLUG | _SOLD)
VARIANT = Grammar("Variant", "sku", _OWN | _SOLD)
CATEGORY = Grammar("Category", "slug", _SLUG)
COLLECTION = Grammar("Collection", "slug", _SLUG)
BRAND = Grammar("Brand", "slug", _SLUG)
ATTRIBUTE = Grammar("Attribute", "code", _CODE)
CHANNEL = Grammar("Channel", "code", _CODE)
TYPE = Grammar("ProductType", "code", _CODE)
LOCATION = Grammar("StockLocation", "code", _CODE)

_ALL = PRODUCT.prefixes.keys() | VARIANT.prefixes.keys() | CHANNEL.prefixes.keys()


def parse(reference: str, grammar: Grammar, *, path: tuple[str | int, ...] = ("ref",)) -> Ref:
    """A prefix that no noun knows belongs to the key: a slug may hold a colon."""
    prefix, colon, value = reference.partition(":")
    if not colon or prefix not in _ALL:
        prefix, value = grammar.bare, reference
    kind = grammar.prefixes.get(prefix)
    if kind is None or not value:
        known = ", ".join(f"{known}:" for known in grammar.prefixes)
        raise BadReference(
            f"a {grammar.word} is named by one of {known} and its key, or by its "
            f"{grammar.bare} alone",
            path=path,
        )
    if kind == "id":
        value = str(ids.row_of(grammar.noun, value, path=path))
    return Ref(kind, value)


def _sent(request: Request) -> str:
    """The part of the address, from its undecoded form: there a `/` of a key (`%2F`) differs from
    one of the address."""
    before, _, behind = request.scope["route"].path.partition("{ref")
    depth = (request.scope.get("root_path", "") + before).count("/")
    rest = request.scope["raw_path"].split(b"/")[depth:]
    if len(rest) != 1 + behind.count("/"):
        raise NotFound("there is nothing at this address; write a / inside a key as %2F")
    return query.text(rest[0])


class _Row(Protocol):
    @property
    def id(self) -> int: ...


async def rows(
    ctx: Context,
    references: Iterable[str],
    grammar: Grammar,
    by_ref: Callable[[Context, Ref], Awaitable[_Row | None]],
    *,
    parameter: str,
) -> tuple[int, ...] | None:
    """The rows that a filter names, or None for no filter; every reference must lead somewhere."""
    return tuple([await _row(ctx, each, grammar, by_ref, parameter) for each in references]) or None


async def _row(
    ctx: Context,
    reference: str,
    grammar: Grammar,
    by_ref: Callable[[Context, Ref], Awaitable[_Row | None]],
    parameter: str,
) -> int:
    found = await by_ref(ctx, parse(reference, grammar, path=(parameter,)))
    if found is None:
        raise ReferenceNotFound(f"there is no such {grammar.word} to filter by", path=(parameter,))
    return found.id
