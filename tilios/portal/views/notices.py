from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view


@tool_view("portal.search", "GET")
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/search.html")


@tool_view("portal.home", "GET")
def notifications(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/notifications.html")
