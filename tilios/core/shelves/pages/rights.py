"""Who can see this? The list of rights of an item: read by whoever sees it, changed by whoever manages it.

A tool's view guards, opens the rights of the person and calls one of these:

    @tool_view("files.view", "GET")
    def rights(request, pk):
        return pages.show(request, open_spaces(request.person), pk)
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused, require
from tilios.core.people.roles import Role
from tilios.core.shelves import tree
from tilios.core.shelves.actions import rights as actions
from tilios.core.shelves.audience import FEW_NAMES, MOST_NAMES, who_sees
from tilios.core.shelves.forms import LineForm
from tilios.core.shelves.levels import Level
from tilios.core.shelves.rights import Rights


def show(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """The list that holds, whose it is, whom that makes."""
    return _page(request, rights, get_object_or_404(rights.visible(), pk=pk))


def own_list(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """Give the item a list of its own."""
    item = _managed(rights, pk)
    return _after(
        request, rights, item, lambda: actions.give_own_list(by=request.person, rights=rights, folder=item),
        _("It now has a list of its own: change it below."),
    )  # fmt: skip


def inherit(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """Go back to the list of the folder above."""
    item = _managed(rights, pk)
    return _after(
        request, rights, item,
        lambda: actions.inherit_again(by=request.person, rights=rights, folder=item, is_sure=_is_sure(request)),
        _("It takes the list of the folder above again."),
    )  # fmt: skip


def add_line(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """Let somebody in."""
    item = _managed(rights, pk)
    form = LineForm(rights.shelf, request.POST)
    if not form.is_valid():
        return _page(request, rights, item, form=form, status=422)
    try:
        actions.set_line(
            by=request.person, rights=rights, folder=item, to=form.to(), level=Level(form.cleaned_data["level"]),
            is_sure=_is_sure(request),
        )  # fmt: skip
    except Invalid as error:
        form.add_error("whom", str(error.message))
        return _page(request, rights, item, form=form, status=422)
    except Refused as error:
        return _refused(request, rights, item, error, form=form)
    messages.success(request, _("The list is changed."))
    return redirect(link(rights.shelf.urls["rights"], item.pk))


def change_line(request: Any, rights: Rights, pk: int, line_pk: int) -> HttpResponse:
    """Give a line another level, or take it off (the button "remove")."""
    item = _managed(rights, pk)
    line = get_object_or_404(rights.shelf.grants.select_related("group", "person"), pk=line_pk, folder=item)
    if "remove" in request.POST:
        return _after(
            request, rights, item,
            lambda: actions.remove_line(
                by=request.person, rights=rights, folder=item, line=line, is_sure=_is_sure(request)
            ),
            _("The line is taken off."),
        )  # fmt: skip
    level = request.POST.get("level", "")
    if level not in {str(one.value) for one in rights.shelf.levels}:
        return _page(request, rights, item, problem=_("Choose what they may do."), status=422)
    to: actions.To = line.person or line.group or Role(line.role or 0)
    return _after(
        request, rights, item,
        lambda: actions.set_line(
            by=request.person, rights=rights, folder=item, to=to, level=Level(int(level)), is_sure=_is_sure(request)
        ),
        _("The list is changed."),
    )  # fmt: skip


# Parts --------------------------------------------------------------------------------------------------------------


def _managed(rights: Rights, pk: int) -> Any:
    item = get_object_or_404(rights.visible(), pk=pk)
    require(rights.may_manage(item), _("You do not decide who sees this."))
    return item


def _page(
    request: Any,
    rights: Rights,
    item: Any,
    *,
    form: LineForm | None = None,
    problem: Any = "",
    sure: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    audience, shelf = who_sees(item), rights.shelf
    everybody = list(audience.people.values_list("display_name", flat=True)[:MOST_NAMES])
    may_manage = rights.may_manage(item) and (item.is_folder or shelf.things_have_lists)
    context = {
        "shelf": shelf,
        "item": item,
        "trail": tree.trail(item),
        "audience": audience,
        "few": everybody[:FEW_NAMES],
        "others": everybody[FEW_NAMES:],
        "beyond": audience.count - len(everybody),
        "levels": [(level.value, level.label) for level in shelf.levels],
        "may_manage": may_manage,
        "form": (form or LineForm(shelf)) if may_manage and audience.is_own else None,
        "problem": problem,
        "sure": sure,
        "sees_ruler": rights.level(audience.ruler) > 0 and not audience.ruler.in_trash,
        "may_share": rights.may("share"),
    }
    return render(request, "shelves/rights.html", context, status=status)


def _is_sure(request: Any) -> bool:
    return "sure" in request.POST


def _after(request: Any, rights: Rights, item: Any, call: Callable[[], Any], said: str) -> HttpResponse:
    try:
        call()
    except Refused as error:
        return _refused(request, rights, item, error)
    messages.success(request, said)
    if not type(rights)(request.person).visible().filter(pk=item.pk).exists():
        return redirect(link(rights.shelf.urls["home"]))
    return redirect(link(rights.shelf.urls["rights"], item.pk))


def _refused(request: Any, rights: Rights, item: Any, error: Refused, form: LineForm | None = None) -> HttpResponse:
    """The page again with the sentence; for a question, what was asked is kept, to be sent again once sure."""
    sure = None
    if isinstance(error, actions.WouldLoseIt):
        kept = {name: value for name, value in request.POST.items() if name in {"level", "whom", "person", "remove"}}
        sure = {"action": request.path, "fields": kept}
    return _page(request, rights, item, form=form, problem=error.message, sure=sure, status=error.status)
