"""`catalog export`, as a shell would run it."""

from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest
from exporting import export
from test_cli import Outcome, catalog

from catalog.settings import Settings

pytestmark = pytest.mark.usefixtures("shown_lamps")


async def _export(settings: Settings, *arguments: str, **environment: str) -> Outcome:
    url = str(settings.database_url)
    waiting = {"DATABASE_ACQUIRE_TIMEOUT": "30"}
    return await catalog("export", *arguments, DATABASE_URL=url, **waiting, **environment)


async def test_a_file_or_the_output_holds_the_catalog(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    assert await _export(settings, str(file)) == Outcome(0, "", "")
    assert file.read_bytes() == await export("ndjson")
    shown = await _export(settings, "-", "--format", "csv", "--status", "draft")
    assert [line.split(",")[0] for line in shown.output.splitlines()][-2:] == ["product"] * 2
    assert "desk-blue" not in shown.output
    assert not file.with_name("all.ndjson.part").exists()


async def test_a_channel_narrows_down_to_what_is_listed_there(settings: Settings) -> None:
    outcome = await _export(settings, "--channel", "us", "--brand", "lumen")
    records = [orjson.loads(line) for line in outcome.output.splitlines()]
    products = [record["slug"] for record in records if record["record"] == "product"]
    assert products == ["far-lamp"]


async def test_a_feed_needs_the_address_of_the_shop(settings: Settings) -> None:
    asked = ("-", "--format", "merchant")
    refused = await _export(settings, *asked)
    assert (refused.code, "--shop-url, or CATALOG_SHOP_URL" in refused.complaint) == (2, True)
    feed = await _export(settings, *asked, CATALOG_SHOP_URL="https://shop.example/")
    links = [link.text for link in ElementTree.fromstring(feed.output).iter("link")]
    assert links == ["https://shop.example"]
    assert "<g:link>https://shop.example/products/desk-lamp?variant=0</g:link>" in feed.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--category", "nowhere"), "there is no category nowhere"),
        (("--channel", "mars"), "there is no channel mars"),
        (("--status", "gone"), "a status is one of"),
        (("/nowhere/all.ndjson",), "cannot be written: No such file or directory"),
    ],
)
async def test_what_cannot_be_is_said_without_a_traceback(
    settings: Settings, arguments: tuple[str, ...], said: str
) -> None:
    outcome = await _export(settings, *arguments)
    assert outcome.code == 2
    assert said in outcome.complaint
    assert len(outcome.complaint.splitlines()) == 1
