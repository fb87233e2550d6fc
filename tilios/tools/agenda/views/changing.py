"""Write, change and remove events, by a form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, NotAllowed, Refused, require
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.kit.refusals import Refusal
from tilios.tools.agenda.actions import inviting, writing
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.drafts import (
    changes_of,
    draft_of,
    initial_for_entry,
    initial_for_new,
    initial_for_words,
)
from tilios.tools.agenda.forms.events import SCOPES, EventForm
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries import guests, invited
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import when_in_words
from tilios.tools.agenda.views.attaching import Attaching
from tilios.tools.agenda.views.opening import opened_whole_entry

#: Signs of an event that a session holds for undoing: one with many exceptions is not kept there.
MOST_HELD = 30_000


@tool_view("agenda.write", "GET", "POST")
def new(request: Any) -> HttpResponse:
    """A new event; `?rapide=` says it in one line, `?jour=`, `?debut=`… what was drawn on a page of the agenda."""
    rights = open_spaces(request.person)
    calendars = _writable(rights)
    require(bool(calendars), _("No calendar lets you add events: ask somebody who looks after one."))
    initial = _said(request, calendars)
    form = _form(request, rights, calendars, initial=initial)
    attaching = Attaching(request)
    if request.method == "GET" or not _is_ready(form, attaching):
        return _form_page(request, form, attaching=attaching)
    calendar = _chosen(calendars, form)
    try:
        draft = draft_of(
            form, by=request.person, guests=invited.guests_of(rights.person, form), attached=attaching.fields
        )
        entry = writing.add_event(
            by=request.person, rights=rights, calendar=calendar, draft=draft, tells=form.cleaned_data["tells"]
        )
    except Refused as error:
        return _refused(request, form, error, attaching=attaching)
    messages.success(request, _("“%(title)s” is in the agenda.") % {"title": entry.summary})
    return redirect(link("agenda:entry", entry.pk))


@tool_view("agenda.write", "GET", "POST")
def change(request: Any, event_pk: int) -> HttpResponse:
    """Change an event; one that comes back asks which dates."""
    rights, entry, one = opened_to_change(request, event_pk)
    if unnamed := _unnamed(request, one):
        return unnamed
    calendars = _writable(rights)
    if entry.calendar not in calendars:
        calendars = [entry.calendar, *calendars]
    initial = initial_for_entry(entry, one, zone=timezone.get_current_timezone())
    form = _form(request, rights, calendars, initial=initial, entry=entry)
    if initial.get("repeats") == "kept":
        form.offer_kept()
    attaching = Attaching(request, ical.attachments(entry.data.encode(), one.recurrence_id))
    shown = {"entry": entry, "one": one, "attaching": attaching}
    if request.method == "GET" or not _is_ready(form, attaching):
        return _form_page(request, form, **shown)
    scope: writing.Scope = form.cleaned_data.get("scope") or "all"
    try:
        changed = writing.change_event(
            by=request.person,
            rights=rights,
            entry=entry,
            fields=changes_of(
                form, entry, one, by=rights.person, scope=scope, guests=invited.guests_of(rights.person, form)
            )
            | attaching.fields,
            scope=scope,
            recurrence_id=one.recurrence_id,
            etag=form.cleaned_data["etag"],
            to=_chosen(calendars, form),
            tells=form.cleaned_data.get("tells", False),
        )
    except writing.Changed as error:
        # What was typed stays; saved again, it takes the place of what the other wrote.
        form.data = writing.renewed(form.data, error.entry.etag)
        return _refused(request, form, error, **shown | {"entry": error.entry})
    except Refused as error:
        return _refused(request, form, error, **shown)
    messages.success(request, _("“%(title)s” is changed.") % {"title": changed.summary})
    return redirect(_address(changed, one.recurrence_id if changed.pk == entry.pk and scope == "this" else ""))


@tool_view("agenda.write", "GET", "POST")
def remove(request: Any, event_pk: int) -> HttpResponse:
    """Remove an event, once sure; of one that comes back, which dates."""
    rights, entry, one = opened_to_change(request, event_pk)
    if unnamed := _unnamed(request, one):
        return unnamed
    is_many = bool(entry.is_recurring and one.recurrence_id)
    context = {
        "entry": entry,
        "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=entry),
        "scopes": SCOPES if is_many else (),
        "recurrence_id": one.recurrence_id,
        "etag": request.POST.get("etag", entry.etag),
        "may_tell": guests.may_be_told(entry, request.person, timezone.now()),
    }
    if request.method == "GET":
        return render(request, "agenda/remove.html", context)
    scope: Any = request.POST.get("scope", "") if is_many else "all"
    if scope not in dict(SCOPES):
        return render(request, "agenda/remove.html", context | {"problem": _("Choose which dates.")}, status=422)
    day = one.start.astimezone(timezone.get_current_timezone()).date()
    try:
        left = writing.remove_event(
            by=request.person, rights=rights, entry=entry, scope=scope, recurrence_id=one.recurrence_id,
            etag=context["etag"], tells=context["may_tell"] and "tells" in request.POST,
        )  # fmt: skip
    except writing.Changed as error:
        said = _("This event was changed meanwhile: look at it again before removing it.")
        return render(request, "agenda/remove.html", context | {"problem": said, "etag": error.entry.etag}, status=409)
    said = _("“%(title)s” is removed.") if left is None else _("These dates of “%(title)s” are removed.")
    is_told = bool(context["may_tell"] and "tells" in request.POST)
    _offer_back(request, said % {"title": entry.summary or _("Untitled")}, entry, is_told=is_told)
    return redirect(f"{link('agenda:home')}?jour={day.isoformat()}")


# Parts --------------------------------------------------------------------------------------------------------------


def _offer_back(request: Any, said: str, entry: Entry, *, is_told: bool) -> None:
    """Say what was removed, with a button that puts the event back as it was; guests who were told are told again."""
    if len(entry.data) > MOST_HELD:
        messages.success(request, said)
    else:
        undo.offer(
            request, said, put_back, calendar=entry.calendar_id, name=entry.name, data=entry.data, is_told=is_told
        )


@undo.undoable
def put_back(*, by: Person, calendar: int, name: str, data: str, is_told: bool = False) -> str:
    """Undo of removing an event, or some of its dates."""
    rights = Rights(by)
    into = get_object_or_404(rights.collections(Nature.CALENDAR), pk=calendar)
    back = ical.raised(data.encode(), timezone.now()) if is_told else data.encode()
    entry, _is_new = put_entry(by=by, rights=rights, calendar=into, name=name, data=back)
    if is_told:
        inviting.invite(by=by, entry=entry)
    return link("agenda:entry", entry.pk)


def _said(request: Any, calendars: list[Item]) -> dict[str, Any]:
    """What the form begins with; a line that cannot be understood becomes the title, and the page says why."""
    zone: Any = timezone.get_current_timezone()
    text = request.GET.get("rapide", "").strip()[:300]
    if not text:
        asked = {"people": request.GET.getlist("invite"), "groups": request.GET.getlist("groupe")}
        return initial_for_new(request.GET, calendars, zone=zone) | {name: said for name, said in asked.items() if said}
    try:
        return initial_for_words(text, calendars, zone=zone)
    except Refusal as error:
        if request.method == "GET":
            messages.warning(request, _(error.message) % error.params)
        return initial_for_new(request.GET, calendars, zone=zone) | {"summary": text}


def opened_to_change(request: Any, pk: int) -> tuple[Rights, Entry, Any]:
    """The event and the occurrence that `?le=` names, for somebody who may change it."""
    rights, entry = opened_whole_entry(request, pk)
    require(rights.may_put(entry.calendar, entry.author_id, is_new=False), _("You may see this event, not change it."))
    one = queries.occurrence_of(entry, request.GET.get("le", ""), now=timezone.now())
    if one is None or entry.component != "VEVENT":
        raise Http404
    return rights, entry, one


def _unnamed(request: Any, one: ical.Occurrence) -> HttpResponse | None:
    """Name in the address the date that is shown: "the next one" may be another when the form is sent."""
    if request.method == "GET" and one.recurrence_id and "le" not in request.GET:
        return redirect(f"{request.path}?le={one.recurrence_id}")
    return None


def _writable(rights: Rights) -> list[Item]:
    """The calendars in which the person may add, those of their own views first."""
    return [
        one.calendar
        for one in queries.calendars_of(rights)
        if rights.may_put(one.calendar, None, is_new=True) and "VEVENT" in one.calendar.components
    ]


def _form(
    request: Any, rights: Rights, calendars: list[Item], *, initial: dict[str, Any], entry: Any = None
) -> EventForm:
    several = len({one.parent_id for one in calendars}) > 1
    names = [(one.pk, f"{one.parent.name} · {one.name}" if several and one.parent else one.name) for one in calendars]
    people, groups = invited.choices(request.person)
    return EventForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        calendars=names,
        people=people,
        groups=groups,
        zone=str(initial["zone"]),
        is_one_of_many=bool(entry is not None and entry.is_recurring),
        organizer=entry.organizer if entry is not None and not _is_ours(entry, request.person) else "",
    )


def _is_ours(entry: Entry, person: Person) -> bool:
    return not entry.organizer or guests.is_organized_here(entry, person)


def _chosen(calendars: list[Item], form: EventForm) -> Item:
    for calendar in calendars:
        if calendar.pk == form.cleaned_data["calendar"]:
            return calendar
    raise NotAllowed


def _refused(request: Any, form: EventForm, error: Refused, **context: Any) -> HttpResponse:
    field = error.field if isinstance(error, Invalid) and error.field in form.fields else None
    form.add_error(field, str(error.message))
    return _form_page(request, form, status=error.status, **context)


def _is_ready(form: EventForm, attaching: Attaching) -> bool:
    """Whether what was sent is to be saved; what was sent to look for files is not judged."""
    if attaching.is_looking:
        form.errors.clear()
        return False
    if attaching.problem:
        form.add_error(None, attaching.problem)
    return form.is_valid()


def _form_page(
    request: Any, form: EventForm, *, attaching: Attaching, entry: Any = None, one: Any = None, status: int = 0
) -> HttpResponse:
    is_refused = request.method == "POST" and not attaching.is_looking
    context = {
        "form": form,
        "attaching": attaching,
        "entry": entry,
        "back_url": _address(entry, one.recurrence_id) if entry else link("agenda:home"),
    }
    return render(request, "agenda/event_form.html", context, status=status or (422 if is_refused else 200))


def _address(entry: Entry, recurrence_id: str = "") -> str:
    return link("agenda:entry", entry.pk) + (f"?le={recurrence_id}" if recurrence_id else "")
