"""Wrong mappings: each mistake is told with its line, its place and what would be right."""

from pathlib import Path

import pytest

from catalog.errors import FileRefused
from catalog.files.mapping import loading, marked

WRONG = """\
source: {format: csv}
fields:
  nmae: title
  name: {from: title, slgu: true}
  slug: {from: a, template: b}
  tags: {match: "(("}
variants:
  fields: {weight: [1]}
"""
MISFITS = """\
source: {format: csv}
record: category
fields:
  nmae: title
  name: {from: title, lookup: names}
translations:
  de: {nome: name_de}
variants:
  fields: {skuu: x}
"""


def _refused(text: str) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        loading.parse(text, name="map.yaml")
    return refused.value.message.splitlines()


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    assert _refused(WRONG) == [
        "map.yaml, line 4, fields.name.slgu: `slgu` is not known here; did you mean `slug`?",
        "map.yaml, line 5, fields.slug: "
        "needs exactly one of from (a path), template or value (a constant)",
        "map.yaml, line 6, fields.tags.match: is not a regular expression: "
        "missing ), unterminated subpattern at position 1",
        "map.yaml, line 8, variants.fields.weight: must be a block of `word: value` lines",
    ]


def test_what_does_not_fit_the_record_is_told() -> None:
    assert _refused(MISFITS) == [
        "map.yaml, line 4, fields.nmae: `nmae` is not known here; did you mean `name`?",
        "map.yaml, line 7, translations.de.nome: `nome` is not known here; did you mean `name`?",
        "map.yaml, line 9, variants.fields.skuu: `skuu` is not known here; did you mean `sku`?",
        "map.yaml, line 8, variants: a category has none; only product can have them",
        "map.yaml, line 5, fields.name.lookup: there is no table 'names' under `tables`",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "map.yaml, line 1, mapping: must be a block of `word: value` lines"),
        ("- a", "map.yaml, line 1, mapping: must be a block of `word: value` lines"),
        ("a: [", "map.yaml: is not YAML that can be used: while parsing a flow node"),
        ("a: 1\na: 2", "map.yaml: is not YAML that can be used: line 2: `a` is there twice"),
        ("record: product", "map.yaml, line 1, mapping: `source` is missing"),
        ("source: {format: xml}", "map.yaml, line 1, source.format: must be one of 'csv', 'json'"),
        (
            "source: {format: csv}\nchannels: [{code: web, currencies: EURO}]",
            "map.yaml, line 2, channels.0.currencies: is longer than 3 characters",
        ),
        (
            "source: {format: csv}\ntables: {a: {file: a.csv}}",
            "map.yaml, line 2, tables.a: needs either rows, or file with key and value",
        ),
        (
            "source: {format: csv}\ncategories: [{path: a, ref: b}]",
            "map.yaml, line 2, categories.0: needs either path or ref",
        ),
    ],
)
def test_a_mapping_that_is_none_is_refused(text: str, said: str) -> None:
    assert _refused(text)[0].startswith(said)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="cannot be read as UTF-8 text"):
        loading.load(tmp_path / "no.yaml")


def test_words_stay_words() -> None:
    _, given = marked.parse(
        "{no: no, on: 2025-01-01, n: 007, x: '7', y: 7, z: 1.50, t: true, e: ~}"
    )
    assert given == {
        "no": "no",
        "on": "2025-01-01",
        "n": "007",
        "x": "7",
        "y": 7,
        "z": 1.5,
        "t": True,
        "e": None,
    }
