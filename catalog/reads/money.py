"""Amounts as people write them: exactly what is stored, with the decimals their currency has."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from catalog.views import Money


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str) -> Money:
    """Of the same amount the same object: the executor looks at each object once."""
    return Money(amount=shown(amount, currency), currency=currency)


def shown(amount: Decimal, currency: str) -> Decimal:
    """9.9000 EUR as 9.90, 9.9050 EUR as 9.905, 1200.0000 JPY as 1200: never rounded."""
    return plain(amount, decimals=_decimals(currency))


@lru_cache(maxsize=4096)
def plain(number: Decimal, *, decimals: int = 0) -> Decimal:
    """Without zeros at the end, but with at least that many decimals, and no exponent."""
    usual = number.quantize(_unit(decimals))
    if usual == number:
        return usual
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "no column holds infinities"
    return number.quantize(_unit(-exponent))


_decimals = lru_cache(maxsize=256)(get_currency_precision)


@lru_cache(maxsize=64)
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)
