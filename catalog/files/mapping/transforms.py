"""What can be done to one value of a line: plain functions that refuse what they cannot read."""

import re
import string
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import TypeAlias

import nh3

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

# In grams and in millimetres.
WEIGHTS = {"mg": "0.001", "g": "1", "kg": "1000", "t": "1000000", "oz": "28.349523125"} | {
    "lb": "453.59237"
}
LENGTHS = {"mm": "1", "cm": "10", "m": "1000", "in": "25.4", "ft": "304.8", "yd": "914.4"}
_ALIASES = {"lbs": "lb", '"': "in", "inch": "in", "inches": "in", "kgs": "kg", "gr": "g"}
_SCALES = tuple({unit: Decimal(size) for unit, size in s.items()} for s in (WEIGHTS, LENGTHS))

_DIGITS = re.compile(r"(?<!\w)[+-]?[\d.,][\d.,'\s]*|[\d.,]+")
_BLOCKS = re.compile(r"</(?:p|div|li|h\d|tr)>|<br ?/?>", re.IGNORECASE)


class Unusable(ValueError):
    """A value that a transform cannot read; the message says what would be right."""

    def __init__(self, value: Json, message: str) -> None:
        super().__init__(message)
        self.value = value
        self.message = message


def is_empty(value: Json) -> bool:
    return value is None or value == "" or value == [] or value == {}


def text(value: Json) -> str:
    """As a person would write it in a cell; a list with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(text(item) for item in value if not is_empty(item))
    if isinstance(value, dict):
        return ", ".join(text(item) for item in value.values() if not is_empty(item))
    return "" if value is None else str(value)


def split(value: Json, separator: str) -> list[Json]:
    return [part.strip() for part in text(value).split(separator) if part.strip()]


def match(value: Json, pattern: re.Pattern[str]) -> Json:
    """The first group of the first match, or the whole match; nothing where nothing matches."""
    found = pattern.search(text(value))
    if not found:
        return None
    return found[1] if found.groups() else found[0]


def strip_html(value: Json) -> str:
    spaced = _BLOCKS.sub(r"\g<0> ", text(value))
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def case(value: Json, style: str) -> str:
    given = text(value)
    if style == "sentence":
        return given[:1].upper() + given[1:].lower()
    if style == "title":
        return string.capwords(given)
    return given.upper() if style == "upper" else given.lower()


def lookup(value: Json, table: Mapping[str, str | None], otherwise: str | None) -> Json:
    """What is not in the table stays as it is, unless the mapping says what it is otherwise."""
    key = text(value)
    if key in table:
        return table[key]
    return value if otherwise is None else otherwise


def number(value: Json, mark: str) -> int | float | str:
    """The one number in a text, without unit and thousands separators; `mark` is `.` or `,`."""
    if isinstance(value, int | float):
        return value
    found = [run.strip() for run in _DIGITS.findall(text(value)) if re.search(r"\d", run)]
    if len(found) != 1:
        many = "several numbers: pick one with `match`" if found else "no number"
        raise Unusable(value, f"holds {many}")
    digits = found[0].rstrip(".,' ")
    other = "." if mark == "," else ","
    whole = rf"(\d+|\d{{1,3}}([{other}'\s]\d{{3}})+)?"
    if not re.fullmatch(rf"[+-]?{whole}({re.escape(mark)}\d+)?", digits):
        raise Unusable(value, f"is not a number with `{mark}` before its decimals")
    return re.sub(rf"[{other}'\s]", "", digits).replace(mark, ".")


def convert(value: Json, unit: str, to: str) -> str | None:
    """Units of weight or of length, rounded to three decimals."""
    unit = _ALIASES.get(unit.strip().lower(), unit.strip().lower())
    scale = next((scale for scale in _SCALES if unit in scale and to in scale), None)
    if scale is None:
        known = " or ".join(", ".join(scale) for scale in _SCALES)
        raise Unusable(unit, f"cannot be converted to {to}: units are {known}")
    amount = Decimal(text(number(value, "."))) * scale[unit] / scale[to]
    return f"{round(amount, 3).normalize():f}"


def date(value: Json, form: str) -> str:
    """ISO 8601 from a date written as `form`, in the letters of strftime."""
    try:
        return datetime.strptime(text(value), form).date().isoformat()
    except ValueError:
        raise Unusable(value, f"is not a date written as {form}") from None
