"""What a form asks for the fields of the structure."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.actions import store
from tilios.core.blobs.storage import MIB
from tilios.tools.members.models import Answer, Field, FieldKind
from tilios.ui.fields import DayField

LARGEST_FILE = 20 * MIB
PREFIX = "champ_"
YES, NO = "oui", "non"


class NumberField(forms.DecimalField):
    """A number with a comma or a point, blanks allowed between its digits."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        text = "".join(value.split()).replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(gettext("This is not a number.")) from None
        if not number.is_finite():
            raise forms.ValidationError(gettext("This is not a number."))
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


def answer_fields(fields: Iterable[Field], answers: dict[str, Any]) -> dict[str, forms.Field]:
    """A form's fields for those of the structure, filled with `answers` (queries.answers_of); none for computed ones.

    A file that is there comes with a box to remove it.
    """
    asked: dict[str, forms.Field] = {}
    for field in fields:
        if field.kind == FieldKind.FORMULA:
            continue
        initial = answers.get(field.key)
        name = f"{PREFIX}{field.key}"
        if field.kind != FieldKind.FILE:
            asked[name] = _asked(field, initial)
            continue
        file = initial.text if isinstance(initial, Answer) else ""
        help_text = (
            gettext("At present: %(name)s. A new file takes its place.") % {"name": file} if file else field.help
        )
        asked[name] = forms.FileField(label=field.name, help_text=help_text, required=field.is_required and not file)
        if file and not field.is_required:
            label = gettext("Remove the file “%(name)s”") % {"name": file}
            asked[f"{name}_sans"] = forms.BooleanField(label=label, required=False)
    return asked


def _asked(field: Field, initial: Any) -> forms.Field:
    options: dict[str, Any] = {
        "label": field.name, "help_text": field.help, "required": field.is_required, "initial": initial
    }  # fmt: skip
    choices = [(text, text) for text in field.choices]
    match field.kind:
        case FieldKind.NUMBER:
            return NumberField(**options)
        case FieldKind.DATE:
            return DayField(**options)
        case FieldKind.YES_NO:
            options["initial"] = {True: YES, False: NO}.get(initial, "") if isinstance(initial, bool) else ""
            return forms.ChoiceField(choices=[("", _("Not said")), (YES, _("Yes")), (NO, _("No"))], **options)
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *choices], **options)
        case FieldKind.CHOICES:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)
        case FieldKind.LONG_TEXT:
            return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **options)
        case _:
            return forms.CharField(max_length=300, **options)


def answers_in(form: forms.BaseForm, fields: Iterable[Field]) -> dict[str, Any]:
    """What a valid form says for the fields it asked, as `actions.write_answers` takes it; files are stored.

    Raises TooLarge, DiskFull. Called before any transaction.
    """
    said: dict[str, Any] = {}
    for field in fields:
        name = f"{PREFIX}{field.key}"
        if name not in form.fields:
            continue
        value = form.cleaned_data.get(name)
        match field.kind:
            case FieldKind.FILE:
                if value:
                    said[field.key] = (value.name, store(value, name=value.name, max_size=LARGEST_FILE))
                elif form.cleaned_data.get(f"{name}_sans"):
                    said[field.key] = None
            case FieldKind.YES_NO:
                said[field.key] = {YES: True, NO: False}.get(value or "")
            case _:
                said[field.key] = value
    return said
