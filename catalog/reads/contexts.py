"""The context of an answer: which channel, locale and currency was asked for, or else is usual."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalog import db, settings, tags
from catalog.context import Context, Principal
from catalog.errors import CurrencyNotSold, UnknownChannel, UnknownLocale
from catalog.reads.query import sendable

# Served by channel_code_key and channel_one_default_key.
ACTIVE_CHANNEL = """
SELECT id, code, default_currency, currencies, default_locale, locales
FROM channel
WHERE deleted_at IS NULL AND is_active AND {which}
"""


async def resolve(
    principal: Principal,
    *,
    channel: str | None = None,
    locale: str | None = None,
    currency: str | None = None,
    accept_language: str | None = None,
    at: datetime | None = None,
) -> Context:
    """What is not asked for is the default channel's, or the asked channel's.

    `accept_language` is the header of RFC 9110, second choice after `locale`: what it names and the
    channel does not speak is passed over.
    """
    found = await _channel(channel)
    spoken = _locale(found, locale, accept_language)
    if currency is not None and currency not in found["currencies"]:
        sold = ", ".join(found["currencies"])
        raise CurrencyNotSold(
            f"the channel {found['code']} sells in {sold}, not in {currency}", path=("currency",)
        )
    return Context(
        principal=principal,
        channel_id=found["id"],
        channel=found["code"],
        currency=currency or found["default_currency"],
        locale=spoken,
        locales=_lookup(spoken, found["locales"], base=settings.current().catalog_locale),
        at=at or tags.now(),
    )


async def _channel(code: str | None) -> db.Record:
    tags.note("channel")
    if code is None:
        rows = await db.fetch(ACTIVE_CHANNEL.format(which="is_default"))
        unknown = "there is no default channel; name one, or make one the default"
    else:
        wanted = sendable(code)
        rows = await db.fetch(ACTIVE_CHANNEL.format(which="code = $1"), wanted)
        unknown = f"there is no channel {code}"
    if not rows:
        raise UnknownChannel(unknown, path=("channel",))
    return rows[0]


def _locale(channel: db.Record, asked: str | None, accept_language: str | None) -> str:
    locales: list[str] = channel["locales"]
    if asked is not None:
        spoken = _spoken(asked, locales)
        if spoken is None:
            known = ", ".join(locales)
            raise UnknownLocale(
                f"the channel {channel['code']} speaks {known}, not {asked}", path=("locale",)
            )
        return spoken
    for tag in accepted(accept_language or ""):
        spoken = _spoken(tag, locales)
        if spoken is not None:
            return spoken
    default: str = channel["default_locale"]
    return default


def _spoken(tag: str, locales: Sequence[str]) -> str | None:
    """The locale that serves a language tag: itself, else a less special one (RFC 4647 section
    3.4): de for de-AT."""
    known = {locale.lower(): locale for locale in locales}
    return next((known[part] for part in _less_special(tag) if part in known), None)


def _less_special(tag: str) -> Iterator[str]:
    """de-Latn-AT, de-Latn, de; in lower case."""
    parts = tag.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


def accepted(header: str) -> list[str]:
    """The language tags of Accept-Language, what is liked best first (RFC 9110 section 12.5.4)."""
    liked: list[tuple[float, str]] = []
    for item in header.split(","):
        tag, _, quality = item.partition(";")
        weight = _weight(quality)
        if tag.strip() and tag.strip() != "*" and weight > 0:
            liked.append((weight, tag.strip()))
    return [tag for _, tag in sorted(liked, key=lambda item: -item[0])]


def _weight(quality: str) -> float:
    name, _, value = quality.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _lookup(locale: str, locales: Sequence[str], *, base: str) -> tuple[str, ...]:
    """Where to look for a text: the locale, less special ones, the channel's others in their order,
    up to the language of the rows themselves."""
    relatives = [_spoken(tag, locales) for tag in _less_special(locale)]
    order = dict.fromkeys([locale, *(tag for tag in relatives if tag), *locales])
    before_base: list[str] = []
    for tag in order:
        if tag == base:
            break
        before_base.append(tag)
    return tuple(before_base)
