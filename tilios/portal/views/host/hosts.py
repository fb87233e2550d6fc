"""The accounts that administer the instance."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import accounts
from tilios.core.access.guards import host_view
from tilios.core.errors import Conflict
from tilios.core.people.models import Account
from tilios.portal.forms.host import NewHostForm


@host_view("GET", "POST")
def hosts(request: Any) -> HttpResponse:
    form = NewHostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account = Account.objects.get(email=form.cleaned_data["email"])
        accounts.set_host(by=request.user, account=account, is_host=True)
        messages.success(request, _("%(name)s is now a host of this server.") % {"name": account})
        return redirect("host_hosts")
    everybody = Account.objects.filter(is_host=True, is_active=True).order_by("name", "email")
    context = {"form": form, "hosts": everybody, "tab": "hosts"}
    return render(request, "portal/host/hosts.html", context, status=422 if form.errors else 200)


@host_view("POST")
def take_host(request: Any, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk, is_host=True)
    try:
        accounts.set_host(by=request.user, account=account, is_host=False)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("host_hosts")
    messages.success(request, _("%(name)s is no longer a host of this server.") % {"name": account})
    return redirect("host_hosts" if account.pk != request.user.pk else "front_door")
