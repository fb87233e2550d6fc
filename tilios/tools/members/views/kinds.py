"""Pages where the structure decides its dues: kinds, rates, what they open, reminders."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members.actions import kinds as actions
from tilios.tools.members.filling.vocabulary import for_reminders
from tilios.tools.members.forms.dues import KindForm, OpeningForm, RateForm, ReminderForm
from tilios.tools.members.models import DuesKind, Opening, Rate, ReminderRule


@tool_view("members.settings", "GET")
def kinds(request: Any) -> HttpResponse:
    """The kinds of dues, those proposed no more at the end."""
    rows = DuesKind.objects.order_by("is_archived", "order").prefetch_related(
        "rates", "openings__group", "reminder_rules"
    )
    return render(request, "members/dues/kinds.html", {"kinds": rows})


@tool_view("members.settings", "GET", "POST")
def add_kind(request: Any) -> HttpResponse:
    return _kind_form(request, None)


@tool_view("members.settings", "GET", "POST")
def change_kind(request: Any, kind_pk: int) -> HttpResponse:
    return _kind_form(request, get_object_or_404(DuesKind, pk=kind_pk))


def _kind_form(request: Any, kind: DuesKind | None) -> HttpResponse:
    form = KindForm(_posted(request), instance=kind)
    made = _saved(request, form, lambda given: actions.save_kind(by=request.person, kind=kind, **given))
    if made is not None:
        return redirect(link("members:kind", made.pk))
    return _page(request, "members/dues/form.html", form, kind=kind, heading=kind.name if kind else _("New dues"))


@tool_view("members.settings", "GET", "POST")
def kind(request: Any, kind_pk: int) -> HttpResponse:
    """One kind: its rates, what it opens (POST adds one thing), its reminders."""
    found = get_object_or_404(DuesKind, pk=kind_pk)
    form = OpeningForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_opening(by=request.person, kind=found, **form.chosen())
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It opens with these dues from now on."))
            return redirect(link("members:kind", found.pk))
    return _page(
        request,
        "members/dues/kind.html",
        form,
        kind=found,
        rates=found.rates.filter(is_archived=False).prefetch_related("statuses__status"),
        openings=found.openings.select_related("group"),
        rules=found.reminder_rules.all(),
    )


@tool_view("members.settings", "POST")
def archive_kind(request: Any, kind_pk: int) -> HttpResponse:
    """Propose it no more, or again (`back`)."""
    found = get_object_or_404(DuesKind, pk=kind_pk)
    actions.archive_kind(by=request.person, kind=found, archived="back" not in request.POST)
    return redirect(link("members:kinds"))


@tool_view("members.settings", "GET", "POST")
def add_rate(request: Any, kind_pk: int) -> HttpResponse:
    return _rate_form(request, get_object_or_404(DuesKind, pk=kind_pk), None)


@tool_view("members.settings", "GET", "POST")
def change_rate(request: Any, rate_pk: int) -> HttpResponse:
    rate = get_object_or_404(Rate.objects.select_related("kind"), pk=rate_pk)
    return _rate_form(request, rate.kind, rate)


def _rate_form(request: Any, kind: DuesKind, rate: Rate | None) -> HttpResponse:
    form = RateForm(_posted(request), instance=rate)
    if _saved(request, form, lambda given: actions.save_rate(by=request.person, kind=kind, rate=rate, **given)):
        return redirect(link("members:kind", kind.pk))
    return _page(request, "members/dues/form.html", form, kind=kind, heading=rate.name if rate else _("New rate"))


@tool_view("members.settings", "POST")
def archive_rate(request: Any, rate_pk: int) -> HttpResponse:
    rate = get_object_or_404(Rate.objects.select_related("kind"), pk=rate_pk)
    actions.archive_rate(by=request.person, rate=rate)
    messages.success(request, _("This rate is proposed no more."))
    return redirect(link("members:kind", rate.kind_id))


@tool_view("members.settings", "POST")
def remove_opening(request: Any, opening_pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.select_related("kind"), pk=opening_pk)
    actions.remove_opening(by=request.person, opening=opening)
    messages.success(request, _("It does not open with these dues any more."))
    return redirect(link("members:kind", opening.kind_id))


@tool_view("members.settings", "GET", "POST")
def add_reminder(request: Any, kind_pk: int) -> HttpResponse:
    return _reminder_form(request, get_object_or_404(DuesKind, pk=kind_pk), None)


@tool_view("members.settings", "GET", "POST")
def change_reminder(request: Any, rule_pk: int) -> HttpResponse:
    rule = get_object_or_404(ReminderRule.objects.select_related("kind"), pk=rule_pk)
    return _reminder_form(request, rule.kind, rule)


def _reminder_form(request: Any, kind: DuesKind, rule: ReminderRule | None) -> HttpResponse:
    vocabulary = for_reminders()
    body = _(
        "Hello {given_name},\n\nYour dues “{kind}” run until {end}. You can renew them here: {link}\n\n"
        "Thank you for being with us.\n\n{structure}"
    )
    proposed = {
        "days": -30,
        "subject": vocabulary.localised(_("Your membership ends on {end}")),
        "body": vocabulary.localised(body),
    }
    form = ReminderForm(_posted(request), instance=rule, initial={} if rule else proposed)
    if _saved(request, form, lambda given: actions.save_reminder(by=request.person, kind=kind, rule=rule, **given)):
        return redirect(link("members:kind", kind.pk))
    heading = rule.subject if rule else _("New reminder")
    return _page(request, "members/dues/form.html", form, kind=kind, heading=heading, words=vocabulary.listed())


@tool_view("members.settings", "POST")
def remove_reminder(request: Any, rule_pk: int) -> HttpResponse:
    rule = get_object_or_404(ReminderRule.objects.select_related("kind"), pk=rule_pk)
    actions.remove_reminder(by=request.person, rule=rule)
    messages.success(request, _("This reminder is sent no more."))
    return redirect(link("members:kind", rule.kind_id))


def _posted(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _saved(request: Any, form: Any, save: Callable[[dict[str, Any]], Any]) -> Any:
    """What `save` made of what was sent; None for a form that is not sent or not right, its errors on it."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def _page(request: Any, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
