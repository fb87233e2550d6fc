"""A poll shown inside a text."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tilios.core.people.models import Person
from tilios.tools.polls import drawing
from tilios.tools.polls.models import Poll
from tilios.tools.polls.views.shown import Shown

MOST_DRAWN = 8  # options; beyond, the summary says enough


def card(person: Person, poll: Poll) -> SafeString:
    """Title, state and, where `person` sees the results, who is in front, drawn."""
    shown = Shown(poll, person=person)
    seen = shown.sees_results and shown.result.has_something
    drawn = drawing.svg(shown.result) if seen and len(shown.options) <= MOST_DRAWN else ""
    return render_to_string("polls/card.html", {"poll": poll, "shown": shown, "seen": seen, "drawn": drawn})
