"""Events moved by pulling them on a page of the agenda; the form of change does the same with the keyboard."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, Refused
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.kit.zones import localise
from tilios.kit.zones import names as zone_names
from tilios.tools.agenda.actions import inviting, writing
from tilios.tools.agenda.actions.entries import put_entry, remove_entry
from tilios.tools.agenda.forms.events import SCOPES
from tilios.tools.agenda.models import Entry, Nature
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import when_in_words
from tilios.tools.agenda.views.changing import MOST_HELD
from tilios.tools.agenda.views.opening import opened_whole_entry
from tilios.tools.agenda.zones import zone_of

YEARS = range(1900, 2200)
#: What the form of the views says: days and minutes later, minutes longer, where to go back.
SENT = ("etag", "jours", "minutes", "duree", "retour")


@tool_view("agenda.write", "POST")
def move(request: Any, event_pk: int) -> HttpResponse:
    """Move the occurrence `?le=` by "jours" and "minutes", make it longer by "duree" minutes; back to the view.

    What comes back, or has guests, is asked about first. `etag` is that of the event as it was shown.
    """
    rights, entry = opened_whole_entry(request, event_pk)
    one = queries.occurrence_of(entry, request.GET.get("le", ""), now=timezone.now())
    if one is None or entry.component != "VEVENT":
        raise Http404
    back = _back(request)
    if not rights.may_put(entry.calendar, entry.author_id, is_new=False):
        messages.error(request, _("You may see this event, not change it."))
        return redirect(back)
    try:
        start, end, fields = _moved(request, entry, one)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect(back)
    is_many = bool(entry.is_recurring and one.recurrence_id)
    may_tell = guests.may_be_told(entry, request.person, timezone.now())
    scope: Any = request.POST.get("scope", "") if is_many else "all"
    is_sure = "certain" in request.POST or not (is_many or may_tell)
    if not is_sure or (is_many and scope not in dict(SCOPES)):
        context = {
            "entry": entry,
            "when": when_in_words(start, end, is_all_day=one.is_all_day, entry=entry),
            "scopes": SCOPES if is_many else (),
            "may_tell": may_tell,
            "sent": {name: request.POST.get(name, "") for name in SENT},
            "back_url": back,
        }
        if is_sure:
            context["problem"] = _("Choose which dates.")
        return render(request, "agenda/move.html", context, status=422 if is_sure else 200)
    before, tells = entry.data, may_tell and "tells" in request.POST
    try:
        changed = writing.change_event(
            by=request.person, rights=rights, entry=entry, fields=fields, scope=scope,
            recurrence_id=one.recurrence_id, etag=request.POST.get("etag", ""), tells=tells,
        )  # fmt: skip
    except writing.Changed as error:
        who = error.entry.editor.display_name if error.entry.editor else _("Somebody")
        said = _("%(name)s changed this event meanwhile: it was not moved. Here it is as it stands now.")
        messages.error(request, said % {"name": who})
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        _offer_back(request, entry, changed, before, when=(start, end, one.is_all_day), is_told=tells)
    return redirect(back)


def _moved(request: Any, entry: Entry, one: Any) -> tuple[datetime, datetime, dict[str, Any]]:
    """When it begins and ends then, and what is written of it. Raises Invalid for what no agenda shows."""
    days, minutes, longer = (_number(request, name) for name in ("jours", "minutes", "duree"))
    zone: Any = zone_of(entry.calendar) if one.is_all_day else timezone.get_current_timezone()
    shift = timedelta(days=days, minutes=0 if one.is_all_day else minutes)
    growth = timedelta(0) if one.is_all_day else timedelta(minutes=longer)
    walls = (one.start.astimezone(zone).replace(tzinfo=None), one.end.astimezone(zone).replace(tzinfo=None))
    begins, ends = walls[0] + shift, walls[1] + shift + growth
    if begins.year not in YEARS or ends.year not in YEARS:
        raise Invalid("start_day", _("The agenda goes from 1900 to 2199."))
    if ends < begins:
        raise Invalid("end_time", _("It ends before it begins."))
    start, end = localise(begins, zone), localise(ends, zone)
    named = entry.times.get("zone") or str(zone)
    home = ZoneInfo(named) if named in zone_names() and not one.is_all_day else ZoneInfo(str(zone))
    written = [moment.astimezone(home).replace(tzinfo=None) for moment in (start, end)]
    fields = {"start": written[0], "end": written[1], "is_all_day": one.is_all_day, "tzid": home.key}
    return start, end, fields


def _number(request: Any, name: str) -> int:
    """A number of days or minutes, of thirty years at most; 0 for anything else."""
    text = request.POST.get(name, "").strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        return 0
    most = 11_000 if name == "jours" else 11_000 * 1440
    return max(-most, min(int(text), most))


def _back(request: Any) -> str:
    back = request.POST.get("retour", "")
    # SECURITY: what a form says of where to go next is followed within this server only.
    return back if url_has_allowed_host_and_scheme(back, None) else link("agenda:home")


# Undone -------------------------------------------------------------------------------------------------------------


def _offer_back(
    request: Any, entry: Entry, changed: Entry, before: str, *, when: tuple[datetime, datetime, bool], is_told: bool
) -> None:
    """Say when it is now, with a button that puts the event back as it was."""
    start, end, is_all_day = when
    said = _("“%(title)s” is moved: %(when)s.") % {
        "title": entry.summary or _("Untitled"),
        "when": when_in_words(start, end, is_all_day=is_all_day, entry=changed),
    }
    if len(before) > MOST_HELD:
        messages.success(request, said)
        return
    first = Entry.objects.get(pk=entry.pk)
    second = changed if changed.pk != first.pk else None
    undo.offer(
        request, said, move_back, calendar=first.calendar_id, name=first.name, data=before, etag=first.etag,
        second=second.pk if second else 0, second_etag=second.etag if second else "", is_told=is_told,
    )  # fmt: skip


@undo.undoable
def move_back(
    *, by: Person, calendar: int, name: str, data: str, etag: str, second: int, second_etag: str, is_told: bool
) -> str:
    """Undo of a move. `second` is the event that was made of a series cut in two, 0 without. Raises Conflict when
    somebody changed one of them since.
    """
    rights = Rights(by)
    into = get_object_or_404(rights.collections(Nature.CALENDAR), pk=calendar)
    back = ical.raised(data.encode(), timezone.now()) if is_told else data.encode()
    try:
        with transaction.atomic():
            entry, _new = put_entry(
                by=by, rights=rights, calendar=into, name=name, data=back, check=writing.same(etag)
            )  # fmt: skip
            follows = Entry.objects.filter(pk=second).select_related("calendar").first() if second else None
            if follows is not None:
                remove_entry(by=by, rights=rights, entry=follows, check=writing.same(second_etag))
            if is_told:
                inviting.invite(by=by, entry=entry)
    except writing.Changed as error:
        raise Conflict(_("This event was changed since: it stays as it is.")) from error
    return f"{link('agenda:home')}?jour={_day(entry)}"


def _day(entry: Entry) -> str:
    first = entry.first or timezone.now()
    return first.astimezone(timezone.get_current_timezone()).date().isoformat()
