"""Direct debits announced to those who are debited: sent, and printed for those without a mail address."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import queries as money
from tilios.core.billing.models import DebitBatch
from tilios.core.errors import Conflict
from tilios.core.structures.scope import current_structure
from tilios.tools.members.actions.announcing import announce_debits, by_mandate, mark_notices_printed
from tilios.tools.members.debit_letters import text_of
from tilios.tools.members.models import Channel
from tilios.tools.members.queries import announcing as queries
from tilios.tools.members.views.money import pages


@tool_view("billing.record", "POST")
def announce(request: Any, batch_pk: int) -> HttpResponse:
    """Tell those who are debited and were not told: by mail, or on the list to print, that is shown then."""
    batch = get_object_or_404(DebitBatch, pk=batch_pk)
    try:
        made = announce_debits(by=request.person, batch=batch)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(link("members:money_batch", batch_pk))
    mailed = sum(one.channel == Channel.MAIL for one in made)
    if mailed:
        said = ngettext("%(count)s announcement leaves by mail.", "%(count)s announcements leave by mail.", mailed)
        messages.success(request, said % {"count": mailed})
    if not made:
        messages.info(request, _("Everybody was told already."))
    return redirect(link("members:money_notices" if len(made) > mailed else "members:money_batch", batch_pk))


@tool_view("billing.record", "GET", "POST")
def notices(request: Any, batch_pk: int) -> HttpResponse:
    """The announcements on paper of a batch; POST says that those up to the last one shown were printed."""
    batch = get_object_or_404(DebitBatch, pk=batch_pk)
    if request.method == "POST":
        mark_notices_printed(by=request.person, batch=batch, until=pages.last_shown(request))
        messages.success(request, _("Noted: these announcements are printed."))
        return redirect(link("members:money_batch", batch_pk))
    rows = list(queries.notices(batch).filter(channel=Channel.PAPER))
    debits = {some[0].mandate_id: some for some in by_mandate(queries.debits_of(batch))}
    profile = money.profile()
    with override(current_structure().language):
        letters = [
            {
                "person": one.mandate.payer,
                "name": one.mandate.holder_name,
                "body": text_of(batch, debits[one.mandate_id], profile),
            }
            for one in rows
        ]
    return pages.show(
        request, "notices.html", "debits", batch=batch, letters=letters, until=max((one.pk for one in rows), default=0),
        unprinted=any(one.printed_at is None for one in rows),
    )  # fmt: skip
