"""How to reach the files from a computer or a phone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tilios.core.access.guards import tool_view


@tool_view("files.view", "GET")
def programs(request: Any) -> HttpResponse:
    """The address of WebDAV, whom to say one is, and what to press on each system."""
    address = request.build_absolute_uri(f"/dav/files/{request.structure.slug}/")
    context = {
        "address": address,
        "linux_address": address.replace("http", "dav", 1),
        "login": request.user.email,
        "password_url": reverse("account_new_app_password"),
        "is_secure": address.startswith("https://"),
    }
    return render(request, "files/programs.html", context)
