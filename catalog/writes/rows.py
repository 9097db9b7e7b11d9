"""Stage rows as they come together: the lists, the numbers, and what every row begins with."""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

import nh3
import orjson
from pydantic import BaseModel
from slugify import slugify

from catalog.writes.inputs import SeoInput, TranslationInput, Translations
from catalog.writes.kinds import Scalar
from catalog.writes.staging import CHUNK, Problem

Row = tuple[object, ...]
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)$", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d$", re.ASCII)
_MARKUP = re.compile(r"[<&]")


class Rows:
    """Rows by stage table until they are taken; products and variants are numbered over a load."""

    def __init__(self) -> None:
        self.of: defaultdict[str, list[Row]] = defaultdict(list)
        self.problems: list[Problem] = []
        self.products = 0
        self.variants = 0
        self.offers = 0
        self.filled: set[str] = set()

    def refuse(
        self, line: int, path: tuple[str | int, ...], value: str | None, message: str
    ) -> None:
        self.problems.append(Problem(line, path, value, "INVALID", message))

    @property
    def count(self) -> int:
        return sum(map(len, self.of.values()))

    def take(self) -> dict[str, list[Row]]:
        """Since the last time; `filled` remembers which tables ever got any."""
        rows, self.of = dict(self.of), defaultdict(list)
        self.filled |= {table for table, taken in rows.items() if taken}
        return rows


class Owner:
    """Whose part a row is, and where it stood."""

    __slots__ = ("chunk", "line", "n", "path", "ref", "v")

    def __init__(
        self,
        line: int,
        *,
        n: int | None = None,
        v: int | None = None,
        ref: str | None = None,
        path: str = "",
        chunk: int | None = None,
    ) -> None:
        self.line, self.n, self.v, self.ref, self.path = line, n, v, ref, path
        self.chunk = chunk if n is None else n // CHUNK

    def part(self, path: str = "") -> Row:
        joined = f"{self.path}/{path}" if self.path and path else self.path or path
        return (self.chunk, self.n, self.v, self.line, joined)


def add_translations(
    rows: Rows, translations: Translations | None, owner: Owner, kind: str
) -> None:
    for locale, texts in (translations or {}).items():
        add_translation(rows, texts, owner, kind, locale, f"translations/{locale}")


def add_translation(
    rows: Rows, texts: TranslationInput, owner: Owner, kind: str, locale: str, path: str
) -> None:
    seo = texts.seo or SeoInput()
    rows.of["stage_translation"].append(
        (
            *owner.part(path),
            kind,
            owner.ref,
            locale,
            [*given(texts), *seo_given(texts)],
            texts.name,
            texts.slug,
            texts.description,
            seo.title,
            seo.description,
        )
    )


def interpretations(value: Scalar | None) -> Row:
    """A value as text, cleaned HTML, number, boolean and date, as far as it can be each: which of
    them counts is the attribute's to say, and that only the database knows."""
    if value is None:
        return (None, None, None, None, None)
    if isinstance(value, bool):
        text = "true" if value else "false"
        return (text, text, None, value, None)
    if isinstance(value, int | Decimal):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return (text, text, Decimal(value), _BOOLEANS.get(text), None)
    html = nh3.clean(value) if _MARKUP.search(value) else value
    stripped = value.strip()
    return (value, html, _number(stripped), _BOOLEANS.get(stripped.lower()), _date(stripped))


def _number(text: str) -> Decimal | None:
    if len(text) > 40 or not _NUMBER.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def given(record: BaseModel) -> list[str]:
    """The fields that were sent: absent is not null."""
    return list(record.model_fields_set)


def seo_given(record: BaseModel) -> tuple[str, ...]:
    if "seo" not in record.model_fields_set:
        return ()
    seo: SeoInput | None = getattr(record, "seo", None)
    sent = seo.model_fields_set if seo else {"title", "description"}
    return tuple(f"seo_{field}" for field in sent)


def json_text(value: object) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()


def split(path: str | None) -> tuple[str | int, ...]:
    """A stage row's path as the input's: `variants/0/sku` is ("variants", 0, "sku")."""
    parts = filter(None, path.split("/")) if path else []
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def slug_base(slug: str | None, name: str | None) -> str | None:
    """What a slug is made of where none was sent."""
    if slug or not name:
        return None
    return slugify(name, max_length=200, word_boundary=True) or "item"
