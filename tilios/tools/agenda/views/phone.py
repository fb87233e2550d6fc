"""On your phone: the addresses of CalDAV and CardDAV, and what each program asks for."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view
from tilios.core.structures.scope import current_structure
from tilios.tools.agenda import mailed
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.views import collections_of


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    context = {
        "server": f"{settings.TILIOS_URL}/",
        "host": urlsplit(settings.TILIOS_URL).netloc,
        "login": request.user.email,
        "calendars": [(one, dav_address(one)) for one in collections_of(rights, Nature.CALENDAR)],
        "invitations": mailed.personal_address(request.person) if rights.may("own") else "",
        "books": [(one, dav_address(one)) for one in collections_of(rights, Nature.BOOK)],
    }
    return render(request, "agenda/phone.html", context)


def dav_address(collection: Item) -> str:
    """Where programs that ask for the whole address of a collection find it."""
    mount = "calendars" if collection.nature == Nature.CALENDAR else "addressbooks"
    return f"{settings.TILIOS_URL}/dav/{mount}/{current_structure().slug}/{collection.address}/"
