"""Programs that come by a door of their own (`/dav/`) meet no page: no session, no form, no message, no cookie.

What this leaves out of their requests is a third of what a small one costs.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tilios.core.dav.door import PREFIX, door

#: Where programs of calendars and address books begin, knowing the name of the server alone (RFC 6764, 5).
WELL_KNOWN = frozenset({"/.well-known/caldav", "/.well-known/carddav", "/remote.php/dav", "/remote.php/dav/"})


class Programs:
    """Stands where the sessions begin, after the log, the security headers and the check of the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in WELL_KNOWN:
            # 307, as many libraries drop what they asked when they follow a 301.
            return HttpResponse(status=307, headers={"Location": PREFIX, "Content-Length": "0"})
        is_at_the_door = request.path_info == "/" and request.method == "PROPFIND"  # knowing no other address
        if not request.path_info.startswith(PREFIX) and not is_at_the_door:
            return self.get_response(request)
        request.get_host()  # SECURITY: a host that is not ours is refused, as CommonMiddleware does for pages
        response = door(request)
        if isinstance(response, HttpResponse) and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return response
