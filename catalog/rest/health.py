"""`/healthz`: this process lives. `/readyz`: it can answer, for its database does."""

import asyncio
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from catalog import db
from catalog.errors import Unavailable
from catalog.rest.deps import PUBLIC
from catalog.rest.openapi import problems

router = APIRouter(tags=["health"])

READY_WITHIN = 1.0


class Health(BaseModel):
    status: Literal["ok"]


@router.get("/healthz", summary="Whether this process lives", dependencies=[PUBLIC])
async def healthz() -> Health:
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Whether it can answer",
    responses={503: problems()[503]},
    dependencies=[PUBLIC],
)
async def readyz() -> Health:
    """503 when PostgreSQL does not answer within a second."""
    try:
        async with asyncio.timeout(READY_WITHIN):
            await db.fetch("SELECT 1")
    except TimeoutError:
        raise Unavailable("the database does not answer within a second") from None
    return Health(status="ok")
