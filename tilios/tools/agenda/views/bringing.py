"""Bring in calendars and contacts: send files, read what would be done, then do it; undo."""

from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs.actions import store
from tilios.core.blobs.models import Blob
from tilios.core.errors import Invalid, Refused
from tilios.core.journal.actions import through
from tilios.core.people.models import Person
from tilios.tools.agenda.actions import bringing, reading
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import collections_of

#: How long what was sent waits between the trial and the import: the files are kept as blobs that no row holds.
WAITS_S = 3600
SALT = "agenda.bringing"
MOST_FILES = 20
FAULTS_SHOWN = 100


@tool_view("agenda.write", "GET", "POST")
def home(request: Any) -> HttpResponse:
    """Choose files and where they go; then what that would do; then it is done."""
    rights = open_spaces(request.person)
    calendars, books = _places(rights, Nature.CALENDAR), _places(rights, Nature.BOOK)
    context: dict[str, Any] = {
        "calendars": calendars,
        "books": books,
        "asked": request.POST if request.method == "POST" else request.GET,
        "most": MOST_FILES,
    }
    if request.method == "GET":
        return render(request, "agenda/bring.html", context)
    calendar, book = _chosen(calendars, request.POST.get("agenda")), _chosen(books, request.POST.get("carnet"))
    try:
        kept = _kept(request)
        read = reading.read_files(
            ((name, _content(pk)) for pk, name in kept),
            zone=timezone.get_current_timezone(),
        )
        if not (read.events and calendar) and not (read.cards and book):
            raise Invalid("file", _nothing(read, calendar, book))
        if "confirm" in request.POST:
            return _bring(request, rights, read, calendar, book)
    except Refused as error:
        return render(request, "agenda/bring.html", context | {"problem": error.message}, status=422)
    context |= {
        "read": read,
        "plan": bringing.plan(read, calendar=calendar, book=book),
        "calendar": calendar,
        "book": book,
        "files": [name for _pk, name in kept],
        "faults": read.faults[:FAULTS_SHOWN],
        "more_faults": max(len(read.faults) - FAULTS_SHOWN, 0),
        "held": signing.dumps([request.person.pk, kept], salt=SALT),
    }
    return render(request, "agenda/bring_trial.html", context)


def _kept(request: Any) -> list[tuple[int, str]]:
    """Numbers and names of the files: those just sent, or those of the trial. Raises Invalid("file")."""
    if held := request.POST.get("held", ""):
        try:
            # SECURITY: signed for this person, so that no number of somebody else's blob is read.
            person, files = signing.loads(held, salt=SALT, max_age=WAITS_S)
        except signing.BadSignature as error:
            raise Invalid("file", _("It is too late: please send the files again.")) from error
        if person != request.person.pk:
            raise Invalid("file", _("It is too late: please send the files again."))
        return [(pk, name) for pk, name in files]
    sent = request.FILES.getlist("file")
    if not sent:
        raise Invalid("file", _("Choose a file first."))
    if len(sent) > MOST_FILES:
        raise Invalid("file", _("%(most)s files at most.") % {"most": MOST_FILES})
    if sum(one.size for one in sent) > reading.MOST_BYTES:
        raise Invalid("file", _("These files are too heavy: 30 MB at most, once out of their archives."))
    return [(store(one, name=one.name or "", media_type="application/octet-stream").pk, one.name or "") for one in sent]


def _content(pk: int) -> bytes:
    blob = Blob.objects.filter(pk=pk).first()
    if blob is None:
        raise Invalid("file", _("It is too late: please send the files again."))
    with blob.open() as file:
        return file.read()


def _nothing(read: reading.Read, calendar: Item | None, book: Item | None) -> str:
    """Why there is nothing to do."""
    if read.events and not calendar:
        return _("There are events in it: choose a calendar for them.")
    if read.cards and not book:
        return _("There are contacts in it: choose an address book for them.")
    if read.faults:
        first = read.faults[0]
        return f"{first.file} : {first.why}"
    return _("There is nothing in it.")


def _bring(request: Any, rights: Rights, read: reading.Read, calendar: Item | None, book: Item | None) -> HttpResponse:
    with through("import"):
        entries, cards = bringing.bring_in(by=request.person, rights=rights, read=read, calendar=calendar, book=book)
    said = []
    if entries:
        said.append(ngettext("%d event is brought in.", "%d events are brought in.", len(entries)) % len(entries))
    if cards:
        said.append(ngettext("%d contact is brought in.", "%d contacts are brought in.", len(cards)) % len(cards))
    undo.offer(request, " ".join(said) or _("Everything was there already."), take_out, entries=entries, cards=cards)
    return redirect(link("agenda:home") if entries or not cards else link("agenda:contacts"))


@undo.undoable
def take_out(*, by: Person, entries: list[int], cards: list[int]) -> str:
    """Undo of bringing in."""
    bringing.take_out(by=by, rights=Rights(by), entries=entries, cards=cards)
    return link("agenda:home")


def _places(rights: Rights, nature: Nature) -> list[Item]:
    return [one for one in collections_of(rights, nature) if rights.may_put(one, None, is_new=True)]


def _chosen(places: list[Item], number: str | None) -> Item | None:
    return next((one for one in places if str(one.pk) == number), None)
