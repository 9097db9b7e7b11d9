"""Whole answers kept as they went out (RFC 9111): a hit is not parsed, not validated, not executed.

It stands before the application and knows two things of a face: which requests everybody may be
given the same answer to, and under which key. What the application then says is `storable`
(`catalog.tags`) is kept with its entity tag; each content coding has a tag of its own.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from random import getrandbits

from catalog import asgi, codings, tags
from catalog.asgi import App, Message, Receive, Scope, Send
from catalog.cache import Cache, Found, framed, unframed
from catalog.errors import Unavailable
from catalog.recent import Recent

Headers = tuple[tuple[bytes, bytes], ...]

# Bytes: what is larger than any question is not read here.
MOST_BODY = 64 * 1024
# Questions whose keys are known by their very bytes, and bytes of one of them: 16 MB at the most.
MOST_KNOWN, MOST_REMEMBERED = 4_000, 4_000
# What no header can hold.
NO_HEADER = b"\0"

REQUEST_ID = b"x-request-id"
# What platforms send; anything else could be written into logs by a stranger.
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,128}")
# Of an answer these are made anew each time, and these are of its content.
MADE = frozenset({REQUEST_ID, b"content-length", b"etag", b"cache-control", b"date", b"server"})
OF_CONTENT = frozenset({b"content-type", b"content-encoding", b"content-length"})


@dataclass(frozen=True, slots=True)
class Request:
    """What an answer may depend on; a HEAD is a GET here, and the path is as it was sent."""

    method: str
    path: bytes
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Face:
    """`key` says under which key an answer may be kept, None where it is not everybody's."""

    path: str
    methods: frozenset[str]
    key: Callable[[Request], str | None]

    def takes(self, scope: Scope) -> bool:
        path: str = scope["path"]
        here = path.startswith(self.path) if self.path.endswith("/") else path == self.path
        return here and scope["method"] in self.methods


def digest(*parts: bytes) -> str:
    """Of parts that are told apart, whatever is in them."""
    each = blake2b(digest_size=16)
    for part in parts:
        each.update(b"%d:" % len(part) + part)
    return each.hexdigest()


@dataclass(slots=True)
class Answer:
    """`tag` is opaque; `coded` are its codings, made when they are asked for a second time."""

    status: int
    headers: Headers
    body: bytes
    tag: bytes
    coded: dict[str, bytes] = field(default_factory=dict)
    prepared: dict[str, Headers] = field(default_factory=dict)
    asked: int = 0

    @property
    def size(self) -> int:
        """With what it is coded to, about a third more."""
        return len(self.body) * 4 // 3 + 200 * len(self.headers)

    @property
    def says(self) -> tuple[int, Headers, bytes]:
        return self.status, self.headers, self.body

    async def has(self, coding: str) -> bool:
        """Whether there is that coding of it. What nobody asks for twice is not worth the work."""
        if coding in self.coded:
            return True
        self.asked += 1
        if self.asked < 2 or len(self.body) < codings.LEAST:
            return False
        self.coded[coding] = await codings.made(coding, self.body)
        return True

    def pack(self) -> bytes:
        told = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in self.headers]
        return framed([self.status, told, self.tag.decode("ascii")], self.body)

    @classmethod
    def unpack(cls, packed: bytes) -> "Answer":
        (status, told, tag), body = unframed(packed)
        headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in told)
        return cls(status, headers, body, tag.encode("ascii"))


