"""What a synthetic catalog talks about: names, texts, attributes and types of an invented shop."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["select", "multiselect", "text", "number", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """`options` of a select; `low` and `high` of a number, in `unit`."""

    code: str
    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    unit: str | None = None
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Type:
    """Products of a kind: what they are called, and the five attributes that they have."""

    code: str
    name: str
    things: tuple[str, ...]
    attributes: tuple[str, str, str, str, str]


COLORS = {
    "Black": "#1d1d1f",
    "White": "#f5f5f2",
    "Grey": "#8e9194",
    "Navy": "#22304f",
    "Blue": "#3f72b5",
    "Sky": "#9cc3dd",
    "Teal": "#2a7f80",
    "Green": "#3f7d4f",
    "Olive": "#6f7243",
    "Yellow": "#e0b63c",
    "Orange": "#d9783a",
    "Red": "#b93a3a",
    "Berry": "#87304f",
    "Pink": "#dc9fae",
    "Brown": "#74523a",
    "Sand": "#d5c2a1",
}
SIZES = ("2XS", "XS", "S", "M", "L", "XL", "2XL", "3XL")
AXES = (
    Attribute("color", "Color", "select", tuple(COLORS)),
    Attribute("size", "Size", "select", SIZES),
)

MATERIALS = (
    "Cotton",
    "Linen",
    "Wool",
    "Felt",
    "Leather",
    "Canvas",
    "Nylon",
    "Polyester",
    "Bamboo",
    "Oak",
    "Walnut",
    "Beech",
    "Steel",
    "Aluminium",
    "Brass",
    "Copper",
    "Glass",
    "Stoneware",
    "Rubber",
    "Cork",
)
POOL = (
    Attribute("material", "Material", "multiselect", MATERIALS),
    Attribute("season", "Season", "select", ("Spring", "Summer", "Autumn", "Winter")),
    Attribute(
        "style",
        "Style",
        "select",
        ("Classic", "Modern", "Rustic", "Minimal", "Sporty", "Retro", "Industrial", "Playful"),
    ),
    Attribute(
        "pattern",
        "Pattern",
        "select",
        ("Plain", "Striped", "Checked", "Dotted", "Floral", "Herringbone", "Mottled"),
    ),
    Attribute(
        "made_in",
        "Made in",
        "select",
        ("Portugal", "Italy", "Germany", "Poland", "Sweden", "Turkey", "India", "Japan", "Vietnam"),
    ),
    Attribute("length", "Length", "number", unit="cm", low=5, high=240),
    Attribute("capacity", "Capacity", "number", unit="l", low=1, high=90),
    Attribute("power", "Power", "number", unit="W", low=2, high=1800),
    Attribute("waterproof", "Waterproof", "boolean"),
    Attribute("recycled", "Recycled", "boolean"),
    Attribute("released", "Released", "date"),
    Attribute("care", "Care", "text"),
)
TYPES = (
    Type(
        "clothing",
        "Clothing",
        ("Shirt", "Sweater", "Jacket", "Trousers", "Scarf", "Vest", "Coat", "Dress"),
        ("material", "season", "pattern", "made_in", "care"),
    ),
    Type(
        "shoes",
        "Shoes",
        ("Sneaker", "Boot", "Sandal", "Slipper", "Loafer", "Clog"),
        ("material", "season", "style", "made_in", "waterproof"),
    ),
    Type(
        "bag",
        "Bags",
        ("Backpack", "Tote", "Satchel", "Duffel", "Pouch", "Wallet"),
        ("material", "style", "capacity", "waterproof", "recycled"),
    ),
    Type(
        "kitchen",
        "Kitchen",
        ("Mug", "Bowl", "Pan", "Kettle", "Board", "Jar", "Plate", "Ladle"),
        ("material", "style", "capacity", "made_in", "care"),
    ),
    Type(
        "lighting",
        "Lighting",
        ("Lamp", "Lantern", "Pendant", "Spotlight", "Shade"),
        ("material", "style", "power", "length", "made_in"),
    ),
    Type(
        "furniture",
        "Furniture",
        ("Chair", "Stool", "Table", "Shelf", "Bench", "Cabinet"),
        ("material", "style", "length", "made_in", "recycled"),
    ),
    Type(
        "textile",
        "Home textiles",
        ("Blanket", "Cushion", "Towel", "Rug", "Curtain", "Throw"),
        ("material", "pattern", "length", "made_in", "care"),
    ),
    Type(
        "outdoor",
        "Outdoor",
        ("Tent", "Hammock", "Stove", "Bottle", "Mat", "Tarp"),
        ("material", "season", "capacity", "waterproof", "released"),
    ),
)

QUALITIES = (
    "Alpine",
    "Amber",
    "Autumn",
    "Bold",
    "Bright",
    "Calm",
    "Coastal",
    "Compact",
    "Cosy",
    "Crisp",
    "Daily",
    "Early",
    "Field",
    "Fine",
    "Gentle",
    "Grand",
    "Harvest",
    "Honest",
    "Island",
    "Keen",
    "Light",
    "Lively",
    "Meadow",
    "Mellow",
    "Midnight",
    "Morning",
    "Northern",
    "Open",
    "Orchard",
    "Plain",
    "Quiet",
    "Rapid",
    "River",
    "Rugged",
    "Simple",
    "Steady",
    "Summer",
    "Sturdy",
    "Urban",
    "Woodland",
)
OPENINGS = (
    "Made for days that begin early and end late.",
    "A piece that needs no instructions.",
    "Drawn by hand first, and only then built.",
    "Our answer to things that break too soon.",
    "Light enough to take along, solid enough to keep.",
    "Simple on purpose.",
    "The one that we reach for ourselves.",
    "Honest work at a fair price.",
)
MIDDLES = (
    "Every seam and edge is finished twice, because those are where wear begins.",
    "The surface ages slowly and looks better for it.",
    "It packs flat, and weighs less than it looks.",
    "Spare parts are kept for ten years.",
    "It is made in small batches, so that no two are quite alike.",
    "The cut leaves room to move without looking wide.",
    "A second layer keeps it in shape for years.",
    "Nothing rattles, nothing shines, nothing is in the way.",
)
CLOSINGS = (
    "Wipe it with a damp cloth and it is as new.",
    "It comes in a box without plastic.",
    "Goes with everything else in this range.",
    "Repaired free of charge for two years.",
    "Tested through a whole winter before we sold the first.",
    "A good present for somebody who has everything.",
)
CARE = (
    "Wipe with a damp cloth.",
    "Wash at 30 degrees.",
    "Wash by hand.",
    "Dry clean only.",
    "Oil it once a year.",
)
TAGS = (
    "new",
    "bestseller",
    "organic",
    "handmade",
    "fair",
    "vegan",
    "limited",
    "gift",
    "outlet",
    "travel",
    "office",
    "kids",
    "refill",
    "repairable",
    "plastic-free",
    "waterproof",
)
SECTIONS = (
    "Essentials",
    "Classics",
    "New season",
    "Workshop",
    "Travel",
    "Small things",
    "Refined",
    "Last pieces",
)
SYLLABLES = (
    "bra",
    "del",
    "fen",
    "gar",
    "hol",
    "kes",
    "lin",
    "mar",
    "nor",
    "ost",
    "pel",
    "quin",
    "ros",
)
ENDINGS = (
    "den",
    "by",
    "mark",
    "wick",
    "lund",
    "ora",
    "stead",
    "ia",
    "vale",
    "sen",
    "ton",
    "ett",
)
