"""The long work, a few seconds at a time: the one worker of a small server has letters to send as well."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core import live
from tilios.core.errors import Refused
from tilios.core.jobs import job
from tilios.core.journal.actions import publish, through
from tilios.core.outside import Client, Login
from tilios.core.outside.sealing import unseal
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.bringing import listing, planning, undoing
from tilios.tools.files.bringing.coming import Coming
from tilios.tools.files.bringing.entries import Unreadable
from tilios.tools.files.models import Bringing
from tilios.tools.files.models.bringing import WORKING, BringingState, LineState, Undone
from tilios.tools.files.queries.rights import Rights

KIND = "files.bringing"
SLICE_S = 15.0
SAY_EVERY_S = 0.7
SILENT = timedelta(minutes=2)  # a work that has said nothing for so long is taken up by hand


@job
def work(structure_id: int, bringing_id: int, run: int) -> None:
    """Do a slice of what the state of the bringing asks for, and ask for the next. Twice at once does no harm."""
    structure = Structure.objects.get(pk=structure_id)
    with scope(structure), through("import"), override(structure.language):
        bringing = _ours(bringing_id, run)
        if bringing is None:
            return
        person = bringing.person
        # SECURITY: what somebody does for another has the rights it had on the page (those of a member at most).
        person.acted_by = bringing.acted_by
        slice_ = Slice(bringing)
        try:
            is_over = WORK[BringingState(bringing.state)](slice_, Rights(person))
        except (Refused, Unreadable) as error:
            stop(bringing, str(error.message))
        except Exception:
            stop(bringing, _("Something went wrong on this server. What is here stays; you may go on."))
            raise
        else:
            if not is_over:
                work.enqueue(structure_id, bringing_id, run)


class Slice:
    """The few seconds that a work has, and what it says of itself meanwhile."""

    def __init__(self, bringing: Bringing) -> None:
        self.bringing = bringing
        self._end = time.monotonic() + SLICE_S
        self._said = 0.0

    def goes_on(self, done: int, total: int) -> bool:
        """Say how far it is, now and then; whether there is time left, and nobody has stopped the work."""
        now = time.monotonic()
        if now - self._said < SAY_EVERY_S:
            return now < self._end
        self._said = now
        mine = Bringing.objects.filter(pk=self.bringing.pk, run=self.bringing.run, state=self.bringing.state)
        with transaction.atomic():
            still = mine.update(done=done, total=max(total, done), beat_at=timezone.now())
            live.announce(KIND, self.bringing.pk)
        if not still:
            raise CalledOff
        return now < self._end


class CalledOff(Refused):
    """Somebody stopped the work, or another has taken it up."""


def stop(bringing: Bringing, problem: str) -> None:
    """Stop on a problem, said in a sentence; the password is forgotten."""
    looking = bringing.state == BringingState.LOOKING
    state = BringingState.PREPARING if looking else BringingState.STOPPED
    if bringing.state == BringingState.UNDOING:
        state = BringingState.DONE
    finish(bringing, state, problem=problem, password="")


def finish(bringing: Bringing, state: str, **values: Any) -> bool:
    """Leave the state a work was for; False when somebody else has left it already."""
    with transaction.atomic():
        mine = Bringing.objects.filter(pk=bringing.pk, run=bringing.run, state=bringing.state)
        left = mine.update(state=state, beat_at=timezone.now(), **values)
        live.announce(KIND, bringing.pk)
    return bool(left)


def _ours(bringing_id: int, run: int) -> Bringing | None:
    rows = Bringing.objects.select_related("person", "acted_by", "folder")
    return rows.filter(pk=bringing_id, run=run, state__in=WORKING).first()


@contextmanager
def _client(bringing: Bringing) -> Iterator[Client | None]:
    if not bringing.is_from_server:
        yield None
        return
    password = unseal(bringing.password)
    if password is None:
        raise Unreadable(_("Please give the password again."))
    with Client(Login(bringing.login, password)) as client:
        yield client


def _look(slice_: Slice, _rights: Rights) -> bool:
    bringing = slice_.bringing
    if not bringing.is_from_server:
        planning.look_into_zips(bringing)
    else:
        with _client(bringing) as client:
            assert client is not None
            if not bringing.lines.exists():
                listing.begin(client, bringing)
            standing = planning.Standing(bringing.folder)
            while listing.list_next(client, bringing, standing):
                if not slice_.goes_on(bringing.lines.count() - 1, 0):
                    return False
    finish(bringing, BringingState.LOOKED, counts=planning.counted(bringing), problem="", done=0)
    return True


def _bring(slice_: Slice, rights: Rights) -> bool:
    bringing = slice_.bringing
    waiting = bringing.lines.filter(state=LineState.WAITING)
    left = waiting.count()
    total = max(bringing.total, left)
    with ExitStack() as stack:
        coming = Coming(bringing, rights, stack.enter_context(_client(bringing)))
        stack.callback(coming.close)
        while line := waiting.select_related("part__blob").first():
            coming.do(line)
            left -= 1
            if not slice_.goes_on(total - max(left, 0), total):
                return False
    values = {"password": "", "problem": "", "done": total, "brought_at": timezone.now()}
    with transaction.atomic():
        if finish(bringing, BringingState.DONE, **values):
            files = bringing.lines.filter(state=LineState.DONE, is_folder=False).count()
            publish("files.brought_in", by=rights.person, target=bringing.folder, files=files)
            bringing.parts.all().delete()  # the zips are not needed any more
    return True


def _undo(slice_: Slice, rights: Rights) -> bool:
    bringing = slice_.bringing
    total = len(undoing.pending(bringing))
    for done in undoing.undo(bringing, rights):
        if not slice_.goes_on(done, total):
            return False
    with transaction.atomic():
        if finish(bringing, BringingState.UNDONE, problem=""):
            undone = bringing.lines.filter(undone=Undone.UNDONE).count()
            publish("files.bringing_undone", by=rights.person, target=bringing.folder, undone=undone)
    return True


WORK = {BringingState.LOOKING: _look, BringingState.COMING: _bring, BringingState.UNDOING: _undo}
