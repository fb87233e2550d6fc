"""The conditions of a search as a form: lines and groups added and taken away by the server, without any script.

Each node has a path, "0-1-2" for the third of the second of the whole. Fields: `g-PATH` "all" or "any" for a group;
`f-PATH`, `t-PATH`, `v-PATH` the field, test and value of a line. The button pressed is `do`: "line-PATH", "group-PATH",
"drop-PATH", or "search".
"""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import QueryDict

from tilios.tools.members.queries.criteria import TESTS, Criterion
from tilios.tools.members.queries.searching import DEEPEST, LONGEST_VALUE, MOST, Tree

NODE = re.compile(rf"[fg]-(0(?:-\d{{1,3}}){{0,{DEEPEST}}})")
PRESSED = re.compile(rf"(line|group|drop)-(0(?:-\d{{1,3}}){{0,{DEEPEST}}})")


def blank_line() -> Tree:
    return {"field": "", "test": "", "value": ""}


def read_tree(data: QueryDict) -> Tree:
    """The tree of the fields, lines not filled in included; a group of one empty line where there are none."""
    paths = {match[1] for name in list(data)[: 8 * MOST] if (match := NODE.fullmatch(name))}
    if "0" not in paths:
        return {"all": [blank_line()]}
    return _read(data, "0", paths)


def _read(data: QueryDict, path: str, paths: set[str]) -> Tree:
    if f"f-{path}" in data:
        return {
            "field": data.get(f"f-{path}", ""),
            "test": data.get(f"t-{path}", ""),
            "value": data.get(f"v-{path}", "")[:LONGEST_VALUE],
        }
    below = [one for one in paths if one.rpartition("-")[0] == path]
    kind = "any" if data.get(f"g-{path}") == "any" else "all"
    return {kind: [_read(data, one, paths) for one in sorted(below, key=lambda one: int(one.rpartition("-")[2]))]}


def press(tree: Tree, button: str) -> Tree:
    """The tree once a button was pressed: a line or a group added, a node taken away. It is changed in place."""
    if not (match := PRESSED.fullmatch(button)):
        return tree
    action, places = match[1], [int(place) for place in match[2].split("-")[1:]]
    if action == "drop" and not places:
        return {"all": [blank_line()]}
    last = places.pop() if action == "drop" else 0
    group = tree
    for place in places:
        below = _below(group)
        if place >= len(below) or "field" in below[place]:
            return tree
        group = below[place]
    if action == "line":
        _below(group).append(blank_line())
    elif action == "group" and len(places) < DEEPEST - 1:
        _below(group).append({"any" if "all" in group else "all": [blank_line()]})
    elif action == "drop" and last < len(_below(group)):
        del _below(group)[last]
    return tree


def filled(tree: Tree) -> Tree:
    """The tree without the lines that say nothing yet, nor the groups left empty."""
    if "field" in tree:
        return tree
    kind = "any" if "any" in tree else "all"
    nodes = [filled(node) for node in tree[kind] if node.get("field", "-")]
    return {kind: [node for node in nodes if "field" in node or _below(node)]}


def with_tests(tree: Tree, criteria: Mapping[str, Criterion]) -> Tree:
    """The tree where each line has a test of its field: the first where it had none, or that of another field."""
    if "field" not in tree:
        kind = "any" if "any" in tree else "all"
        return {kind: [with_tests(node, criteria) for node in tree[kind]]}
    criterion = criteria.get(tree["field"])
    if criterion is None:
        return blank_line()
    if tree["test"] in criterion.allowed:
        return tree
    return {"field": criterion.key, "test": criterion.allowed[0], "value": ""}


def query_of(tree: Tree) -> QueryDict:
    """The tree as the fields that `read_tree` reads."""
    query = QueryDict(mutable=True)
    query.update(_written(tree, "0"))
    return query


def _written(tree: Tree, path: str) -> dict[str, str]:
    if "field" in tree:
        return {f"{name[0]}-{path}": str(tree.get(name, "")) for name in ("field", "test", "value")}
    fields = {f"g-{path}": "any" if "any" in tree else "all"}
    for number, node in enumerate(_below(tree)):
        fields |= _written(node, f"{path}-{number}")
    return fields


def drawn(tree: Tree, criteria: Mapping[str, Criterion], path: str = "0") -> dict[str, Any]:
    """What the template needs to draw the tree: a group with its nodes, or a line with its choices."""
    if "field" in tree:
        criterion = criteria.get(tree["field"])
        tests = [(name, TESTS[name].label) for name in criterion.allowed] if criterion else []
        needs = TESTS[tree["test"]].needs if tree["test"] in TESTS else ""
        return {**tree, "path": path, "tests": tests, "needs": needs, "choices": criterion.choices if criterion else ()}
    nodes = [drawn(node, criteria, f"{path}-{number}") for number, node in enumerate(_below(tree))]
    return {
        "path": path,
        "any": "any" in tree,
        "nodes": nodes,
        "is_group": True,
        "may_deepen": path.count("-") < DEEPEST - 1,
    }


def sections(criteria: Mapping[str, Criterion]) -> list[tuple[str, list[Criterion]]]:
    """The fields on offer, under the titles of their parts."""
    return [(str(title), list(ones)) for title, ones in groupby(criteria.values(), key=lambda one: one.section)]


def _below(group: Tree) -> list[Tree]:
    return group["any" if "any" in group else "all"]
