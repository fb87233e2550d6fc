"""Who is at the door of a structure: the account's person there, or the one they act for."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from tilios.core.people import mandates
from tilios.core.people.models import Person
from tilios.core.people.queries import person_of
from tilios.core.structures.composed import composed
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

ACTING = "acting"  # session key: {structure pk as text: mandate pk}


def enter(request: HttpRequest, slug: str) -> tuple[Structure, Person]:
    """The structure of `slug` and the account's person in it; Http404 for a stranger or a missing structure.

    Two queries; one more when the person acts for somebody else in this session.
    """
    structure = next(iter(_called(slug)), None)
    if structure is None:
        raise Http404
    with scope(structure):
        person = person_of(request.user.pk or 0)
        if person is None or not person.is_active:
            raise Http404
        person.structure = structure
        mandate_pk = request.session.get(ACTING, {}).get(str(structure.pk))
        if mandate_pk and (mandate := mandates.active(person).filter(pk=mandate_pk).first()):
            return structure, _represented(mandate.person, person, structure)
    return structure, person


@composed
def _called(slug: str) -> QuerySet[Structure]:
    return Structure.objects.select_related("logo").filter(slug=slug)


def _represented(person: Person, by: Person, structure: Structure) -> Person:
    person.structure = structure
    person.acted_by = by
    return person


def real_person(request: Any) -> Person:
    """The human at the keyboard, whoever they act for."""
    return request.person.acted_by or request.person
