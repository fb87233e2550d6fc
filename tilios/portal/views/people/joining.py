"""The page of an invitation: for whoever holds its address, with or without an account.

An account is only made for an address whose mail was opened: the invitation's own letter, or the one that the page of a
link sends. That page answers the same whether or not the address has an account.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from tilios.core.access import attempts, networks
from tilios.core.access.guards import public_view
from tilios.core.access.links import link
from tilios.core.access.login import let_in
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.actions import through
from tilios.core.notify.actions import notify
from tilios.core.people import letters, queries
from tilios.core.people.actions.accounts import create_account
from tilios.core.people.actions.invitations import CLOSED, accept_invitation
from tilios.core.people.models import Account, Invitation, Person
from tilios.core.structures.scope import scope
from tilios.portal.forms.people.fields import put_error
from tilios.portal.forms.people.invitations import AddressForm, NewcomerForm
from tilios.portal.shell import colour_url


@public_view("GET", "POST", reason="the token is the key; unknown, expired and withdrawn invitations answer alike")
def invitation(request: Any, token: str) -> HttpResponse:
    found = queries.find_invitation(token)
    if found is None or found.state != "open":
        response = _closed(request, found)
    else:
        with scope(found.structure), through("link"):
            response = _open(request, found)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


def _closed(request: Any, found: Invitation | None) -> HttpResponse:
    """SECURITY: the same words for every reason. Only somebody who is in already is sent where they belong."""
    if found is not None and request.user.is_authenticated:
        with scope(found.structure):
            person = Person.objects.filter(account=request.user).first()
            if person is not None and person.is_active:
                return redirect(link("portal:home"))
    return render(request, "portal/people/joining/closed.html", {"message": CLOSED}, status=404)


def _open(request: Any, found: Invitation) -> HttpResponse:
    context = {"invitation": found, "structure": found.structure, "colour_url": colour_url(found.structure)}
    if request.user.is_authenticated:
        return _signed_in(request, found, context)
    proof = request.POST.get("preuve") or request.GET.get("preuve") or ""
    email = letters.proven_address(found, proof)
    if not email:
        return _ask_address(request, found, context)
    if queries.account_of(email):
        return render(request, "portal/people/joining/sign_in.html", {**context, "email": email, **_login(found)})
    return _newcomer(request, found, {**context, "email": email, "proof": proof})


def _login(found: Invitation) -> dict[str, str]:
    return {"login_url": f"{reverse('account_login')}?next={reverse('invitation', args=[found.token])}"}


def _signed_in(request: Any, found: Invitation, context: dict) -> HttpResponse:
    """One tap."""
    if request.method == "POST":
        try:
            return _enter(request, found, request.user)
        except Conflict as error:
            context["problem"] = error.message
    return render(request, "portal/people/joining/join.html", context, status=409 if "problem" in context else 200)


def _ask_address(request: Any, found: Invitation, context: dict) -> HttpResponse:
    """A link: first the address, to which a letter goes whatever we know of it."""
    form = AddressForm(request.POST if "email" in request.POST else None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        # SECURITY: nobody uses the page to fill a mailbox, nor many.
        wait = attempts.begin(invited=email, inviting=networks.network(request))
        if not wait:
            letters.send_proof(found, email)
            return render(request, "portal/people/joining/letter_sent.html", {**context, "email": email})
        form.add_error(None, attempts.too_many(wait))
    return render(
        request,
        "portal/people/joining/address.html",
        {**context, "form": form, **_login(found)},
        status=422 if form.errors else 200,
    )


def _newcomer(request: Any, found: Invitation, context: dict) -> HttpResponse:
    """The address is theirs: name and password make the account, and they are in."""
    initial = {"name": found.person.display_name} if found.person else {}
    form = NewcomerForm(request.POST if "password" in request.POST else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                account = create_account(
                    email=context["email"],
                    name=form.cleaned_data["name"],
                    password=form.cleaned_data["password"],
                    language=get_language() or "",
                )
                response = _enter(request, found, account)
        except Invalid as error:
            put_error(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            let_in(request, account)
            return response
    return render(
        request, "portal/people/joining/newcomer.html", {**context, "form": form}, status=422 if form.errors else 200
    )


@transaction.atomic
def _enter(request: Any, found: Invitation, account: Account) -> HttpResponse:
    """Let the account in and tell whoever invited. Raises Conflict."""
    person = accept_invitation(invitation=found, account=account)
    if found.created_by and found.created_by_id != person.pk:
        notify(
            "people.accepted",
            to=[found.created_by],
            target=person,
            by=person,
            text=lambda: gettext("%(name)s has accepted your invitation.") % {"name": person.display_name},
        )
    messages.success(request, _("Welcome to %(structure)s.") % {"structure": found.structure.name})
    return redirect(link("portal:home"))
