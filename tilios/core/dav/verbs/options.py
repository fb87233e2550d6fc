"""OPTIONS: what this server can do."""

from django.http import HttpResponse

from tilios.core.dav.call import Call
from tilios.core.dav.tree import Tree

#: Office programs of Windows open for writing only where this header stands.
HEADERS = {"DAV": "1, 2, 3", "MS-Author-Via": "DAV"}


def headers_of(tree: Tree | None) -> dict[str, str]:
    """The headers that say what is understood at a place; `tree` is None above the structures."""
    features = tree.features if tree is not None else ()
    return {**HEADERS, "DAV": ", ".join((HEADERS["DAV"], *features))}


def answer(call: Call) -> HttpResponse:
    from tilios.core.dav.verbs import METHODS

    return HttpResponse(headers={**headers_of(call.tree), "Allow": ", ".join(METHODS), "Content-Length": "0"})
