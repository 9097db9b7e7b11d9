"""Files as text, whatever they are packed and encoded in, a line at a time and never whole."""

import codecs
import gzip
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import charset_normalizer

from catalog.errors import FileRefused

LINE_LIMIT = 16 * 1024 * 1024
_BLOCK = 1024 * 1024
_SAMPLE = 256 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# White space in any encoding, and marks of encodings.
_NOTHING = b" \r\n\t\0\xef\xbb\xbf\xfe\xff"
_MARK = "\ufeff"
_NO_TEXT = (
    (
        b"PK\x03\x04",
        "a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV UTF-8",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV UTF-8"),
    (b"%PDF", "a PDF; export the data as CSV"),
)
# Where catalogs come from; the detector's other guesses (EBCDIC …) are never right here.
_ENCODINGS = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp437"),
    *("cp850", "mac_roman", "koi8_r", "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5"),
]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that can be read, and how. `guessed` says that the encoding is only likely."""

    path: Path
    encoding: str
    guessed: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    def lines(self) -> Iterator[str]:
        """Lines with their ends, from the first. Raises FileRefused where the file breaks off."""
        number = 0
        try:
            with (
                _unpacked(self.path) as binary,
                io.TextIOWrapper(binary, encoding=self.encoding, newline="") as stream,
            ):
                while line := stream.readline(LINE_LIMIT):
                    number += 1
                    if number == 1:
                        # Programs that write the mark before a text that has one already.
                        line = line.lstrip(_MARK)
                    if len(line) == LINE_LIMIT:
                        raise FileRefused(
                            f"{self.name}: line {number} is longer than {LINE_LIMIT:,} characters; "
                            "a file of records has one or more lines for each"
                        )
                    yield line
        except UnicodeDecodeError as error:
            raise FileRefused(
                f"{self.name}: soon after line {max(number, 1)} a byte is not {self.encoding} "
                f"(0x{error.object[error.start]:02x}); save the file as UTF-8 or say --encoding"
            ) from None
        except (OSError, EOFError, lzma.LZMAError) as error:
            raise FileRefused(f"{self.name}: cannot be read after line {number}: {error}") from None


def open_text(path: Path, *, encoding: str | None = None) -> TextFile:
    """Find out how to read a file; reads it through once when nothing says its encoding."""
    if encoding is not None:
        return TextFile(path, _known(encoding))
    try:
        with _unpacked(path) as binary:
            return _detected(path, binary)
    except (OSError, EOFError, lzma.LZMAError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise FileRefused(f"{path}: cannot be read: {reason}") from None


def _unpacked(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.open(path))
    if start.startswith(b"\xfd7zXZ\x00"):
        return cast(BinaryIO, lzma.open(path))
    return path.open("rb")


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise FileRefused(
            f"--encoding {encoding} is unknown; common ones are utf-8, cp1252, utf-16"
        ) from None


def _detected(path: Path, binary: BinaryIO) -> TextFile:
    start = binary.read(_SAMPLE)
    if not start.strip(_NOTHING):
        raise FileRefused(f"{path.name}: is empty")
    for magic, what in _NO_TEXT:
        if start.startswith(magic):
            raise FileRefused(f"{path.name}: is {what}")
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return TextFile(path, encoding)
    if (wide := _wide(start)) is not None:
        return TextFile(path, wide)
    foreign = _not_utf8(start, binary)
    if foreign is None:
        return TextFile(path, "utf-8")
    return TextFile(path, _likely(path, foreign), guessed=True)


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every other byte is NUL."""
    pairs = len(start) // 2
    if pairs and start[1::2].count(0) > 0.6 * pairs:
        return "utf-16-le"
    if pairs and start[0::2].count(0) > 0.6 * pairs:
        return "utf-16-be"
    return None


def _not_utf8(start: bytes, binary: BinaryIO) -> bytes | None:
    """A sample of the lines that are more than ASCII, if the file is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    block, broken, sample = start, False, bytearray()
    while block:
        if not block.isascii() and len(sample) < _SAMPLE:
            sample += b"\n".join(line for line in block.splitlines() if not line.isascii())
        if not broken:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                broken = True
        if broken and len(sample) >= _SAMPLE:
            break
        block = binary.read(_BLOCK)
    if not broken:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            broken = True
    return bytes(sample[:_SAMPLE]) if broken else None


def _likely(path: Path, sample: bytes) -> str:
    matches = charset_normalizer.from_bytes(sample, cp_isolation=_ENCODINGS)
    best = matches.best()
    if best is None:
        raise FileRefused(
            f"{path.name}: is neither UTF-8 nor any encoding we know; "
            "save it as UTF-8, or name its encoding with --encoding"
        )
    # A short text fits several code pages alike; then the commonest is the likeliest.
    as_good = {
        encoding
        for match in matches
        if match.chaos <= best.chaos + 0.02 and match.coherence >= best.coherence - 0.02
        for encoding in match.could_be_from_charset
    }
    return next(encoding for encoding in (*_ENCODINGS, best.encoding) if encoding in as_good)
