"""A process that has loaded the application, and from which servers are forked: each line it reads
is [port, address of Redis], each that it writes is the new server's id. A server that has to load
everything itself needs some seconds; here many of them begin and die."""

import os
import signal
import sys

import mistaken
import orjson
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from catalog import settings
from catalog.settings import Settings


async def serve(served: "mistaken.Mistaken", port: int) -> None:
    server = Server(served, port=port, interface=Interfaces.ASGI, log_level=LogLevels.error)
    await server.serve()


def main() -> None:
    usual = settings.load()
    app = mistaken.app(usual)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        port, redis_url = orjson.loads(line)
        child = os.fork()
        if child == 0:
            # Its own, where its Redis is another.
            if redis_url != usual.redis_url:
                app = mistaken.app(Settings(redis_url=redis_url))
            uvloop.run(serve(app, port))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    # Whoever wanted them is gone.
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