class HttpCache:
    """Passes everything on for as long as it has no cache. `max_age` is for how many seconds shared
    caches may give an answer without asking."""

    def __init__(self, app: App, faces: Sequence[Face], *, max_age: int = 0) -> None:
        self.app = app
        self.cache: Cache[Answer] | None = None
        self._faces = faces
        self._keys: OrderedDict[bytes, str] = OrderedDict()
        self.recent = Recent()
        self._public = (
            f"public, max-age=0, s-maxage={max_age}, must-revalidate"
            if max_age
            else "public, no-cache"
        ).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        face = self._face(scope) if self.cache is not None else None
        if face is None:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if b"authorization" in headers:
            await self.app(scope, receive, _told(send, b"private, no-store", b"bypass"))
            return
        body, receive = await asgi.read(scope, receive, most=MOST_BODY)
        # A HEAD is asked as a GET: it would be kept without its content.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        key = None
        if body is not None:
            path = scope.get("raw_path") or scope["path"].encode()
            asked = Request(method, path, scope["query_string"], headers, body)
            key = self._key(face, asked)
        if key is None:
            await self.app(scope, receive, _told(send, b"no-store", b"bypass"))
            return
        await self._answer(key, scope, method, headers, body or b"", send)

    def _face(self, scope: Scope) -> Face | None:
        if scope["type"] == "http":
            for face in self._faces:
                if face.takes(scope):
                    return face
        return None

    def _key(self, face: Face, asked: Request) -> str | None:
        """Of a question that was asked before in the same bytes it is known."""
        told = [asked.headers.get(name, NO_HEADER) for name in DEPENDS]
        # No line of a request holds a newline, and the body comes last.
        raw = b"\n".join((asked.method.encode(), asked.path, asked.query, *told, asked.body))
        if len(raw) > MOST_REMEMBERED:
            raw = digest(raw).encode()
        if (known := self._keys.get(raw)) is not None:
            return known
        key = face.key(asked)
        if key is None:
            # It may have one the next time: a document may become known by its hash.
            return None
        self._keys[raw] = key
        if len(self._keys) > MOST_KNOWN:
            self._keys.popitem(last=False)
        return key

    async def _answer(
        self,
        key: str,
        scope: Scope,
        method: str,
        headers: Mapping[bytes, bytes],
        body: bytes,
        send: Send,
    ) -> None:
        assert self.cache is not None
        id = request_id(headers)

        def fill() -> Awaitable[Answer]:
            return ask(self.app, _called({**scope, "method": method}, id), body)

        try:
            found = await self.cache.read(key, fill)
        except Unavailable:
            # The application says it in its own words.
            await self.app(scope, asgi.once(body), _told(send, b"no-store", b"miss"))
            return
        if found.how == "filled" and found.stored:
            self.recent.remember(key, {**scope, "method": method}, body)
        answer = found.value
        coding = codings.accepted(headers.get(b"accept-encoding", b""))
        if coding and not await answer.has(coding):
            coding = ""
        await self._send(found, coding, scope["method"], id, headers, send)

    async def _send(
        self,
        found: Found[Answer],
        coding: str,
        method: str,
        id: bytes,
        headers: Mapping[bytes, bytes],
        send: Send,
    ) -> None:
        answer = found.value
        told = [*self._prepared(answer, coding), (REQUEST_ID, id), _status(found)]
        status, content = answer.status, answer.coded[coding] if coding else answer.body
        if not found.stored:
            told.append((b"cache-control", b"no-store"))
        else:
            told.append((b"cache-control", b"no-cache" if method == "POST" else self._public))
            if found.age:
                told.append((b"age", b"%d" % found.age))
            if method != "POST" and _matches(headers.get(b"if-none-match"), answer.tag):
                told = [each for each in told if each[0] not in OF_CONTENT]
                status, content = 304, b""
        await send({"type": "http.response.start", "status": status, "headers": told})
        sent = b"" if method == "HEAD" else content
        await send({"type": "http.response.body", "body": sent})

    def _prepared(self, answer: Answer, coding: str) -> Headers:
        """What is said of it each time."""
        told = answer.prepared.get(coding)
        if told is None:
            content = answer.coded[coding] if coding else answer.body
            tag = b'"%b-%b"' % (answer.tag, coding.encode()) if coding else b'"%b"' % answer.tag
            told = (*answer.headers, (b"etag", tag), (b"content-length", b"%d" % len(content)))
            if coding:
                told = (*told, (b"content-encoding", coding.encode()))
            answer.prepared[coding] = told
        return told


# Of the headers these may decide about an answer.
DEPENDS = (
    *(b"accept", b"accept-language", b"content-type", b"host", b"graphql-require-preflight"),
    *(b"x-forwarded-proto",),
)


async def ask(app: App, scope: Scope, body: bytes) -> Answer:
    """What the application answers, whoever is waiting for it."""
    start: Message = {}
    parts: list[bytes] = []

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    asked = {**scope, "state": dict(scope.get("state") or {})}
    try:
        await app(asked, asgi.once(body), take)
    except Exception:
        # It has been answered and logged as what it is.
        if not start:
            raise
    notes = tags.current()
    if notes and start["status"] != 200:
        notes.storable = False
    told = {bytes(name).lower(): bytes(value) for name, value in start["headers"]}
    content = b"".join(parts)
    digest = blake2b(content, digest_size=12).hexdigest().encode()
    revision = told.get(b"etag", b"").removeprefix(b"W/").strip(b'"')
    vary = ", ".join(filter(None, [told.pop(b"vary", b"").decode("latin-1"), "Accept-Encoding"]))
    kept = [each for each in told.items() if each[0] not in MADE]
    return Answer(
        start["status"],
        (*kept, (b"vary", vary.encode("latin-1"))),
        content,
        b"%b.%b" % (revision, digest) if revision else digest,
    )


def _told(send: Send, control: bytes, why: bytes) -> Send:
    """What is passed on says so, unless it has said more itself."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [bytes(name).lower() for name, _ in message["headers"]]
            added = [(b"cache-status", b"catalog; fwd=" + why)]
            if b"cache-control" not in given:
                added.append((b"cache-control", control))
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return told


def _called(scope: Scope, id: bytes) -> Scope:
    """The request by the id that its answer will have: the application names it in what it logs and
    in the errors that it shows."""
    rest = (each for each in scope["headers"] if each[0] != REQUEST_ID)
    return {**scope, "headers": [*rest, (REQUEST_ID, id)]}


def request_id(headers: Mapping[bytes, bytes]) -> bytes:
    """That which the caller gave, else a new one."""
    given = headers.get(REQUEST_ID)
    return given if given and _GIVEN.fullmatch(given) else b"%032x" % getrandbits(128)


STATUSES: Mapping[str, bytes] = {
    "memory": b"catalog; hit; detail=memory",
    "redis": b"catalog; hit; detail=redis",
    "shared": b"catalog; fwd=miss; collapsed",
}


def _status(found: Found[Answer]) -> tuple[bytes, bytes]:
    """RFC 9211."""
    told = STATUSES.get(found.how)
    if found.how == "stale":
        told = b"catalog; hit; ttl=-%d; detail=stale-if-error" % (found.age + 1)
    elif told is None:
        told = b"catalog; fwd=miss; stored" if found.stored else b"catalog; fwd=miss"
    return b"cache-status", told


def _matches(header: bytes | None, tag: bytes) -> bool:
    """Compared weakly (RFC 9110, section 13.1.2), whichever coding the client has."""
    if header is None:
        return False
    given = (each.strip().removeprefix(b"W/").strip(b'"') for each in header.split(b","))
    return any(each in (b"*", tag, tag + b"-br", tag + b"-gzip") for each in given)
