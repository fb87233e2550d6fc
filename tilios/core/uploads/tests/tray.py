"""A tray that takes files, in memory: the smallest tool the engine can serve. Names are taken once, unless chosen."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool, Uploads

UPLOADS = Uploads("polls.view", "tilios.core.uploads.tests.tray.check", "tilios.core.uploads.tests.tray.finish")


@dataclass
class Tray:
    files: dict[str, str] = field(default_factory=dict)  # name → SHA-256
    taken: list[Any] = field(
        default_factory=list
    )  # (person, target, path, name, modified_ms), one a `finish` that ended
    lock: Any = field(default_factory=threading.RLock)
    closed: bool = False

    def empty(self) -> None:
        self.files, self.taken, self.closed = {}, [], False


tray = Tray()


def declared() -> Tool:
    """The polls, which also take files for a while."""
    polls = registry.tool("polls")
    assert polls
    return replace(polls, uploads=UPLOADS)


def check(person: Any, target: Any, name: str, size: int) -> None:
    if target == {"folder": "closed"}:
        raise NotAllowed("This folder is closed.")
    if name.endswith(".exe"):
        raise Invalid("name", "No programs here.")


def finish(person: Any, upload: Any, blob: Any) -> dict[str, Any]:
    if tray.closed:
        raise NotAllowed("The tray was closed meanwhile.")
    with tray.lock:
        name = upload.name
        if name in tray.files and upload.choice == "both":
            stem, suffix = PurePath(name).stem, PurePath(name).suffix
            name = next(one for n in range(2, 99) if (one := f"{stem} ({n}){suffix}") not in tray.files)
        elif name in tray.files and upload.choice != "replace":
            raise Conflict(f"“{name}” is there already.")
        tray.files[name] = blob.sha256
        tray.taken.append((person, upload.target, upload.path, name, upload.modified_ms))
        return {"url": f"/tray/{len(tray.taken)}/", "kind": "tests.file", "pk": len(tray.taken)}
