from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tilios.core.access.guards import tool_view
from tilios.portal.queries import visible_people


@tool_view("portal.people", "GET")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/people/index.html", {"people": visible_people(request.person)})


@tool_view("portal.people", "GET")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_people(request.person), pk=pk)
    return render(request, "portal/people/person.html", {"person": found})
