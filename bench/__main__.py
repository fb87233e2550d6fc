"""Run the comparisons named, or all of them; print their tables and keep their JSON."""

import importlib
import pkgutil
import sys

import bench
from bench.measure import keep, table

SUPPORT = {"measure", "load", "asgi_django", "bare"}


def names() -> list[str]:
    found = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]
    return [name for name in found if name not in SUPPORT]


def main() -> int:
    wanted = sys.argv[1:] or names()
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"No comparison is called {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
        return 2
    for name in wanted:
        rows = importlib.import_module(f"bench.{name}").run()
        print(f"\n## {name}\n\n{table(rows)}\n\n{keep(name, rows)}", flush=True)
    return 0


sys.exit(main())
