"""Things of other tools shown inside a text: which ones may be put there, and the card of one, for one reader.

A tool that shows its things so answers the capability "embed.card": `card(person, thing)` gives HTML.
"""

from typing import Any

from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tilios.core.access.links import link
from tilios.core.people.models import Person
from tilios.core.search.queries import search
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind

CAPABILITY = "embed.card"
MOST = 8
LATEST = 4  # of each kind, before anything is typed


def kinds() -> list[Kind]:
    """The kinds of things that the structure in scope may show inside a text."""
    return [
        kind for tool in registry.enabled(current_structure()) if CAPABILITY in tool.capabilities for kind in tool.kinds
    ]


def suggestions(person: Person, typed: str) -> list[dict[str, Any]]:
    """What `person` may put in a text for `typed`, at most eight; the latest things when nothing is typed.

    SECURITY: only what that person may see is proposed: the search and `Kind.visible_to` say it.
    """
    allowed = {kind.name: kind for kind in kinds()}
    if typed.strip():
        hits = [hit for hit in search(person, typed).hits if hit.kind.name in allowed][:MOST]
        return [_row(hit.kind, hit.target, hit.title) for hit in hits]
    latest = [(kind, thing) for kind in allowed.values() for thing in kind.visible_to(person).order_by("-pk")[:LATEST]]
    return [_row(kind, thing.pk, str(thing)) for kind, thing in latest[:MOST]]


def _row(kind: Kind, target: int, label: str) -> dict[str, Any]:
    return {"kind": kind.name, "target": target, "label": label, "icon": kind.icon, "hint": str(kind.label)}


def thing_for(person: Person | None, name: str, target: int) -> tuple[Kind, Any] | None:
    """The thing, if `person` may see it and its kind is shown in texts. One query or more, as its kind asks."""
    kind = next((kind for kind in kinds() if kind.name == name), None)
    if kind is None or person is None:
        return None
    thing = kind.visible_to(person).filter(pk=target).first()
    return (kind, thing) if thing is not None else None


def card(person: Person | None, name: str, target: int) -> SafeString:
    """The card of a thing as `person` sees it now; None stands for a visitor, who sees none.

    SECURITY: whoever may not see the thing learns nothing of it, not even whether it is there.
    """
    found = thing_for(person, name, target)
    if found is None:
        return format_html('<p class="soft">{}</p>', gettext("Something that you may not see."))
    kind, thing = found
    tool = registry.tool(kind.name.partition(".")[0])
    assert tool is not None  # it has just been found there
    return import_string(tool.capabilities[CAPABILITY])(person, thing)


def address(person: Person | None, name: str, target: int) -> str | None:
    """The page of a thing, if `person` may see it."""
    found = thing_for(person, name, target)
    return link(found[0].url, target) if found else None
