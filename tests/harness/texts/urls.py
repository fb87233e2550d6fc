"""The address of the text of a poll: members write, guests read (core/documents/tests/standing.py)."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path

from tilios.config.urls import handler400, handler404, handler500, urlpatterns
from tilios.core.access.guards import tool_view
from tilios.core.documents import actions, queries, rendering, rights
from tilios.core.documents.access import Writer
from tilios.core.documents.answering import answer
from tilios.core.documents.tests import standing
from tilios.tools.polls.models import Poll

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
standing.install()


@tool_view("polls.view", "GET", "POST")
def text(request: Any, pk: int, step: str = "") -> HttpResponseBase:
    poll = get_object_or_404(Poll, pk=pk)
    document = queries.document_of(poll) or actions.create(owner=poll, by=request.person)
    writer = Writer(person=request.person)
    address = request.path.removesuffix(step)
    if step:
        return answer(request, document, writer, step, address)
    return render(
        request,
        "texts/page.html",
        {
            "document": document,
            "address": address,
            "access": int(rights.access_of(writer, document)),
            "name": writer.name,
            "person": request.person.pk,
            "title": poll.title,
            "drawn": rendering.render(document),
        },
    )


urlpatterns = [
    path("s/<slug:structure>/sondages/<int:pk>/texte/", text),
    path("s/<slug:structure>/sondages/<int:pk>/texte/<path:step>", text),
    *urlpatterns,
]
