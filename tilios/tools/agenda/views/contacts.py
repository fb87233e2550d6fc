from django.http import HttpResponse

from tilios.core.access.guards import tool_view


@tool_view("agenda.view", "GET")
def card(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def change(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def home(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def new(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def photo(request, pk=0):
    return HttpResponse("")


@tool_view("agenda.view", "GET")
def remove(request, pk=0):
    return HttpResponse("")
