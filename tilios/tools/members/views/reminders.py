"""Reminders on paper, of dues that end and of what is late: the list to print."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import queries as money
from tilios.tools.members import late_letters, queries
from tilios.tools.members.actions.late import mark_late_printed
from tilios.tools.members.actions.reminding import mark_printed, said
from tilios.tools.members.queries.late import late_letters_to_print, situations
from tilios.tools.members.views.money.pages import last_shown


@tool_view("members.money", "GET", "POST")
def letters(request: Any) -> HttpResponse:
    """The reminders of those without a mail address, to print; POST says that those up to the last ones shown were."""
    dues, late = queries.letters_to_print(), late_letters_to_print()
    if request.method == "POST":
        if shown := list(dues.filter(pk__lte=last_shown(request))):
            mark_printed(by=request.person, reminders=shown)
        if shown_late := list(late.filter(pk__lte=last_shown(request, "late_until"))):
            mark_late_printed(by=request.person, letters=shown_late)
        messages.success(request, _("These letters will not be proposed again."))
        return redirect(link("members:dues"))
    rows, late_rows = list(dues), list(late)
    written = [
        {
            "person": row.contribution.record.person,
            "body": said(row.rule.body if row.rule else "", row.contribution),
        }
        for row in rows
    ]
    stand, profile = situations([one.payer_id for one in late_rows], timezone.localdate()), money.profile()
    for one in late_rows:
        found = stand.get(one.payer_id)
        if found is not None and found.to_pay_cents:
            written.append({"person": one.payer, "body": late_letters.text_of(one, found, profile)[1]})
    context = {"letters": written, "until": _last(rows), "late_until": _last(late_rows)}
    return render(request, "members/dues/letters.html", context)


def _last(rows: list[Any]) -> int:
    return max((row.pk for row in rows), default=0)
