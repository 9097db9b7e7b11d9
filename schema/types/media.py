"""Pictures, videos, models and documents."""

from enum import Enum

import strawberry
from strawberry import enum_value, field

from schema.types.node import Node


@strawberry.enum(description="What a medium is.")
class MediaKind(Enum):
    IMAGE = enum_value("image", description="A picture.")
    VIDEO = enum_value("video", description="A video.")
    MODEL = enum_value("model", description="A model in three dimensions.")
    DOCUMENT = enum_value("document", description="A document, such as a manual.")


@strawberry.type(description="A picture, a video, a model or a document.")
class Media(Node):
    url: str = field(description="Where it is.")
    kind: MediaKind = field(description="What it is.")
    alt: str = field(description="What it shows, for those who cannot see it.")
    width: int | None = field(description="In pixels.")
    height: int | None = field(description="In pixels.")
