"""The palette one reads best, kept on the device."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from tilios.tools.colours import palettes
from tilios.tools.colours.views.shown import PALETTE_COOKIE

AGE_S = 60 * 60 * 24 * 365


def keep_palette(request: Any, chosen: str, *, otherwise: str) -> HttpResponse:
    """Back to the page the form names, with the palette kept on this device."""
    back = request.POST.get("next", "")
    # SECURITY: a form may send back to a page of ours, and to nowhere else.
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if safe else otherwise)
    if chosen in palettes.PALETTES:
        response.set_cookie(
            PALETTE_COOKIE, chosen, max_age=AGE_S, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response
