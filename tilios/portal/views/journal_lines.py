"""Entries of the journal as sentences: who, for whom, did what, to what, to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.access.models import Visitor
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind
from tilios.portal.forms.transfer_journal import DOORS

#: Verbs whose words already say who acts.
WHOLE = ("portal.host_",)


@dataclass(frozen=True)
class Named:
    """Somebody or something in a sentence, with the address of its page if the reader may go there."""

    name: str
    url: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Line:
    """One entry, readable."""

    entry: Entry
    at: datetime
    who: Named | None
    on_behalf: Named | None
    done: str
    thing: Named | None
    subject: Named | None
    icon: str
    section: str
    door: str
    proof_url: str = ""

    @property
    def sentence(self) -> str:
        """The whole in plain text."""
        who = self.who.name if self.who else ""
        if self.on_behalf:
            who = _("%(who)s, for %(person)s,") % {"who": who, "person": self.on_behalf.name}
        text = f"{who} {self.done}".strip()
        if self.thing:
            text = f"{text} {self.thing.name}"
        return _("%(sentence)s: %(name)s") % {"sentence": text, "name": self.subject.name} if self.subject else text


def lines(entries: Iterable[Entry], reader: Person) -> list[Line]:
    """The entries as `reader` may see them: names of people, titles of the things they may see. One query for people,
    one for visitors, one for each kind of thing.
    """
    entries = list(entries)
    book = _Book(entries, reader)
    return [book.line(entry) for entry in entries]


class _Book:
    """The names that a page of entries needs."""

    def __init__(self, entries: list[Entry], reader: Person) -> None:
        numbers = {number for entry in entries for number in (entry.actor, entry.on_behalf, entry.subject) if number}
        self.people = dict(Person.objects.filter(pk__in=numbers).values_list("pk", "display_name")) if numbers else {}
        visitors = {entry.visitor for entry in entries if entry.visitor}
        self.visitors = dict(Visitor.objects.filter(pk__in=visitors).values_list("pk", "name")) if visitors else {}
        self.kinds = {kind.model.lower(): kind for kind in registry.kinds().values()}
        self.things = self._things(entries, reader)

    def _things(self, entries: list[Entry], reader: Person) -> dict[tuple[str, int], str]:
        wanted: dict[str, set[int]] = {}
        for entry in entries:
            if entry.target and entry.kind in self.kinds:
                wanted.setdefault(entry.kind, set()).add(entry.target)
        return {
            (label, row.pk): str(row)
            for label, numbers in wanted.items()
            for row in self.kinds[label].visible_to(reader).filter(pk__in=numbers)
        }

    def line(self, entry: Entry) -> Line:
        done = str(registry.verb(entry.verb))
        whole = entry.verb.startswith(WHOLE)
        tool = registry.tool(entry.verb.partition(".")[0])
        return Line(
            entry=entry,
            at=entry.at,
            who=None if whole else self._who(entry),
            on_behalf=self._person(entry.on_behalf),
            done=capfirst(done) if whole else done,
            thing=self._thing(entry),
            subject=self._person(entry.subject) if entry.subject != entry.actor or entry.on_behalf else None,
            icon=tool.icon if tool else "activity",
            section=tool.section if tool else "manage",
            door=str(dict(DOORS).get(entry.door, entry.door)),
            proof_url=link("portal:erasure", entry.pk) if entry.verb == "people.erased" else "",
        )

    def _who(self, entry: Entry) -> Named:
        if entry.actor:
            found = self._person(entry.actor)
            assert found is not None
            return found
        if entry.visitor:
            name = self.visitors.get(entry.visitor)
            return Named(_("%(name)s (visitor)") % {"name": name}) if name else Named(_("A visitor"), gone=True)
        if entry.door == "link":
            return Named(_("A visitor"))
        if entry.account or entry.door in {"command", "import"}:
            return Named(_("The host"))
        return Named(_("Tilios"))

    def _person(self, number: int | None) -> Named | None:
        if not number:
            return None
        name = self.people.get(number)
        return Named(name, link("portal:person", number)) if name else Named(_("Erased person"), gone=True)

    def _thing(self, entry: Entry) -> Named | None:
        if not entry.target or not entry.kind:
            return None
        kind: Kind | None = self.kinds.get(entry.kind)
        title = self.things.get((entry.kind, entry.target))
        if kind is not None and title is not None:
            return Named(_("“%(title)s”") % {"title": title}, link(kind.url, entry.target))
        return Named(_("(%(kind)s no longer here)") % {"kind": _label(kind, entry.kind)}, gone=True) if kind else None


def _label(kind: Kind | None, name: str) -> str:
    return str(kind.label).lower() if kind else str(apps.get_model(name)._meta.verbose_name)
