"""The shop that is exported here."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import lamp, load, shop, variant

from catalog.writes.inputs import CategoryInput, MediaInput, PriceInput

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def shown_lamps(clean: None) -> None:
    """One with everything, a draft, one that is over, one of another channel."""
    begin, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
    sale = PriceInput(amount="15", currency="EUR", valid_from=begin, valid_until=end)
    later = PriceInput(
        amount="11", currency="EUR", valid_from=end, valid_until=end + timedelta(days=1)
    )
    base = PriceInput(amount="19.90", currency="EUR")
    red = variant("desk-red", "red", prices=(base, sale, later), barcode="4006381333931")
    over = {"channel": "eu", "published_until": NOW - timedelta(days=9)}
    await load(
        *shop(),
        CategoryInput(slug="hidden", name="Hidden", published=False),
        lamp(
            "desk-lamp",
            name="Desk & <lamp>",
            description="<p>For <b>desks</b> &amp; more.</p><p>Bright.</p>",
            private_metadata={"supplier": "secret"},
            attributes={"material": {"en": "Brass"}},
            categories=("home-lamps", "hidden"),
            media=(MediaInput(url="/desk.svg"), MediaInput(url="https://cdn.test/b.jpg")),
            variants=(red, variant("desk-blue", "blue", stock=())),
            associations=({"product": "draft-lamp", "kind": "related"},),
        ),
        lamp("draft-lamp", status="draft"),
        lamp("old-lamp", listings=(over,)),
        lamp("far-lamp", listings=({"channel": "us"},)),
    )
