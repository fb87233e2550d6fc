"""A paper of some people as PDF, in the language of the structure; what it holds of people is a reading of them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish, record_reads
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure
from tilios.kit.text import slugify
from tilios.tools.members import rules
from tilios.tools.members.models import Card, Record
from tilios.tools.members.papers import cards, records
from tilios.tools.members.papers.kinds import Kind
from tilios.ui import pdf

AT_ONCE = 300  # people: more are made in the background
MOST = 5000


def refuse(kind: Kind, people: list[Record], said: dict[str, Any]) -> None:
    """Raises Invalid, with a sentence, where there is nobody to make it of or too many; Conflict without Pango."""
    _can_lay_out()
    if len(people) > MOST:
        raise Invalid("pour", _("%(most)s people at most: choose fewer.") % {"most": MOST})
    if not people:
        raise Invalid("pour", _("There is nobody to make it of: choose others."))
    if kind.figures(people, said).nothing:
        raise Invalid("pour", _("Nobody of them has an address."))


def laid_out(
    *, by: Person, kind: Kind, people: list[Record], said: dict[str, Any], told: Callable[[int], None] | None = None
) -> bytes:
    """The PDF, call it outside a transaction. `told` is told how many people are behind. Publishes
    "members.papers_made" and a reading of each. Raises NotAllowed, Invalid, Conflict.
    """
    require(rules.keeps_register(by))
    refuse(kind, people, said)
    size = kind.part or len(people)

    def tell(parts: int) -> None:
        if told is not None:
            told(min(len(people), parts * size))

    with override(current_structure().language):
        body = pdf.render_parts(kind.template, kind.parts(by, people, said), laid_out=tell)
    with transaction.atomic():
        record_reads(by=by, subjects=[record.person for record in people], what="members.papers")
        publish("members.papers_made", by=by, paper=kind.key, people=len(people))
    return body


def one_card(card: Card, record: Record, structure: Structure) -> bytes:
    """The card of one member, a page of its size. Raises Conflict where none can be laid out."""
    _can_lay_out()
    with override(structure.language):
        said = {"title": _("Member card"), "with_photo": True, "with_due": False}
        pictures = cards.pictures_of([record], structure, with_photo=True)
        drawn = cards.drawn([record], {record.pk: card}, said)
        context = {"card": drawn[0], "said": said, "pictures": pictures, **cards.looks(structure)}
        return pdf.render("members/papers/print/card.html", context, pictures)


def one_record(reader: Person, record: Record, structure: Structure) -> bytes:
    """The record of one member, to be checked and signed, as far as `reader` sees it. Raises Conflict as above."""
    _can_lay_out()
    with override(structure.language):
        pictures = cards.pictures_of((), structure, with_photo=False)
        context = {
            "forms": records.forms_of(reader, [record]), "structure": structure, "pictures": pictures,
            "said": {"note": _("Please check what we know of you, correct it by hand and sign.")},
        }  # fmt: skip
        return pdf.render("members/papers/print/records.html", context, pictures)


def blank_form(said: dict[str, Any]) -> bytes:
    """The blank form to join. Raises Conflict as above."""
    _can_lay_out()
    structure = current_structure()
    with override(structure.language):
        pictures = cards.pictures_of((), structure, with_photo=False)
        context = records.blank_form(with_dues=said["with_dues"], language=structure.language)
        context |= {"said": said, "structure": structure, "pictures": pictures}
        return pdf.render("members/papers/print/blank.html", context, pictures)


def _can_lay_out() -> None:
    if not pdf.is_available():
        raise Conflict(_("This server cannot lay out PDF documents: Pango is missing."))


def file_name(kind: Kind) -> str:
    words = slugify(f"{current_structure().name} {kind.name}")
    return f"{words}-{timezone.localdate():%Y-%m-%d}.pdf"
