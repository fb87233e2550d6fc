"""Key in sheets of paper: one key an answer, or a list to choose from in each cell without a script."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.tools.colours import actions, queries, rules
from tilios.tools.colours.models import Origin, Session, Voice
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.tools.colours.views.arriving import given_in, keep_typed, kept, number_in, shown_to, status_of

#: Keys besides 1 to 7: white, black, and back to nothing.
KEYS = {WHITE: "b", BLACK: "n"}


@tool_view("colours.edit", "GET", "POST")
def key_in(request: Any, pk: int) -> HttpResponse:
    return _key_in(request, kept(request, pk), None)


@tool_view("colours.edit", "GET", "POST")
def correct(request: Any, pk: int, voice_pk: int) -> HttpResponse:
    """Correct a sheet that was keyed in."""
    session = kept(request, pk)
    voice = get_object_or_404(session.voices.filter(origin=Origin.KEYED), pk=voice_pk)
    return _key_in(request, session, voice)


def _key_in(request: Any, session: Session, voice: Voice | None) -> HttpResponse:
    shown = shown_to(request, session)
    shown.voice = voice  # the sheet, not one's own answers
    # SECURITY: a hidden result stays hidden from whoever keys in: they see no colour but those they type.
    hidden = not rules.sees_results(session, None, has_answered=False, voices=shown.voices())
    shown.typed = {} if voice is None or hidden else None
    choices = [{**choice, "key": KEYS.get(choice["value"], str(choice["value"] + 1))} for choice in shown.choices]
    context = {
        "session": session,
        "shown": shown,
        "voice": voice,
        "choices": choices,
        "people": () if voice else queries.silent_people(session).distinct()[:2000],
        "sheets": session.voices.filter(origin=Origin.KEYED).count(),
    }
    if request.method != "POST":
        return render(request, "colours/key_in.html", context)
    given = given_in(request.POST)
    try:
        actions.key_in(
            by=request.person,
            session=session,
            given=given,
            name=request.POST.get("name", ""),
            person=_person(request.POST),
            voice=voice,
        )
    except (Invalid, Conflict) as error:
        keep_typed(shown, given)
        refused = {"problem": error.message, "typed": request.POST}
        return render(request, "colours/key_in.html", {**context, **refused}, status=status_of(error))
    messages.success(request, _("The sheet is recorded."))
    if "again" in request.POST:
        return redirect(link("colours:key_in", session.pk))
    back = "colours:detail" if session.is_secret else "colours:participation"
    return redirect(link(back, session.pk))


def _person(post: Any) -> Person | None:
    if not post.get("person"):
        return None
    number = number_in(post, "person")
    person = Person.objects.filter(pk=number).first() if number else None
    if person is None:
        raise Invalid("person", _("This session does not ask this person."))
    return person
