"""What can be found of a file: its name, what is said of it, what is written in it."""

from django.db.models import QuerySet

from tilios.core import reading
from tilios.core.search.entries import Entry
from tilios.core.shelves import indexing
from tilios.core.structures.composed import composed
from tilios.tools.files.models import Item, Tagging


def entry(item: Item) -> Entry | None:
    """Found by those whom the list of rights that holds for it names, and by who looks after everybody's files."""
    if item.in_trash or item.parent_id is None:
        return None
    words = reading.text(item.blob) if item.blob is not None else ""
    tags = " ".join(_tags(item.pk))
    return Entry(title=item.name, text=f"{item.description}\n{tags}\n{words}".strip(), keys=indexing.keys_of(item))


@composed
def _tags(item_pk: int) -> QuerySet[Tagging, str]:
    return Tagging.objects.filter(item_id=item_pk).values_list("tag__name", flat=True)
