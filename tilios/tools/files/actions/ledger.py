"""What every write of the tree goes through: one lock for each structure, then room and the log of changes.

The lock is the structure's row of `Usage`, taken first by all: no two writes of a tree ever meet, so that a folder is
not moved into itself, nor something written in a folder that is being thrown away, and the changes are numbered in the
order they are committed. Bytes are received before, outside.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tilios.core.structures.composed import composed
from tilios.tools.files.errors import NoRoom
from tilios.tools.files.models import Change, Item, Usage
from tilios.tools.files.models.items import now_ms
from tilios.tools.files.queries import tree


class Ledger:
    """What a write does to the room taken and to the log; written down at the end of it."""

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        self._charged: dict[int, int] = defaultdict(int)  # bytes by number of a space
        self._changes: list[Change] = []

    def charge(self, item: Item, size: int) -> None:
        """`size` more bytes (or less) in the space of `item`."""
        self._charged[item.space_number] += size

    def note(self, folder: Item, name: str) -> None:
        """Something called `name` came, changed or went in `folder`."""
        self.usage.sequence += 1
        self._changes.append(
            Change(number=self.usage.sequence, folder=folder.pk, path=folder.path, name=name, made_ms=now_ms())
        )

    def close(self) -> None:
        """Raises NoRoom where more was added than there is room for."""
        added = sum(self._charged.values())
        self.usage.used += added
        if added > 0 and self.usage.quota is not None and self.usage.used > self.usage.quota:
            raise NoRoom(_("There is no room left: the space of the structure is full."))
        for root, size in self._charged.items():
            if size:
                _charge_owner(root, size)
        if added or self._changes:
            self.usage.save(update_fields=["used", "sequence"])
        Change.objects.bulk_create(self._changes)


def _charge_owner(root: int, size: int) -> None:
    owner = next(iter(_owner(root)), None)
    if owner is None:
        return
    usage, _created = Usage.objects.get_or_create(person_id=owner)
    usage.used += size
    quota = usage.quota if usage.quota is not None else tree.rules().person_quota
    if size > 0 and quota is not None and usage.used > quota:
        raise NoRoom(_("There is no room left in this personal space."))
    usage.save(update_fields=["used"])


@composed
def _owner(root: int) -> QuerySet[Item, int | None]:
    return Item.objects.filter(pk=root).order_by().values_list("owner", flat=True)


@contextmanager
def writing() -> Iterator[Ledger]:
    """A transaction that holds the tree of the structure in scope."""
    with transaction.atomic():
        ledger = Ledger(_held())
        yield ledger
        ledger.close()


def _held() -> Usage:
    rows = Usage.objects.select_for_update(of=("self",))
    usage = rows.filter(person=None).first()
    if usage is None:
        try:
            with transaction.atomic():
                Usage.objects.create(person=None)
        except IntegrityError:
            pass  # made by somebody else meanwhile
        usage = rows.get(person=None)
    return usage
