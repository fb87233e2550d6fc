"""The page of a poll for people of the structure: read it, vote, change one's vote, propose, key in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, Refused, require
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.tools.polls import actions, ballots, moments, queries, results, rules
from tilios.tools.polls.forms import rows_class
from tilios.tools.polls.models import Ballot, Poll
from tilios.tools.polls.views import secret
from tilios.tools.polls.views.shown import Shown
from tilios.ui import pdf

EXPORTS = ("csv", "ods", "svg", "png")
VOTES_SHOWN = 20  # on the page of the poll; all of them on their own page


def visible(request: Any, pk: int) -> Poll:
    """The poll if the person sees it, else Http404."""
    polls = queries.visible_polls(request.person).select_related("author", "group", "closed_by", "chosen")
    return get_object_or_404(polls, pk=pk)


def kept(request: Any, pk: int) -> Poll:
    """The poll if the person runs it: Http404 if they do not even see it, NotAllowed otherwise."""
    poll = visible(request, pk)
    require(rules.keeps(request.person, poll))
    return poll


@tool_view("polls.view", "GET")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, visible(request, pk))


def page(
    request: Any, poll: Poll, *, given: dict[int, int] | None = None, problem: Any = "", status: int = 200, **more: Any
) -> HttpResponse:
    """The page; with `given` and `problem`, a refused vote as it was filled."""
    shown = Shown(poll, person=request.person, zone=request.GET.get("fuseau", ""))
    shown.given = given
    context = {
        "poll": poll,
        "shown": shown,
        "problem": problem,
        "zones": moments.NEAR,
        "vote_url": link("polls:vote", poll.pk),
        "propose_url": link("polls:propose", poll.pk),
        "proposal": proposal_form(poll) if shown.may_propose else None,
        "export_urls": [(form.upper(), link("polls:export", poll.pk, form)) for form in EXPORTS],
        "votes_url": link("polls:votes", poll.pk),
        "sheet": request.POST.get("sheet") or secret.new_sheet(),
        "typed": request.POST,
        "pdf_available": poll.formal and pdf.is_available(),
        **event_context(shown),
        **votes_context(shown),
        **more,
    }
    return render(request, "polls/detail.html", context, status=status)


def event_context(shown: Shown) -> dict[str, Any]:
    """Whether the chosen date can become an event, or the event it became."""
    poll = shown.poll
    if poll.event_target and actions.event_is_there(poll):
        kind = registry.kind(poll.event_kind)
        is_seen = kind is not None and kind.visible_to(shown.person).filter(pk=poll.event_target).exists()
        return {"event_url": link(kind.url, poll.event_target) if kind and is_seen else ""}
    dated = poll.closed_at is not None and poll.chosen is not None and poll.chosen.day is not None
    if not (dated and shown.is_keeper and registry.capability("event.create") is not None):
        return {"event_possible": False}
    offered = registry.capability("event.calendars")
    return {"event_possible": True, "calendars": offered(shown.person, group=poll.group) if offered else []}


def votes_context(shown: Shown) -> dict[str, Any]:
    """The first votes, where the reader sees them."""
    if not (shown.sees_results and shown.sees_names):
        return {"votes": None, "more_votes": False}
    rows = list(queries.ballots_of(shown.poll)[: VOTES_SHOWN + 1])
    votes = list(results.votes(shown.poll, shown.options, rows[:VOTES_SHOWN]))
    return {"votes": votes, "more_votes": len(rows) > VOTES_SHOWN}


def proposal_form(poll: Poll, data: Any = None, files: Any = None) -> Any:
    """One row as in the making of a poll."""
    return rows_class(poll.kind).form(data, files, prefix="proposal")


@tool_view("polls.vote", "POST")
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    poll = visible(request, pk)
    by: Person = request.person  # type: ignore[attr-defined]
    marks = ballots.of(poll.ballot).read(request.POST, [])
    blank = "blank" in request.POST
    if poll.secret:
        return secret.vote(request, poll, marks, blank=blank, page=page)
    try:
        actions.cast_ballot(by=by, poll=poll, marks=marks, remark=request.POST.get("remark", ""), blank=blank)
    except (Invalid, Conflict) as error:
        return page(request, visible(request, pk), given=marks, problem=error.message, status=status_of(error))
    messages.success(request, _("Your vote is recorded. You can change it until the close."))
    return redirect(
        link("portal:home") if request.POST.get("next") == "home" else link("polls:detail", pk) + "#resultats"
    )


def status_of(error: Refused) -> int:
    return 422 if isinstance(error, Invalid) else 409


@undo.undoable
def cast_again(*, by: Person, pk: int, marks: list[list[Any]], remark: str) -> str:
    """Undo of a withdrawal."""
    poll = get_object_or_404(queries.visible_polls(by), pk=pk)
    filled = ballots.Filled(
        {option: value for option, value, _words in marks}, {option: words for option, _value, words in marks if words}
    )
    actions.cast_ballot(by=by, poll=poll, marks=filled, remark=remark, blank=poll.formal and not filled)
    return link("polls:detail", pk)


@tool_view("polls.vote", "POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    poll = visible(request, pk)
    person: Person = request.person  # type: ignore[attr-defined]
    ballot = queries.ballot_of(poll, person=person)
    actions.withdraw_ballot(by=person, poll=poll)
    if ballot:
        given = queries.marks_of(ballot)
        marks = [[option, value, ballots.reasons_of(given).get(option, "")] for option, value in given.items()]
        undo.offer(request, _("Your vote is withdrawn."), cast_again, pk=pk, marks=marks, remark=ballot.remark)
    return redirect(link("polls:detail", pk))


@tool_view("polls.vote", "POST")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    poll = visible(request, pk)
    form = proposal_form(poll, request.POST, request.FILES)
    if not form.is_valid():
        return page(request, poll, status=422, proposal=form)
    try:
        actions.propose_option(by=request.person, poll=poll, draft=form.draft())  # type: ignore[attr-defined]
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error.message))
        return page(request, visible(request, pk), status=status_of(error), proposal=form)
    messages.success(request, _("Your option is added. Vote for it too."))
    return redirect(link("polls:detail", pk))


# Votes of others ----------------------------------------------------------------------------------------------------


@tool_view("polls.edit", "GET", "POST")
def key_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Key in a vote given on paper or by voice."""
    return _key_in(request, kept(request, pk), None)


