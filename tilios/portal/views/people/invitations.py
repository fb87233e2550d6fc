"""Invite people: by mail, by a link or its printed code; see who came."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.people import queries
from tilios.core.people.actions import invitations as invite
from tilios.core.people.letters import invitation_url
from tilios.core.people.models import Invitation
from tilios.portal.forms.people.fields import posted, put_error
from tilios.portal.forms.people.invitations import LinkForm, MailForm
from tilios.portal.queries import open_invitations
from tilios.portal.views.people.records import visible as visible_person

PAGE = 50
AGAIN = timedelta(days=30)


def _get(invitation_pk: int) -> Invitation:
    return get_object_or_404(queries.invitations(), pk=invitation_pk)


@tool_view("portal.edit_people", "GET")
def index(request: Any) -> HttpResponse:
    """Those still open, or all of them; fifty a page."""
    everything = request.GET.get("voir") == "toutes"
    rows = queries.invitations()
    if not everything:
        rows = rows.filter(pk__in=open_invitations().values("pk"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "everything": everything, "mails_kept": _mails_are_kept()}
    return render(request, "portal/people/invitations.html", context)


def _mails_are_kept() -> bool:
    """Whether letters wait on the host's page because no mail server is set."""
    from django.conf import settings

    return settings.TILIOS_MAIL_SERVER is None


@tool_view("portal.edit_people", "GET", "POST")
def add(request: Any) -> HttpResponse:
    """By mail, one letter for each address."""
    form = MailForm(posted(request), by=request.person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sent = invite.invite_by_mail(
                by=request.person,
                addresses=given["addresses"],
                role=given["role"],
                group=given["group"],
                message=given["message"],
                expires_at=form.end(),
            )
        except Invalid as error:
            put_error(form, error)
        else:
            messages.success(
                request,
                ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", len(sent))
                % {"count": len(sent)},
            )
            return redirect(link("portal:invitations"))
    return _form(request, form, "portal/people/invitation_mail.html")


@tool_view("portal.edit_people", "GET", "POST")
def add_link(request: Any) -> HttpResponse:
    """By a link, which can be printed."""
    form = LinkForm(posted(request), by=request.person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = invite.create_link(
                by=request.person,
                role=given["role"],
                group=given["group"],
                message=given["message"],
                max_uses=given["max_uses"],
                expires_at=form.end(),
            )
        except Invalid as error:
            put_error(form, error)
        else:
            return redirect(link("portal:invitation", made.pk))
    return _form(request, form, "portal/people/invitation_link.html")


def _form(request: Any, form: Any, template: str) -> HttpResponse:
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


@tool_view("portal.edit_people", "GET")
def invitation(request: Any, invitation_pk: int) -> HttpResponse:
    found = _get(invitation_pk)
    return render(request, "portal/people/invitation.html", {"invitation": found, "url": invitation_url(found)})


@tool_view("portal.edit_people", "GET")
def poster(request: Any, invitation_pk: int) -> HttpResponse:
    """The code of a link, to print on an A4 sheet; an invitation by mail has none."""
    found = _get(invitation_pk)
    if not found.is_link:
        raise Http404
    return render(request, "portal/people/poster.html", {"invitation": found, "url": invitation_url(found)})


@tool_view("portal.edit_people", "POST")
def send_again(request: Any, invitation_pk: int) -> HttpResponse:
    found = invite.send_again(by=request.person, invitation=_get(invitation_pk), expires_at=timezone.now() + AGAIN)
    messages.success(request, _("Another letter is on its way to %(address)s.") % {"address": found.email})
    return redirect(link("portal:invitations"))


@tool_view("portal.edit_people", "POST")
def revoke(request: Any, invitation_pk: int) -> HttpResponse:
    invite.revoke_invitation(by=request.person, invitation=_get(invitation_pk))
    messages.success(request, _("The invitation is withdrawn: it opens nothing any more."))
    return redirect(link("portal:invitations"))


@tool_view("portal.edit_people", "POST")
def invite_person(request: Any, person_pk: int) -> HttpResponse:
    """Give a login to somebody who has a record."""
    person = visible_person(request, person_pk)
    found = invite.invite_person(by=request.person, person=person, expires_at=timezone.now() + AGAIN)
    messages.success(request, _("A letter is on its way to %(address)s.") % {"address": found.email})
    return redirect(link("portal:person", person.pk))
