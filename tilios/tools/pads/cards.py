"""A text shown inside another."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tilios.core.people.models import Person
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries.texts import beginnings


def card(_person: Person, item: Item) -> SafeString:
    """Its title, its first words, when it changed."""
    return render_to_string("pads/card.html", {"item": item, "beginning": beginnings([item]).get(item.pk, "")})
