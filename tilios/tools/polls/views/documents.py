"""What is printed and signed: the attendance list, the minutes."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.errors import require
from tilios.kit.text import slugify
from tilios.tools.polls import queries
from tilios.tools.polls.models import Poll
from tilios.tools.polls.views.results import HIDDEN
from tilios.tools.polls.views.roll import formal
from tilios.tools.polls.views.shown import Shown
from tilios.tools.polls.views.voting import kept, visible
from tilios.ui import pdf


@tool_view("polls.edit", "GET")
def attendance(request: Any, pk: int) -> HttpResponse:
    """The roll by college, with boxes to sign: as one prints it for the door."""
    poll = formal(kept(request, pk))
    rows = list(queries.roll_of(poll))
    holders: dict[int, list[str]] = {}
    for row in rows:
        if row.delegate_id:
            holders.setdefault(row.delegate_id, []).append(row.display_name)
    parts: dict[str, list[Any]] = {}
    for row in rows:
        parts.setdefault(row.college.name if row.college else "", []).append((row, holders.get(row.pk, [])))
    context = {"parts": parts, "weighted": any(row.weight > 1 for row in rows), "number": len(rows)}
    return _answer(request, poll, "polls/attendance.pdf.html", context, _("attendance"))


@tool_view("polls.view", "GET")
def minutes(request: Any, pk: int) -> HttpResponse:
    """The record of the vote, once it is over: who could vote, who did, what is decided and how it was counted."""
    poll = formal(visible(request, pk))
    shown = Shown(poll, person=request.person)
    require(poll.is_over, HIDDEN)
    proxies = queries.roll_of(poll).exclude(delegate=None)
    context = {
        "colleges": breakdown(poll),
        "proxies": proxies,
        "paper": sum(batch.sheets for batch in poll.batches.filter(entered=True)),
        "receipts": poll.secret_ballots.count() if poll.secret else 0,
    }
    return _answer(request, poll, "polls/minutes.pdf.html", context | {"shown": shown}, _("minutes"))


def breakdown(poll: Poll) -> list[dict[str, Any]]:
    """Each college: its share, its lines, those who voted. Two queries."""
    names = {college.pk: college for college in poll.colleges.all()}
    if not names:
        return []
    figures: dict[int | None, list[int]] = {}
    for college, weight, voted in poll.roll.values_list("college", "weight", "voted"):
        line = figures.setdefault(college, [0, 0, 0])
        line[0], line[1], line[2] = line[0] + 1, line[1] + weight, line[2] + voted
    return [
        {"college": names.get(pk or 0), "voters": line[0], "voices": line[1], "voted": line[2]}
        for pk, line in sorted(figures.items(), key=lambda item: item[0] or 0)
    ]


def _answer(request: Any, poll: Poll, template: str, context: dict[str, Any], what: str) -> HttpResponse:
    if not pdf.is_available():
        raise Http404
    about = {"poll": poll, "structure": request.structure, "made_at": timezone.now()}
    body = pdf.render(template, about | context)
    name = f"{slugify(poll.title)[:50] or 'vote'}-{slugify(what)}.pdf"
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
