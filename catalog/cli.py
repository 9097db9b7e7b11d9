"""The `catalog` command."""

import asyncio
import shlex
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import asyncpg
import typer

from catalog import cache_command, console, development, doctor, embedded, serving, settings
from catalog import migrate as migrations
from catalog.context import SCOPES
from catalog.errors import CatalogError
from catalog.files import command as files
from catalog.files import export_command
from catalog.jobs import command as jobs
from catalog.reads.tokens import everything
from catalog.settings import Settings, SettingsProblem
from catalog.writes import listing_command, tokens
from catalog.writes.synthetic import command as synthetic

app = typer.Typer(
    help="A headless product catalog.", no_args_is_help=True, pretty_exceptions_enable=False
)
token = typer.Typer(help="API tokens.", no_args_is_help=True)
app.add_typer(token, name="token")
app.add_typer(listing_command.app, name="listing")
app.add_typer(cache_command.app, name="cache")
app.command("generate")(synthetic.generate)
app.command("import")(files.import_)
app.command("export")(export_command.export)
app.command("worker")(jobs.worker)

Host = Annotated[str, typer.Option(help="Address to serve on; :: is every one, IPv4 and IPv6.")]


def main() -> None:
    """Whatever the shop has words for is told in them, without a traceback."""
    try:
        app()
    except SettingsProblem as problem:
        _refuse(str(problem))
    except CatalogError as error:
        _refuse(f"{error.message}: {error.__cause__}" if error.__cause__ else error.message)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        _refuse(f"the database is older than this release, run catalog migrate: {error}")


def _refuse(message: str) -> None:
    typer.secho(message, err=True, fg="red")
    sys.exit(2)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    show: Annotated[bool, typer.Option("--print", help="Only show Granian's command.")] = False,
) -> None:
    """Serve REST and GraphQL."""
    if show:
        typer.echo(shlex.join(serving.command(settings.load(), host=host)))
        return
    serving.serve(settings.load(), host=host)


@app.command()
def dev(host: Host = "127.0.0.1") -> None:
    """Serve a shop to look at: migrated, with the sample catalog and a token."""
    target = development.from_environment()
    typer.echo(asyncio.run(development.prepare(embedded.ensured(target), host=host)))
    serving.serve(target, host=host)


@app.command()
def migrate(
    check: Annotated[
        bool, typer.Option(help="Only compare the models with the migrations.")
    ] = False,
) -> None:
    """Bring the database to the schema of this release; safe from many places at once."""
    if check:
        _compare(asyncio.run(migrations.undeclared()))
        return
    applied = asyncio.run(migrations.migrate(embedded.ensured(settings.load())))
    typer.echo(f"Applied {', '.join(applied)}" if applied else "Nothing to apply")


def _compare(missing: tuple[str, ...]) -> None:
    if missing:
        _refuse("\n".join(("No migration does yet what the models say:", *missing)))
    typer.echo("The migrations do what the models say")


@app.command("doctor")
def examine() -> None:
    """Check settings, database, extensions and migrations; say how to repair what is wrong."""
    if not asyncio.run(_examine(embedded.ensured(settings.load()))):
        raise typer.Exit(1)


async def _examine(target: Settings) -> bool:
    well = True
    async for finding in doctor.findings(target):
        if finding.fix is None:
            typer.echo(f"✓ {finding.what}")
            continue
        typer.secho(f"✗ {finding.what}\n  → {finding.fix}", fg="red")
        well = False
    return well


def _scopes() -> str:
    """A line each, which Typer would otherwise run together."""
    width = max(map(len, SCOPES))
    return "\n\n".join(f"{scope:{width}}  {meaning}" for scope, meaning in SCOPES.items())


@token.command("create", epilog=_scopes())
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for; shown in the list.")],
    scope: Annotated[
        list[str], typer.Option(help="What it may do, as below; may be given more than once.")
    ],
    days: Annotated[
        int | None, typer.Option(min=1, help="Good for so many days; without, until revoked.")
    ] = None,
) -> None:
    """Print a new token, this once: only its digest is kept.

    Whoever has it sends it as Authorization: Bearer cat_…

    catalog token create ERP --scope prices:write --scope stock:write
    """
    until = datetime.now(UTC) + timedelta(days=days) if days else None
    typer.echo(console.run(lambda: tokens.create(name, scopes=scope, expires_at=until)))


@token.command("list")
def list_tokens() -> None:
    """Every token that was ever made, without its secret."""
    for row in console.run(everything):
        shown = (f"{row.prefix}…", row.name, ",".join(row.scopes), row.state(datetime.now(UTC)))
        typer.echo(f"{row.id:>5}  " + "  ".join(shown))


@token.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(help="As the list says.")]) -> None:
    """Refuse a token from the next request on."""
    console.run(lambda: tokens.revoke(number))
    typer.echo(f"Token {number} is refused from now on")
