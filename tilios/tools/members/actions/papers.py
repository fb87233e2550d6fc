"""Write what papers are made with: sheets of labels, letters to many."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.tools.members import rules
from tilios.tools.members.filling.notation import check
from tilios.tools.members.filling.vocabulary import for_papers
from tilios.tools.members.models import LabelSheet, LetterTemplate
from tilios.tools.members.papers import live_texts


@transaction.atomic
def save_sheet(*, by: Person, sheet: LabelSheet | None = None, **said: Any) -> LabelSheet:
    """Keep a sheet of labels. Publishes "members.sheet_saved"; raises NotAllowed, Invalid("name") for one taken."""
    require(rules.keeps_register(by))
    sheet = sheet or LabelSheet()
    if LabelSheet.objects.filter(name__iexact=said["name"]).exclude(pk=sheet.pk).exists():
        raise Invalid("name", _("There is already a sheet of this name."))
    for name, value in said.items():
        setattr(sheet, name, value)
    sheet.save()
    publish("members.sheet_saved", by=by, target=sheet)
    return sheet


@transaction.atomic
def remove_sheet(*, by: Person, sheet: LabelSheet) -> None:
    """Publishes "members.sheet_removed"; raises NotAllowed."""
    require(rules.keeps_register(by))
    publish("members.sheet_removed", by=by, target=sheet)
    LabelSheet.objects.filter(pk=sheet.pk).delete()


@transaction.atomic
def save_letter(
    *, by: Person, name: str, body: str = "", subject: str = "", text: str = "", letter: LetterTemplate | None = None
) -> LetterTemplate:
    """Keep a letter whose text is `body` or, where `text` is its address, a live text.

    Publishes "members.letter_saved". Raises NotAllowed, Invalid("name") for one taken, Invalid("subject" or "body") for
    a word that is none, or not for `by`, Invalid("text") for a live text that `by` does not see, or with such a word.
    """
    require(rules.keeps_register(by))
    letter = letter or LetterTemplate()
    if LetterTemplate.objects.filter(name__iexact=name).exclude(pk=letter.pk).exists():
        raise Invalid("name", _("There is already a letter of this name."))
    vocabulary = for_papers(by)
    if text:
        found = live_texts.chosen(text, by)
        paper = live_texts.paper_at(found.address, by)
        check(vocabulary, subject=subject, text=paper.html if paper is not None else "")
        letter.text_kind, letter.text_target = found.kind, found.number
    else:
        check(vocabulary, subject=subject, body=body)
        letter.text_kind, letter.text_target = "", None
    letter.name, letter.subject, letter.body, letter.changed_at = name, subject, body, timezone.now()
    letter.save()
    publish("members.letter_saved", by=by, target=letter)
    return letter


@transaction.atomic
def begin_letter(
    *, by: Person, name: str, body: str = "", subject: str = "", letter: LetterTemplate | None = None
) -> LetterTemplate:
    """Keep a letter whose text is a new live text of the same name, in which those who keep the register write.

    Publishes "members.letter_saved". Raises what `save_letter` does, and NotAllowed where `by` may begin no text,
    Conflict where the structure keeps none.
    """
    require(rules.keeps_register(by))
    begin = registry.capability("text.begin")
    if begin is None:
        raise Conflict(_("Live texts are not open in this structure."))
    text = begin(by=by, name=name, readers=live_texts.keepers(by))
    return save_letter(by=by, name=name, body=body, subject=subject, text=text.address, letter=letter)


@transaction.atomic
def remove_letter(*, by: Person, letter: LetterTemplate) -> None:
    """Publishes "members.letter_removed"; raises NotAllowed."""
    require(rules.keeps_register(by))
    publish("members.letter_removed", by=by, target=letter)
    LetterTemplate.objects.filter(pk=letter.pk).delete()
