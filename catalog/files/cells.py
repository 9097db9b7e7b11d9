"""Cells that nobody's spreadsheet runs, and that come back as they were.

What begins with `= + - @`, a tab or a line break can be a formula (OWASP, CSV injection). An
apostrophe before it makes it text. Reading takes away only an apostrophe that was put there.
"""

import re

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
# Also what reading would take for padding, or for an emptied field.
_TOLD = r"(?:['=+\-@＝＋－＠\s]|null\Z)"
_TO_GUARD = re.compile(rf"(?!'){_TOLD}|'{_TOLD}")
_GUARDED = re.compile(rf"'(?={_TOLD})")
_BAR = re.compile(r"(?<!\\)\|")
_LONE_BAR = re.compile(r"(?<!\S)\|(?!\S)")


def inert(text: str) -> str:
    """The cell of a text. Numbers stay numbers, also negative ones."""
    if _NUMBER.fullmatch(text) or not _TO_GUARD.match(text):
        return text
    return f"'{text}"


def plain(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if _GUARDED.match(cell) else cell


def words(cell: str) -> list[str]:
    """The items between bars; `\\|` is a bar within one."""
    return [item for part in _BAR.split(cell) if (item := part.replace("\\|", "|").strip())]


def texts(cell: str) -> list[str]:
    """The items between bars that stand alone, empty ones too; `\\|` is a bar within one."""
    return [part.strip().replace("\\|", "|") for part in _LONE_BAR.split(cell)]


def of_words(items: list[str]) -> str:
    return " | ".join(item.replace("|", "\\|") for item in items)


def of_texts(items: list[str]) -> str:
    return " | ".join(_LONE_BAR.sub(r"\\|", item) for item in items)
