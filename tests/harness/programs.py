"""Find the programs that tests need. One that is missing fails the test with the sentence to type: never a skip."""

import shutil
from pathlib import Path


class Missing(Exception):
    """A program that tests need is not on this machine; the message says how to install it."""


def find(name: str, *, package: str, folders: tuple[str, ...] = ()) -> Path:
    """The path of the program `name`: in `folders` (the last that matches each pattern), else on the PATH."""
    for pattern in folders:
        found = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"), key=_by_number)
        if found:
            return found[-1]
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    raise Missing(
        f"The program `{name}` is not installed. Type: sudo apt-get install {package} (or run `make test` as root)"
    )


def _by_number(path: Path) -> tuple[int, ...]:
    """Order /usr/lib/postgresql/9/bin before /usr/lib/postgresql/15/bin."""
    return tuple(int(part) for part in path.parts if part.isdigit())
