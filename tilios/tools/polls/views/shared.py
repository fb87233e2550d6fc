"""Behind a share link: guests vote, readers read. On a phone, without a script and without an account."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tilios.core.access import sharing
from tilios.core.access.guards import share_view
from tilios.core.access.links import link
from tilios.core.conversations import shared
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.tools.polls import actions, ballots, moments, queries
from tilios.tools.polls.models import Poll
from tilios.tools.polls.views import results as files
from tilios.tools.polls.views import secret
from tilios.tools.polls.views.shown import Shown
from tilios.tools.polls.views.voting import EXPORTS, proposal_form, status_of, votes_context


@share_view("GET", "POST")
def vote(request: Any, poll: Poll, step: str = "") -> HttpResponseBase:
    """Mode "vote": see the poll, vote under a name, come back and change, comment, propose."""
    _refuse_deleted(poll)
    if step == shared.STEP:
        if not poll.guests_comment:
            raise NotAllowed(_("This poll takes no comments from guests."))
        return shared.answer(request, poll)
    if step == "recus" and poll.secret:
        return secret.receipts_page(
            request, poll, "polls/shared_receipts.html", _context(request, _shown(request, poll))
        )
    if request.method == "POST" and step in POSTS:
        return POSTS[step](request, poll)
    if found := _file(request, poll, step):
        return found
    if step:
        raise Http404
    return _page(request, poll)


@share_view("GET")
def read(request: Any, poll: Poll, step: str = "") -> HttpResponseBase:
    """Mode "read": the results alone, when everybody may see them."""
    _refuse_deleted(poll)
    if found := _file(request, poll, step):
        return found
    shown = Shown(poll)
    if step.startswith("resultats-"):
        return _export(shown, step)
    if step:
        raise Http404
    token = request.share.token
    urls = [(form.upper(), reverse("share_step", args=[token, f"resultats-{form}"])) for form in EXPORTS]
    return render(request, "polls/shared_read.html", _context(request, shown, export_urls=urls))


def _refuse_deleted(poll: Poll) -> None:
    if poll.deleted_at:
        raise Http404


def _shown(request: Any, poll: Poll) -> Shown:
    return Shown(poll, visitor=request.visitor, zone=request.GET.get("fuseau", ""), guest=True)


def _context(request: Any, shown: Shown, **more: Any) -> dict[str, Any]:
    token = request.share.token
    return {
        "poll": shown.poll,
        "shown": shown,
        "structure": request.structure,
        "share_token": token,
        "link_url": reverse("share", args=[token]),
        "zones": moments.NEAR,
        "guest": True,
        **votes_context(shown),
        **more,
    }


def _page(
    request: Any, poll: Poll, *, given: Any = None, problem: Any = "", status: int = 200, **more: Any
) -> HttpResponse:
    shown = _shown(request, poll)
    shown.given = given
    token = request.share.token
    context = _context(
        request,
        shown,
        problem=problem,
        visitor=request.visitor,
        sheet=request.POST.get("sheet") or secret.new_sheet(),
        typed=request.POST,
        member=_member(request, poll),
        vote_url=reverse("share_step", args=[token, "voter"]),
        propose_url=reverse("share_step", args=[token, "proposer"]),
        withdraw_url=reverse("share_step", args=[token, "retirer"]),
        receipts_url=reverse("share_step", args=[token, "recus"]),
        proposal=more.pop("proposal", None) or (proposal_form(poll) if shown.may_propose else None),
        **more,
    )
    return render(request, "polls/shared_vote.html", context, status=status)


def _member(request: Any, poll: Poll) -> str:
    """The address where somebody signed in would vote under their own name, if the poll asks them."""
    structure: Structure = request.structure
    if not request.user.is_authenticated:
        return ""
    person = Person.objects.filter(account_id=request.user.pk).first()
    if person is None:
        return ""
    person.structure = structure
    return link("polls:detail", poll.pk) if queries.visible_polls(person).filter(pk=poll.pk).exists() else ""


def _vote(request: Any, poll: Poll) -> HttpResponse:
    marks = ballots.of(poll.ballot).read(request.POST, [])
    blank = "blank" in request.POST
    if poll.secret:
        return secret.vote_as_guest(request, poll, marks, blank=blank, page=_page)
    try:
        with transaction.atomic():  # a vote refused leaves no visitor behind
            actions.cast_guest_ballot(
                visitor=sharing.introduce(request, request.POST.get("name", "")),
                poll=poll,
                marks=marks,
                remark=request.POST.get("remark", ""),
                sheet=request.POST.get("sheet", ""),
                blank=blank,
            )
    except (Invalid, Conflict) as error:
        return _page(request, poll, given=marks, problem=error.message, status=status_of(error))
    messages.success(request, _("Your vote is recorded. Come back to this link, on this device, to change it."))
    return redirect(reverse("share", args=[request.share.token]) + "#resultats")


def _withdraw(request: Any, poll: Poll) -> HttpResponse:
    if request.visitor is not None:
        actions.withdraw_ballot(visitor=request.visitor, poll=poll)
        messages.success(request, _("Your vote is withdrawn."))
    return redirect(reverse("share", args=[request.share.token]))


def _propose(request: Any, poll: Poll) -> HttpResponse:
    form = proposal_form(poll, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, poll, status=422, proposal=form)
    try:
        with transaction.atomic():
            visitor = request.visitor or sharing.introduce(request, request.POST.get("name", ""))
            actions.propose_option(visitor=visitor, poll=poll, draft=form.draft())
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error.message))
        return _page(request, poll, status=status_of(error), proposal=form)
    messages.success(request, _("Your option is added. Vote for it too."))
    return redirect(reverse("share", args=[request.share.token]))


POSTS = {"voter": _vote, "retirer": _withdraw, "proposer": _propose}


def _file(request: Any, poll: Poll, step: str) -> HttpResponseBase | None:
    """Pictures and files of options: steps "image-12" and "fichier-12"."""
    what, _dash, number = step.partition("-")
    if what not in {"image", "fichier"} or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return (
        files.picture_of(request, poll, int(number)) if what == "image" else files.file_of(request, poll, int(number))
    )


def _export(shown: Shown, step: str) -> HttpResponseBase:
    form = step.removeprefix("resultats-")
    if form not in files.WRITERS:
        raise Http404
    return files.exported(shown, form)
