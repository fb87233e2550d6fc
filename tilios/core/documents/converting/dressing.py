"""The looks of an office document that pandoc has made: its styles are written again, its pages numbered."""

import io
import zipfile
from collections.abc import Callable

from tilios.core.documents.converting import dressing_docx, dressing_odt

#: Extension: what is done to each part of the archive, by its name.
DRESSED: dict[str, dict[str, Callable[[bytes], bytes]]] = {"odt": dressing_odt.PARTS, "docx": dressing_docx.PARTS}
MORE: dict[str, dict[str, bytes]] = {"odt": {}, "docx": dressing_docx.MORE}


def dressed(data: bytes, form: str, words: list[str]) -> bytes:
    """`data`, a document of pandoc with the extension `form`, with our styles.

    `words` are said in the place of each picture, in order: pandoc leaves them out of an odt.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            # The order and the way each part is stored are kept: "mimetype" comes first, as it is.
            content = before.read(part)
            change = DRESSED[form].get(part.filename)
            if part.filename == "content.xml":
                content = dressing_odt.described(content, words)
            after.writestr(part, change(content) if change else content)
        for name, content in MORE[form].items():
            after.writestr(name, content)
    return made.getvalue()
