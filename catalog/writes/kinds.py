"""The kinds of value that inputs are made of, each with its limits and a message that says what
would be right.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlsplit

import nh3
import orjson
from babel.numbers import is_currency
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
)

from catalog.settings import language_tag

MAX_TEXT = 200_000


def no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character, which no text may hold; remove it")
    return text


_known_currency = lru_cache(maxsize=512)(is_currency)


def _currency(code: str) -> str:
    if not _known_currency(code):
        raise ValueError("is not a currency code of ISO 4217, such as EUR")
    return code


# What nearly all addresses look like; the others are taken apart.
_USUAL_URL = re.compile(r"(https?:/)?(/[\w.-]+)+/?([?#][^\s]*)?", re.ASCII)


def _url(url: str) -> str:
    if _USUAL_URL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("is not an address such as https://example.com/a.jpg") from None
    absolute = parts.scheme in ("http", "https") and parts.netloc
    if not absolute and not (url.startswith("/") and not url.startswith("//")):
        raise ValueError("must begin with https://, http:// or a single /")
    return url


_PLAIN = re.compile(r"[+-]?(\d{1,20}(\.\d{0,12})?|\.\d{1,12})", re.ASCII)


def _plain_number(value: object) -> object:
    """Digits with a point, as machines write them: `1,299.00` could be two different amounts."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise ValueError(
            "is not a plain number: digits with a point for decimals and no thousands separator, "
            "such as 1299.00"
        )
    return value


_DIGITS = re.compile(r"\s*[+-]?[\d._]+\s*", re.ASCII)


def _written_out(value: object) -> object:
    """Digits alone would be seconds since 1970, and `20260501` a day of that year."""
    if isinstance(value, int | float) or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        raise ValueError("must be a time such as 2026-05-01T00:00:00+02:00")
    return value


def storable(moment: datetime) -> datetime:
    """As PostgreSQL and every reader have it, in UTC."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of the years 1 to 9999 in UTC") from None
    return moment


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    try:
        text = orjson.dumps(value, default=str)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"cannot be kept as JSON: {error}") from None
    if b"\\u0000" in text:
        raise ValueError("holds a NUL character, which no text may hold; remove it")
    return value


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(no_nul)]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True),
    AfterValidator(no_nul),
]
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
]
Slug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=255, pattern=r"^[^\s/?#%\x00-\x1f]+$"),
]
Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=255, strip_whitespace=True),
    AfterValidator(no_nul),
]
Html = Annotated[Text, AfterValidator(nh3.clean)]
LocaleTag = Annotated[str, StringConstraints(max_length=35), AfterValidator(language_tag)]
Currency = Annotated[str, StringConstraints(max_length=3), AfterValidator(_currency)]
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True),
    AfterValidator(no_nul),
    AfterValidator(_url),
]
# Limits stand before what reads the text: pydantic then checks them itself, not through Python.
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=18, decimal_places=4, allow_inf_nan=False),
    BeforeValidator(_plain_number),
]
Weight = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=3, allow_inf_nan=False),
    BeforeValidator(_plain_number),
]
Count = Annotated[int, Field(ge=0, lt=2**31), BeforeValidator(_plain_number)]
Quantity = Annotated[int, Field(gt=-(2**31), lt=2**31), BeforeValidator(_plain_number)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(storable)]
Ref = Key
# Strict, for 1.0 would be true, as what comes first and fits no worse.
Scalar = StrictBool | int | Decimal | Text
AttributeInput = Scalar | tuple[Scalar, ...] | dict[LocaleTag, Text] | None
Metadata = Annotated[dict[str, Any], AfterValidator(_storable)]
