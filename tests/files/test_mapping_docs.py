"""What docs/mapping.md shows is what happens, and every example mapping is a good one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from parsing import Found

from catalog.files.mapping import expressions, loading, reading
from catalog.files.mapping.language import Value
from catalog.files.mapping.marked import parse
from catalog.files.text import open_text

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "mapping.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(csv|jsonl|yaml|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = [
    (format, source, mapping, records)
    for (format, source), (_, mapping), (_, records) in zip(
        BLOCKS[::3], BLOCKS[1::3], BLOCKS[2::3], strict=True
    )
]


def _records(text: str) -> list[dict[str, Any]]:
    decoder, found = json.JSONDecoder(), []
    while text := text.strip():
        record, end = decoder.raw_decode(text)
        found.append(record)
        text = text[end:]
    return found


@pytest.mark.parametrize(("format", "source", "mapping", "records"), SHOWN)
def test_an_example_of_the_page_reads_as_shown(
    format: str, source: str, mapping: str, records: str, tmp_path: Path
) -> None:
    file = tmp_path / f"source.{format}"
    file.write_text(source, encoding="utf-8")
    if "source:" not in mapping:
        mapping = f"source: {{format: {format}}}\n{mapping}"
    rules = loading.parse(mapping)
    found = Found(reading.read(open_text(file), rules, beside=tmp_path, defaults=None))
    assert found.findings == []
    shown = [{"record": rules.record} | record for record in _records(records)]
    assert [record for record in found.all(rules.record) if "if_missing" not in record] == shown


def _spans(cell: str) -> list[str]:
    return re.findall(r"`+([^`]+)`+", cell)


def _transforms() -> list[tuple[str, list[str], list[str]]]:
    """Rows of the table of transforms that show what goes in and what comes out."""
    rows = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    wide = [row for row in rows if len(row) == 5]
    return [(", ".join(_spans(row[2])), _spans(row[3]), _spans(row[4])) for row in wide]


@pytest.mark.parametrize(("written", "given", "expected"), _transforms())
def test_a_transform_does_what_its_row_shows(
    written: str, given: list[str], expected: list[str]
) -> None:
    _, words = parse(f"{{from: a, {written}}}")
    value = Value.model_validate(words)
    compute = expressions.compute(value, {})
    found = compute({"a": given[0] if len(given) == 1 else list(given)})
    if value.repeated is None:
        assert found == (list(expected) if len(expected) > 1 else next(iter(expected), None))


def test_the_page_has_a_row_for_every_transform() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    words = {field.alias or name for name, field in Value.model_fields.items()} - {"otherwise"}
    assert words <= named


@pytest.mark.parametrize(
    "example", sorted((DOCS / "examples").glob("*.yaml")), ids=lambda p: p.stem
)
def test_an_example_mapping_loads_and_says_what_it_is_for(example: Path) -> None:
    assert loading.load(example).record
    assert example.read_text(encoding="utf-8").startswith("# ")
