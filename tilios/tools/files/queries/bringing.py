"""Reads of what is brought in."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.kit.sheets import Cell
from tilios.tools.files.bringing import reasons
from tilios.tools.files.models import Bringing, BringingLine, Item
from tilios.tools.files.models.bringing import LineState, Undone
from tilios.tools.files.queries.rights import Rights

#: What the lists of a bringing may show, as its addresses name them.
SHOWN = {
    "renommes": Q(is_mended=True, state__in=(LineState.WAITING, LineState.DONE)),
    "deja-la": Q(is_taken=True, state=LineState.WAITING),
    "refuses": Q(state=LineState.REFUSED),
    "laisses": Q(state=LineState.SKIPPED),
    "echoues": Q(state=LineState.FAILED),
    "gardes": Q(undone=Undone.KEPT, is_new=True) | Q(undone=Undone.KEPT, is_folder=False),
    "apportes": Q(state=LineState.DONE),
    "a-venir": Q(state=LineState.WAITING),
}
MOST_ZIPS = 50


def bringing_of(person: Person) -> QuerySet[Bringing]:
    """What `person` brought in or prepares to, latest first. SECURITY: nobody else's, which may hold a login."""
    return Bringing.objects.filter(person=person).select_related("folder", "person")


def lines_of(bringing: Bringing, show: str) -> QuerySet[BringingLine]:
    """The lines that `show` names, in order; every one for an unknown name."""
    rows = bringing.lines.exclude(path="").order_by("pk")
    return rows.filter(SHOWN[show]) if show in SHOWN else rows


def tally(bringing: Bringing) -> dict[str, int]:
    """How many lines each list has, and the files and folders that came. One query."""
    wanted = {name.replace("-", "_"): Count("pk", filter=condition) for name, condition in SHOWN.items()}
    done = Q(state=LineState.DONE)
    return (
        bringing.lines.exclude(path="")
        .order_by()
        .aggregate(
            **wanted,
            files=Count("pk", filter=done & Q(is_folder=False)),
            folders=Count("pk", filter=done & Q(is_folder=True, is_new=True)),
            not_come=Count("pk", filter=Q(state__in=(LineState.REFUSED, LineState.FAILED))),
            undone=Count("pk", filter=Q(undone=Undone.UNDONE, is_folder=False)),
        )
    )


def zips_here(rights: Rights) -> list[Item]:
    """The zips among the files this person sees, latest first."""
    zips = rights.visible().filter(is_folder=False).filter(Q(media_type="application/zip") | Q(name__iendswith=".zip"))
    return list(zips.select_related("parent", "blob").order_by("-changed_ms")[:MOST_ZIPS])


def report(bringing: Bringing) -> Iterator[list[Cell]]:
    """The report as rows of a sheet, the first naming the columns."""
    yield [_("What it was called"), _("Where it goes"), _("Size in bytes"), _("State"), _("Why")]
    for line in lines_of(bringing, "").iterator(chunk_size=2000):
        state = line.get_undone_display() if line.undone else line.get_state_display()
        yield [line.path, line.to, line.size, str(state), reasons.words(line.reason)]
