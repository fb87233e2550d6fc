"""The steps of bringing files in that somebody decides: what from, the look, the go-ahead, the stop, the undoing."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.outside.client import origin_of
from tilios.core.outside.errors import Forbidden
from tilios.core.outside.sealing import seal
from tilios.core.people.models import Person
from tilios.tools.files.bringing import servers
from tilios.tools.files.bringing.jobs import SILENT, work
from tilios.tools.files.models import Bringing, BringingLine, BringingPart, Item
from tilios.tools.files.models.bringing import WORKING, BringingState, Choice, LineState, Source
from tilios.tools.files.queries.rights import Rights

MOST_PARTS = 100
KEEP = timedelta(days=30)  # how long it can be undone
ABANDONED = timedelta(days=2)


def lock(bringing: Bringing, *states: str) -> Bringing:
    """The row as it is now, held. Raises Conflict when it is in none of `states`."""
    held = Bringing.objects.select_for_update(of=("self",)).select_related("folder").filter(pk=bringing.pk).first()
    if held is None or held.state not in states:
        raise Conflict(_("This has moved on meanwhile: look at where it is now."))
    return held


@transaction.atomic
def begin(*, by: Person, rights: Rights, folder: Item, source: str) -> Bringing:
    """Prepare to bring something into `folder`. Raises Invalid("source"), NotAllowed."""
    require(rights.may_add(folder), _("You may not add anything in this folder."))
    if source not in Source.values:
        raise Invalid("source", _("Choose where the files come from."))
    return Bringing.objects.create(source=source, folder=folder, person=by, acted_by=by.acted_by)


@transaction.atomic
def add_part(*, by: Person, bringing: Bringing, blob: Blob, name: str) -> BringingPart:
    """Add a zip to those to be read; the same twice is one. Raises Conflict, Invalid, NotAllowed."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.PREPARING, BringingState.LOOKED)
    if bringing.is_from_server:
        raise Invalid("file", _("These files come from a server, not from a zip."))
    if bringing.parts.count() >= MOST_PARTS:
        raise Invalid("file", _("That is a great many zips: bring them in in several goes."))
    blobs.keep(blob)
    there = bringing.parts.filter(blob=blob).first()
    Bringing.objects.filter(pk=bringing.pk).update(state=BringingState.PREPARING, problem="")
    return there or BringingPart.objects.create(bringing=bringing, blob=blob, name=name[:255])


@transaction.atomic
def remove_part(*, by: Person, bringing: Bringing, number: int) -> None:
    """Take a zip away from those to be read. Raises Conflict."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.PREPARING)
    bringing.parts.filter(pk=number).delete()


@transaction.atomic
def look(*, by: Person, bringing: Bringing, address: str = "", login: str = "", password: str = "") -> Bringing:
    """Look at what would come, in the background; nothing is written among the files.

    Raises Invalid("address", "login", "password", "file"), Conflict.
    """
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.PREPARING, BringingState.LOOKED)
    if bringing.is_from_server:
        bringing.address, bringing.login = _address(address), login.strip()
        if not bringing.login:
            raise Invalid("login", _("Please give the login that you have there."))
        bringing.password = _sealed(password)
    elif not bringing.parts.exists():
        raise Invalid("file", _("Send a zip first, or choose one that is here."))
    bringing.lines.all().delete()
    return _start(bringing, BringingState.LOOKING)


@transaction.atomic
def start(*, by: Person, rights: Rights, bringing: Bringing, choice: str) -> Bringing:
    """Bring in what was looked at. "files.brought_in" is published at the end. Raises Invalid, Conflict, NotAllowed."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.LOOKED)
    require(rights.may_add(bringing.folder), _("You may not add anything in this folder."))
    if choice not in Choice.values:
        raise Invalid("choice", _("Say what to do with the names that are there already."))
    bringing.choice = choice
    bringing.total = bringing.lines.filter(state=LineState.WAITING).count()
    return _start(bringing, BringingState.COMING)


@transaction.atomic
def stop(*, by: Person, bringing: Bringing) -> Bringing:
    """Stop what is under way; what came stays, and it can be gone on with. Raises Conflict."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.LOOKING, BringingState.COMING)
    is_looking = bringing.state == BringingState.LOOKING
    bringing.state = BringingState.PREPARING if is_looking else BringingState.STOPPED
    bringing.problem, bringing.password, bringing.run = _("You stopped it."), "", bringing.run + 1
    bringing.save()
    return bringing


@transaction.atomic
def go_on(*, by: Person, bringing: Bringing, password: str = "") -> Bringing:
    """Go on where it stopped, or where its process was lost. Raises Conflict, Invalid("password")."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.STOPPED, *WORKING)
    if bringing.is_working and bringing.beat_at > timezone.now() - SILENT:
        raise Conflict(_("The work goes on: it did not stop."))
    if bringing.is_from_server and bringing.state != BringingState.UNDOING and not bringing.password:
        bringing.password = _sealed(password)
    state = BringingState.COMING if bringing.state == BringingState.STOPPED else bringing.state
    return _start(bringing, state)


@transaction.atomic
def undo(*, by: Person, bringing: Bringing) -> Bringing:
    """Take back all that came and nobody changed since, in the background. "files.bringing_undone" is published at the
    end. Raises Conflict when it is too late (thirty days).
    """
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.DONE, BringingState.STOPPED)
    if bringing.created_at < timezone.now() - KEEP:
        raise Conflict(_("It is too late to undo this."))
    bringing.lines.filter(state=LineState.WAITING).update(state=LineState.SKIPPED, reason="")
    return _start(bringing, BringingState.UNDOING)


@transaction.atomic
def give_up(*, by: Person, bringing: Bringing) -> None:
    """Forget what was prepared and not brought in. Raises Conflict once it was."""
    require(bringing.person_id == by.pk)
    bringing = lock(bringing, BringingState.PREPARING, BringingState.LOOKED)
    _forget([bringing.pk])


def forget_old() -> None:
    """Periodic: passwords and zips of what nobody confirmed, and what is too old to be undone."""
    before = timezone.now() - ABANDONED
    unconfirmed = Bringing.objects.filter(beat_at__lt=before, created_at__lt=before)
    waiting = (BringingState.PREPARING, BringingState.LOOKED)
    _forget(list(unconfirmed.filter(state__in=waiting).values_list("pk", flat=True)))
    _forget(list(Bringing.objects.filter(created_at__lt=timezone.now() - KEEP).values_list("pk", flat=True)))


def _forget(numbers: list[int]) -> None:
    with transaction.atomic():
        BringingLine.objects.filter(bringing__in=numbers).delete()
        BringingPart.objects.filter(bringing__in=numbers).delete()
        Bringing.objects.filter(pk__in=numbers).delete()


def _start(bringing: Bringing, state: str) -> Bringing:
    bringing.state, bringing.problem, bringing.done = state, "", 0
    bringing.run, bringing.beat_at = bringing.run + 1, timezone.now()
    bringing.save()
    work.enqueue(bringing.structure_id, bringing.pk, bringing.run)
    return bringing


def _address(text: str) -> str:
    if not text.strip():
        raise Invalid("address", _("Please give the address of the other server."))
    address = servers.completed(text)
    try:
        origin_of(address)
    except Forbidden as error:
        raise Invalid("address", error.message) from error
    return address[:2000]


def _sealed(password: str) -> str:
    if not password:
        raise Invalid("password", _("Please give the password that you have there."))
    return seal(password)
