"""Behind the link of an invitation: a guest answers without an account, changes their mind, proposes another time.

A GET records nothing: programs that look at links before people do would answer in their place.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.core.access import attempts, networks
from tilios.core.access.guards import share_view
from tilios.core.errors import Refused, TooMuch
from tilios.kit import ical
from tilios.kit.zones import localise
from tilios.kit.zones import names as zone_names
from tilios.tools.agenda import letters
from tilios.tools.agenda.actions import answering
from tilios.tools.agenda.forms.events import ClockInput, DayInput
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.telling import rule_in_words, when_in_words
from tilios.tools.agenda.views.invitations import WORDS
from tilios.tools.agenda.zones import zone_of

FILE = "evenement.ics"
PROPOSE = "proposer"


class ProposalForm(forms.Form):
    """Another time: the length stays."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    clock = forms.TimeField(label=pgettext_lazy("hour", "From"), widget=ClockInput())
    comment = forms.CharField(
        label=gettext_lazy("A word for who invites you"),
        max_length=answering.MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_all_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_all_day:
            del self.fields["clock"]


@share_view("GET", "POST")
def answer(request: Any, entry: Entry, step: str = "") -> HttpResponseBase:
    """The steps: TOKEN (the page), TOKEN/proposer/ (another time), TOKEN/evenement.ics (the event as a file)."""
    token, _slash, rest = step.partition("/")
    guest = guests.guest_of(entry, token) if token else None
    if guest is None or guest.entry.calendar.in_trash:
        _count_stranger(request)
        raise Http404
    with timezone.override(_zone(request, guest.entry)):
        match rest.strip("/"):
            case "":
                return _page(request, guest)
            case "proposer":
                return _proposal(request, guest)
            case "evenement.ics":
                return _file(request, guest)
            case _:
                raise Http404


def _count_stranger(request: Any) -> None:
    """Slow down who tries tokens. Raises TooMuch."""
    network = networks.network(request)
    if wait := attempts.begin(network=network):
        raise TooMuch(attempts.too_many(wait))


def _zone(request: Any, entry: Entry) -> ZoneInfo:
    """Where the reader is: what `?fuseau=` says, else the structure's."""
    asked = request.GET.get("fuseau", "")
    return ZoneInfo(asked if asked in zone_names() else request.structure.timezone)


def _page(request: Any, guest: Attendee) -> HttpResponse:
    asked = request.GET.get("reponse", "")
    context = _context(request, guest)
    if request.method == "GET":
        chosen = asked if asked in WORDS else context["known"]
        return render(request, "agenda/invited.html", context | {"chosen": chosen, "comment": guest.comment})
    word, comment = request.POST.get("reponse", ""), request.POST.get("commentaire", "")
    try:
        _limit(request)
        answering.answer(guest=guest, status=WORDS.get(word, ""), comment=comment, recurrence_id=context["named"])
    except Refused as error:
        context |= {"chosen": word, "comment": comment, "problem": error.message}
        return render(request, "agenda/invited.html", context, status=error.status)
    messages.success(request, _("Thank you: your answer is recorded. You can change it here until it is over."))
    return redirect(context["here"])


def _proposal(request: Any, guest: Attendee) -> HttpResponse:
    context = _context(request, guest)
    one = context["one"]
    if one is None:
        raise Http404
    start = one.start.astimezone(_place(guest.entry))
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        initial={"day": start.date(), "clock": start.time(), "comment": guest.comment},
        is_all_day=one.is_all_day,
    )
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "agenda/invited_propose.html", context | {"form": form}, status=status)
    data = form.cleaned_data
    begins = localise(datetime.combine(data["day"], data.get("clock") or start.time()), _place(guest.entry))
    try:
        _limit(request)
        answering.propose(
            guest=guest, start=begins, end=begins + (one.end - one.start), comment=data["comment"],
            recurrence_id=one.recurrence_id if guest.entry.is_recurring else "",
        )  # fmt: skip
    except Refused as error:
        form.add_error(None, str(error.message))
        return render(request, "agenda/invited_propose.html", context | {"form": form}, status=error.status)
    messages.success(request, _("Your proposal is sent: who invites you decides."))
    return redirect(context["here"])


def _file(request: Any, guest: Attendee) -> HttpResponse:
    """The event, for the agenda of the guest. Programs keep no message (METHOD) in a calendar: it has none."""
    if request.method != "GET":
        raise Http404
    text = ical.delivered(guest.entry.data.encode(), guest.email, guest.status)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "private, no-cache"},
    )


def _context(request: Any, guest: Attendee) -> dict[str, Any]:
    entry, now = guest.entry, timezone.now()
    asked = request.GET.get("le", "")
    one = queries.occurrence_of(entry, asked, now=now)
    named = one.recurrence_id if one is not None and asked and one.recurrence_id == asked else ""
    status = ical.status_of(entry.data.encode(), guest.email, named) or guest.status
    differs = one.override if one else {}
    base = reverse("share_step", args=[request.share.token, guest.token])
    asked_for = {"le": named, "fuseau": request.GET.get("fuseau", "")}
    query = urlencode({name: value for name, value in asked_for.items() if value})
    query = f"?{query}" if query else ""
    organizer = guests.organizer_of(entry)
    zone: Any = timezone.get_current_timezone()
    state = differs.get("status", entry.status)
    return {
        "entry": entry,
        "guest": guest,
        "structure": request.structure,
        "organizer": organizer.display_name if organizer else entry.organizer,
        "one": one,
        "named": named,
        "title": differs.get("summary", entry.summary) or _("Untitled"),
        "place": differs.get("location", entry.location),
        "description": differs.get("description", entry.description),
        "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=entry) if one else "",
        "rule": "" if named else rule_in_words(entry),
        "zone": str(zone),
        "zone_name": "" if entry.is_all_day else letters.zone_name(str(zone)),
        "words": letters.answer_words(),
        "known": next((word for word, one in WORDS.items() if one == status), ""),
        "is_cancelled": state == "CANCELLED",
        "is_open": state != "CANCELLED" and not guests.is_over(entry, now),
        "here": base + query,
        "propose_url": f"{base}{PROPOSE}/{query}",
        "file_url": f"{base}{FILE}",
    }


def _place(entry: Entry) -> Any:
    """Where the hours of the form are: the reader's, but for whole days, which are those of the calendar."""
    return zone_of(entry.calendar) if entry.is_all_day else timezone.get_current_timezone()


def _limit(request: Any) -> None:
    """SECURITY: each answer writes to somebody: who answers a hundred times a minute waits. Raises TooMuch."""
    if wait := attempts.begin(answers=networks.network(request)):
        raise TooMuch(attempts.too_many(wait))
