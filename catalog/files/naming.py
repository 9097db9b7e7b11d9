"""Slugs and codes out of names, so that the same name gives the same key in every file and run."""

import re
from functools import lru_cache
from hashlib import sha256

from slugify import slugify

# What slugify would drop although it tells two names apart: C# and C++, 5% and 5.
_SPOKEN = [
    ["+", " plus "],
    ["#", " hash "],
    ["%", " percent "],
    ["<", " below "],
    [">", " above "],
    ["=", " equals "],
    ["*", " star "],
    ["@", " at "],
]
_KEPT_IN_CODES = r"[^-a-z0-9.]+"
_STRAY_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")
_MINUS = re.compile(r"^-(?=[\d.])")
_ALIKE = re.compile(r"[\s'’`´_-]+")


def squeezed(text: str) -> str:
    """One line: runs of white space, newlines too, become one space."""
    return " ".join(text.split())


@lru_cache(maxsize=16_384)
def slug(*names: str) -> str:
    """`slug("Clothing", "T-Shirts")` is `clothing-t-shirts`; at most 200 characters.

    Other scripts are transliterated. A name of which nothing is left ("!!!") becomes a hash of it.
    """
    parts = [slugify(name, replacements=_SPOKEN) or digest(name) for name in names]
    return _shortened("-".join(parts), names, limit=200)


@lru_cache(maxsize=16_384)
def code(name: str) -> str:
    """As a slug, but numbers keep point and sign; at most 80 characters."""
    numbered = _BARE_POINT.sub("0.", _MINUS.sub("minus ", name.strip()))
    pointed = _STRAY_POINT.sub("-", numbered)
    made = slugify(pointed, replacements=_SPOKEN, regex_pattern=_KEPT_IN_CODES).strip("-.")
    return _shortened(made or digest(name), (name,), limit=80)


def alike(*names: str) -> tuple[str, ...]:
    """What two spellings of one name share: case, hyphens, apostrophes and spaces do not count."""
    return tuple(_ALIKE.sub(" ", name.casefold()).strip() for name in names)


def digest(*names: str) -> str:
    return sha256("\n".join(alike(*names)).encode()).hexdigest()[:8]


def _shortened(made: str, names: tuple[str, ...], *, limit: int) -> str:
    return made if len(made) <= limit else f"{made[: limit - 9].rstrip('-.')}-{digest(*names)}"
