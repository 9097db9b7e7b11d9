"""`rest`: what a mapping does not use becomes attributes of the kinds that the values show."""

import json
from pathlib import Path
from typing import Any

import pytest
from mapping_parsing import mapped

from catalog.errors import FileRefused
from catalog.files.reading import Defaults

MAPPING = "fields: {external_id: id, name: id, type: {from: type, default: thing}}\nrest: {}\n"


def _read(folder: Path, *rows: dict[str, Any], mapping: str = MAPPING, **options: Any) -> Any:
    lines = "".join(f"{json.dumps({'id': n} | row)}\n" for n, row in enumerate(rows, 1))
    found = mapped(folder, lines, mapping, format="jsonl", **options)
    found.findings = [finding for finding in found.findings if finding.code != "NEVER_FOUND"]
    assert found.findings == []
    return found


def _kinds(found: Any) -> dict[str, str]:
    return {a["code"]: a["kind"] for a in found.all("attribute") if "name" in a}


def test_kinds_follow_the_values(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        {"slots": 2, "rgb": True, "socket": "AM4", "ports": ["USB", "HDMI"], "cache": {"l2": 0.5}},
        {"slots": 4.5, "rgb": None, "socket": "AM5", "ports": [], "cache": {}},
    )
    assert _kinds(found) == {
        "slots": "number",
        "rgb": "boolean",
        "socket": "select",
        "ports": "multiselect",
        "cache.l2": "number",
    }
    first, second = found.all("product")
    assert first["attributes"]["ports"] == ["usb", "hdmi"]
    assert second["attributes"] == {"slots": "4.5", "socket": "am5"}


def test_lines_that_disagree_make_a_text_or_select(tmp_path: Path) -> None:
    found = _read(tmp_path, {"size": 140}, {"size": "Compact"})
    assert _kinds(found) == {"size": "select"}
    assert [p["attributes"]["size"] for p in found.all("product")] == ["140", "compact"]


def test_too_many_different_texts_make_a_text(tmp_path: Path) -> None:
    rows = [{"note": f"Note {n}", "tags": [f"tag {n}", "x"]} for n in range(4)]
    found = _read(tmp_path, *rows, mapping=MAPPING.replace("rest: {}", "rest: {options_up_to: 3}"))
    assert _kinds(found) == {"note": "text", "tags": "text"}
    assert found.all("product")[0]["attributes"] == {"note": "Note 0", "tags": "tag 0, x"}


def test_lists_of_objects_are_kept_in_the_metadata(tmp_path: Path) -> None:
    slots = [{"gen": "4.0", "lanes": 16}, {"gen": "3.0", "lanes": 1}]
    found = _read(tmp_path, {"slots": slots})
    assert found.product["metadata"] == {"slots": slots}
    assert _kinds(found) == {}


def test_each_type_has_the_attributes_that_its_lines_have(tmp_path: Path) -> None:
    found = _read(tmp_path, {"type": "Fan", "rpm": 900}, {"type": "Cable", "length": 2})
    assigned = {
        (record["code"], item["attribute"])
        for record in found.all("type")
        for item in record.get("attributes", ())
    }
    assert assigned == {("fan", "rpm"), ("cable", "length")}


def test_exceptions_and_what_is_used_elsewhere_become_nothing(tmp_path: Path) -> None:
    mapping = MAPPING.replace("rest: {}", "rest: {except: [shop, memory.note]}")
    found = _read(tmp_path, {"shop": {"a": 1}, "memory": {"note": "x", "size": 4}}, mapping=mapping)
    assert list(_kinds(found)) == ["memory.size"]


def test_a_code_that_the_catalog_uses_otherwise_is_left_alone(tmp_path: Path) -> None:
    catalog = Defaults("web", "EUR", "en", {"size": "text"})
    found = _read(tmp_path, {"size": 140}, defaults=catalog)
    assert found.product["attributes"] == {"size-number": 140}


def test_cells_that_all_look_like_numbers_are_numbers(tmp_path: Path) -> None:
    mapping = "fields: {external_id: id, name: id}\nrest: {}"
    found = mapped(tmp_path, "id,watts,code,new\n1,5,007,true\n2,7.5,8,FALSE\n", mapping)
    assert _kinds(found) == {"watts": "number", "code": "select", "new": "boolean"}


def test_a_file_of_too_many_attributes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"would make 1001 attributes .*rest\.except"):
        _read(tmp_path, {f"a{n}": n for n in range(1001)})


def test_paths_that_make_one_code_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="'a b' and 'a_b' would both be the attribute a_b"):
        _read(tmp_path, {"a b": 1, "a_b": 2})
