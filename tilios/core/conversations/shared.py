"""Conversations of visitors: what the view behind a share link calls so that whoever holds the link may speak.

    @share_view("GET", "POST")
    def vote(request, poll, step):
        if step == shared.STEP:
            return shared.answer(request, poll)
        ...

and its template says `{% comments poll %}` as any other.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tilios.core.access import sharing
from tilios.core.conversations import actions, queries
from tilios.core.toolbox import registry

STEP = "commenter"


def answer(request: HttpRequest, target: Any) -> HttpResponse:
    """Say something as a visitor (`name` the first time, `text`, `parent`), or remove one's own (`remove`).

    Raises what `sharing.introduce` and `actions.comment` raise; leads back to the link's page.
    """
    link, visitor = request.share, request.visitor  # type: ignore[attr-defined]
    home = reverse("share", args=[link.token])
    if request.method != "POST":
        return redirect(f"{home}#comments")
    kind = registry.kind_of(target)
    rows = queries.comments_on(kind.name if kind else "", target.pk)
    if "remove" in request.POST:
        row = _one(rows, request.POST["remove"])
        actions.remove(comment=row, visitor=visitor)
        return redirect(f"{home}#comments")
    parent = _one(rows, request.POST["parent"]) if request.POST.get("parent") else None
    visitor = visitor or sharing.introduce(request, request.POST.get("name", ""))
    row = actions.comment(target=target, text=request.POST.get("text", ""), visitor=visitor, parent=parent)
    return redirect(f"{home}#comment-{row.pk}")


def _one(rows: Any, number: str) -> Any:
    row = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row is None:
        raise Http404
    return row
