"""What a text is made of, read from schema.json, which the editor in the browser reads too."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class NodeType:
    """One kind of node: what it may hold, by name, and its attributes with their defaults."""

    name: str
    group: str
    holds: frozenset[str]
    attributes: dict[str, Any] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Schema:
    fragment: str  # the root of a text in Yjs
    nodes: dict[str, NodeType]
    marks: dict[str, dict[str, Any]]  # attributes with their defaults
    values: dict[str, list[Any]]

    def attributes(self, defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """`given` for what is declared and makes sense; the default for the rest."""
        return {name: self._value(name, default, given.get(name, default)) for name, default in defaults.items()}

    def _value(self, name: str, default: Any, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # Yjs has one kind of number
        if name in self.values:
            return value if value in self.values[name] else default
        if name == "href":
            return value if self.is_safe(value) else default
        if isinstance(default, bool):
            return value if isinstance(value, bool) else default
        if isinstance(default, int):
            return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
        if isinstance(default, str):
            return value if isinstance(value, str) else default
        return value if value is None or isinstance(value, str | int | list) else default

    def is_safe(self, href: Any) -> bool:
        """Whether a link may lead there. SECURITY: never to a script."""
        if not isinstance(href, str):
            return False
        try:
            scheme = urlsplit(href.strip()).scheme.lower()
        except ValueError:
            return False
        return scheme in self.values["schemes"] or (not scheme and href.strip().startswith(("/", "#")))


@cache
def schema() -> Schema:
    """The schema; read once."""
    read = json.loads(Path(__file__).with_name("schema.json").read_text("utf-8"))
    groups: dict[str, set[str]] = {}
    for name, node in read["nodes"].items():
        groups.setdefault(node.get("group", ""), set()).add(name)
    nodes = {}
    for name, node in read["nodes"].items():
        words = _WORD.findall(node.get("content", ""))
        holds = frozenset(one for word in words for one in groups.get(word, {word}))
        allowed = frozenset(node["marks"].split()) if "marks" in node else frozenset(read["marks"])
        nodes[name] = NodeType(name, node.get("group", ""), holds, node.get("attributes", {}), allowed)
    marks = {name: mark.get("attributes", {}) for name, mark in read["marks"].items()}
    return Schema(read["fragment"], nodes, marks, read["values"])
