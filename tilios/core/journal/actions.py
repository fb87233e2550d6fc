"""The only writes of the journal: publish an event, record a reading, seal what is there."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tilios.core.journal.models import Entry
from tilios.core.structures.scope import current_structure_or_none

_door: ContextVar[str] = ContextVar("tilios_door", default="web")
_watchers: list[Callable[[Entry], object]] = []


def watch(published: Callable[[Entry], object]) -> None:
    """Have `published` called with each event, in the transaction that does it. Called from an app's `ready()`."""
    _watchers.append(published)


@contextmanager
def through(door: str) -> Iterator[None]:
    """Say by which door what follows comes in: "web", "link", "dav", "job", "command", "import", "mail"."""
    token = _door.set(door)
    try:
        yield
    finally:
        _door.reset(token)


def publish(
    verb: str,
    *,
    by: Any = None,
    target: Any = None,
    subject: Any = None,
    account: Any = None,
    visitor: Any = None,
    structure: Any = None,
    **data: Any,
) -> Entry:
    """Record `verb` in the journal of the structure in scope (or of `structure`; of the instance when there is none).

    `by` is the person who acts; when somebody acts for them (`by.acted_by`), the entry holds both. `data` holds numbers
    and words of the program: never a name, an address or what somebody wrote. Written in the caller's transaction:
    what is rolled back did not happen.
    """
    acted_by = getattr(by, "acted_by", None)
    entry = Entry.objects.create(
        structure=structure or current_structure_or_none(),
        verb=verb,
        door=_door.get(),
        actor=(acted_by or by).pk if by else None,
        on_behalf=by.pk if acted_by else None,
        account=account.pk if account else None,
        visitor=visitor.pk if visitor else None,
        subject=subject.pk if subject else None,
        kind=target._meta.label_lower if target is not None else "",
        target=target.pk if target is not None else None,
        data=data,
    )
    for tell in _watchers:
        tell(entry)
    return entry


def record_read(*, by: Any, subject: Any, what: str) -> Entry | None:
    """Record that `by` read personal data of `subject`; reading one's own record is not an event."""
    if by is not None and by.pk == subject.pk and getattr(by, "acted_by", None) is None:
        return None
    return publish("people.read", by=by, subject=subject, what=what)


def record_reads(*, by: Any, subjects: Iterable[Any], what: str) -> int:
    """The same for many people at once, such as a file of them. How many readings; a few statements for all."""
    acted_by = getattr(by, "acted_by", None)
    structure, door = current_structure_or_none(), _door.get()
    entries = [
        Entry(
            structure=structure,
            verb="people.read",
            door=door,
            actor=(acted_by or by).pk if by else None,
            on_behalf=by.pk if acted_by else None,
            subject=subject.pk,
            data={"what": what},
        )
        for subject in subjects
        if by is None or by.pk != subject.pk or acted_by is not None
    ]
    return len(Entry.objects.bulk_create(entries, batch_size=500))
