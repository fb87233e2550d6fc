"""A file of people, and which field each of its columns holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.models import ImportBatch, Person
from tilios.portal.forms.people.fields import group_field, role_field


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, ODS or XLSX, with the names of the columns on the first line. 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.ods,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """One choice a column, then what holds for the whole file."""

    def __init__(self, *args: Any, batch: ImportBatch, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        choices = [("", _("Leave out")), *((name, field.label) for name, field in FIELDS.items())]
        for number, header in enumerate(batch.header):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header or _("Column %(number)s") % {"number": number + 1},
                choices=choices,
                required=False,
                initial=batch.columns[number] if number < len(batch.columns) else "",
            )
        self.fields["role"] = role_field(by, label=_("Role of the new people"))
        self.fields["group"] = group_field(label=_("Put everybody of the file in"))
        self.initial.setdefault("role", batch.role)
        self.initial.setdefault("group", batch.group_id)

    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{number}"] for number in range(len(self.batch.header))]

    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column_{number}"] for number in range(len(self.batch.header))]
