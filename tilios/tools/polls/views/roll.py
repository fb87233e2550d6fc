"""The roll of a formal vote: read it, paste it, tick it at the door; give one's proxy."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.kit.text import fold
from tilios.tools.polls import actions, queries, rules
from tilios.tools.polls.forms import RollForm
from tilios.tools.polls.models import Poll, Voter
from tilios.tools.polls.views.shown import Shown
from tilios.tools.polls.views.voting import kept, status_of, visible

A_PAGE = 60
MOST_HOLDERS = 2000


def formal(poll: Poll) -> Poll:
    """The poll if it is a formal vote, else Conflict: an ordinary one has no roll."""
    if not poll.formal:
        raise Conflict(_("Only a formal vote has a roll."))
    return poll


@tool_view("polls.edit", "GET")
def roll(request: Any, pk: int) -> HttpResponse:
    """Every line, sixty a page, found by name; ticks and proxies beside."""
    poll = formal(kept(request, pk))
    asked = request.GET.get("q", "").strip()[:80]
    rows: Any = queries.roll_of(poll)
    for word in fold(asked).split()[:4]:
        rows = rows.filter(person__sort_name__contains=word) | rows.filter(name_key__contains=word)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "poll": poll,
        "shown": Shown(poll, person=request.person),
        "page": page,
        "asked": asked,
        "standing": queries.standing(poll),
        "colleges": poll.colleges.all(),
        "has_begun": queries.has_begun(poll),
    }
    return render(request, "polls/roll.html", context)


@tool_view("polls.edit", "GET", "POST")
def change(request: Any, pk: int) -> HttpResponse:
    """The roll as lines to paste: all of it is taken, or nothing and each wrong line is told."""
    poll = formal(kept(request, pk))
    form = RollForm(request.POST if request.method == "POST" else None, poll=poll)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.set_roll(by=request.person, poll=poll, lines=form.lines, colleges=form.college_lines)
            except (Invalid, Conflict) as error:
                field = {"lines": "voters", "colleges": "colleges"}.get(getattr(error, "field", ""))
                form.add_error(field, str(error.message))
                status = status_of(error)
            else:
                messages.success(request, _("The roll is recorded."))
                return redirect(link("polls:roll", pk))
    return render(request, "polls/roll_change.html", {"poll": poll, "form": form}, status=status)


@tool_view("polls.edit", "POST")
def tick(request: Any, pk: int, voter_pk: int) -> HttpResponse:
    poll = formal(kept(request, pk))
    voter = get_object_or_404(Voter, pk=voter_pk, poll=poll)
    try:
        actions.tick_voter(
            by=request.person,
            poll=poll,
            voter=voter,
            present="present" in request.POST,
            on_paper="on_paper" in request.POST,
        )
    except Conflict as error:
        messages.error(request, str(error.message))
    return redirect(link("polls:voter", pk, voter_pk))


@tool_view("polls.edit", "GET", "POST")
def voter(request: Any, pk: int, voter_pk: int) -> HttpResponse:
    """One line: its ticks, and the proxy that somebody gives on paper or takes back."""
    poll = formal(kept(request, pk))
    giver = get_object_or_404(queries.roll_of(poll), pk=voter_pk)
    context = {"poll": poll, "line": giver, "givers": list(giver.givers.select_related("person"))}
    return _proxy(request, poll, giver, "polls/voter.html", context, link("polls:voter", pk, voter_pk))


@tool_view("polls.vote", "GET", "POST")
def proxy(request: Any, pk: int) -> HttpResponse:
    """Give one's own proxy, or take it back."""
    poll = formal(visible(request, pk))
    giver = queries.voter_of(poll, person=request.person)
    if giver is None:
        raise NotAllowed(_("You are not on the roll of this vote."))
    context = {"poll": poll, "line": giver, "givers": list(giver.givers.select_related("person"))}
    return _proxy(request, poll, giver, "polls/proxy.html", context, link("polls:detail", pk))


def _proxy(request: Any, poll: Poll, giver: Voter, template: str, context: dict[str, Any], then: str) -> HttpResponse:
    problem, status = "", 200
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                actions.take_back_proxy(by=request.person, poll=poll, giver=giver)
                messages.success(request, _("The proxy is taken back."))
            else:
                holder = _holder(poll, request.POST.get("holder", ""))
                actions.give_proxy(by=request.person, poll=poll, giver=giver, holder=holder)
                messages.success(request, _("The proxy is given to %(name)s.") % {"name": holder.display_name})
        except (Invalid, Conflict) as error:
            problem, status = str(error.message), status_of(error)
        else:
            return redirect(then)
    context |= {
        "problem": problem,
        "may_give": rules.may_give_proxy(poll, giver) and not context["givers"],
        "may_take_back": rules.may_take_back(poll, giver),
        "holders": queries.roll_of(poll).filter(delegate=None).exclude(pk=giver.pk)[:MOST_HOLDERS],
        "chosen": request.POST.get("holder", ""),
    }
    return render(request, template, context, status=status)


def _holder(poll: Poll, number: str) -> Voter:
    found = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = poll.roll.select_related("person").filter(pk=int(number)).first()
    if found is None:
        raise Invalid("holder", _("Choose somebody of the roll."))
    return found
