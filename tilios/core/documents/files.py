"""A text of the database as a file, its pictures with it."""

from tilios.core.documents import queries, tree
from tilios.core.documents.converting import Exported, export
from tilios.core.documents.models import Document


def as_file(
    document: Document, form: str, *, title: str, author: str = "", date: str = "", structure: str = ""
) -> Exported:
    """`document` as a file with the extension `form` of converting.FORMATS. Raises Unreadable. Three queries, and one a
    picture.
    """

    def picture(number: int) -> tuple[bytes, str] | None:
        row = queries.attachment(document, number)
        if row is None or not row.blob.media_type.startswith("image/"):
            return None
        with row.blob.open() as file:
            return file.read(), row.blob.media_type

    return export(
        tree.read(queries.state(document)),
        form,
        title=title,
        picture=picture,
        author=author,
        language=document.language,
        date=date,
        structure=structure,
    )
