"""What an application says, in words, for those who answer it."""

from collections.abc import Iterator
from typing import Any

from tilios.tools.members.models import AGREEMENTS, Applicant, Application
from tilios.tools.members.queries.answers import shown
from tilios.tools.members.queries.joined import answers_read, fields_of
from tilios.tools.members.queries.past import label_of

#: In the order of the page.
SAID = (
    "title", "chosen_name", "organisation", "siret", "head_count", "birth_date", "birth_place", "profession", "phone",
    "mobile", "street", "postcode", "town", "website",
)  # fmt: skip


def facts_of(application: Application) -> dict[int, list[tuple[str, str]]]:
    """For each applicant, by number: labels and words of what they said, what they agreed to last. One query."""
    people = list(application.applicants.all())
    fields = fields_of({key for one in people for key in one.answers})
    return {one.pk: [*_usual(one), *_answered(one, fields), *_agreed(one)] for one in people}


def _usual(one: Applicant) -> Iterator[tuple[str, str]]:
    for name in SAID:
        value: Any = getattr(one, name) if name in ("organisation", "birth_date") else one.said.get(name)
        if value:
            yield label_of(name), shown(value)


def _answered(one: Applicant, fields: list[Any]) -> Iterator[tuple[str, str]]:
    said = answers_read(one.answers, fields)
    for field in fields:
        if field.key in said:
            yield field.name, shown(said[field.key])


def _agreed(one: Applicant) -> Iterator[tuple[str, str]]:
    for name in AGREEMENTS:
        if getattr(one, name):
            yield label_of(name), shown(True)
