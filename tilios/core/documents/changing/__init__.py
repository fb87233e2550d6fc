"""A text changed without JavaScript: in a form, as a Markdown that anybody reads.

    form = changing.plain_form(document)            what goes in the textarea
    changing.change(document=document, by=writer, before=form, base_number=number, after=sent)

signs.py      the signs of the form
drawing.py    a text as its form
reading.py    a form as a text: blocks
spans.py      the same inside a line
updating.py   what was changed as a Yjs update, whatever was written since
merging.py    what was changed, done to the blocks of the Yjs text
lines.py      the same inside a line
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.documents import queries, rights, tree, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.actions import texts
from tilios.core.documents.changing import reading
from tilios.core.documents.changing.drawing import form_of
from tilios.core.documents.changing.updating import update
from tilios.core.documents.differing import carried
from tilios.core.documents.models import Document
from tilios.core.errors import Invalid, require

LONGEST = 1_000_000  # characters of a form


def plain_form(document: Document) -> str:
    """The text as it is changed in a form. `document.last_number` is then the number to send back with it."""
    document.refresh_from_db(fields=["last_number"])
    return form_of(tree.read(queries.state_at(document, document.last_number)))[0]


@transaction.atomic
def change(*, document: Document, by: Writer, before: str, base_number: int, after: str) -> int:
    """Do to the text what somebody did to its form: `before` was given to them, `after` is what they send back.

    `base_number` is the number of the last update that the form said. What was written since stays, by the rules of
    Yjs; what they did not touch keeps its author, and its place for whoever speaks of it. Gives the number of the
    update, or of the last one when there is nothing to write. Raises NotAllowed below Access.WRITE, Invalid("text").
    """
    require(rights.access_of(by, document) >= Access.WRITE)
    if len(after) > LONGEST or len(before) > LONGEST:
        raise Invalid("text", _("This is too long for one text."))
    before, after = _as_sent(before), _as_sent(after)
    document.refresh_from_db(fields=["last_number"])
    if before == after:
        return document.last_number
    whole = queries.state_at(document, min(max(base_number, 0), document.last_number))
    form, kept = form_of(tree.read(whole))
    since = queries.updates_after(document, base_number)
    if _as_sent(form) != before:
        # Updates were put together since: what was changed is looked for in the text of now.
        whole, since = queries.state(document), []
        form, kept = form_of(tree.read(whole))
        after = "\n\n".join(carried(*(_as_sent(one).split("\n\n") for one in (before, after, form))))
    said, says = (reading.blocks(one.split("\n"), kept) for one in (form, after))
    data = update(whole, said, says, since)
    return texts.add(document, by, data) if data != yjs.NOTHING else document.last_number


def _as_sent(form: str) -> str:
    """Ends of lines as browsers may send them, and the empty lines around."""
    return form.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
