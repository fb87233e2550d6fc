from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view


@tool_view("portal.journal", "GET")
def journal(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/journal.html")
