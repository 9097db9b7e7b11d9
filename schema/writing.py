"""Fields of `Mutation`: declared once a noun, each one write in one unit of work.

Nothing expected is raised: what is wrong is in the payload. Before the write the answer's reader
lets go of its connection, after it the answer shows what was written.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import partial
from typing import Any, TypeAlias

import orjson
import strawberry
from strawberry import enum_value
from strawberry.types.field import StrawberryField

from catalog import db, editing, ids
from catalog.editing import Saved
from catalog.errors import BadReference, BadRequest, CatalogError, Conflict, KeyInUse, NotFound
from catalog.writes import holding, idempotency, staging
from catalog.writes.inputs import Input, Record
from schema import errors, records
from schema.answer import Answer, Info
from schema.edges import argument
from schema.fields import Needs
from schema.refs import AnyRef, ref
from schema.types.payload import Change, UserError, Written

Work: TypeAlias = Callable[..., Awaitable[object]]


@strawberry.enum(description="What becomes of lists that are sent.")
class Lists(Enum):
    MERGE = enum_value("merge", description="They are merged with those there, by their keys.")
    REPLACE = enum_value("replace", description="What they do not hold goes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What there is to be found: `kind` is its GraphQL type, `ref` how it is found. Those without a
    version know no `ifVersion`."""

    name: editing.Noun
    kind: str
    ref: type
    versioned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun(Named):
    """What can be written alone: `record` is what its `input` stands for."""

    input: type
    record: type[Record]


# A write that met another is begun anew as often before the caller hears of it.
ATTEMPTS = 3


def kept(lists: Lists | None) -> staging.Lists:
    return "replace" if lists is Lists.REPLACE else "merge"


