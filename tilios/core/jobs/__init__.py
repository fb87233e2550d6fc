"""Background and periodic work.

    @job
    def send_letters(structure_id, letter_id): ...

    send_letters.enqueue(structure.pk, letter.pk)    # in the caller's transaction: rolled back, it never was

A job that dies with its process is taken again, so it must be written to run twice without harm.
"""

from collections.abc import Callable
from typing import Any

from django_tasks import task

MAX_TRIES = 3


def job(function: Callable[..., Any]) -> Any:
    """Make `function` a job: arguments must be JSON; it starts outside any structure's scope."""
    return task()(function)
