"""Who asks and what they may, when, and in which channel, locale and currency."""

from dataclasses import dataclass
from datetime import datetime

from catalog.errors import Forbidden, Unauthorized

PUBLIC = "public"
"""What an operation declares that needs no token."""

SCOPES = {
    "catalog:read": "read drafts, exact stock and private metadata too",
    "catalog:write": "change everything, prices and stock too; holds catalog:read",
    "prices:write": "set and delete prices",
    "stock:write": "set stock",
    "webhooks:write": "set up webhooks",
    "admin": "everything, later releases included",
}
"""What a token may be given, and what it then may do."""

IMPLIED = {
    "catalog:write": frozenset({"catalog:read", "prices:write", "stock:write"}),
    "admin": frozenset(SCOPES),
}
"""What a scope holds besides itself."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A token's holder, or everybody (no scopes)."""

    token_id: int | None = None
    scopes: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        held = (scope in IMPLIED.get(own, ()) for own in self.scopes)
        return scope == PUBLIC or scope in self.scopes or any(held)

    def require(self, scope: str) -> None:
        """Raises `Unauthorized` for everybody, `Forbidden` for a token that may not."""
        if self.may(scope):
            return
        if self.token_id is None:
            raise Unauthorized(f"this needs a token with the scope {scope}")
        raise Forbidden(f"this needs a token with the scope {scope}, which this one lacks")

    @property
    def sees_drafts(self) -> bool:
        return self.may("catalog:read")


ANONYMOUS = Principal()


@dataclass(frozen=True, slots=True)
class Context:
    """What a read depends on besides its arguments.

    `locales` is the order of lookup in the translations, ending before the language of the rows
    themselves; empty: the rows as they are. `at` stands for now in every statement of the answer.
    """

    principal: Principal
    channel_id: int
    channel: str
    currency: str
    locale: str
    locales: tuple[str, ...]
    at: datetime
