"""Global Trade Item Numbers: what a barcode says, as 14 digits, if its check digit holds.

GS1 General Specifications 7.9 (check digit); ISBN-10 and UPC-A are GTINs once prefixed or padded.
"""

from stdnum import isbn


def normalise(barcode: str) -> str | None:
    digits = barcode.replace("-", "").replace(" ", "").upper()
    if len(digits) == 10 and isbn.is_valid(digits):
        digits = isbn.to_isbn13(digits)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
        return None
    padded = digits.zfill(14)
    weighed = 3 * sum(map(int, padded[:-1:2])) + sum(map(int, padded[1:-1:2]))
    return padded if -weighed % 10 == int(padded[-1]) else None


def looks_like_one(barcode: str) -> bool:
    """Digits of about the right number: worth a warning when they are no GTIN after all."""
    digits = barcode.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 14
