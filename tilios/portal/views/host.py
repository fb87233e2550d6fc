"""The instance's administrator ("hébergeur"): first run, structures, outbox."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import host_view, public_view
from tilios.core.people.models import Account


@public_view("GET", "POST", reason="makes the first administrator, against the code printed in the console")
def first_run(request: HttpRequest) -> HttpResponse:
    if Account.objects.exists():
        raise Http404
    return render(request, "portal/host/first_run.html")


@host_view("GET")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/host/index.html")