class WriteField(StrawberryField):
    """A field that its `work` resolves."""

    is_basic_field = False

    work: Work

    def get_result(
        self, source: Any, info: Info | None, args: list[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        assert info is not None, "only basic fields are resolved without one"
        return self.work(info.context, **kwargs)


def write(work: Work, *arguments: Any, description: str, scope: str) -> Any:
    """The field that `work` resolves, from the answer and the arguments by their Python names."""
    field = WriteField(
        description=description, metadata={"scope": scope}, directives=[Needs(scope=scope)]
    )
    field.work, field.arguments = work, list(arguments)
    return field


IF_VERSION = argument("if_version", int | None, "Only if it is at this version still.")
KEY = argument(
    "idempotency_key",
    str | None,
    "Any text of your own. For 24 hours the same call with it has no second effect.",
)
DRY_RUN = argument(
    "dry_run", bool | None, "Writes nothing, and tells what it would change.", default=False
)
LISTS = argument("lists", Lists | None, "What becomes of lists.", default=Lists.MERGE)


WHICH = (
    "Which one, where the keys in `input` do not say it; it must be there. Slugs are those of "
    "today, untranslated."
)


def upsert(noun: Noun, description: str) -> Any:
    return write(
        partial(_upsert, noun),
        argument("input", noun.input, "What it is to be."),
        argument("by", noun.ref | None, WHICH),
        *([IF_VERSION] if noun.versioned else ()),
        KEY,
        DRY_RUN,
        LISTS,
        description=description,
        scope="catalog:write",
    )


def delete(noun: Named, description: str) -> Any:
    return write(
        partial(_delete, noun),
        argument("by", noun.ref, "Which one. Slugs are those of today, untranslated."),
        *([IF_VERSION] if noun.versioned else ()),
        DRY_RUN,
        description=description,
        scope="catalog:write",
    )


def restore(noun: Named, description: str) -> Any:
    return write(
        partial(_restore, noun),
        argument("id", strawberry.ID, "Its id."),
        description=description,
        scope="catalog:write",
    )


async def _upsert(
    noun: Noun,
    answer: Answer,
    *,
    input: object,
    by: AnyRef | None = None,
    if_version: int | None = None,
    idempotency_key: str | None = None,
    dry_run: bool | None = False,
    lists: Lists | None = None,
) -> Written:
    how = kept(lists)

    async def saved() -> Written:
        record = records.read(noun.record, input)

        async def save() -> Written:
            saved = await editing.save(
                record,
                target=await row_of(noun.name, by) if by else None,
                mode="update" if by else "upsert",
                if_version=if_version,
                lists=how,
                dry_run=bool(dry_run),
            )
            return written(noun.kind, saved, given=input)

        call = Call(noun.name, record, (records.plain(by), if_version, how))
        return await once(answer, None if dry_run else idempotency_key, call, save)

    return await settled(answer, noun.kind, saved, given=input)


async def _delete(
    noun: Named,
    answer: Answer,
    *,
    by: AnyRef,
    if_version: int | None = None,
    dry_run: bool | None = False,
) -> Written:
    async def gone() -> Written:
        row = await row_of(noun.name, by)
        saved = await editing.delete(noun.name, row, if_version=if_version, dry_run=bool(dry_run))
        return written(noun.kind, saved, status="deleted")

    return await settled(answer, noun.kind, gone, argument="by")


async def _restore(noun: Named, answer: Answer, *, id: str) -> Written:
    async def back() -> Written:
        saved = await editing.restore(noun.name, ids.row_of(noun.kind, id))
        return written(noun.kind, saved, status="restored")

    return await settled(answer, noun.kind, back, argument="id")


async def settled(
    answer: Answer,
    kind: str,
    work: Callable[[], Awaitable[Written]],
    *,
    argument: str = "input",
    given: object = None,
) -> Written:
    """What the work has written, committed; or why nothing was. `given` is the argument that its
    flaws are in."""
    await answer.pause()
    try:
        return await _whole(work)
    except CatalogError as error:
        if not errors.in_payload(type(error)):
            raise
        return Written(kind, "failed", errors=errors.told(error, argument=argument, given=given))
    finally:
        await answer.renew()


async def _whole(work: Callable[[], Awaitable[Written]]) -> Written:
    """One unit of work, begun anew when another write was quicker."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await _alone(work)
        except Conflict as conflict:
            if isinstance(conflict, KeyInUse) or attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


async def _alone(work: Callable[[], Awaitable[Written]]) -> Written:
    with db.answering():
        async with db.unit_of_work():
            return await work()


async def row_of(noun: editing.Noun, by: AnyRef, *, argument: str = "by") -> int:
    """The id of what is meant, held until the unit of work ends. Raises `NotFound`."""
    meant = ref(by, path=(argument,))
    if meant.kind == "barcode":
        raise BadReference(
            "several may have a barcode; what is written is named by a key of its own",
            path=(argument, "barcode"),
        )
    key: holding.Key = "code" if meant.kind == "slug" and hasattr(by, "code") else meant.kind
    held = await holding.hold(noun, key, int(meant.value) if key == "id" else meant.value)
    if held is None:
        raise NotFound("there is none by this key", path=(argument,))
    return held.id


@dataclass(frozen=True, slots=True)
class Call:
    """What makes a repeated call the same: the field's noun, its record, its other arguments."""

    noun: str
    record: Input
    others: tuple[object, ...]

    @property
    def digest(self) -> bytes:
        record = self.record.model_dump_json(exclude_unset=True)
        return idempotency.digest(self.noun.encode(), record.encode(), orjson.dumps(self.others))


async def once(
    answer: Answer, key: str | None, call: Call, work: Callable[[], Awaitable[Written]]
) -> Written:
    """What the work has written; with a key, what it wrote when it was called so first."""
    token = answer.principal.token_id
    if key is None or token is None:
        return await work()
    try:
        kept = await idempotency.begin(token, key, call.digest)
    except BadRequest as error:
        raise BadRequest(error.message, path=("idempotency_key",)) from None
    if kept is not None:
        return _remembered(kept.answer)
    result = await work()
    await idempotency.keep(token, key, call.digest, 200, orjson.dumps(_memory(result)))
    return result


def _memory(result: Written) -> dict[str, object]:
    """What a payload is made of again; its object is read anew."""
    warnings = [asdict(warning) for warning in result.warnings]
    return {"kind": result.kind, "status": result.status, "row": result.row, "warnings": warnings}


def _remembered(answer: bytes) -> Written:
    kept = orjson.loads(answer)
    return Written(**kept | {"warnings": tuple(UserError(**each) for each in kept["warnings"])})


def written(kind: str, saved: Saved, *, status: str | None = None, given: object = None) -> Written:
    result = saved.result
    return Written(
        kind,
        status or result.status,
        result.id,
        warnings=errors.of_problems(result.problems, warnings=True, given=given),
        changes=tuple(
            Change(path=list(records.spelled(each.path)), old=each.old, new=each.new)
            for each in saved.changes
        ),
    )
