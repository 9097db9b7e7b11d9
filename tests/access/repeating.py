"""A process that makes one request so many times at once, and says what each came to: `TIMES WHEN`.
Where a last argument names a statement, it is killed right after that one."""

import asyncio
import os
import signal
import sys
import time

from catalog import db
from catalog.errors import KeyInUse
from catalog.settings import Settings
from catalog.writes import idempotency

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
REQUEST = idempotency.digest(b"POST", b"/v1/brands", b'{"name": "Lumen"}')
WRITE = (
    "INSERT INTO brand (name, slug) VALUES ('Lumen', 'lumen-' || gen_random_uuid()) RETURNING id"
)


async def create(
    token_id: int, *, key: str = KEY, request: bytes = REQUEST, slow: float = 0
) -> str:
    """A brand, once for the key; its id, or that the first is still at it."""
    try:
        async with db.unit_of_work() as connection:
            if kept := await idempotency.begin(token_id, key, request):
                return kept.answer.decode()
            brand = str(await connection.fetchval(WRITE))
            await asyncio.sleep(slow)
            die_after("write")
            await idempotency.keep(token_id, key, request, 201, brand.encode())
            die_after("keep")
    except KeyInUse:
        return "running"
    return brand


def die_after(statement: str) -> None:
    if sys.argv[3:] == [statement]:
        os.kill(os.getpid(), signal.SIGKILL)


async def main(times: int, when: float) -> None:
    async with db.connected(Settings(database_acquire_timeout=30, database_write_pool=8)):
        await asyncio.sleep(when - time.time())
        answers = await asyncio.gather(*(create(1, slow=0.02) for _ in range(times)))
    sys.stdout.write(" ".join(answers))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
