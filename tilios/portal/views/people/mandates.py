"""Acting for somebody: given on screen from one's own record, or recorded from a signed paper."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from tilios.core.access.entrance import ACTING, real_person
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.notify.actions import notify
from tilios.core.people import mandates
from tilios.core.people.actions import mandates as acting
from tilios.core.people.models import Mandate
from tilios.portal import queries
from tilios.portal.forms.people.fields import end_of_day, posted, put_error, uploaded
from tilios.portal.forms.people.mandates import SCAN_KINDS, SCAN_LIMIT, MandateForm
from tilios.portal.views.people.records import visible


def _get(request: Any, mandate_pk: int) -> Mandate:
    """A mandate in which the reader has a part, or any for those who keep the records."""
    if may(request.person, "portal.edit_people"):
        rows = Mandate.objects.select_related("person", "delegate", "scan")
    else:
        rows = mandates.visible_to(real_person(request)) | mandates.visible_to(request.person)
    return get_object_or_404(rows, pk=mandate_pk)


@tool_view("portal.home", "GET", "POST")
def give(request: Any, person_pk: int) -> HttpResponse:
    """Search for somebody, choose them, say until when."""
    person = visible(request, person_pk)
    own = person.pk == request.person.pk
    require(own or may(request.person, "portal.edit_people"))
    require(request.person.acted_by is None, _("Only the person themselves can give this right."))
    text = (request.POST.get("q") or request.GET.get("q") or "")[:254]
    found = [one for one in queries.candidates(request.person, text, with_login=True) if one.pk != person.pk]
    form = MandateForm(posted(request), uploaded(request), found=found, on_paper=not own)
    if request.method == "POST" and form.is_valid():
        try:
            mandate = acting.give_mandate(
                by=request.person,
                person=person,
                delegate=form.cleaned_data["delegate"],
                expires_at=end_of_day(form.cleaned_data["until"]),
                note=form.cleaned_data.get("note", ""),
                scan=_stored(form.cleaned_data.get("scan")),
            )
        except Invalid as error:
            put_error(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            _tell_given(request, mandate)
            messages.success(
                request,
                _("%(delegate)s can now act for %(name)s.") % {"delegate": mandate.delegate, "name": person},
            )
            return redirect(link("portal:person", person.pk))
    context = {"form": form, "person": person, "own": own, "text": text, "found": found}
    return render(request, "portal/people/mandate_form.html", context, status=422 if form.errors else 200)


def _stored(scan: object) -> Blob | None:
    if not scan:
        return None
    blob = blobs.store(scan, name=getattr(scan, "name", ""), max_size=SCAN_LIMIT)
    if blob.media_type not in SCAN_KINDS:
        raise Invalid("scan", _("Give a PDF or an image."))
    return blob


def _tell_given(request: Any, mandate: Mandate) -> None:
    names = {"name": mandate.person.display_name, "delegate": mandate.delegate.display_name}
    notify(
        "people.mandate",
        to=[mandate.delegate],
        target=mandate.person,
        by=request.person,
        url=link("portal:person", mandate.delegate_id),
        text=lambda: gettext("You can now act for %(name)s.") % names,
    )
    notify(
        "people.mandate",
        to=[mandate.person],
        target=mandate.person,
        by=request.person,
        text=lambda: gettext("%(delegate)s can now act for you.") % names,
    )


@tool_view("portal.home", "POST")
def end(request: Any, mandate_pk: int) -> HttpResponse:
    mandate = acting.end_mandate(by=request.person, mandate=_get(request, mandate_pk))
    names = {"name": mandate.person.display_name, "delegate": mandate.delegate.display_name}
    notify(
        "people.mandate",
        to=[mandate.person, mandate.delegate],
        target=mandate.person,
        by=request.person,
        url=link("portal:home"),
        text=lambda: gettext("%(delegate)s can no longer act for %(name)s.") % names,
    )
    messages.success(request, _("%(delegate)s can no longer act for %(name)s.") % names)
    person = real_person(request) if mandate.delegate_id == real_person(request).pk else mandate.person
    return redirect(link("portal:person", person.pk))


@tool_view("portal.home", "GET")
def scan(request: Any, mandate_pk: int) -> HttpResponseBase:
    """The signed paper, for the two concerned and those who keep the records."""
    mandate = _get(request, mandate_pk)
    if mandate.scan is None:
        raise Http404
    return blob_response(mandate.scan, name=_("mandate"), inline=True, request=request)


@tool_view("portal.home", "POST")
def start(request: Any, mandate_pk: int) -> HttpResponse:
    """Act for somebody from now on, in this session and this structure."""
    human = real_person(request)
    mandate = mandates.active(human).filter(pk=mandate_pk).first()
    if mandate is None:
        raise Http404
    acting.start_acting(by=human, mandate=mandate)
    _remember(request, mandate.pk)
    messages.info(request, _("You now act for %(name)s. The journal keeps both names.") % {"name": mandate.person})
    return redirect(link("portal:home"))


@tool_view("portal.home", "POST")
def stop(request: Any) -> HttpResponse:
    """Act for oneself again; nothing happens for whoever does already."""
    if request.person.acted_by is not None:
        acting.stop_acting(by=request.person.acted_by, person=request.person)
        messages.info(request, _("You act for yourself again."))
    _remember(request, None)
    return redirect(link("portal:home"))


def _remember(request: Any, mandate_pk: int | None) -> None:
    """What core/access/entrance.py reads at each request."""
    kept = {slug: pk for slug, pk in request.session.get(ACTING, {}).items() if slug != str(request.structure.pk)}
    if mandate_pk is not None:
        kept[str(request.structure.pk)] = mandate_pk
    request.session[ACTING] = kept
