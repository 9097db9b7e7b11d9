"""What handlers ask for: the snapshot, who asks, in which context, which page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from starlette.routing import BaseRoute

from catalog import context, db, settings
from catalog.context import ANONYMOUS
from catalog.errors import BadPageSize, Forbidden, Unauthorized
from catalog.paging import DEFAULT_FIRST, MAX_FIRST, MAX_FIRST_WITH_TOKEN
from catalog.reads import contexts, tokens
from catalog.rest import paging


async def _snapshot() -> AsyncIterator[db.Snapshot]:
    async with db.snapshot() as snapshot:
        yield snapshot


# Closed before the answer is sent: a slow reader must not keep a connection.
Snapshot = Annotated[db.Snapshot, Depends(_snapshot, scope="function")]


async def _principal(
    snapshot: Snapshot,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> context.Principal:
    """RFC 6750, section 2.1."""
    if authorization is None:
        return ANONYMOUS
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("send the token as Authorization: Bearer cat_…")
    return await tokens.principal(secret.strip())


Principal = Annotated[context.Principal, Depends(_principal)]


@dataclass(frozen=True, slots=True)
class Scope:
    """As a dependency of a route: only for a token that has it. Every route declares one, or
    `PUBLIC`, among its own dependencies; `declared` refuses the others."""

    name: str

    async def __call__(self, principal: Principal) -> None:
        principal.require(self.name)


async def _public() -> None:
    """Looks nobody up: health must be told while the database is away."""


PUBLIC = Depends(_public)


def scope_of(route: BaseRoute) -> str | None:
    """What a route declares; of several, which all are needed, the last. None denies."""
    found = [each.dependency for each in getattr(route, "dependencies", ())]
    scopes = [each.name for each in found if isinstance(each, Scope)]
    return scopes[-1] if scopes else context.PUBLIC if _public in found else None


async def declared(request: Request) -> None:
    """For every route of the application."""
    if scope_of(request.scope["route"]) is None:
        raise Forbidden("this operation declares no scope, so nobody may use it")


@dataclass(frozen=True, slots=True)
class AskedContext:
    """What the request says of its context."""

    channel: str | None
    locale: str | None
    currency: str | None
    accept_language: str | None

    async def resolve(self, principal: context.Principal) -> context.Context:
        return await contexts.resolve(
            principal,
            channel=self.channel,
            locale=self.locale,
            currency=self.currency,
            accept_language=self.accept_language,
        )


async def _asked(
    channel: Annotated[
        str | None, Query(description="Code of a channel; the default one.", max_length=100)
    ] = None,
    locale: Annotated[
        str | None,
        Query(description="One that the channel speaks; its default one.", max_length=35),
    ] = None,
    currency: Annotated[
        str | None, Query(description="One that the channel sells in; its default one.")
    ] = None,
    accept_language: Annotated[
        str | None, Header(description="Second choice after `locale`: RFC 9110, section 12.5.4.")
    ] = None,
) -> AskedContext:
    return AskedContext(channel, locale, currency, accept_language)


Asked = Annotated[AskedContext, Depends(_asked)]


async def _context(principal: Principal, asked: Asked) -> context.Context:
    return await asked.resolve(principal)


Context = Annotated[context.Context, Depends(_context)]


LIMIT = f"How many a page, {DEFAULT_FIRST} by default; more than {MAX_FIRST} only with a token."
CURSOR = "`page.next` or `page.prev` of an answer in the same order."
COUNT = "Whether to count the whole list: `page.total`."


def listing(
    principal: context.Principal, limit: int | None, cursor: str | None, *, counted: bool
) -> paging.Listing:
    if limit is not None and limit > MAX_FIRST and not principal.scopes:
        raise BadPageSize(f"without a token limit is at most {MAX_FIRST}", path=("limit",))
    return paging.Listing(paging.paging(limit=limit, cursor=cursor), counted=counted)


async def _listing(
    principal: Principal,
    limit: Annotated[int | None, Query(description=LIMIT, ge=1, le=MAX_FIRST_WITH_TOKEN)] = None,
    cursor: Annotated[str | None, Query(description=CURSOR)] = None,
    count: Annotated[bool, Query(description=COUNT)] = False,
) -> paging.Listing:
    return listing(principal, limit, cursor, counted=count)


Listing = Annotated[paging.Listing, Depends(_listing)]


def _shop(request: Request) -> str:
    """Where links of feeds lead; unless it is set, here."""
    return settings.current().catalog_shop_url or str(request.base_url).rstrip("/")


Shop = Annotated[str, Depends(_shop)]
