from django.http import HttpResponse

from tilios.core.access.guards import tool_view


@tool_view("agenda.view", "GET")
def card(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def collection(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def event(request, pk=0):
    return HttpResponse("")
