"""A write over REST, whichever noun it is of: what was sent is saved, and the answer shows what
came of it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Header, Request
from starlette.responses import Response

from catalog import context, db, editing, ids
from catalog.context import Context
from catalog.editing import Saved
from catalog.errors import BadReference, Conflict, Invalid, NotFound
from catalog.reads.refs import Ref
from catalog.rest import answers, bodies, parts, preconditions, records, refs, shapes
from catalog.rest.deps import AskedContext, Principal, Snapshot
from catalog.rest.includes import Noun, Shown, expand
from catalog.rest.preconditions import Preconditions, Revised
from catalog.rest.repeating import Repeatable
from catalog.writes import holding
from catalog.writes.holding import Held
from catalog.writes.inputs import Input, Record
from catalog.writes.staging import Lists, Mode

R = TypeVar("R", bound=Input)
V = TypeVar("V", bound=Revised)
S = TypeVar("S", bound=parts.Shape)


@dataclass(frozen=True, slots=True)
class How:
    """How a record is meant: see `Sourced`."""

    mode: Mode
    lists: Lists = "replace"
    dry_run: bool = False


async def save(record: Record, held: Held | None, how: How) -> Saved:
    """As `editing.save`: the row that is held, or whichever the record finds."""
    return await editing.save(
        record,
        target=held.id if held else None,
        mode=how.mode,
        lists=how.lists,
        dry_run=how.dry_run,
    )


@dataclass(frozen=True, slots=True)
class Kind(Generic[R, V, S]):
    """A noun as it is written: its table, what is sent of it, how an address names it, how it is
    shown, read and saved."""

    table: editing.Noun
    record: type[R]
    grammar: refs.Grammar
    noun: Noun[V, S]
    read: Callable[[Context, Sequence[int]], Awaitable[Mapping[int, V]]]
    save: Callable[[R, Held | None, How], Awaitable[Saved]]

    def column(self, ref: Ref) -> holding.Key:
        if ref.kind == "barcode":
            raise BadReference(
                "several may have a barcode: name what is written by id:, ext: or sku:",
                path=("ref",),
            )
        if ref.kind == "slug":
            return "code" if self.grammar.bare == "code" else "slug"
        return ref.kind

    def makes(self, ref: Ref) -> bool:
        """Whether the reference is by a key that a new one can be given."""
        return self.column(ref) in self.record.model_fields

    async def hold(self, ref: Ref) -> Held | None:
        value = int(ref.value) if ref.kind == "id" else ref.value
        return await holding.hold(self.table, self.column(ref), value)

    async def one(self, ctx: Context, id: int) -> V:
        return answers.found((await self.read(ctx, [id])).get(id), self.grammar.word)

    def missing(self) -> NotFound:
        return NotFound(f"there is no such {self.grammar.word}", path=("ref",))


@dataclass(frozen=True, slots=True)
class Showing:
    """How the answer shows what was written."""

    asked: AskedContext
    shown: Shown


@dataclass(frozen=True, slots=True)
class Writing:
    """The request that writes, and who makes it."""

    request: Request
    principal: context.Principal
    preconditions: Preconditions
    key: str | None

    async def create(self, kind: Kind[R, V, S], showing: Showing, *, dry_run: bool) -> Response:
        body = await bodies.json_body(self.request)
        record = records.record(kind.record, body)

        async def work() -> Response:
            with records.located("body"):
                saved = await kind.save(record, None, How("create", dry_run=dry_run))
            return _told(saved) if dry_run else await self._answer(kind, saved, showing)

        return await self._once(work, body, dry_run=dry_run)

    async def put(
        self, kind: Kind[R, V, S], ref: Ref, showing: Showing, *, lists: Lists, dry_run: bool
    ) -> Response:
        body = await bodies.json_body(self.request)
        if kind.makes(ref):
            body = records.with_key(body, kind.column(ref), ref.value)
        record = records.record(kind.record, body)

        async def work() -> Response:
            held = await kind.hold(ref)
            self.preconditions.check(held)
            if held is None and not kind.makes(ref):
                raise kind.missing()
            mode = "update" if held else self._unless_there()
            with records.located("body"), _meanwhile(kind.column(ref)):
                saved = await kind.save(record, held, How(mode, lists, dry_run))
            return _told(saved) if dry_run else await self._answer(kind, saved, showing)

        return await self._once(work, body, dry_run=dry_run)

    def _unless_there(self) -> Mode:
        """What has another key of the body's is taken for what is meant, but not by who insists
        that nothing be there."""
        return "upsert" if self.preconditions.if_none_match is None else "create"

    async def patch(
        self, kind: Kind[R, V, S], ref: Ref, showing: Showing, *, lists: Lists, dry_run: bool
    ) -> Response:
        self.preconditions.require()
        body = await bodies.json_body(self.request)
        record = records.record(kind.record, body)

        async def work() -> Response:
            held = await self._meant(kind, ref)
            with records.located("body"):
                saved = await kind.save(record, held, How("update", lists, dry_run))
            return _told(saved) if dry_run else await self._answer(kind, saved, showing)

        return await self._once(work, body, dry_run=dry_run)

    async def delete(self, kind: Kind[R, V, S], ref: Ref, *, dry_run: bool) -> Response:
        self.preconditions.require()

        async def work() -> Response:
            held = await self._meant(kind, ref)
            with records.located("path", "ref"):
                saved = await editing.delete(kind.table, held.id, dry_run=dry_run)
            return _told(saved) if dry_run else Response(status_code=204)

        return await self._once(work, dry_run=dry_run)

    async def restore(self, kind: Kind[R, V, S], ref: Ref, showing: Showing) -> Response:
        if ref.kind != "id":
            raise BadReference("what is deleted is named by id: and its id alone", path=("ref",))

        async def work() -> Response:
            with records.located("path", "ref"):
                saved = await editing.restore(kind.table, int(ref.value))
            return await self._answer(kind, saved, showing)

        return await self._once(work)

    async def _meant(self, kind: Kind[R, V, S], ref: Ref) -> Held:
        held = await kind.hold(ref)
        if held is None:
            raise kind.missing()
        self.preconditions.check(held)
        return held

    async def _once(
        self,
        work: Callable[[], Awaitable[Response]],
        body: object = None,
        *,
        dry_run: bool = False,
    ) -> Response:
        key = None if dry_run else self.key
        return await Repeatable(self.request, self.principal, key, body).once(work)

    async def _answer(self, kind: Kind[R, V, S], saved: Saved, showing: Showing) -> Response:
        """The thing as a GET that begins now would show it to this caller."""
        async with db.uncommitted():
            ctx = await showing.asked.resolve(self.principal)
            view = await kind.one(ctx, saved.result.id or 0)
            (shape,) = await expand(ctx, kind.noun, [view], showing.shown)
        response = answers.Answering(self.request, ctx).one(shape, tag=preconditions.tag(view))
        if saved.result.status == "created":
            response.status_code = 201
            response.headers["Location"] = self._address(kind, view)
        return response

    def _address(self, kind: Kind[R, V, S], view: V) -> str:
        parent = self.request.scope["route"].path.partition("/{")[0]
        root = self.request.scope.get("root_path", "")
        return f"{root}{parent}/id:{ids.encode(kind.grammar.noun, view.id)}"


@contextmanager
def _meanwhile(key: str) -> Iterator[None]:
    """Who finds the key of the address taken was not the only one to make it, and looks again."""
    try:
        yield
    except Invalid as error:
        if any(flaw.code == f"{key.upper()}_TAKEN" and flaw.path == (key,) for flaw in error.flaws):
            raise Conflict("somebody else has just made it; repeat the request") from error
        raise


def _told(saved: Saved) -> Response:
    shape = shapes.DryRun.model_construct(
        status=saved.result.status,
        changes=[shapes.Change.model_validate(change) for change in saved.changes],
    )
    return Response(shape.model_dump_json(), media_type=answers.JSON)


async def _writing(
    request: Request,
    principal: Principal,
    snapshot: Snapshot,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Makes it safe to repeat the request: for 24 hours it gets the first "
            "answer again, with `Idempotency-Replayed: true`, and has no second effect."
        ),
    ] = None,
) -> Writing:
    # Who asks is known, and a body may take its time: no connection is kept for it.
    await snapshot.renew()
    return Writing(request, principal, preconditions.of(request), idempotency_key)


Write = Annotated[Writing, Depends(_writing)]
