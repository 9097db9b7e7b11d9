"""The embedded server: shared while somebody needs it, gone afterwards, clear when it cannot be."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog import embedded
from catalog.errors import Unavailable
from catalog.settings import Settings

# Starts the server, says where it is, and ends when its input does.
HOLDER = """
import sys
from pathlib import Path
from catalog import embedded
print(embedded.start(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that needs the server while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("postgresql://postgres@/postgres?host=/")
        yield process


@pytest.fixture
def folder(open_folder: Path) -> Path:
    """Of one test."""
    return Path(tempfile.mkdtemp(dir=open_folder))


def running(folder: Path) -> bool:
    return (folder / "postgresql" / "postmaster.pid").exists()


def test_processes_share_a_server_and_the_last_one_stops_it(folder: Path) -> None:
    with holding(folder):
        with holding(folder):
            assert running(folder)
        assert running(folder)
    assert not running(folder)


def test_a_process_that_was_killed_does_not_keep_the_server_alive(folder: Path) -> None:
    with holding(folder) as process:
        process.kill()
    assert running(folder)
    with holding(folder):
        pass
    assert not running(folder)


def test_a_database_that_is_named_is_taken_as_it_is() -> None:
    settings = Settings(database_url="postgres://u:p@h/shop")
    assert embedded.ensured(settings) is settings


def test_a_server_that_cannot_start_is_told_in_a_sentence(folder: Path) -> None:
    data = folder / "postgresql"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unavailable, match=r"did not start; .*/postgresql/log may say why"):
        embedded.start(folder)
