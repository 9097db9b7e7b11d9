"""API tokens as text: made, checked for typing mistakes, and digested for the database."""

import hashlib
import secrets
import zlib

PREFIX = "cat_"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_BYTES = 32
RANDOM_LENGTH, CHECKSUM_LENGTH = 43, 6


def make() -> str:
    """`cat_`, 32 random bytes and their CRC-32, both in base 62, so that a double click selects the
    whole and a scanner recognises a leaked one."""
    random = _base62(int.from_bytes(secrets.token_bytes(RANDOM_BYTES)), RANDOM_LENGTH)
    return PREFIX + random + _checksum(random)


def digest(secret: str) -> bytes | None:
    """SHA-256 of a well-formed secret; None for any other text, which needs no look-up then.

    The secret is random already, so a slow hash would protect nothing.
    """
    body = secret.removeprefix(PREFIX)
    if body == secret or len(body) != RANDOM_LENGTH + CHECKSUM_LENGTH or not body.isascii():
        return None
    random, checksum = body[:RANDOM_LENGTH], body[RANDOM_LENGTH:]
    if checksum != _checksum(random):
        return None
    return hashlib.sha256(secret.encode()).digest()


def recognisable(secret: str) -> str:
    """The first characters, by which people tell their tokens apart."""
    return secret[: len(PREFIX) + 6]


def _checksum(random: str) -> str:
    return _base62(zlib.crc32(random.encode()), CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
