"""Stock, and the places where it lies."""

from datetime import datetime

import strawberry
from strawberry import field

from schema.types.node import Node


@strawberry.type(description="Exact stock at a location; only for a token with `catalog:read`.")
class StockLevel:
    location: str = field(description="Code of the location.")
    on_hand: int = field(description="Pieces there.")
    reserved: int = field(description="Of these, promised to somebody.")
    incoming: int = field(description="Pieces on their way there.")
    updated_at: datetime = field(description="When it was last told.")


@strawberry.type(description="A place with stock; only for a token with `catalog:read`.")
class StockLocation(Node):
    external_id: str | None = field(description="The integrator's own key.")
    code: str = field(description="Its short name.")
    name: str = field(description="Its name for people.")
    channels: list[str] = field(description="Codes of the channels that it serves.")
