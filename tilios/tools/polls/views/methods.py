"""What only some kinds of poll do: draw the lots, open the next round of a decision by consent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.polls import actions
from tilios.tools.polls.views import editing
from tilios.tools.polls.views.voting import kept, page, status_of


@tool_view("polls.edit", "POST")
def draw(request: Any, pk: int) -> HttpResponse:
    poll = kept(request, pk)
    typed = request.POST.get("seed", "")
    try:
        actions.draw_lots(by=request.person, poll=poll, seed=typed)
    except (Invalid, Conflict) as error:
        refused = {"seed_problem": error.message, "seed_typed": typed}
        return page(request, kept(request, pk), status=status_of(error), **refused)
    messages.success(request, _("The lots are drawn."))
    return redirect(link("polls:detail", pk) + "#resultats")


@tool_view("polls.edit", "GET", "POST")
def next_round(request: Any, pk: int) -> HttpResponse:
    """The form of a new poll with the proposals of this one, to be amended; nothing is made before it is sent."""
    poll = kept(request, pk)
    if poll.ballot != "consent":
        raise Conflict(_("Only a decision by consent goes on in rounds."))
    return editing.new_from(request, poll.kind, poll, follows=poll)
