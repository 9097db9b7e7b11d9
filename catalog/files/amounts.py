"""Numbers in cells, where a reader has to reckon with them."""

import re
from decimal import Decimal

_PLAIN = re.compile(r"-?(\d{1,18}(\.\d*)?|\.\d+)", re.ASCII)
_MILLIGRAM = Decimal("0.001")


def number(cell: str) -> Decimal | None:
    """None for what is no plain number: the cell is then handed on as it is, to be refused."""
    return Decimal(cell) if _PLAIN.fullmatch(cell) else None


def grams(amount: Decimal) -> str:
    """As text, rounded to what a scale tells."""
    return format(amount.quantize(_MILLIGRAM).normalize(), "f")
