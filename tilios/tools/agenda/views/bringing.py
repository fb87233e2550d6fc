from tilios.core.access.guards import tool_view
from django.http import HttpResponse


@tool_view("agenda.view", "GET")
def home(request, pk=0):
    return HttpResponse("")
