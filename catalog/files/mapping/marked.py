"""YAML with the line of everything in it, so that a problem can be shown where it was written."""

import re

import yaml

Place = tuple[str | int, ...]

# The core schema of YAML 1.2 in its everyday forms: `no`, `on`, 007 and dates stay text.
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")


class NotYaml(Exception):
    """The text is not YAML, and why."""


def parse(text: str) -> tuple[yaml.Node | None, object]:
    """The tree of nodes, and what it says. Keys are always text, and none may come twice."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise NotYaml(str(error)) from None
    return root, _built(root) if root else None


def _built(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_built(item) for item in node.value]
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _mapping(node: yaml.MappingNode) -> dict[str, object]:
    built: dict[str, object] = {}
    for key, value in node.value:
        if key.value in built:
            raise NotYaml(f"line {key.start_mark.line + 1}: `{key.value}` is there twice")
        built[key.value] = _built(value)
    return built


def where(root: yaml.Node | None, place: Place) -> tuple[int, str]:
    """Line and path in the YAML. Parts of `place` that the YAML does not have are left out: they
    name the variant of a union, or the long form of a value."""
    line, path, node = 1, list[str](), root
    for part in place:
        found = _child(node, part)
        if found is None:
            continue
        mark, node = found
        line = mark.start_mark.line + 1
        path.append(str(part))
    return line, ".".join(path) or "mapping"


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part], node.value[part]
    return None
