"""Programs that come by a door of their own (`/dav/`) meet no page: no session, no form, no message, no cookie.

What this leaves out of their requests is a third of what a small one costs.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tilios.core.dav.door import PREFIX, door


class Programs:
    """Stands where the sessions begin, after the log, the security headers and the check of the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.get_host()  # SECURITY: a host that is not ours is refused, as CommonMiddleware does for pages
        response = door(request)
        if isinstance(response, HttpResponse) and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return response
