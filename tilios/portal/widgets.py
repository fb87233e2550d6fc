"""The cards the house itself brings to the home."""

from typing import Any

from tilios.core.access import roles
from tilios.core.access.links import link
from tilios.core.notify import queries as notices
from tilios.core.people.models import Group, Invitation, Person
from tilios.core.people.queries import active_people
from tilios.core.toolbox import registry
from tilios.portal.shell import launcher_sections

LATEST = 5


def first_steps(person: Person) -> dict[str, Any] | None:
    """What a new structure does first, for whoever may do it; away once all is done. Three queries."""
    steps = []
    if roles.may(person, "portal.settings"):
        structure = person.structure
        steps.append(("settings", bool(structure.logo_id or structure.street), link("portal:settings")))
    if roles.may(person, "portal.edit_people"):
        invited = Invitation.objects.exists() or active_people()[:3].count() > 2
        steps.append(("people", invited, link("portal:people")))
        steps.append(("groups", Group.objects.exists(), link("portal:people")))
    if not steps or all(done for _name, done, _url in steps):
        return None
    return {"steps": [{"name": name, "done": done, "url": url} for name, done, url in steps]}


def news(person: Person) -> dict[str, Any] | None:
    """The latest unread notifications; away when everything is read. One query, and one a kind."""
    rows = notices.of(person).filter(read_at=None)[:LATEST]
    shown = [row for row in notices.with_access(person, rows) if row.accessible]
    return {"rows": shown} if shown else None


def tools(person: Person) -> dict[str, Any] | None:
    """The tools of the structure, on their plates. No query."""
    sections = launcher_sections(person)
    return {"sections": sections} if sections and registry.enabled(person.structure) else None
