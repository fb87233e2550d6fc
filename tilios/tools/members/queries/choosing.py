"""Of whom a paper is made, or to whom a letter goes: a set that has a name, and of it those who are ticked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.tools.members.models import Family, Record, SavedSearch, Status
from tilios.tools.members.queries import groups_listed, listing, records, searching

EVERYBODY = "tous"
STANDINGS = (listing.UP_TO_DATE, listing.LATE, listing.NEVER)
MOST_TICKED = 1000


@dataclass(frozen=True)
class Choice:
    """`whom` is a word of `offered`; `ticked` are numbers of records: none of them means all of the set."""

    whom: str = EVERYBODY
    ticked: tuple[int, ...] = ()

    @classmethod
    def read(cls, data: QueryDict) -> "Choice":
        """What the address says: `pour` and, for each record ticked, `m`."""
        numbers = {int(text) for text in data.getlist("m")[:MOST_TICKED] if text.isascii() and text.isdecimal()}
        return cls(data.get("pour", "") or EVERYBODY, tuple(sorted(n for n in numbers if n < 2**63)))

    @classmethod
    def kept(cls, said: dict[str, Any]) -> "Choice":
        """What `as_json` kept."""
        return cls(said.get("whom", EVERYBODY), tuple(said.get("ticked", ())))

    def as_json(self) -> dict[str, Any]:
        return {"whom": self.whom, "ticked": list(self.ticked)}

    @property
    def query(self) -> str:
        """The choice as the end of an address."""
        query = QueryDict(mutable=True)
        query["pour"] = self.whom
        query.setlist("m", [str(number) for number in self.ticked])
        return query.urlencode()


def offered(person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sets on offer under their titles: (title, [(word, name)]). Few queries."""
    everybody = [
        (EVERYBODY, _("Everybody who is here")), (listing.UP_TO_DATE, _("Up to date")), (listing.LATE, _("Late")),
        (listing.NEVER, _("Never paid")),
    ]  # fmt: skip
    sets: list[tuple[str, str, Iterable[Any]]] = [
        (_("Statuses"), "statut", Status.objects.all()),
        (_("Groups"), "groupe", groups_listed(person)),
        (_("Searches kept"), "recherche", searching.searches(person)),
        (_("Families"), "famille", Family.objects.all()),
    ]
    found = [(_("All members"), everybody)]
    found += [(title, [(f"{word}-{one.pk}", one.name) for one in ones]) for title, word, ones in sets]
    return [(title, choices) for title, choices in found if choices]


def label_of(whom: str, person: Person) -> str:
    """A word of `offered` as it is read; a sentence of its own for a set that is gone, or not for `person`."""
    labels = {word: label for _title, choices in offered(person) for word, label in choices}
    return labels.get(whom, _("people who can no longer be told"))


def named(choice: Choice, person: Person) -> QuerySet[Record]:
    """The records of the set, those ticked and the others, in order of the names. Http404 where there is no such set.

    Those who have left are in none but a search that asks for them.
    """
    word, _dash, number = choice.whom.partition("-")
    here = records().filter(left_on=None)
    if choice.whom == EVERYBODY:
        return here
    if choice.whom in STANDINGS:
        return records().filter(listing.standing(choice.whom, timezone.localdate()))
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    match word:
        case "statut":
            return here.filter(status=get_object_or_404(Status, pk=number))
        case "groupe":
            return here.filter(person__memberships__group=get_object_or_404(groups_listed(person), pk=number))
        case "famille":
            return here.filter(family=get_object_or_404(Family, pk=number))
        case "recherche":
            usable = [one.pk for one in searching.searches(person)]
            search = get_object_or_404(SavedSearch.objects.filter(pk__in=usable), pk=number)
            return searching.found(search.conditions, person)
    raise Http404


def chosen(choice: Choice, person: Person) -> QuerySet[Record]:
    """The records that the paper is of: those ticked of the set, or all of it. Http404 as above."""
    found = named(choice, person).select_related("family", "photo")
    return found.filter(pk__in=choice.ticked) if choice.ticked else found
