"""Files are read whatever they are packed and encoded in, or refused with what to do."""

import gzip
import lzma
from pathlib import Path

import pytest

from catalog.errors import FileRefused
from catalog.files import text
from catalog.files.text import open_text


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "catalog.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_packed_files_read_as_plain_ones(tmp_path: Path, pack: type[bytes]) -> None:
    path = _file(tmp_path, pack("name\nGröße\n".encode()))
    assert list(open_text(path).lines()) == ["name\n", "Größe\n"]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Größe, Café", "utf-8"),
        ("Größe, Café", "utf-8-sig"),
        ("Größe, Café", "utf-16"),
        ("Größe, Café", "utf-16-le"),
        ("Größe, Café", "cp1252"),
        ("Château à l'œuvre – 5 €", "cp1252"),
        ("červeň, kůň, říše, žluť", "cp1250"),
        ("Привет мир, товары для дома", "cp1251"),
        ("日本語のテキストです", "shift_jis"),
    ],
)
def test_an_encoding_is_found_out(tmp_path: Path, content: str, encoding: str) -> None:
    path = _file(tmp_path, content.encode(encoding))
    assert "".join(open_text(path).lines()) == content


def test_only_what_is_not_unicode_is_guessed(tmp_path: Path) -> None:
    assert not open_text(_file(tmp_path, "Größe".encode())).guessed
    assert open_text(_file(tmp_path, "Größe".encode("cp1252"))).guessed


def test_a_foreign_byte_far_down_is_not_taken_for_utf8(tmp_path: Path) -> None:
    path = _file(tmp_path, b"plain\n" * 300_000 + "Größe\n".encode("cp1252"))
    assert open_text(path).encoding == "cp1252"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"PK\x03\x04", "as CSV UTF-8"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08\x00\x00", "cannot be read"),
        (bytes([0x81, 0x8D, 0xFF, 0x90]) * 50, "--encoding"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        list(open_text(_file(tmp_path, content)).lines())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        open_text(tmp_path / "nowhere.csv")


def test_an_encoding_that_does_not_hold_names_the_line(tmp_path: Path) -> None:
    path = _file(tmp_path, b"name\n\xff\n")
    with pytest.raises(FileRefused, match="0xff"):
        list(open_text(path, encoding="utf-8").lines())
    with pytest.raises(FileRefused, match="utf-42 is unknown"):
        open_text(path, encoding="utf-42")


def test_an_endless_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LINE_LIMIT", 100)
    with pytest.raises(FileRefused, match="line 2 is longer than 100"):
        list(open_text(_file(tmp_path, b"name\n" + b"x" * 200)).lines())
