"""The figures of the community, month by month; their sheets; how they are counted."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.tools.members import rules
from tilios.tools.members.actions import community as actions
from tilios.tools.members.community import belonging, hiding
from tilios.tools.members.community.figures import Figure, Monthly, ages_figure, cohorts_figure, said, share
from tilios.tools.members.community.lives import Life
from tilios.tools.members.community.months import by_month, members_by_month, waiting_by_month
from tilios.tools.members.forms.community import CommunityForm, PlacesForm, SpanForm, span_form
from tilios.tools.members.models import CommunitySettings, PlacesCount
from tilios.tools.members.queries import community as queries
from tilios.tools.members.views.listing import as_file


@tool_view("members.own", "GET")
def community(request: Any) -> HttpResponse:
    """Every figure, for those who keep the register; for members, where the structure shows them, nothing to compare.

    Http404 for members while it does not.
    """
    keeper = rules.keeps_register(request.person)
    if not queries.may_see_community(request.person):
        raise Http404
    form = _form(request, request.GET)
    settings = queries.community_settings()
    lives = queries.lives(settings)
    figures = _figures(request, form, settings, lives)
    context = {
        "form": form,
        "figures": figures,
        "stats": _stats(lives, settings),
        "keeper": keeper,
        "may_settle": may(request.person, "members.settings"),
        "query": request.GET.urlencode(),
        "span_label": dict(form.fields["mois"].choices)[form.data["mois"]],  # type: ignore[attr-defined]
    }
    return render(request, "members/community/community.html", context)


@tool_view("members.register", "POST")
def export_community(request: Any) -> HttpResponse:
    """One table as a sheet, as the page shows it. Publishes "members.figures_exported"; raises Invalid."""
    form = _form(request, request.POST)
    settings = queries.community_settings()
    wanted = request.POST.get("table", "")
    figures = {one.key: one for one in _figures(request, form, settings, queries.lives(settings))}
    if wanted not in figures:
        raise Invalid("table", _("Choose a table."))
    figure = figures[wanted]
    response = as_file(request, [figure.head, *figure.cells()], figure.title)
    publish("members.figures_exported", by=request.person, format=request.POST["format"])
    return response


@tool_view("members.settings", "GET", "POST")
def community_settings(request: Any) -> HttpResponse:
    """Who waits, how long one may take to renew, who sees the figures; the history of places."""
    form = CommunityForm(request.POST if request.method == "POST" else None, instance=queries.community_settings())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_community(by=request.person, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect(link("members:community_settings"))
    return _settings_page(request, form, PlacesForm())


@tool_view("members.settings", "POST")
def write_places(request: Any) -> HttpResponse:
    form = PlacesForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, CommunityForm(instance=queries.community_settings()), form)
    actions.write_places(by=request.person, **form.cleaned_data)
    messages.success(request, _("The number of places is written."))
    return redirect(link("members:community_settings"))


@tool_view("members.settings", "POST")
def forget_places(request: Any, places_pk: int) -> HttpResponse:
    actions.forget_places(by=request.person, count=get_object_or_404(PlacesCount, pk=places_pk))
    messages.success(request, _("This line is removed."))
    return redirect(link("members:community_settings"))


def _settings_page(request: Any, form: CommunityForm, places_form: PlacesForm) -> HttpResponse:
    context = {
        "form": form,
        "places_form": places_form,
        "places": PlacesCount.objects.all(),
        "sees_figures": queries.may_see_community(request.person),
    }
    wrong = form.errors or places_form.errors
    return render(request, "members/community/settings.html", context, status=422 if wrong else 200)


def _form(request: Any, asked: QueryDict) -> SpanForm:
    data = asked.copy()
    if data.get("mois") not in {"12", "24", "60", "tout"}:
        data["mois"] = "24"
    return span_form(data, request.person, compares=rules.keeps_register(request.person))


def _figures(request: Any, form: SpanForm, settings: CommunitySettings, lives: list[Life]) -> list[Figure]:
    """Every table of the page, in order; none without a month that is over."""
    today, patience = timezone.localdate(), settings.renewal_days
    months = by_month(lives, today, patience=patience)
    if not months:
        return []
    monthly = Monthly(months, form.months(), patience)
    found = monthly.all()
    years, cohorts = belonging.cohorts(lives, today)
    found.append(cohorts_figure(years, hiding.cohorts(cohorts)))
    sexes = settings.sex_field.choices if settings.sex_field else []
    brackets, ages = belonging.ages(lives, sexes, today)
    found.append(ages_figure(brackets, sexes, ages))
    waits, places = queries.waits(), queries.places()
    waiting = waiting_by_month(waits, lives, monthly.months[0].number, monthly.months[-1].number)
    if waits:
        found.append(monthly.waiting(waiting))
    if places:
        found.append(monthly.saturation(places, [members for _asked, members in waiting]))
    if chosen := form.compared():
        sets = [(one.label, queries.members_of(one, request.person)) for one in chosen]
        found.insert(0, _comparison(monthly, sets, lives))
    return found


def _comparison(monthly: Monthly, sets: list[tuple[str, set[int]]], lives: list[Life]) -> Figure:
    """Counted by mixture of sets, so that what one set holds and another does not is known as well."""
    patterns: dict[int, list[Life]] = {}
    for life in lives:
        bits = sum(1 << rank for rank, (_label, numbers) in enumerate(sets) if life.number in numbers)
        patterns.setdefault(bits, []).append(life)
    span = monthly.months[0].number, monthly.months[-1].number
    counts = {bits: members_by_month(some, *span) for bits, some in patterns.items()}
    rows = [
        hiding.comparable({bits: months[at] for bits, months in counts.items()}, len(sets))
        for at in range(len(monthly.months))
    ]
    return monthly.compared([label for label, _numbers in sets], rows)


def _stats(lives: list[Life], settings: CommunitySettings) -> list[tuple[str, Any]]:
    """Where the community stands today: a few figures, each with its words."""
    today = timezone.localdate()
    here = [life for life in lives if life.is_member(today)]
    stands = Counter(_standing(life, today) for life in here)
    told = hiding.breakdown([stands["paid"], stands["late"], stands["exempt"], stands["unknown"]])
    members = hiding.shown(len(here))
    stats = [(_("Members today"), said(members)), (_("Up to date (%)"), said(share(told[0], members)))]
    waiting = queries.waiting(settings)
    if settings.waiting_status_id or settings.waiting_group_id:
        stats.append((_("Wait for a place"), said(hiding.shown(sum(life.number in waiting for life in here)))))
    if asked := sum(one.people for one in queries.waits() if one.number is None and one.first <= today < one.until):
        stats.append((_("Have asked to join"), said(hiding.shown(asked))))
    places = [count for day, count in queries.places() if day <= today]
    if places:
        waits = sum(life.number in waiting for life in here)
        taken = hiding.shown(len(here) - waits, hidden=hiding.is_small(waits))
        stats += [(_("Places"), places[-1]), (_("Places taken (%)"), said(share(taken, places[-1])))]
    return stats


def _standing(life: Life, today: Any) -> str:
    if life.is_paid(today):
        return "paid"
    if not life.owes:
        return "exempt"
    return "late" if life.dues and life.dues[0][0] <= today else "unknown"
