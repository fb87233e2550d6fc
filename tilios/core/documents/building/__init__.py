"""HTML, wherever it was written, becomes a text of ours.

cleaning.py    what may be in it at all
pasted.py      what Word, LibreOffice and Google Docs mean by their HTML
blocks.py      elements into blocks
runs.py        what stands in a line
"""

from collections.abc import Callable

from tilios.core.documents.building.blocks import build
from tilios.core.documents.tree import Node, update_of

__all__ = ["build", "from_html"]

#: The number of the attachment that holds a picture, from its address in the HTML; None to leave the picture out.
Pictures = Callable[[str], int | None]


def from_html(html: str, pictures: Pictures | None = None) -> bytes:
    """A Yjs update that makes a new text of `html`."""
    nodes: list[Node] = build(html, pictures)
    return update_of(nodes)
