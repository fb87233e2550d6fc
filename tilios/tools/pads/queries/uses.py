"""What a text can be used as without being copied: a page, a post, minutes, a place sheet.

A tool that takes texts answers the capability "document.use": `uses(person, kind, pk)` gives a list of
{"label", "icon", "url"}: where one goes to use the text so, or to see where it is used already.
"""

from typing import Any

from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.tools.pads.models import Item


def of(person: Person, item: Item) -> list[dict[str, Any]]:
    """What the tools of the structure propose, for this person and this text."""
    return [use for answer in registry.capabilities("document.use") for use in answer(person, "pads.text", item.pk)]
