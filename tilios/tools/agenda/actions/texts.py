"""The live text of an event: made by the tool that keeps texts, and named in the description, where phones read it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level
from tilios.core.toolbox import registry
from tilios.kit import ical
from tilios.tools.agenda.actions.writing import Scope, change_event
from tilios.tools.agenda.models import Entry, Grant
from tilios.tools.agenda.queries.attached import without_line
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of


@transaction.atomic
def begin_text(*, by: Person, rights: Rights, entry: Entry, one: Any, scope: Scope) -> Entry:
    """Begin a text for an event, or for its occurrence `one` alone; the event. Publishes "agenda.changed".

    Those who see the event at this moment read the text, those who may change it write in it. Raises NotAllowed where
    `by` may begin no text, or not change the event.
    """
    name = one.override.get("summary", entry.summary) or _("Untitled")
    text = registry.capability("text.begin")(by=by, name=name[:200], readers=readers_of(entry))
    said = described_at(entry, one)
    line = _("Text of this event: %(address)s") % {"address": text.address}
    described = f"{said.rstrip()}\n\n{line}" if said.strip() else line
    return change_event(
        by=by, rights=rights, entry=entry, fields={"description": described}, scope=scope,
        recurrence_id=one.recurrence_id,
    )  # fmt: skip


def described_at(entry: Entry, one: Any) -> str:
    """The whole description at the occurrence `one`: the column of the entry holds its beginning."""
    facts = ical.facts(entry.data.encode(), zone=zone_of(entry.calendar))
    described: str = one.override.get("description", facts.description)
    return described


def readers_of(entry: Entry) -> list[tuple[Role | Person | Any, bool]]:
    """The roles, groups and people who see the event whole, and whether they may change it. Two queries."""
    least = Level.MANAGE if entry.is_private else Level.VIEW
    lines = Grant.objects.filter(folder=entry.calendar.ruler_id, level__gte=least).select_related("group", "person")
    found: list[tuple[Any, bool]] = [
        (line.person or line.group or Role(line.role or 0), line.level >= Level.EDIT) for line in lines
    ]
    if entry.author is not None and entry.author not in [to for to, _may_write in found]:
        found.append((entry.author, True))
    return found


@transaction.atomic
def remove_text(
    *, by: Person, rights: Rights, entry: Entry, one: Any, address: str, discards: bool, etag: str = ""
) -> None:
    """Take the address of a text out of the description, on every date that says the same; with `discards`, the text
    goes to the trash of its tool. Publishes "agenda.changed". Raises NotAllowed, Changed.
    """
    said = described_at(entry, one)
    change_event(
        by=by, rights=rights, entry=entry, fields={"description": without_line(said, address)},
        scope="this" if "description" in one.override else "all", recurrence_id=one.recurrence_id, etag=etag,
    )  # fmt: skip
    if discards:
        registry.capability("text.discard")(by=by, address=address)
