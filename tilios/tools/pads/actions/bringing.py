"""Texts of files: odt, docx, Markdown, HTML, plain text, Etherpad."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.documents import actions as documents
from tilios.core.documents import converting
from tilios.core.documents.access import Writer
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.reading.models import Why
from tilios.kit.documents.problems import Unreadable
from tilios.tools.pads import indexing
from tilios.tools.pads.actions import texts
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries.rights import Rights

#: Extensions of the files that become texts.
READS = (".odt", ".docx", ".md", ".markdown", ".html", ".htm", ".txt", ".etherpad")
MOST_BYTES = 50 * 2**20


@dataclass(frozen=True)
class Brought:
    item: Item
    missing: int  # pictures that could not be taken


def bring(*, by: Person, rights: Rights, folder: Item, name: str, file: BinaryIO | Any) -> Brought:
    """A text in `folder` of what `file` says. Publishes "pads.brought_in".

    Raises NotAllowed, Invalid("file") with the reason for a file that cannot be read.
    """
    if not rights.may_add(folder):
        raise NotAllowed(_("You may not add anything in this folder."))
    path = PurePosixPath(name)
    if path.suffix.lower() not in READS:
        raise Invalid("file", _("Texts are made of odt, docx, md, html, txt and etherpad files."))
    data = file.read(MOST_BYTES + 1)
    try:
        found = converting.bring_in(data, name)
    except Unreadable as error:
        raise Invalid("file", Why(error.problem).label) from error
    item = texts.begin_text(by=by, rights=rights, parent=folder, name=found.title.strip()[:200] or path.stem)
    try:
        documents.bring(document=texts.document_of(item), by=Writer(person=by), brought=found)
    except Exception:
        texts.take_back(item)  # its pictures are stored outside of a transaction: no empty text is left
        raise
    with transaction.atomic():
        publish("pads.brought_in", by=by, target=item)
        indexing.look_at(item)
    return Brought(item, found.missing)
