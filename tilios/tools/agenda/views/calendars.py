"""Calendars and address books themselves: which there are, how they are called, what they look like."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.shelves import audience, tree
from tilios.core.shelves.levels import Level
from tilios.tools.agenda.actions import writing
from tilios.tools.agenda.actions.collections import describe, make_in
from tilios.tools.agenda.actions.proposals import may_decide
from tilios.tools.agenda.actions.publications import may_publish
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.collections import CollectionForm, NewCollectionForm
from tilios.tools.agenda.models import Item, Nature, Proposal, ProposalState, Publication, Showing, Subscription
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_collection


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    """Every calendar and address book the person sees, by space; what is in the trash and may come back."""
    rights = open_spaces(request.person)
    calendars = (
        rights.collections(Nature.CALENDAR)
        .select_related("subscription")
        .annotate(count=Count("entries", filter=Q(entries__component="VEVENT")))
    )
    books = rights.collections(Nature.BOOK).annotate(count=Count("cards"))
    spaces = [
        {
            "space": root,
            "calendars": [one for one in calendars if one.parent_id == root.pk],
            "books": [one for one in books if one.parent_id == root.pk],
            "may_make": rights.may_manage(root) and rights.may("write"),
        }
        for root in tree.roots(rights)
    ]
    context = {
        "spaces": [one for one in spaces if one["calendars"] or one["books"] or one["may_make"]],
        "colour_key": queries.colour_key(queries.calendars_of(rights)),
        "thrown": [one for one in tree.in_trash(rights) if rights.may_manage(one)],
    }
    return render(request, "agenda/calendars.html", context)


@tool_view("agenda.write", "GET", "POST")
def new(request: Any, pk: int) -> HttpResponse:
    """A calendar or an address book in the space `pk`."""
    rights = open_spaces(request.person)
    space = get_object_or_404(Item.objects.filter(rights.shown(), parent=None), pk=pk)
    form = NewCollectionForm(request.POST or None, initial={"nature": request.GET.get("nature", Nature.CALENDAR)})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = make_in(
                by=request.person, rights=rights, space=space, nature=Nature(form.cleaned_data["nature"]),
                name=form.cleaned_data["name"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error.message))
            status = error.status
        else:
            messages.success(request, _("“%(name)s” is made.") % {"name": made.name})
            return redirect(link("agenda:item", made.pk))
    elif request.method == "POST":
        status = 422
    return render(request, "agenda/new_collection.html", {"form": form, "space": space}, status=status)


@tool_view("agenda.view", "GET", "POST")
def item(request: Any, pk: int) -> HttpResponse:
    """One calendar or address book: its name, its colour, who sees it, its addresses; a space leads to the list."""
    rights = open_spaces(request.person)
    if Item.objects.filter(rights.shown(), pk=pk, nature=Nature.SPACE).exists():
        return redirect(f"{link('agenda:calendars')}#espace-{pk}")
    rights, found = opened_collection(request, pk)
    form = CollectionForm(found, request.POST or None)
    if request.method == "GET":
        return _page(request, rights, found, form)
    if not form.is_valid():
        return _page(request, rights, found, form, status=422)
    try:
        describe(by=request.person, rights=rights, item=found, fields=form.fields_to_keep())
    except Refused as error:
        form.add_error(None, str(error.message) or _("You may not change this."))
        return _page(request, rights, found, form, status=error.status)
    messages.success(request, _("Saved."))
    return redirect(link("agenda:item", found.pk))


@tool_view("agenda.view", "POST")
def own_colour(request: Any, pk: int) -> HttpResponse:
    """The colour in which this person alone sees a calendar; back to everybody's with "everybody's"."""
    rights, calendar = opened_collection(request, pk, Nature.CALENDAR)
    colour = "" if "commune" in request.POST else request.POST.get("couleur", "")
    writing.colour_calendar(rights=rights, calendar=calendar, colour=colour)
    messages.success(request, _("Saved."))
    return redirect(link("agenda:item", calendar.pk))


def _waiting(calendar: Item) -> int:
    """How many proposals of visitors wait."""
    return Proposal.objects.filter(calendar=calendar, state=ProposalState.WAITING).count()


def _page(request: Any, rights: Rights, found: Item, form: CollectionForm, status: int = 200) -> HttpResponse:
    choice = Showing.objects.filter(person=rights.person, calendar=found).first()
    publication = Publication.objects.filter(calendar=found).first()
    waits = publication is not None and may_decide(rights, found)
    context = {
        "item": found,
        "trail": tree.trail(found),
        "form": form if rights.may_manage(found) and rights.may("write") else None,
        "is_calendar": found.nature == Nature.CALENDAR,
        "may_manage": rights.may_manage(found) and rights.may("write"),
        "may_add": rights.may_add(found),
        "may_publish": may_publish(rights, found),
        "waiting": _waiting(found) if waits else 0,
        "subscription": Subscription.objects.filter(calendar=found).first() if found.is_followed else None,
        "public_url": link("agenda:public", publication.slug) if publication else "",
        "sees_whole": rights.level(found) >= Level.VIEW,
        "audience": audience.who_sees(found),
        "own_colour": (choice.colour if choice else "") or found.colour,
        "has_own_colour": bool(choice and choice.colour),
    }
    return render(request, "agenda/collection.html", context, status=status)
