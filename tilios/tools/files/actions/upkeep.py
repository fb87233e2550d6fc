"""Periodic work: empty what has been in the trash long enough, thin out earlier versions, shorten the log, call the
spaces of groups as their groups are called.
"""

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from tilios.core.shelves.actions.spaces import follow_groups
from tilios.tools.files.actions.ledger import Ledger, writing
from tilios.tools.files.actions.trash import remove
from tilios.tools.files.models import Change, Item, Rules, Version
from tilios.tools.files.models.items import now_ms
from tilios.tools.files.models.usage import DAY_MS
from tilios.tools.files.queries import tree
from tilios.tools.files.shelf import SHELF

LOG_DAYS = 90
AT_ONCE = 50


def keep_up() -> None:
    """What the structure's rules say of trash and versions, a few things at a time so that nobody waits."""
    rules = tree.rules()
    _empty_trash(rules)
    _thin_versions(rules)
    follow_groups(SHELF)
    Change.objects.filter(made_ms__lt=now_ms() - LOG_DAYS * DAY_MS).delete()


def _empty_trash(rules: Rules) -> None:
    before = now_ms() - rules.trash_days * DAY_MS
    while old := list(Item.objects.filter(trashed_ms__lt=before).order_by("trashed_ms")[:AT_ONCE]):
        with writing() as ledger:
            for asked in old:
                item = Item.objects.filter(pk=asked.pk, trashed_ms__isnull=False).first()
                if item is not None:
                    remove(ledger, None, item)


def _thin_versions(rules: Rules) -> None:
    """Those without a name, older than the rules say or more than they say."""
    old = Version.objects.filter(label="", made_ms__lt=now_ms() - rules.version_days * DAY_MS)
    doomed = set(old.values_list("pk", flat=True)) | _beyond(rules.versions_most)
    numbers = sorted(doomed)
    for start in range(0, len(numbers), AT_ONCE):
        with writing() as ledger:
            few = Version.objects.filter(pk__in=numbers[start : start + AT_ONCE])
            drop(ledger, list(few.select_related("item")))


def _beyond(most: int) -> set[int]:
    """The oldest versions of files that have more than `most`."""
    rank = Window(RowNumber(), partition_by="item", order_by=[F("made_ms").desc(), F("pk").desc()])
    ranked = Version.objects.filter(label="").annotate(rank=rank).filter(rank__gt=most)
    return set(ranked.values_list("pk", flat=True))


def drop(ledger: Ledger, versions: list[Version]) -> None:
    """Remove earlier versions and give back their room."""
    for version in versions:
        ledger.charge(version.item, -version.size)
    Version.objects.filter(pk__in=[version.pk for version in versions]).delete()
