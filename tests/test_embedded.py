"""The embedded server: shared while somebody needs it, gone afterwards, clear when it cannot be."""

import subprocess
import sys
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


def running(folder: Path) -> bool:
    return (folder / "postgresql" / "postmaster.pid").exists()


def test_processes_share_a_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    with holding(tmp_path):
        with holding(tmp_path):
            assert running(tmp_path)
        assert running(tmp_path)
    assert not running(tmp_path)


def test_a_process_that_was_killed_does_not_keep_the_server_alive(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        process.kill()
    assert running(tmp_path)
    with holding(tmp_path):
        pass
    assert not running(tmp_path)


def test_a_database_that_is_named_is_taken_as_it_is() -> None:
    settings = Settings(database_url="postgres://u:p@h/shop")
    assert embedded.ensured(settings) is settings


def test_a_server_that_cannot_start_is_told_in_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "postgresql"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unavailable, match=r"did not start; .*/postgresql/log may say why"):
        embedded.start(tmp_path)
