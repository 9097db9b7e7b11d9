"""Tables are read with any delimiter, and what breaks one is named with its line."""

from pathlib import Path

import pytest

from catalog.errors import FileRefused
from catalog.files import table
from catalog.files.table import Row, Table, open_table
from catalog.files.text import open_text
from catalog.writes.staging import Problem


def _table(folder: Path, text: str) -> Table:
    path = folder / "catalog.csv"
    path.write_bytes(text.encode())
    return open_table(open_text(path))


def _rows(source: Table) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in source.rows() if isinstance(row, Row)]


def _problems(source: Table) -> list[Problem]:
    return [row for row in source.rows() if isinstance(row, Problem)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = ["sku{0}name{0}price", 'A-1{0}"one, two; three"{0}1.50', "A-2{0}four{0}2"]
    source = _table(tmp_path, end.join(lines).format(delimiter))
    assert source.header == ("sku", "name", "price")
    assert _rows(source)[0] == (2, {"sku": "A-1", "name": "one, two; three", "price": "1.50"})


def test_excel_may_announce_its_delimiter(tmp_path: Path) -> None:
    source = _table(tmp_path, "sep=;\nsku;name\n1;a,b\n")
    assert _rows(source) == [(3, {"sku": "1", "name": "a,b"})]


def test_lines_are_counted_through_cells_of_several(tmp_path: Path) -> None:
    source = _table(tmp_path, 'sku,name\n1,"a\nb\nc"\n\n2,d\n')
    assert _rows(source) == [(2, {"sku": "1", "name": "a\nb\nc"}), (6, {"sku": "2", "name": "d"})]


def test_padding_and_empty_cells_go(tmp_path: Path) -> None:
    source = _table(tmp_path, " sku , name ,\n  1 ,   ,\n2\n")
    assert source.header == ("sku", "name")
    assert _rows(source) == [(2, {"sku": "1"}), (3, {"sku": "2"})]


def test_a_row_too_long_is_a_problem_of_its_own(tmp_path: Path) -> None:
    source = _table(tmp_path, "sku,name\n1,Table, oak\n2,Chair\n")
    (problem,) = _problems(source)
    assert (problem.line, problem.value, problem.code) == (2, "oak", "TOO_MANY_CELLS")
    assert _rows(source) == [(3, {"sku": "2", "name": "Chair"})]


def test_a_stray_quote_is_a_problem_of_its_row(tmp_path: Path) -> None:
    source = _table(tmp_path, 'sku,name\n1,"5" disc"\n2,Chair\n')
    assert [problem.line for problem in _problems(source)] == [2]
    assert _rows(source) == [(3, {"sku": "2", "name": "Chair"})]


def test_a_quote_never_closed_is_refused(tmp_path: Path) -> None:
    source = _table(tmp_path, 'sku,name\n1,ok\n2,"never\n3,closed\n')
    with pytest.raises(FileRefused, match="opened on line 3 is never closed"):
        _rows(source)


def test_a_cell_beyond_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "CELL_LIMIT", 100)
    source = _table(tmp_path, "sku,name\n1," + "x" * 200 + "\n")
    with pytest.raises(FileRefused, match="begins on line 2"):
        _rows(source)


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="“name” and “name” mean the same"):
        _table(tmp_path, "sku,name,name\n1,a,b\n")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="NUL"):
        _table(tmp_path, "sku\x00,name\n1,a\n")
