"""docs/access.md says what is so."""

import re
from pathlib import Path

from catalog.context import IMPLIED, SCOPES

PAGE = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z:]+)` \| .* \| (.*)\|$", re.MULTILINE)


def test_the_table_has_every_scope_and_what_it_holds() -> None:
    rows = {scope: set(re.findall(r"`([a-z:]+)`", held)) for scope, held in ROW.findall(PAGE)}

    everything = set(SCOPES) - {"admin"}
    assert rows.keys() == SCOPES.keys()
    assert rows.pop("admin") == set()
    assert "| `admin` | everything, later releases included | all of them |" in PAGE
    assert rows == {scope: set(IMPLIED.get(scope, ())) for scope in SCOPES if scope in everything}