@tool_view("polls.edit", "GET", "POST")
def correct(request: HttpRequest, pk: int, ballot_pk: int) -> HttpResponse:
    """Correct a vote that was keyed in."""
    poll = kept(request, pk)
    ballot = get_object_or_404(queries.ballots_of(poll), pk=ballot_pk)
    return _key_in(request, poll, ballot)


def _key_in(request: Any, poll: Poll, ballot: Ballot | None) -> HttpResponse:
    shown = Shown(poll)
    shown.ballot = ballot
    context = {"poll": poll, "shown": shown, "ballot": ballot, "people": queries.silent_people(poll)[:2000]}
    if request.method != "POST":
        # SECURITY: a hidden result stays hidden from whoever keys in: they see no mark but those they type.
        if ballot is not None and not rules.sees_results(poll, has_voted=False):
            shown.given = {}
        return render(request, "polls/key_in.html", context)
    marks = ballots.of(poll.ballot).read(request.POST, [])
    chosen = request.POST.get("person", "")
    try:
        person = _person(chosen)
        actions.key_in_ballot(
            by=request.person,
            poll=poll,
            marks=marks,
            person=person,
            name=request.POST.get("name", ""),
            remark=request.POST.get("remark", ""),
            ballot=ballot,
            blank="blank" in request.POST,
        )
    except (Invalid, Conflict) as error:
        shown.given = marks
        refused = {"problem": error.message, "typed": request.POST, "chosen": chosen}
        return render(request, "polls/key_in.html", {**context, **refused}, status=status_of(error))
    messages.success(request, _("The vote is recorded, with your name as who keyed it in."))
    again = "again" in request.POST
    return redirect(link("polls:key_in", poll.pk) if again else link("polls:detail", poll.pk))


def _person(number: str) -> Person | None:
    if not number:
        return None
    person = Person.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if person is None:
        raise Invalid("person", _("This poll does not ask this person."))
    return person


@tool_view("polls.edit", "POST")
def remove(request: HttpRequest, pk: int, ballot_pk: int) -> HttpResponse:
    poll = kept(request, pk)
    ballot: Ballot = get_object_or_404(poll.ballots, pk=ballot_pk)
    actions.remove_ballot(by=request.person, poll=poll, ballot=ballot)  # type: ignore[attr-defined]
    messages.success(request, _("The vote is removed."))
    return redirect(link("polls:votes", pk))
