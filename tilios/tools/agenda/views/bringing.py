from django.http import HttpResponse

from tilios.core.access.guards import tool_view


@tool_view("agenda.view", "GET")
def home(request, pk=0):
    return HttpResponse("")
