"""The share links of a thing: list, make, change, print, revoke."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tilios.core.access import sharing
from tilios.core.access.guards import tool_view
from tilios.core.access.links import absolute, link
from tilios.core.access.models import ShareLink
from tilios.core.errors import Invalid, require
from tilios.core.toolbox.declaration import Kind, ShareMode
from tilios.portal.forms.sharing import ChangeForm, LinkForm
from tilios.portal.things import visible_thing


def _shareable(request: HttpRequest, kind: str, target: int) -> tuple[Kind, Any, list[tuple[str, Any]]]:
    """The thing and the uses of a link that the person may give; 404 when it is not seen, 403 without any use."""
    person = request.person  # type: ignore[attr-defined]
    found, thing = visible_thing(person, kind, target)
    if not found.shares:
        raise Http404
    modes = [(name, _described(mode)) for name, mode in sharing.modes_for(person, thing).items()]
    require(bool(modes))
    return found, thing, modes


def _described(mode: ShareMode) -> Any:
    return format_html('{}<br><span class="help">{}</span>', mode.label, mode.hint) if mode.hint else mode.label


def _link_of(request: HttpRequest, kind: str, target: int, pk: int) -> tuple[Kind, Any, ShareLink]:
    """A link of this very thing that the person may change."""
    found, thing, _modes = _shareable(request, kind, target)
    row = sharing.links_to(thing).filter(pk=pk, revoked_at=None).first()
    if row is None:
        raise Http404
    require(sharing.may_change(request.person, row))  # type: ignore[attr-defined]
    return found, thing, row


def _address(row: ShareLink) -> str:
    return absolute(reverse("share", args=[row.token]))


@tool_view("portal.home", "GET", "POST")
def links(request: HttpRequest, kind: str, target: int) -> HttpResponse:
    """The links of a thing with their use, and the form of a new one."""
    found, thing, modes = _shareable(request, kind, target)
    form = LinkForm(request.POST or None, modes=modes)
    if request.method == "POST" and form.is_valid():
        try:
            row = sharing.create_link(by=request.person, target=thing, **form.values())  # type: ignore[attr-defined]
        except Invalid as error:
            _say(form, error)
        else:
            messages.success(request, _("The link is ready: copy it, or print its code."))
            return redirect(f"{link('portal:share_links', kind, target)}#link-{row.pk}")
    rows = list(sharing.links_to(thing).select_related("created_by"))
    context = {
        "kind": found,
        "thing": thing,
        "thing_url": link(found.url, target),
        "form": form,
        "open": [_shown(row, found) for row in rows if row.is_live],
        "closed": [_shown(row, found) for row in rows if not row.is_live],
    }
    return render(request, "portal/sharing/links.html", context, status=422 if form.errors else 200)


def _shown(row: ShareLink, kind: Kind) -> dict[str, Any]:
    mode = kind.shares.get(row.mode)
    full = sharing.is_full(row)
    return {"row": row, "mode": mode.label if mode else row.mode, "url": _address(row), "full": full}


def _say(form: forms.Form, error: Invalid) -> None:
    """Show what the action refused beside the field it is about."""
    field = {"expires_at": "expires_on"}.get(error.field, error.field)
    form.add_error(field if field in form.fields else None, str(error.message))


@tool_view("portal.home", "GET", "POST")
def change(request: HttpRequest, kind: str, target: int, pk: int) -> HttpResponse:
    """Change what limits a link; its address stays."""
    found, thing, row = _link_of(request, kind, target, pk)
    form = ChangeForm(request.POST or None, link=row)
    if request.method == "POST" and form.is_valid():
        try:
            sharing.change_link(by=request.person, link=row, **form.values())  # type: ignore[attr-defined]
        except Invalid as error:
            _say(form, error)
        else:
            messages.success(request, _("The link is changed."))
            return redirect(f"{link('portal:share_links', kind, target)}#link-{row.pk}")
    back = link("portal:share_links", kind, target)
    context = {"kind": found, "thing": thing, "row": row, "form": form, "back": back}
    return render(request, "portal/sharing/change.html", context, status=422 if form.errors else 200)


@tool_view("portal.home", "GET")
def poster(request: HttpRequest, kind: str, target: int, pk: int) -> HttpResponse:
    """A sheet to print and hang: what it is about, the code to scan, the address to type. Never the password."""
    found, thing, row = _link_of(request, kind, target, pk)
    mode = found.shares.get(row.mode)
    context = {
        "thing": thing,
        "row": row,
        "mode": mode.label if mode else "",
        "url": _address(row),
        "back": link("portal:share_links", kind, target),
    }
    return render(request, "portal/sharing/poster.html", context)


@tool_view("portal.home", "POST")
def revoke(request: HttpRequest, kind: str, target: int, pk: int) -> HttpResponse:
    """Close a link for good."""
    _found, _thing, row = _link_of(request, kind, target, pk)
    sharing.revoke_link(by=request.person, link=row)  # type: ignore[attr-defined]
    messages.success(request, _("The link is closed: whoever opens it finds nothing."))
    return redirect(link("portal:share_links", kind, target))
