"""Both executors, asked the same: what each says, and whether the breadth-first one said it."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from catalog import db
from catalog.context import ANONYMOUS, Principal
from schema import errors
from schema.answer import Answer
from schema.execution import Schema

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))


@dataclass(frozen=True, slots=True)
class Said:
    data: bytes
    errors: list[dict[str, Any]]
    statements: int = field(compare=False)


class Ours(Schema):
    """Counts what it answers breadth-first."""

    answered = 0

    async def breadth_first(self, *asked: Any, **named: Any) -> dict[str, Any] | None:
        data = await super().breadth_first(*asked, **named)
        self.answered += data is not None
        return data


class Stock(Schema):
    """graphql-core alone, with the answer's loaders."""

    async def breadth_first(self, *asked: Any, **named: Any) -> dict[str, Any] | None:
        return None


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
