"""The long work, a few seconds at a time: the one worker of a small server has letters to send as well."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core import live
from tilios.core.errors import Refused
from tilios.core.jobs import job
from tilios.core.journal.actions import through
from tilios.core.outside import Client, Login
from tilios.core.outside.sealing import unseal
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.kit import ical, vcard
from tilios.tools.agenda.actions import bringing, trash
from tilios.tools.agenda.actions.collections import describe, make_own
from tilios.tools.agenda.actions.reading import Read
from tilios.tools.agenda.models import Card, Coming, ComingCollection, ComingObject, Entry, Item, Nature
from tilios.tools.agenda.models.servers import WORKING, ComingState, ObjectState
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.servers import finding
from tilios.tools.agenda.zones import zone_of

KIND = "agenda.coming"
SLICE_S = 15.0
SAY_EVERY_S = 0.7
SILENT = timedelta(minutes=2)  # a work that has said nothing for so long is taken up by hand
AT_ONCE = 50  # objects asked for in one question, and kept in one transaction
MOST_OBJECTS = 50_000
MOST_KEPT = 300 * 2**20  # characters kept aside of one server: whoever gives its address does not fill our disk
LARGEST = 10 * 2**20  # of one event or contact, as our own doors take them


@job
def work(structure_id: int, coming_id: int, run: int) -> None:
    """Do a slice of what the state asks for, and ask for the next. Twice at once does no harm."""
    structure = Structure.objects.get(pk=structure_id)
    with scope(structure), through("import"), override(structure.language), timezone.override(structure.timezone):
        rows = Coming.objects.select_related("person", "acted_by")
        coming = rows.filter(pk=coming_id, run=run, state__in=WORKING).first()
        if coming is None:
            return
        person = coming.person
        # SECURITY: what somebody does for another has the rights it had on the page (those of a member at most).
        person.acted_by, person.structure = coming.acted_by, structure
        try:
            is_over = WORK[ComingState(coming.state)](Slice(coming), Rights(person))
        except CalledOff:
            return
        except Refused as error:
            stop(coming, str(error.message))
        except Exception:
            stop(coming, _("Something went wrong on this server. What is here stays; you may go on."))
            raise
        else:
            if not is_over:
                work.enqueue(structure_id, coming_id, run)


class CalledOff(Refused):
    """Somebody stopped the work, or another has taken it up."""


class Slice:
    """The few seconds that a work has, and what it says of itself meanwhile."""

    def __init__(self, coming: Coming) -> None:
        self.coming = coming
        self._end = time.monotonic() + SLICE_S
        self._said = 0.0

    def goes_on(self, done: int, total: int) -> bool:
        """Say how far it is, now and then; whether there is time left. Raises CalledOff."""
        now = time.monotonic()
        if now - self._said < SAY_EVERY_S:
            return now < self._end
        self._said = now
        mine = Coming.objects.filter(pk=self.coming.pk, run=self.coming.run, state=self.coming.state)
        with transaction.atomic():
            still = mine.update(done=done, total=max(total, done), beat_at=timezone.now())
            live.announce(KIND, self.coming.pk)
        if not still:
            raise CalledOff
        return now < self._end


def stop(coming: Coming, problem: str) -> None:
    """Stop on a problem, said in a sentence; the password is forgotten."""
    after = {ComingState.LOOKING: ComingState.PREPARING, ComingState.UNDOING: ComingState.DONE}
    finish(coming, after.get(ComingState(coming.state), ComingState.STOPPED), problem=problem, password="")


def finish(coming: Coming, state: str, **values: Any) -> None:
    """Leave the state a work was for, unless somebody has left it already."""
    with transaction.atomic():
        mine = Coming.objects.filter(pk=coming.pk, run=coming.run, state=coming.state)
        mine.update(state=state, beat_at=timezone.now(), **values)
        live.announce(KIND, coming.pk)


@contextmanager
def _client(coming: Coming) -> Iterator[Client]:
    password = unseal(coming.password)
    if password is None:
        raise finding.NotFound(_("Please give the password again."))
    with Client(Login(coming.login, password)) as client:
        yield client


# Looking ------------------------------------------------------------------------------------------------------------


def _look(slice_: Slice, _rights: Rights) -> bool:
    """Find the collections, list each, read what they hold. Begins where it stopped; the password goes at the end."""
    coming = slice_.coming
    with _client(coming) as client:
        if not coming.collections.exists():
            _find(client, coming)
        for one in coming.collections.all():
            if one.waiting is None:
                one.waiting = finding.members(client, one.address)
                one.save(update_fields=["waiting"])
            while one.waiting:
                _read(client, one)
                found = objects_of(coming).count()
                kept = coming.collections.aggregate(size=Sum("size"))["size"] or 0
                if found > MOST_OBJECTS or kept > MOST_KEPT:
                    raise finding.NotFound(
                        _("There is too much at once: give the address of one calendar after another.")
                    )
                if not slice_.goes_on(found, 0):
                    return False
    finish(coming, ComingState.LOOKED, problem="", password="", done=0)
    return True


def objects_of(coming: Coming) -> QuerySet[ComingObject]:
    return ComingObject.objects.filter(collection__coming=coming)


def _find(client: Client, coming: Coming) -> None:
    before = ComingCollection.objects.filter(
        coming__person=coming.person, coming__login=coming.login, into__isnull=False, into__in_trash=False
    ).order_by("pk")
    known = {one.address: one.into for one in before.select_related("into")}
    found = finding.collections(client, coming.address, coming.login)
    ComingCollection.objects.bulk_create(
        ComingCollection(
            coming=coming, nature=one.nature, address=one.address, name=one.name, colour=one.colour,
            is_wanted=not one.is_generated, into=known.get(one.address),
        )
        for one in found
    )  # fmt: skip


def _read(client: Client, collection: ComingCollection) -> None:
    """Read the next objects, and keep them aside with what they are."""
    batch, left = collection.waiting[:AT_ONCE], collection.waiting[AT_ONCE:]
    rows = [
        _object(collection, address, data)
        for address, data in finding.objects(client, collection.address, collection.nature, batch)
    ]
    with transaction.atomic():
        ComingObject.objects.bulk_create(rows)
        collection.waiting = left
        collection.size += sum(len(row.data) for row in rows)
        collection.save(update_fields=["waiting", "size"])


def _object(collection: ComingCollection, address: str, data: bytes) -> ComingObject:
    row = ComingObject(collection=collection, address=address, data=data.decode("utf-8", "replace").replace("\0", ""))
    if len(row.data) > LARGEST:
        row.state, row.why, row.data = ObjectState.BROKEN, _("It is too heavy: 10 MB at most."), ""
        return row
    try:
        if collection.nature == Nature.CALENDAR:
            event = ical.facts(row.data.encode(), zone=timezone.get_current_timezone())
            row.uid, row.title = event.uid[:255], " ".join(event.summary.split())[:300]
        else:
            card = vcard.facts(row.data.encode())
            row.uid, row.title = card.uid[:255], " ".join(card.fn.split())[:300]
    except (ical.Broken, vcard.Broken) as error:
        row.state, row.why, row.data = ObjectState.BROKEN, _(error.message) % error.params, ""
    return row


# Coming in ----------------------------------------------------------------------------------------------------------


def _bring(slice_: Slice, rights: Rights) -> bool:
    coming = slice_.coming
    waiting = objects_of(coming).filter(state=ObjectState.WAITING, collection__is_wanted=True)
    total = max(coming.total, waiting.count())
    for one in coming.collections.filter(is_wanted=True).select_related("into"):
        mine = waiting.filter(collection=one)
        while batch := list(mine[:AT_ONCE]):
            with transaction.atomic():
                into = _place(one, rights)
                _keep(into, batch, rights)
            if not slice_.goes_on(total - waiting.count(), total):
                return False
    finish(coming, ComingState.DONE, problem="", done=total)
    return True


def _place(one: ComingCollection, rights: Rights) -> Item:
    """Where a collection goes: the one chosen, or one of one's own with its name and its colour, made now."""
    if one.into is not None and not one.into.in_trash:
        return one.into
    by, nature = rights.person, Nature(one.nature)
    made = make_own(by=by, rights=rights, nature=nature, address=f"{nature}-{one.pk}")
    fresh = Rights(by)
    describe(
        by=by, rights=fresh, item=made, fields={"name": one.name, **({"colour": one.colour} if one.colour else {})}
    )
    one.into, one.is_made = made, True
    one.save(update_fields=["into", "is_made"])
    return made


