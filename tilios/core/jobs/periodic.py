"""Periodic work: each package says what it wants done, and how often."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """`run()` is called every `every_s` seconds by one worker, outside any scope."""

    name: str
    run: Callable[[], object]
    every_s: int


_works: dict[str, Work] = {}


def register(name: str, run: Callable[[], object], every_s: int) -> None:
    """Have `run` called every `every_s` seconds; called from an app's `ready()`."""
    _works[name] = Work(name, run, every_s)


def everything() -> list[Work]:
    return list(_works.values())
