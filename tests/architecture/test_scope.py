"""The one way round the walls between structures, `unscoped()`, stands in few known places."""

import ast
from pathlib import Path

import tilios

ROOT = Path(tilios.__file__).parent

#: Modules that may see the rows of every structure, and what for.
ALLOWED = {
    "core/structures/scope.py": "defines it",
    "core/structures/sizes.py": "the host sees sizes",
    "core/access/accounts.py": "somebody's own persons, and who else administers their structures",
    "core/access/visits.py": "the host's own visits",
    "core/people/queries.py": "somebody's own structures, for the switcher",
    "core/access/sharing.py": "a share link names its structure",
    "tools/files/indexing.py": "the words of a document, once read, are for every file that has its bytes",
    "core/portability/takeouts.py": "archives of every structure expire by the clock",
    "tools/members/papers/jobs.py": "papers of every structure expire by the clock",
}


def users_of_unscoped() -> set[str]:
    found = set()
    for path in ROOT.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = (
                isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "unscoped"
            )
            if called or (isinstance(node, ast.FunctionDef) and node.name == "unscoped"):
                found.add(path.relative_to(ROOT).as_posix())
    return found


def test_only_known_modules_go_round_the_walls() -> None:
    new = users_of_unscoped() - set(ALLOWED)
    assert not new, f"{sorted(new)}: use `with scope(structure):`, or add the module to ALLOWED with its reason."


def test_the_list_holds_no_module_that_no_longer_needs_it() -> None:
    assert set(ALLOWED) <= users_of_unscoped()
