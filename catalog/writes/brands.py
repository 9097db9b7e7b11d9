"""Brands."""

from catalog.db import Connection
from catalog.writes import matching, nouns
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.BRAND)
    if not problems:
        await nouns.write(connection, nouns.BRAND)
    return problems
