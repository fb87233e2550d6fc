"""The steps of bringing in from another server that somebody decides: look, go ahead, stop, undo."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.outside.client import origin_of
from tilios.core.outside.errors import Forbidden
from tilios.core.outside.sealing import seal
from tilios.core.people.models import Person
from tilios.tools.agenda.models import Coming, Item
from tilios.tools.agenda.models.servers import WORKING, ComingState, ObjectState
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.servers.finding import completed
from tilios.tools.agenda.servers.jobs import SILENT, objects_of, work

KEEP = timedelta(days=30)  # how long it can be undone
ABANDONED = timedelta(days=2)


@transaction.atomic
def look(*, by: Person, address: str, login: str, password: str, coming: Coming | None = None) -> Coming:
    """Read what a server has, in the background, and keep it aside; nothing enters a calendar yet.

    Raises Invalid("address", "login", "password"), Conflict.
    """
    if not address.strip():
        raise Invalid("address", _("Please give the address of the other server."))
    whole = completed(address)
    try:
        origin_of(whole)
    except Forbidden as error:
        raise Invalid("address", error.message) from error
    if not login.strip():
        raise Invalid("login", _("Please give the login that you have there."))
    if coming is None:
        coming = Coming.objects.create(person=by, acted_by=by.acted_by)
    coming = _held(by, coming, ComingState.PREPARING, ComingState.LOOKED)
    coming.collections.all().delete()
    coming.address, coming.login, coming.password = whole[:2000], login.strip()[:255], _sealed(password)
    return _begin(coming, ComingState.LOOKING)


@transaction.atomic
def start(*, by: Person, rights: Rights, coming: Coming, wanted: Mapping[int, Item | None]) -> Coming:
    """Bring in the collections that are `wanted`, each into a calendar or an address book, or (None) into a new one.

    Raises Invalid("collections"), NotAllowed, Conflict.
    """
    coming = _held(by, coming, ComingState.LOOKED)
    if not wanted:
        raise Invalid("collections", _("Tick at least one calendar or address book."))
    for one in coming.collections.all():
        one.is_wanted = one.pk in wanted
        if one.is_wanted:
            one.into = wanted[one.pk]
            if one.into is None:
                require(rights.may("own"), _("You have no calendars of your own here: choose one that is there."))
            else:
                require(one.into.nature == one.nature and rights.may_put(one.into, None, is_new=True))
        one.save(update_fields=["is_wanted", "into"])
    coming.total = objects_of(coming).filter(state=ObjectState.WAITING, collection__is_wanted=True).count()
    return _begin(coming, ComingState.COMING)


@transaction.atomic
def stop(*, by: Person, coming: Coming) -> Coming:
    """Stop what is under way; what came stays, and it can be gone on with. Raises Conflict."""
    coming = _held(by, coming, ComingState.LOOKING, ComingState.COMING)
    is_looking = coming.state == ComingState.LOOKING
    coming.state = ComingState.PREPARING if is_looking else ComingState.STOPPED
    coming.problem, coming.password, coming.run = _("You stopped it."), "", coming.run + 1
    coming.save()
    return coming


@transaction.atomic
def go_on(*, by: Person, coming: Coming) -> Coming:
    """Go on where it stopped, or where its process was lost. Raises Conflict."""
    coming = _held(by, coming, ComingState.STOPPED, *WORKING)
    if coming.is_working and coming.beat_at > timezone.now() - SILENT:
        raise Conflict(_("The work goes on: it did not stop."))
    return _begin(coming, ComingState.COMING if coming.state == ComingState.STOPPED else coming.state)


@transaction.atomic
def undo(*, by: Person, coming: Coming) -> Coming:
    """Take back all that came and nobody changed since, in the background. Raises Conflict when it is too late."""
    coming = _held(by, coming, ComingState.DONE, ComingState.STOPPED)
    if coming.created_at < timezone.now() - KEEP:
        raise Conflict(_("It is too late to undo this."))
    coming.total = objects_of(coming).filter(state=ObjectState.DONE).count()
    return _begin(coming, ComingState.UNDOING)


@transaction.atomic
def give_up(*, by: Person, coming: Coming) -> None:
    """Forget what was prepared and not brought in. Raises Conflict once it was."""
    _held(by, coming, ComingState.PREPARING, ComingState.LOOKED).delete()


def forget_old() -> None:
    """Periodic: what nobody confirmed, and what is too old to be undone."""
    now = timezone.now()
    Coming.objects.filter(beat_at__lt=now - ABANDONED, state__in=(ComingState.PREPARING, ComingState.LOOKED)).delete()
    Coming.objects.filter(created_at__lt=now - KEEP).delete()


def _held(by: Person, coming: Coming, *states: str) -> Coming:
    held = Coming.objects.select_for_update(of=("self",)).filter(pk=coming.pk, person=by).first()
    if held is None or held.state not in states:
        raise Conflict(_("This has moved on meanwhile: look at where it is now."))
    return held


def _begin(coming: Coming, state: str) -> Coming:
    coming.state, coming.problem, coming.done = state, "", 0
    coming.run, coming.beat_at = coming.run + 1, timezone.now()
    coming.save()
    work.enqueue(coming.structure_id, coming.pk, coming.run)
    return coming


def _sealed(password: str) -> str:
    if not password:
        raise Invalid("password", _("Please give the password that you have there."))
    return seal(password)
