"""Mode "drop" of a share link: a letter box. People send files; nobody who has the link sees what is there."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from tilios.core.access import sharing
from tilios.core.access.guards import share_view
from tilios.core.uploads import shared as sending
from tilios.tools.files.models import Item
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.views.shared import at_the_door
from tilios.tools.files.views.shared_arrivals import receive, resumed

SENT = "sent_by_link"  # session key: names of what this browser sent, by number of the link
MOST_SHOWN = 100


@share_view("GET", "POST", "PATCH", "DELETE", "OPTIONS")
def drop(request: Any, target: Item, step: str = "") -> HttpResponseBase:
    """The form, and the names of what this browser has sent, as they were when sent."""
    if sending.is_step(step) and not target.in_trash and target.is_folder:
        return resumed(request, target, step)
    if step or target.in_trash or not target.is_folder:
        raise Http404
    if entered := at_the_door(request, target):
        return entered
    if request.method != "POST":
        sharing.count(request.share, "openings")
        return _page(request, target)
    sent, problems, status = receive(request, LinkRights(request.share, target, request.visitor), target)
    if sent:
        _remember(request, sent)
    if problems:
        return _page(request, target, problems=problems, status=status)
    return redirect(reverse("share", args=[request.share.token]) + "#envoi")


def _page(request: Any, target: Item, *, problems: list[Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        "structure": request.structure,
        "item": target,
        "link": request.share,
        "visitor": request.visitor,
        "problems": problems or [],
        "typed": request.POST,
        "sent": request.session.get(SENT, {}).get(str(request.share.pk), []),
        "upload_url": reverse("share", args=[request.share.token]),
    }
    return render(request, "files/shared_drop.html", context, status=status)


def _remember(request: Any, sent: list[str]) -> None:
    kept = request.session.get(SENT, {})
    key = str(request.share.pk)
    request.session[SENT] = {**kept, key: [*kept.get(key, []), *sent][-MOST_SHOWN:]}
