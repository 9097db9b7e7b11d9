"""Stock at a location."""

from datetime import datetime

import strawberry
from strawberry import field


@strawberry.type(description="Exact stock at a location; only for a token with `catalog:read`.")
class StockLevel:
    location: str = field(description="Code of the location.")
    on_hand: int = field(description="Pieces there.")
    reserved: int = field(description="Of these, promised to somebody.")
    incoming: int = field(description="Pieces on their way there.")
    updated_at: datetime = field(description="When it was last told.")
