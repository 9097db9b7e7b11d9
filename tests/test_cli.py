"""The `catalog` command, as a shell would run it."""

import asyncio
import hashlib
import itertools
import json
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import servers

from catalog import db
from catalog.errors import Unauthorized
from catalog.reads.tokens import principal
from catalog.settings import Settings

NOWHERE = "postgres://shop:secret@127.0.0.1:1/shop"


@dataclass(frozen=True)
class Outcome:
    code: int
    output: str
    complaint: str


async def catalog(*arguments: str, **environment: str) -> Outcome:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from catalog.cli import main; main()", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=_bare() | environment,
    )  # fmt: skip
    output, complaint = await process.communicate()
    assert process.returncode is not None
    return Outcome(process.returncode, output.decode(), complaint.decode())


def _bare() -> dict[str, str]:
    """The environment without our own variables."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours}


async def test_wrong_settings_are_told_without_a_traceback() -> None:
    outcome = await catalog("serve", DATABASE_URL="postgres://u:secret@h", PORT="x")
    assert outcome.code == 2
    assert [line.partition("=")[0] for line in outcome.complaint.splitlines()] == [
        "DATABASE_URL",
        "PORT",
    ]
    assert "secret" not in outcome.complaint


@pytest.mark.parametrize("command", [("migrate",), ("token", "list")])
async def test_a_database_that_is_away_is_told_without_a_traceback(
    command: tuple[str, ...],
) -> None:
    outcome = await catalog(*command, DATABASE_URL=NOWHERE, DATABASE_ACQUIRE_TIMEOUT="30")
    assert outcome.code == 2
    assert len(outcome.complaint.splitlines()) == 1
    assert "does not answer" in outcome.complaint


async def test_a_database_that_was_never_migrated_is_told_what_to_run(server: str) -> None:
    async with servers.scratch(server, template="template0") as url:
        outcome = await catalog("token", "list", DATABASE_URL=url)
    assert outcome.code == 2
    assert "run catalog migrate" in outcome.complaint


async def test_print_shows_the_whole_command() -> None:
    outcome = await catalog("serve", "--print", "--host", "::", PORT="81", WEB_CONCURRENCY="3")
    command = shlex.split(outcome.output)
    options = dict(itertools.pairwise(command))
    assert options["--host"] == "::"
    assert (options["--port"], options["--workers"]) == ("81", "3")
    assert options["--workers-kill-timeout"] == "25"
    assert {"--factory", "--respawn-failed-workers"} <= set(command)
    assert command[-1] == "catalog.app:from_environment"


async def test_migrate_and_doctor_lead_an_empty_database_to_a_good_one(server: str) -> None:
    async with servers.scratch(server, template="template0") as url:
        before = await catalog("doctor", DATABASE_URL=url)
        first = await catalog("migrate", DATABASE_URL=url)
        second = await catalog("migrate", DATABASE_URL=url)
        after = await catalog("doctor", DATABASE_URL=url)
    assert before.code == 1
    every = ", ".join(servers.MIGRATIONS)
    assert f"✗ Migrations to apply: {every}\n  → run catalog migrate" in before.output
    assert first.output == f"Applied {every}\n"
    assert second.output == "Nothing to apply\n"
    assert after.code == 0
    assert "✗" not in after.output


async def test_doctor_says_how_to_repair(settings: Settings) -> None:
    away = await catalog("doctor", DATABASE_URL=NOWHERE)
    assert away.code == 1
    assert "→ check that PostgreSQL runs at 127.0.0.1, port 1" in away.output
    crowded = await catalog("doctor", DATABASE_URL=str(settings.database_url), WEB_CONCURRENCY="64")
    assert crowded.code == 1
    assert "→ lower DATABASE_READ_POOL or WEB_CONCURRENCY" in crowded.output


async def test_a_token_is_shown_once_and_good_until_it_is_revoked(
    clean: None, settings: Settings
) -> None:
    environment = {"DATABASE_URL": str(settings.database_url)}
    made = await catalog("token", "create", "ERP", "--scope", "catalog:read", **environment)
    secret = made.output.strip()
    assert (await principal(secret)).sees_drafts
    rows = await db.fetch("SELECT * FROM api_token")
    assert secret not in repr(rows)

    listed = await catalog("token", "list", **environment)
    assert secret not in listed.output
    assert listed.output.split() == ["1", f"{secret[:10]}…", "ERP", "catalog:read", "good"]

    assert (await catalog("token", "revoke", "1", **environment)).code == 0
    with pytest.raises(Unauthorized):
        await principal(secret)
    assert (await catalog("token", "revoke", "1", **environment)).code == 2


async def test_a_token_for_a_scope_that_does_not_exist_is_refused(
    clean: None, settings: Settings
) -> None:
    outcome = await catalog(
        "token", "create", "ERP", "--scope", "everything", DATABASE_URL=str(settings.database_url)
    )
    assert outcome.code == 2
    assert "there are catalog:read, catalog:write" in outcome.complaint
    assert await db.fetch("SELECT FROM api_token") == []


async def test_trusted_documents_come_and_go(
    clean: None, settings: Settings, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": str(settings.database_url)}
    query = "query Codes { channels { code } }"
    digest = hashlib.sha256(query.encode()).hexdigest()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({digest: query}))
    bad.write_text(json.dumps({digest: query, "x": query}))

    refused = await catalog("documents", "add", str(good), str(bad), **environment)
    assert (refused.code, refused.complaint.splitlines()[0]) == (2, "nothing was stored:")
    assert await db.fetch("SELECT FROM persisted_query") == []

    added = [await catalog("documents", "add", str(good), **environment) for _ in range(2)]
    assert [each.output for each in added] == [
        "1 documents added, 0 were there\n",
        "0 documents added, 1 were there\n",
    ]
    listed = await catalog("documents", "list", **environment)
    assert listed.output.split()[0] == digest
    assert listed.output.endswith("query Codes\n")

    removed = [await catalog("documents", "remove", digest, **environment) for _ in range(2)]
    assert [each.code for each in removed] == [0, 2]
    assert await db.fetch("SELECT FROM persisted_query") == []
