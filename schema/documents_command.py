"""`catalog documents`: what may be asked where GRAPHQL_TRUSTED_DOCUMENTS is enforce."""

from pathlib import Path
from typing import Annotated

import typer
from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse

from catalog import console, settings
from catalog.errors import BadRequest
from catalog.reads import documents as stored
from catalog.reads.documents import Stored
from catalog.writes import documents

app = typer.Typer(help="Trusted GraphQL documents.", no_args_is_help=True)

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Manifests as Relay or Apollo write them.")
]
Digests = Annotated[list[str], typer.Argument(metavar="HASH…", help="As the list says.")]


@app.command()
def add(files: Files) -> None:
    """Store every document of the manifests, or none where one of them is not valid.

    Relay's manifest is {"<sha256>": "<text>"}, Apollo's names its format. Documents that are there
    stay, those too that a manifest does not have any more: pages that are open still ask them.

    catalog documents add persisted-query-manifest.json
    """
    # Making the schema takes a second, which no other command should wait for.
    from schema import manifests
    from schema.execution import Schema

    entries = [entry for file in files for entry in manifests.read(file)]
    schema = Schema(open=settings.load().graphql_open)
    if found := manifests.problems(schema, entries):
        raise BadRequest("\n".join(("nothing was stored:", *found)))
    texts = {entry.text for entry in entries}
    new = console.run(lambda: documents.add(sorted(texts)))
    typer.echo(f"{new:,} documents added, {len(texts) - new:,} were there")


@app.command("list")
def list_() -> None:
    """Every document: its hash, since when it is there, its operations.

    catalog documents list
    """
    for row in console.run(stored.everything):
        typer.echo(f"{row.digest}  {row.created_at:%Y-%m-%d}  {_names(row)}")


def _names(row: Stored) -> str:
    try:
        nodes = parse(row.document).definitions
    except GraphQLSyntaxError as error:
        return error.message
    return ", ".join(
        f"{node.operation.value} {node.name.value if node.name else '(no name)'}"
        for node in nodes
        if isinstance(node, OperationDefinitionNode)
    )


@app.command()
def remove(hashes: Digests) -> None:
    """Refuse documents from the next request on, in every process.

    catalog documents remove 2f3a…
    """
    console.run(lambda: documents.remove(hashes))
    typer.echo(f"{len(set(hashes)):,} documents are refused from now on")
