"""Cast a secret ballot: fill it in, read it again, cast it for good, take the receipt away; check it after the close.

SECURITY: codes are shown in the answer to the form itself. They are never put into a session, a message, an address or
a log, and no page that shows a ballot or a code is kept by the browser.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from tilios.core.access import sharing
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.polls import actions, queries
from tilios.tools.polls.actions.ballots import check_marks
from tilios.tools.polls.actions.secret import Cast, fingerprint, new_sheet
from tilios.tools.polls.models import Poll
from tilios.tools.polls.views.shown import Shown

__all__ = ["new_sheet", "receipts", "receipts_page", "vote", "vote_as_guest"]

Page = Callable[..., HttpResponse]
PRINTS_A_PAGE = 200


@never_cache
def vote(request: Any, poll: Poll, marks: Mapping[int, int], *, blank: bool, page: Page) -> HttpResponse:
    """The answer to a secret ballot of somebody on the roll: a page to confirm it first, then the receipts."""
    numbers = [int(one) for one in request.POST.getlist("voters") if one.isascii() and one.isdigit() and len(one) < 19]
    shown = Shown(poll, person=request.person)
    shown.given = dict(marks)
    try:
        if "confirm" not in request.POST:
            _check(poll, marks, blank=blank)
            if shown.voter is not None and not numbers:
                raise Invalid("voters", _("Say for whom this ballot is."))
            chosen = [one for one in shown.voices if one.pk in numbers]
            context = {"cancel_url": link("polls:detail", poll.pk), "chosen": chosen}
            if chosen:  # else casting it says what is wrong
                return _confirmation(request, shown, marks, "polls/secret_confirm.html", context)
        cast = actions.cast_secret_ballots(
            by=request.person,
            poll=poll,
            voters=numbers,
            marks=marks,
            sheet=request.POST.get("sheet", ""),
            blank=blank,
        )
    except (Invalid, Conflict) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return page(request, poll, given=dict(marks), problem=error.message, status=status)
    return _receipts(request, poll, cast, "polls/secret_receipt.html", {"back_url": link("polls:detail", poll.pk)})


@never_cache
def vote_as_guest(request: Any, poll: Poll, marks: Mapping[int, int], *, blank: bool, page: Page) -> HttpResponse:
    """The same, for a visitor of a share link."""
    shown = Shown(poll, visitor=request.visitor, guest=True)
    shown.given = dict(marks)
    back = reverse("share", args=[request.share.token])
    shared = {"structure": request.structure, "share_token": request.share.token, "guest": True}
    try:
        if "confirm" not in request.POST:
            _check(poll, marks, blank=blank)
            if not request.POST.get("name", "").strip():
                raise Invalid("name", _("Please give your name, so that the others know who answers."))
            return _confirmation(
                request, shown, marks, "polls/shared_secret_confirm.html", {"cancel_url": back, **shared}
            )
        with transaction.atomic():  # a vote refused leaves no visitor behind
            cast = actions.cast_secret_guest_ballot(
                visitor=sharing.introduce(request, request.POST.get("name", "")),
                poll=poll,
                marks=marks,
                sheet=request.POST.get("sheet", ""),
                blank=blank,
            )
    except (Invalid, Conflict) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return page(request, poll, given=dict(marks), problem=error.message, status=status)
    return _receipts(request, poll, cast, "polls/shared_secret_receipt.html", {"back_url": back, **shared})


def _check(poll: Poll, marks: Mapping[int, int], *, blank: bool) -> None:
    check_marks(poll, marks, list(poll.options.values_list("pk", flat=True)), blank=blank)


def _confirmation(
    request: Any, shown: Shown, marks: Mapping[int, int], template: str, context: dict[str, Any]
) -> HttpResponse:
    """The ballot in words, and the whole form again behind a button that casts it for good."""
    levels = {level.value: level for level in shown.levels}
    said = [
        (option.name_in(shown.poll.tz), levels.get(marks[option.pk]), marks[option.pk])
        for option in shown.options
        if option.pk in marks
    ]
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "confirm"}
        for value in values
    ]
    return render(request, template, {"poll": shown.poll, "shown": shown, "said": said, "fields": fields, **context})


def _receipts(request: Any, poll: Poll, cast: Cast, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"poll": poll, "shown": Shown(poll), "cast": cast, **context})


@tool_view("polls.view", "GET", "POST")
def receipts(request: Any, pk: int) -> HttpResponse:
    """After the close: every fingerprint, and whether a code is among them."""
    poll = get_object_or_404(queries.visible_polls(request.person), pk=pk)
    context = {"poll": poll, "shown": Shown(poll, person=request.person)}
    return receipts_page(request, poll, "polls/receipts.html", context)


@never_cache
def receipts_page(request: Any, poll: Poll, template: str, context: dict[str, Any]) -> HttpResponse:
    """Says that a ballot is counted, never what it holds: a code sells nothing. Conflict while the vote is open."""
    if not poll.secret:
        raise Conflict(_("This vote is not secret."))
    if not poll.is_over:
        raise Conflict(_("Receipts are checked once the vote is closed."))
    code = request.POST.get("code", "").strip()[:60]
    page = Paginator(list(queries.fingerprints(poll)), PRINTS_A_PAGE).get_page(request.GET.get("page"))
    found = poll.secret_ballots.filter(receipt=fingerprint(code)).exists() if code else None
    return render(request, template, {**context, "page": page, "code": code, "found": found})
