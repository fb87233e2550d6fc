"""What a person may do with the files."""

from django.db.models import QuerySet

from tilios.core.people.models import Person
from tilios.core.shelves import rights
from tilios.tools.files.models import Item


class Rights(rights.Rights):
    """The rights of one person in the files: see core/shelves/rights.py."""

    tool = "files"


def visible_items(person: Person) -> QuerySet[Item]:
    """What `person` sees of the files, folders included; the answer for search, comments, links and notifications."""
    return Rights(person).visible()
