"""What can be found of a text: its title, what is said of it, what is written in it."""

from tilios.core.documents import queries, rendering
from tilios.core.search.entries import Entry
from tilios.core.shelves import indexing
from tilios.tools.pads.models import Item


def entry(item: Item) -> Entry | None:
    """Found by those whom the list of rights that holds for it names, and by who looks after everybody's texts."""
    if item.in_trash or item.parent_id is None:
        return None
    document = None if item.is_folder else queries.document_of(item)
    words = rendering.render(document).text if document else ""
    tags = " ".join(tagging.tag.name for tagging in item.taggings.select_related("tag"))
    return Entry(title=item.name, text=f"{item.description}\n{tags}\n{words}".strip(), keys=indexing.keys_of(item))
