"""Put in a text what a file gave."""

import io

from django.db import transaction
from django.utils import timezone

from tilios.core.blobs.errors import TooLarge
from tilios.core.documents import queries, rights, tree, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.actions import texts
from tilios.core.documents.actions.beside import LONGEST_SAYING, attach
from tilios.core.documents.converting.brought import Brought
from tilios.core.documents.models import Author, Document, Revision, Saying, Update
from tilios.core.documents.rooms import telling
from tilios.core.documents.tree import Node
from tilios.core.errors import require


def bring(*, document: Document, by: Writer, brought: Brought) -> int:
    """Put what `brought` holds at the end of the text; gives the number of the last update.

    Pictures become attachments: those that are too large are counted in `brought.missing`. The history of a pad comes
    with its times, its authors and its chat, whose lines begin with the name of who wrote them. The caller, who knows
    the thing, publishes. Raises NotAllowed below Access.WRITE, DiskFull, Invalid("data") for what is too long.
    """
    require(rights.access_of(by, document) >= Access.WRITE)
    numbers: dict[int, int] = {}
    for number, (name, content) in brought.pictures.items():
        try:
            numbers[number] = attach(document=document, by=by, stream=io.BytesIO(content), name=name).number
        except TooLarge:
            brought.missing += 1
    with transaction.atomic():
        if brought.moments:
            _remember(document, brought)
        else:
            texts.add(document, by, _at_the_end(document, _renumbered(brought.nodes, numbers)))
    return document.last_number


def _renumbered(nodes: list[Node], numbers: dict[int, int]) -> list[Node]:
    """`nodes` with the numbers that pictures have here; without the pictures that are not here."""
    for node in nodes:
        node.children = [child for child in node.children if not isinstance(child, Node) or _is_here(child, numbers)]
        _renumbered(list(node.nodes()), numbers)
        if node.kind == "image":
            node.attributes["file"] = numbers.get(node.attributes["file"], 0)
    return [node for node in nodes if node.kind != "image" or node.attributes["file"]]


def _is_here(node: Node, numbers: dict[int, int]) -> bool:
    return node.kind != "image" or node.attributes["file"] in numbers


def _at_the_end(document: Document, nodes: list[Node]) -> bytes:
    """The update that puts `nodes` after what is written; in the place of a text that says nothing."""
    doc = yjs.new_doc(queries.state(document))
    state, root = doc.get_state(), yjs.root(doc)
    with doc.transaction():
        if not str(root).replace("<paragraph>", "").replace("</paragraph>", "").strip():
            del root.children[0 : len(root.children)]
        tree.write(root, nodes)
    return doc.get_update(state)


def _remember(document: Document, brought: Brought) -> None:
    for moment in brought.moments:
        number = texts.add(document, None, moment.data)
        at = moment.at or timezone.now()
        Update.objects.filter(document=document, number=number).update(made_at=at)
        if moment.name or moment is not brought.moments[-1]:
            words = yjs.count_words(yjs.new_doc(queries.state(document)))
            Revision.objects.create(document=document, number=number, name=moment.name, words=words, made_at=at)
    Author.objects.bulk_create(
        Author(document=document, client=client, name=name[:80]) for client, name in brought.authors.items()
    )
    now = timezone.now()
    for name, body, said_at in brought.sayings:
        said = f"{name}\u00a0: {body}" if name else body
        Saying.objects.create(document=document, body=said.replace("\0", "")[:LONGEST_SAYING], made_at=said_at or now)
    telling.tell(f"beside {document.pk} revisions")
    telling.tell(f"beside {document.pk} sayings")
