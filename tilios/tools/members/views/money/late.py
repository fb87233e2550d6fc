"""What is late, the letters that remind of it, and when they leave."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import queries as money
from tilios.core.errors import Invalid
from tilios.tools.members.actions import late as actions
from tilios.tools.members.filling.vocabulary import for_late_letters
from tilios.tools.members.forms.money.late import LateRuleForm
from tilios.tools.members.models import LateRule
from tilios.tools.members.queries import late as queries
from tilios.tools.members.views.money import pages

LAST = 10  # letters shown below what is late


@tool_view("billing.view", "GET")
def late(request: Any) -> HttpResponse:
    """What should have been paid by today, the oldest first, each with its reminders; the last letters."""
    rows = money.unpaid_charges().filter(due_on__lt=timezone.localdate()).select_related("payer")
    page = pages.paged(request, rows)
    reminders = queries.reminders_of(page)
    return pages.show(
        request, "late.html", "home", page=page, rows=[(charge, reminders.get(charge.pk, [])) for charge in page],
        letters=queries.late_letters()[:LAST], active=queries.late_rules().filter(is_active=True).exists(),
    )  # fmt: skip


@tool_view("members.money", "GET")
def late_rules(request: Any) -> HttpResponse:
    """When reminders of what is late leave; every letter that left."""
    return pages.show(
        request, "late_rules.html", "home", rules=queries.late_rules(),
        page=pages.paged(request, queries.late_letters()),
    )  # fmt: skip


@tool_view("members.money", "GET", "POST")
def add_late_rule(request: Any) -> HttpResponse:
    return _rule_form(request, None)


@tool_view("members.money", "GET", "POST")
def change_late_rule(request: Any, late_rule_pk: int) -> HttpResponse:
    return _rule_form(request, get_object_or_404(LateRule, pk=late_rule_pk))


def _rule_form(request: Any, rule: LateRule | None) -> HttpResponse:
    vocabulary = for_late_letters()
    body = _(
        "Hello {given_name},\n\nUnless we are mistaken, this has not been paid yet:\n\n{owed}\n\n"
        "In all: {total}\n\n{how_to_pay}\n\nIf you have paid meanwhile, leave this letter aside. If something "
        "is wrong or you need more time, answer us: we will find a way.\n\n{structure}"
    )
    proposed = {"days": 7, "subject": _("Is your payment on its way?"), "body": vocabulary.localised(body)}
    form = LateRuleForm(pages.posted(request), instance=rule, initial={} if rule else proposed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_late_rule(by=request.person, rule=rule, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The reminder is saved."))
            return redirect(link("members:money_late_rules"))
    return pages.show(request, "late_rule.html", "home", form=form, rule=rule, words=vocabulary.listed())


@tool_view("members.money", "POST")
def remove_late_rule(request: Any, late_rule_pk: int) -> HttpResponse:
    actions.remove_late_rule(by=request.person, rule=get_object_or_404(LateRule, pk=late_rule_pk))
    messages.success(request, _("This reminder is sent no more."))
    return redirect(link("members:money_late_rules"))
