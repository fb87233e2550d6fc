"""The fields that the structure adds to its records."""

import re
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.expressions import FUNCTIONS, evaluate
from tilios.kit.refusals import Refusal
from tilios.kit.text import slugify
from tilios.tools.members.models import Answer, Field, FieldKind
from tilios.tools.members.queries.words import TRIAL, trial_words

MOST_FIELDS = 100
MOST_CHOICES = 100
LISTS = {FieldKind.CHOICE, FieldKind.CHOICES}
LOSSLESS = (FieldKind.TEXT, FieldKind.LONG_TEXT)
#: Words that formulas keep for themselves.
TAKEN = {*TRIAL, *FUNCTIONS, "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "lambda", "for"}


@transaction.atomic
def add_field(*, by: Person | None, name: str, kind: str, **said: Any) -> Field:
    """Add a field to the records, after the others. Publishes "members.field_added".

    `said` are columns of Field; without `key` one is made of the name. Raises NotAllowed, Invalid(column), Conflict.
    """
    require(by is None or may(by, "members.settings"))
    if Field.objects.count() >= MOST_FIELDS:
        raise Conflict(_("The register has as many fields as it can."))
    key = said.pop("key", "") or _free_key(name)
    last = Field.objects.aggregate(last=Max("order"))["last"]
    field = Field(name=name.strip(), key=key, kind=kind, order=0 if last is None else last + 1, **said)
    _check_key(field)
    _check(field)
    field.save()
    publish("members.field_added", by=by, target=field)
    return field


@transaction.atomic
def change_field(*, by: Person | None, field: Field, **said: Any) -> Field:
    """Change what is asked, of whom, how. Publishes "members.field_changed".

    The key stays: formulas and searches name it. Raises NotAllowed, Invalid(column): a kind that would lose answers, a
    thing of a list that somebody chose.
    """
    require(by is None or may(by, "members.settings"))
    field = Field.objects.select_for_update().get(pk=field.pk)
    before = field.kind
    if said.pop("key", field.key) != field.key:
        raise Invalid("key", _("The word of a field stays: formulas and searches name it."))
    for column, value in said.items():
        setattr(field, column, value)
    field.name = field.name.strip()
    _check(field)
    _check_answers(field, before)
    field.save()
    publish("members.field_changed", by=by, target=field)
    return field


@transaction.atomic
def move_field(*, by: Person | None, field: Field, steps: int) -> None:
    """Put a field so many places further down, or up when negative. Raises NotAllowed."""
    require(by is None or may(by, "members.settings"))
    fields = list(Field.objects.select_for_update())
    place = next(number for number, one in enumerate(fields) if one.pk == field.pk)
    moved = fields.pop(place)
    fields.insert(max(0, place + steps), moved)
    for number, one in enumerate(fields):
        one.order = number
    Field.objects.bulk_update(fields, ["order"])


@transaction.atomic
def remove_field(*, by: Person | None, field: Field) -> int:
    """Remove a field with all that records say in it; how many lose an answer. Publishes "members.field_removed"."""
    require(by is None or may(by, "members.settings"))
    lost = Answer.objects.filter(field=field).order_by().values("record").distinct().count()
    publish("members.field_removed", by=by, target=field, answers=lost)
    field.delete()
    return lost


def readers_of(field: Field) -> list[Field]:
    """The computed fields whose formula names `field`."""
    word = re.compile(rf"\b{re.escape(field.key)}\b")
    return [one for one in Field.objects.filter(kind=FieldKind.FORMULA) if word.search(one.formula)]


def _free_key(name: str) -> str:
    """A word that formulas can name, made of the name of the field."""
    base = re.sub(r"[^a-z0-9_]", "", slugify(name).replace("-", "_"))[:30].strip("_")
    base = base if base[:1].isalpha() and base not in TAKEN else f"champ_{base}".rstrip("_")
    key, number = base, 1
    while Field.objects.filter(key=key).exists():
        number += 1
        key = f"{base}_{number}"
    return key


def _check_key(field: Field) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", field.key):
        raise Invalid("key", _("A word of formulas has small letters without accents, digits and “_”."))
    if field.key in TAKEN:
        raise Invalid("key", _("Formulas already have this word."))
    if Field.objects.filter(key=field.key).exists():
        raise Invalid("key", _("Another field has this word."))


def _check(field: Field) -> None:
    if not field.name:
        raise Invalid("name", _("Please give a name."))
    if field.kind not in FieldKind.values:
        raise Invalid("kind", _("Choose a kind of field."))
    field.choices = list(dict.fromkeys(text.strip()[:120] for text in field.choices if text.strip()))
    if field.kind not in LISTS:
        field.choices = []
    elif not 1 <= len(field.choices) <= MOST_CHOICES:
        raise Invalid("choices", _("Give one to a hundred things to choose from, one a line."))
    if field.kind != FieldKind.FORMULA:
        field.formula = ""
        return
    field.is_required = False
    try:
        evaluate(field.formula, trial_words())
    except Refusal as refusal:
        raise Invalid("formula", _(refusal.message) % refusal.params) from refusal


def _check_answers(field: Field, before: str) -> None:
    """Nothing that somebody answered is lost by a change of the field."""
    answers = Answer.objects.filter(field=field)
    lost = answers.count() if field.kind != before and (before, field.kind) != LOSSLESS else 0
    if lost:
        raise Invalid(
            "kind",
            ngettext(
                "%(count)s answer would be lost: add a field of the other kind instead.",
                "%(count)s answers would be lost: add a field of the other kind instead.",
                lost,
            )
            % {"count": lost},
        )
    if field.kind in LISTS and (gone := answers.exclude(text__in=field.choices).first()):
        raise Invalid("choices", _("Members chose “%(value)s”: it must stay in the list.") % {"value": gone.text})
