"""How fields of inputs are declared."""

from typing import Any

from strawberry import UNSET, field

KEY = "key"
"""In a field's metadata: its list stands for a mapping, by this field of the entries."""


def optional(description: str) -> Any:
    """A field that stays as it is where it is not sent."""
    return field(default=UNSET, description=description)


def entries(key: str, description: str) -> Any:
    """A list that the record holds as a mapping."""
    return field(default=UNSET, description=description, metadata={KEY: key})
