"""Files that are handed in: the body itself, or a part of a form."""

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from catalog.rest import bodies
from catalog.rest.bodies import BodyRefused, UnsupportedMediaType

FORM = "multipart/form-data"
# And how a file is called that comes without a name.
RAW = {
    "text/csv": "import.csv",
    "application/x-ndjson": "import.ndjson",
    "application/jsonl": "import.ndjson",
    "application/json": "import.json",
    "application/gzip": "import.gz",
    "application/octet-stream": "import",
}
_MAPPING_LIMIT = 500_000
_BLOCK = 1024 * 1024
# What no file system takes, and what would lead into another folder.
_UNNAMED = re.compile(r"[\x00-\x1f\x7f/\\]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """`charset` is what the sender says of the text, if anything."""

    file: BinaryIO
    name: str
    charset: str | None
    mapping: str | None

    async def digest(self) -> bytes:
        return await asyncio.to_thread(_digest, self.file)


@asynccontextmanager
async def received(request: Request, *, name: str | None) -> AsyncIterator[Upload]:
    """The file, on disk as long as the block runs. Raises one of the errors of `bodies`."""
    kind, parameters = _content_type(request)
    if kind == FORM:
        async with _form(request) as form:
            yield await _of_form(form, name)
    elif kind in RAW:
        async with _body(request) as file:
            given = name or _disposition(request) or RAW[kind]
            yield Upload(file, plain_name(given), parameters.get("charset"), None)
    else:
        said = f"{kind} is not taken" if kind else "the Content-Type is missing"
        raise UnsupportedMediaType(f"{said} here; send {FORM}, {', '.join(RAW)}")


def plain_name(name: str) -> str:
    """The last part of it, as any file system can have it."""
    last = PurePosixPath(name.replace("\\", "/")).name
    encoded = _UNNAMED.sub("_", last).encode(errors="replace")[-200:]
    return encoded.decode(errors="ignore").strip(". ") or "import"


@asynccontextmanager
async def _body(request: Request) -> AsyncIterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        async for piece in bodies.upload(request):
            await asyncio.to_thread(file.write, piece)
        _refuse_empty(file)
        yield file


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    parser = MultiPartParser(
        request.headers,
        _pieces(request),
        max_files=2,
        max_fields=2,
        max_part_size=_MAPPING_LIMIT,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise BodyRefused(f"the form cannot be read: {error.message}") from None
    try:
        yield form
    finally:
        await form.close()


async def _pieces(request: Request) -> AsyncGenerator[bytes, None]:
    async for piece in bodies.upload(request):
        yield piece


async def _of_form(form: FormData, name: str | None) -> Upload:
    if unknown := set(form) - {"file", "mapping"}:
        raise BodyRefused(
            f"the form has a part {sorted(unknown)[0]!r}; it may have `file` and `mapping`, and "
            "options are query parameters"
        )
    file, mapping = form.get("file"), form.get("mapping")
    if not isinstance(file, UploadFile):
        raise BodyRefused("the form has no file; send one as its part `file`, with a filename")
    _refuse_empty(file.file)
    given = name or file.filename or "import"
    charset = _parameters(file.content_type or "")[1].get("charset")
    return Upload(file.file, plain_name(given), charset, await _text(mapping))


async def _text(mapping: UploadFile | str | None) -> str | None:
    """A mapping comes as a file or as a field."""
    if not isinstance(mapping, UploadFile):
        return mapping
    content = await mapping.read(_MAPPING_LIMIT + 1)
    if len(content) > _MAPPING_LIMIT:
        raise BodyRefused(f"the mapping is longer than {_MAPPING_LIMIT:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BodyRefused("the mapping is not UTF-8") from None


def _refuse_empty(file: BinaryIO) -> None:
    if file.seek(0, 2) == 0:
        raise BodyRefused("the file is empty; send the catalog as the body, or as a form's `file`")


def _content_type(request: Request) -> tuple[str, dict[str, str]]:
    return _parameters(request.headers.get("content-type", ""))


def _disposition(request: Request) -> str | None:
    """RFC 6266, with the encoded names of RFC 8187."""
    message = Message()
    message["Content-Disposition"] = request.headers.get("content-disposition", "")
    return message.get_filename()


def _parameters(header: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["Content-Type"] = header
    found = message.get_params() or [("", "")]
    return found[0][0].lower(), {key.lower(): value for key, value in found[1:]}


def _digest(file: BinaryIO) -> bytes:
    file.seek(0)
    found = hashlib.sha256()
    for block in iter(partial(file.read, _BLOCK), b""):
        found.update(block)
    return found.digest()
