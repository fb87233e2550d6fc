"""The value of a change of many records, asked by what is changed."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings as configured
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.people.models import Group
from tilios.tools.members.forms.answers import NO, PREFIX, YES, answer_fields, answers_in
from tilios.tools.members.forms.records import LeavingForm
from tilios.tools.members.models import Status
from tilios.tools.members.queries import mass as queries


class ThingForm(forms.Form):
    thing = forms.ChoiceField(label=gettext_lazy("What to change"))

    def __init__(self, data: Any, *, things: list[queries.Thing]) -> None:
        super().__init__(data)
        sections: dict[str, list[tuple[str, str]]] = {}
        for one in things:
            sections.setdefault(one.section, []).append((one.key, capfirst(one.label)))
        self.fields["thing"].choices = [("", "—"), *sections.items()]  # type: ignore[attr-defined]


class ValueForm(forms.Form):
    """The new value of `thing`. `value()` and `words()` of a valid one: as MassEdit keeps them."""

    def __init__(self, data: Any, *, thing: queries.Thing) -> None:
        super().__init__(data)
        self.thing = thing
        self.fields |= _asked(thing)

    def value(self) -> dict[str, Any]:
        said, key = self.cleaned_data, self.thing.key
        if self.thing.field is not None:
            return {key: _as_text(answers_in(self, [self.thing.field])[self.thing.field.key])}
        match key:
            case queries.STATUS:
                return {key: said["status"].name if said["status"] else ""}
            case queries.LEFT:
                return {key: said["on"].isoformat(), "leaving_reason": said["reason"].strip()}
            case queries.GROUP_IN | queries.GROUP_OUT:
                return {"group": said["group"].pk, "name": said["group"].name}
            case queries.LANGUAGE:
                return {key: said["language"]}
            case _:
                return {key: "1" if said["answer"] == YES else "0"}

    def words(self) -> str:
        value, key = self.value(), self.thing.key
        text = value["name"] if "name" in value else queries.in_words(key, value[key], self.thing.field)
        return _("%(what)s: %(value)s") % {"what": capfirst(self.thing.label), "value": text or "—"}


def _asked(thing: queries.Thing) -> dict[str, forms.Field]:
    label = capfirst(thing.label)
    if thing.field is not None:
        return {name: field for name, field in answer_fields([thing.field], {}).items() if name.startswith(PREFIX)}
    match thing.key:
        case queries.STATUS:
            return {
                "status": forms.ModelChoiceField(
                    Status.objects.all(), label=label, required=False, empty_label=_("No status")
                )
            }
        case queries.LEFT:
            return dict(LeavingForm.base_fields)
        case queries.GROUP_IN | queries.GROUP_OUT:
            return {"group": forms.ModelChoiceField(Group.objects.order_by("name"), label=_("Group"))}
        case queries.LANGUAGE:
            choices = [("", _("Of the structure")), *configured.LANGUAGES]
            return {"language": forms.ChoiceField(label=label, required=False, choices=choices)}
        case _:
            choices = [(YES, _("Yes")), (NO, _("No"))]
            return {"answer": forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)}


def _as_text(value: Any) -> str:
    """An answer in the form that imports keep (imports/comparing.answer_text)."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case date():
            return value.isoformat()
        case Decimal():
            return value.quantize(Decimal("0.0001")).normalize().to_eng_string()
        case list():
            return "|".join(value)
        case _:
            return str(value).strip()
