"""The address of the viewer of documents."""

from django.http import HttpRequest, HttpResponse

from tilios.core.access.guards import public_view
from tilios.core.reading import viewer as reading


@public_view("GET", reason="an empty page: the document is handed in by the page that frames it, which was guarded")
def viewer(request: HttpRequest) -> HttpResponse:
    return reading.viewer(request)
