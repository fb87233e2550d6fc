"""Periodic work: empty what has been in the trash long enough, call the spaces of groups as their groups are called."""

from tilios.core.documents import actions as documents
from tilios.core.documents.models import Document
from tilios.core.shelves.actions.spaces import follow_groups
from tilios.core.shelves.models import now_ms
from tilios.tools.pads.actions.holding import writing
from tilios.tools.pads.actions.texts import remove
from tilios.tools.pads.models import Item
from tilios.tools.pads.shelf import SHELF

TRASH_DAYS = 30
DAY_MS = 24 * 60 * 60 * 1000
AT_ONCE = 50


def keep_up() -> None:
    """A few things at a time, so that nobody waits."""
    before = now_ms() - TRASH_DAYS * DAY_MS
    while old := list(Item.objects.filter(trashed_ms__lt=before).order_by("trashed_ms")[:AT_ONCE]):
        with writing():
            for asked in old:
                item = Item.objects.filter(pk=asked.pk, trashed_ms__isnull=False).first()
                if item is not None:
                    remove(None, item)
    forget_orphans()
    follow_groups(SHELF)


def forget_orphans() -> None:
    """What was written in texts that are gone with the person whose they were."""
    texts = Document.objects.filter(kind="pads.text").exclude(target__in=Item.objects.values("pk"))
    documents.remove(kind="pads.text", targets=list(texts.values_list("target", flat=True)))