def _keep(into: Item, batch: list[ComingObject], rights: Rights) -> None:
    """Keep the objects that are new, and say of each what became of it."""
    is_calendar = into.nature == Nature.CALENDAR
    allowed = into.components.split(",")
    fresh: dict[str, bytes] = {}
    for row in batch:
        data = row.data.encode()
        if is_calendar and ical.facts(data, zone=zone_of(into)).component not in allowed:
            row.state, row.why, row.data = ObjectState.BROKEN, _("This calendar does not take things of this kind."), ""
        else:
            fresh.setdefault(row.uid, data)
    read = Read(events=fresh) if is_calendar else Read(cards=fresh)
    entries, cards = bringing.bring_in(
        by=rights.person, rights=Rights(rights.person), read=read, calendar=into if is_calendar else None,
        book=None if is_calendar else into,
    )  # fmt: skip
    kept: Any = Entry.objects.filter(pk__in=entries) if is_calendar else Card.objects.filter(pk__in=cards)
    made = dict(kept.values_list("uid", "pk"))
    for row in batch:
        if row.state == ObjectState.WAITING:
            row.made = made.pop(row.uid, None)
            row.state, row.data = (ObjectState.DONE if row.made else ObjectState.THERE), ""
    ComingObject.objects.bulk_update(batch, ["state", "why", "data", "made"])


