"""Who asks, when, and in which channel, locale and currency."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """A token's holder, or everybody (no scopes)."""

    token_id: int | None = None
    scopes: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes

    @property
    def sees_drafts(self) -> bool:
        return self.may("catalog:read") or self.may("catalog:write")


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
