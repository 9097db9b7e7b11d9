"""Granian around the application: the command, and the process that runs it."""

import os
import signal
import subprocess
import sys
from types import FrameType

from catalog import embedded
from catalog.settings import Settings, pass_on

# Seconds that a worker has to finish its requests; a platform kills after 30.
KILL_AFTER = 25


def command(settings: Settings, *, host: str) -> list[str]:
    """Granian reads neither PORT nor WEB_CONCURRENCY, and without respawning one worker that dies
    ends the server."""
    return [
        sys.executable, "-m", "granian",
        "--interface", "asgi",
        "--factory",
        "--host", host,
        "--port", str(settings.port),
        "--workers", str(settings.web_concurrency),
        "--loop", "uvloop",
        "--respawn-failed-workers",
        "--workers-kill-timeout", str(KILL_AFTER),
        "--log-level", settings.log_level,
        "catalog.app:from_environment",
    ]  # fmt: skip


def serve(settings: Settings, *, host: str) -> None:
    """Does not return. The embedded server lives in this process, so then Granian is its child."""
    ensured = embedded.ensured(settings)
    pass_on(ensured)
    arguments = command(ensured, host=host)
    if ensured is settings:
        os.execv(arguments[0], arguments)
    sys.exit(_supervised(arguments))


def _supervised(arguments: list[str]) -> int:
    """Its exit code, as a shell would tell it."""
    process = subprocess.Popen(arguments)

    def forward(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, forward)
    code = process.wait()
    return code if code >= 0 else 128 - code
