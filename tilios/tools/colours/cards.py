"""A colour vote shown inside a text."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tilios.core.people.models import Person
from tilios.tools.colours import palettes, queries
from tilios.tools.colours.models import Session
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.views import results
from tilios.tools.colours.views.shown import Shown


def card(person: Person, session: Session) -> SafeString:
    """Title, state and, where `person` sees the colours, the spectrum."""
    shown = Shown(session, palettes.of(queries.palette_of(person)), Whom(person=person))
    pictures = results.pictures_of(shown, shown.round, results.FIRST, None) if shown.sees_results else ()
    context = {"session": session, "shown": shown, "pictures": pictures, "voices": shown.voices()}
    return render_to_string("colours/card.html", context)
