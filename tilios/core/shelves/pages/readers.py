"""Who has read this: for whoever manages it. Asking is itself written in the journal."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tilios.core.errors import require
from tilios.core.journal.actions import record_reads
from tilios.core.shelves import marks, tree
from tilios.core.shelves.rights import Rights

ON_A_PAGE = 50


def show(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """Names and moments, last reading first; of a folder, what is below it that one sees."""
    item = get_object_or_404(rights.visible(), pk=pk)
    require(rights.may_manage(item), _("Only the people who manage this may know who read what."))
    page = Paginator(marks.readings(rights, item), ON_A_PAGE).get_page(request.GET.get("page"))
    # SECURITY: who reads what about others is known to them: each person named here finds it in their own record.
    record_reads(by=request.person, subjects={row.person for row in page}, what=rights.shelf.action("readers"))
    context = {"shelf": rights.shelf, "item": item, "trail": tree.trail(item), "page": page}
    return render(request, f"{rights.tool}/readers.html", context)
