"""Who is told: people with a login who are still there, and the language each reads."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from tilios.core.people.models import Person, Status
from tilios.core.structures.scope import current_structure

MOST_IN_A_QUERY = 500


def reachable() -> QuerySet[Person]:
    """People of the structure who have a login and have not left, with their accounts; the host's visits left out."""
    return (
        Person.objects.filter(status=Status.ACTIVE, visit_ends_at=None, account__is_active=True)
        .select_related("account")
        .order_by("pk")
    )


def listening(to: Iterable[Person], by: Person | None) -> list[Person]:
    """Whoever is reachable among `to`, once each; the doer and the human acting for them left out. One query."""
    numbers = {person.pk for person in to}
    if by is not None:
        numbers -= {by.pk, by.acted_by.pk if by.acted_by else by.pk}
    return still_listening(numbers)


def still_listening(numbers: Iterable[int]) -> list[Person]:
    """The people of these numbers who are reachable. One query."""
    numbers = set(numbers)
    if not numbers:
        return []
    if len(numbers) <= MOST_IN_A_QUERY:
        return list(reachable().filter(pk__in=numbers))
    return [person for person in reachable() if person.pk in numbers]


def language_of(person: Person) -> str:
    """The language `person` reads: the account's, else the structure's, else the instance's."""
    known = dict(settings.LANGUAGES)
    wanted = (person.account.language if person.account else "", current_structure().language)
    return next((language for language in wanted if language in known), settings.LANGUAGE_CODE)
