"""Choose the newest versions that fit pyproject.toml and write them, with the hashes of every platform's files.

The public registry is asked by name, whatever mirror this machine is set to, and no address is written: what is
installed later may come from any mirror, the hashes must agree.
"""

import sys

from dev.places import BIN, ROOT, Stop, run_quietly, say

REGISTRY = "https://pypi.org/simple"
COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11", "--no-config"),
    *("--default-index", REGISTRY, "--generate-hashes", "--no-emit-index-url", "--no-annotate"),
    *("--custom-compile-command", "make lock"),
)

# The order counts: what tests and checks add must agree with what runs.
LOCKS = {
    "run.txt": ["pyproject.toml"],
    "dev.txt": ["pyproject.toml", "--group", "dev", "--constraint", "requirements/run.txt"],
    "build.txt": ["requirements/build.in"],
    "node.txt": ["requirements/node.in"],
}


def main() -> int:
    try:
        for name, sources in LOCKS.items():
            say(f"requirements/{name}")
            run_quietly([BIN / COMPILE[0], *COMPILE[1:], *sources, "--output-file", f"requirements/{name}"], cwd=ROOT)
    except Stop as stop:
        say(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
