"""Joining online, without an account: the form, the letter to confirm, how it stands afterwards."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import attempts, networks
from tilios.core.access.guards import View
from tilios.core.access.links import link
from tilios.core.access.open_pages import open_view
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Conflict
from tilios.tools.members.actions.joining import (
    SENT_SALT,
    application_of,
    apply_to_join,
    confirm,
    send_again,
    token_of,
    withdraw,
)
from tilios.tools.members.forms.joining import Joining
from tilios.tools.members.models import Application, ApplicationState, JoinForm
from tilios.tools.members.queries import joining as queries
from tilios.tools.members.queries.paying import how_to_pay
from tilios.ui import prose

REASON = "joining is for those who have no account yet; the structure opens and closes the form"


def form_view(*methods: str) -> Callable[[View], View]:
    """Guard a page of one form: `view(request, form, …)`; Http404 where the structure has none of this address."""

    def decorate(view: View) -> View:
        @open_view("members", *methods, reason=REASON)
        @wraps(view)
        def opened(request: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            rows = JoinForm.objects.select_related("status", "statutes_file")
            return view(request, get_object_or_404(rows, slug=slug), **kwargs)

        return opened

    return decorate


@open_view("members", "GET", reason=REASON)
def forms_open(request: Any) -> HttpResponse:
    """The forms of the structure; the form itself where there is one. Http404 where none is open."""
    found = queries.open_forms()
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect(link("members:join", found[0].slug))
    return render(request, "members/joining/forms_open.html", {"structure": request.structure, "forms": found})


@form_view("GET", "POST")
def join(request: Any, form: JoinForm) -> HttpResponse:
    """The form. What is sent is shown to nobody before its address is confirmed."""
    if not form.takes_applications:
        return _told(request, form, _("This form is closed"), _("Nobody can join by this page at the moment."))
    joining = Joining(form, request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and not joining.changed:
        if joining.is_trapped:
            # SECURITY: a program is told that all went well.
            return redirect(link("members:join_sent", form.slug, "merci"))
        if joining.is_valid():
            made, problem = _sent(request, joining)
            if made is not None:
                return redirect(link("members:join_sent", form.slug, token_of(made, SENT_SALT)))
    wrong = request.method == "POST" and not joining.changed
    context = page_context(request, joining) | {"problem": problem}
    return render(request, "members/joining/join.html", context, status=422 if wrong else 200)


def page_context(request: Any, joining: Joining) -> dict[str, Any]:
    """What the page of the form is made of, for a visitor or as a preview."""
    form = joining.form
    statutes = form.statutes_url or (link("members:join_statutes", form.slug) if form.statutes_file_id else "")
    return {
        "structure": request.structure,
        "form": form,
        "joining": joining,
        "introduction": prose.render(form.introduction),
        "statutes_url": statutes,
    }


def _sent(request: Any, joining: Joining) -> tuple[Application | None, str]:
    """What is kept, or what is in the way, in words."""
    email = joining.said()["email"]
    if wait := attempts.begin(joined=email, joining=networks.network(request)):
        return None, attempts.too_many(wait)
    try:
        return apply_to_join(form=joining.form, people=joining.people(), **joining.said()), ""
    except Conflict as error:
        return None, str(error.message)


@form_view("GET", "POST")
def sent(request: Any, form: JoinForm, token: str) -> HttpResponse:
    """Look in your mail; POST sends the letter once more. The same page whoever has the address."""
    application = application_of(form, token, SENT_SALT)
    if request.method == "POST" and application is not None:
        try:
            send_again(application=application)
        except Conflict as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The letter is on its way again."))
        return redirect(request.path)
    may_again = application is not None and application.sent_again_at is None
    may_again = may_again and application is not None and application.state == ApplicationState.SENT
    context = {"structure": request.structure, "form": form, "may_again": may_again}
    return _unlisted(render(request, "members/joining/sent.html", context))


@form_view("GET", "POST")
def confirmed(request: Any, form: JoinForm, token: str) -> HttpResponse:
    """What the link of the letter opens. Programs that look at links in mails confirm nothing: a button does."""
    application = _application(form, token)
    if request.method == "POST":
        confirm(application=application)
        return redirect(request.path)
    people = list(application.applicants.select_related("rate__kind"))
    context: dict[str, Any] = {
        "structure": request.structure,
        "form": form,
        "application": application,
        "people": people,
        "total_cents": sum(one.amount_cents for one in people),
        "withdraw_url": link("members:join_withdraw", form.slug, token),
    }
    if application.state == ApplicationState.ACCEPTED and application.record is not None:
        context |= {"paying": how_to_pay(application)}
    return _unlisted(render(request, "members/joining/confirmed.html", context))


@form_view("POST")
def withdrawn(request: Any, form: JoinForm, token: str) -> HttpResponse:
    withdraw(application=_application(form, token))
    return redirect(link("members:join_confirm", form.slug, token))


@form_view("GET")
def statutes(request: Any, form: JoinForm) -> HttpResponseBase:
    """The file of the statutes, which whoever joins reads first."""
    if form.statutes_file is None:
        raise Http404
    return blob_response(form.statutes_file, name=form.statutes_name or "statuts.pdf", inline=True, request=request)


def _application(form: JoinForm, token: str) -> Application:
    found = application_of(form, token)
    if found is None:
        raise Http404
    return found


def _told(request: Any, form: JoinForm, title: str, text: str) -> HttpResponse:
    context = {"structure": request.structure, "form": form, "title": title, "text": text}
    return _unlisted(render(request, "members/joining/told.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    # The address holds the key of an application: it goes to no other site.
    response["Referrer-Policy"] = "no-referrer"
    return response
