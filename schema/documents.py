"""Documents that are known by the SHA-256 of their text, so that an address can hold a question and
a CDN its answer: those that clients register (Automatic Persisted Queries, as Apollo has them) and
those that are trusted."""

import hashlib
import re
from contextlib import suppress
from typing import Final

from graphql import GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, OperationType

from catalog.bounded import Bounded
from catalog.reads import documents
from catalog.remote import Away, Remote
from schema.execution import Schema
from schema.negotiation import Question, Refused

VERSION: Final = 1
# Bytes of texts that a process keeps, what one takes beside its text, and for how many seconds
# Redis keeps one.
MOST, OVERHEAD, TTL = 8_000_000, 300, 24 * 3600

_DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def flaws(schema: Schema, text: str) -> list[str]:
    """Why it is none that could be run; empty where it is one."""
    try:
        document = schema.document(text)
    except GraphQLSyntaxError as error:
        return [_placed(error)]
    kinds = {
        node.operation
        for node in document.nodes.definitions
        if isinstance(node, OperationDefinitionNode)
    }
    if not kinds or OperationType.SUBSCRIPTION in kinds:
        return ["it holds something else than queries and mutations"]
    return [_placed(error) for error in document.errors]


def _placed(error: GraphQLError) -> str:
    line = f"line {error.locations[0].line}: " if error.locations else ""
    return line + error.message


class Texts(Bounded[str]):
    """By their digests."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(most, _size)


def _size(text: str) -> int:
    return OVERHEAD + len(text.encode())


class Documents:
    """`enforced`: only those that the database has are run, and nobody registers any."""

    def __init__(self, schema: Schema, *, enforced: bool) -> None:
        self.enforced = enforced
        self._schema = schema
        self._texts = Texts()
        # Where there is Redis: what other processes have registered.
        self.remote: Remote | None = None

    def known(self, asked: Question) -> str | None:
        """The text, where this process can tell it alone. One that comes with its hash is for the
        application to register: other processes may have lost it. Where trust is enforced, a text
        was trusted once; whether it still is, the answer that is kept depends on."""
        if asked.persisted is None:
            text = asked.query or ""
            return self._texts.get(digest_of(text)) if self.enforced else text
        if asked.query is not None or asked.persisted.version != VERSION:
            return None
        return self._texts.get(asked.persisted.digest)

    async def text(self, asked: Question) -> str:
        """What is to be run, found out in the snapshot of its answer. Raises `Refused`, and
        GraphQLError with Apollo's codes."""
        if asked.query is not None and asked.persisted is None and not self.enforced:
            return asked.query
        digest = _digest(asked)
        if self.enforced:
            return await self._trusted(asked, digest)
        if asked.query is None:
            return await self._registered(digest)
        await self._register(digest, asked.query)
        return asked.query

    async def _trusted(self, asked: Question, digest: str) -> str:
        text = await _stored(digest)
        if text is None and asked.query is None:
            message = "the hash is of no trusted document"
            raise Refused(403, message, code="PERSISTED_QUERY_NOT_IN_LIST")
        if text is None:
            message = "the query is no trusted document"
            raise Refused(403, message, code="QUERY_NOT_IN_SAFELIST")
        self._texts.keep(digest, text)
        return text

    async def _registered(self, digest: str) -> str:
        text = self._texts.get(digest) or await self._shared(digest) or await _stored(digest)
        if text is None:
            raise _error("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        self._texts.keep(digest, text)
        return text

    async def _register(self, digest: str, text: str) -> None:
        """Unless it cannot be run: what is wrong with it, running it tells."""
        if flaws(self._schema, text):
            return
        self._texts.keep(digest, text)
        if self.remote is not None:
            with suppress(Away):
                await self.remote.set(_key(digest), text.encode(), ttl=TTL)

    async def _shared(self, digest: str) -> str | None:
        if self.remote is None or not _DIGEST.fullmatch(digest):
            return None
        with suppress(Away):
            found = await self.remote.get(_key(digest))
            return _genuine(found.decode(errors="replace"), digest) if found else None
        return None


def _digest(asked: Question) -> str:
    """By which the document is known. Raises `Refused` where it is not its text's."""
    if asked.persisted is None:
        return digest_of(asked.query or "")
    if asked.persisted.version != VERSION:
        raise _error("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
    digest = asked.persisted.digest
    if asked.query is not None and digest_of(asked.query) != digest:
        raise Refused(400, "provided sha does not match query")
    return digest


async def _stored(digest: str) -> str | None:
    found = await documents.text(digest) if _DIGEST.fullmatch(digest) else None
    return _genuine(found, digest) if found else None


def _genuine(text: str, digest: str) -> str | None:
    """Whoever may write into a store could put anything under a digest."""
    return text if digest_of(text) == digest else None


def _key(digest: str) -> str:
    return f"catalog:document:{digest}"


def _error(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
