"""A text of the database as a file, its pictures with it."""

from collections.abc import Callable

from tilios.core.documents import queries, tree
from tilios.core.documents.converting import Exported, export, for_paper
from tilios.core.documents.models import Document
from tilios.ui.pdf import Pictures


def as_file(
    document: Document, form: str, *, title: str, author: str = "", date: str = "", structure: str = ""
) -> Exported:
    """`document` as a file with the extension `form` of converting.FORMATS. Raises Unreadable. Three queries, and one a
    picture.
    """

    return export(
        tree.read(queries.state(document)),
        form,
        title=title,
        picture=_pictures(document),
        author=author,
        language=document.language,
        date=date,
        structure=structure,
    )


def as_paper(document: Document) -> tuple[str, Pictures]:
    """`document` as HTML for a paper of another tool, and its pictures (`printing.fragment`). Raises Unreadable. Two
    queries, and one a picture.
    """
    doc = tree.read(queries.state(document))
    return for_paper(doc, picture=_pictures(document), language=document.language)


def _pictures(document: Document) -> Callable[[int], tuple[bytes, str] | None]:
    def picture(number: int) -> tuple[bytes, str] | None:
        row = queries.attachment(document, number)
        if row is None or not row.blob.media_type.startswith("image/"):
            return None
        with row.blob.open() as file:
            return file.read(), row.blob.media_type

    return picture
