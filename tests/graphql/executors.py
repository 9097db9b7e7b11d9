"""Both executors, asked the same: what each says, and whether the breadth-first one said it."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from catalog import db
from catalog.context import ANONYMOUS, Principal
from schema import errors
from schema.answer import Answer
from schema.execution import BreadthFirst, Schema

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))


@dataclass(frozen=True, slots=True)
class Said:
    data: bytes
    errors: list[dict[str, Any]]
    statements: int = field(compare=False)


class Noting(BreadthFirst):
    """Notes whether there was a plan, and whether running it gave an answer."""

    async def _data(self) -> dict[str, Any] | None:
        schema = self.execution_context.schema
        assert isinstance(schema, Ours)
        data = await super()._data()
        schema.answered += data is not None
        return data


class Ours(Schema):
    answered = 0

    def get_extensions(self, sync: bool = False) -> list[Any]:
        others = (e for e in super().get_extensions(sync) if not isinstance(e, BreadthFirst))
        return [*others, Noting()]


class Stock(Schema):
    """graphql-core alone, with the answer's loaders."""

    def get_extensions(self, sync: bool = False) -> list[Any]:
        return [e for e in super().get_extensions(sync) if not isinstance(e, BreadthFirst)]


async def said(
    schema: Schema,
    query: str,
    variables: dict[str, Any] | None = None,
    *,
    principal: Principal = ANONYMOUS,
) -> Said:
    async with db.snapshot() as snapshot, Answer(principal) as answer:
        result = await schema.execute(query, variable_values=variables, context_value=answer)
        shown = [errors.shown(error, request_id="x") for error in result.errors or ()]
        return Said(
            orjson.dumps(result.data),
            # In which order they come hangs on which statement was done first.
            sorted(shown, key=lambda error: orjson.dumps(error)),
            snapshot.statements,
        )