# Undoing ------------------------------------------------------------------------------------------------------------


def _undo(slice_: Slice, rights: Rights) -> bool:
    coming = slice_.coming
    came = objects_of(coming).filter(state=ObjectState.DONE)
    total = max(coming.total, came.count())
    for one in coming.collections.select_related("into"):
        mine = came.filter(collection=one)
        while batch := list(mine[:AT_ONCE]):
            with transaction.atomic():
                _take_out(one, batch, rights)
            if not slice_.goes_on(total - came.count(), total):
                return False
        _throw_away(one, rights)
    finish(coming, ComingState.UNDONE, problem="")
    return True


def _take_out(one: ComingCollection, batch: list[ComingObject], rights: Rights) -> None:
    """Take out what came and nobody changed since; the rest is kept, and said."""
    numbers = [row.made for row in batch if row.made]
    is_calendar = one.nature == Nature.CALENDAR
    rows: Any = Entry.objects if is_calendar else Card.objects
    bringing.take_out(
        by=rights.person, rights=rights, entries=numbers if is_calendar else [], cards=[] if is_calendar else numbers
    )
    left = set(rows.filter(pk__in=numbers).values_list("pk", flat=True))
    for row in batch:
        row.state = ObjectState.KEPT if row.made in left else ObjectState.UNDONE
    ComingObject.objects.bulk_update(batch, ["state"])


def _throw_away(one: ComingCollection, rights: Rights) -> None:
    """A calendar that was made for what came, and holds nothing any more, goes to the trash."""
    into = one.into
    if not one.is_made or into is None or into.in_trash or into.entries.exists() or into.cards.exists():
        return
    if rights.may_manage(into):
        trash.throw_away(by=rights.person, rights=rights, item=into)


WORK = {ComingState.LOOKING: _look, ComingState.COMING: _bring, ComingState.UNDOING: _undo}
