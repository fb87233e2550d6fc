"""How far a long job has come: kept in a row, shown by a page that asks again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.crypto import get_random_string

from tilios.core.jobs.models import Progress


def start(*, label: str, structure: Any = None, person: Any = None, total: int = 0) -> Progress:
    """A new row, to be given to the job by its `key`."""
    return Progress.objects.create(
        key=get_random_string(32),
        label=label[:120],
        structure=structure,
        person=person.pk if person else None,
        total=total,
    )


def step(key: str, done: int, total: int | None = None) -> None:
    """Say that `done` of `total` is behind us. One query."""
    values: dict[str, Any] = {"done": done, "state": "running"}
    if total is not None:
        values["total"] = total
    Progress.objects.filter(key=key).update(**values)


@contextmanager
def following(key: str) -> Iterator[Progress]:
    """Mark the row running, then done or failed; the job's result goes in `progress.result`."""
    progress = Progress.objects.get(key=key)
    Progress.objects.filter(key=key).update(state="running")
    try:
        yield progress
    except Exception as error:
        message = str(getattr(error, "message", "")) or str(error)
        Progress.objects.filter(key=key).update(state="failed", message=message[:2000], finished_at=timezone.now())
        raise
    Progress.objects.filter(key=key).update(state="done", result=progress.result, finished_at=timezone.now())
