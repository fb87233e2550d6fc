"""A file of people, and which field each of its columns holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.imports.forms import ColumnsForm as ChosenColumns
from tilios.core.people.models import ImportBatch, Person
from tilios.portal.forms.people.fields import group_field, role_field


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, ODS or XLSX, with the names of the columns on the first line. 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.ods,.xlsx"}),
    )


class ColumnsForm(ChosenColumns):
    """One choice a column, then what holds for the whole file."""

    def __init__(self, *args: Any, batch: ImportBatch, by: Person, **kwargs: Any) -> None:
        choices = [(name, field.label) for name, field in FIELDS.items()]
        super().__init__(*args, batch=batch, choices=choices, **kwargs)
        self.fields["role"] = role_field(by, label=_("Role of the new people"))
        self.fields["group"] = group_field(label=_("Put everybody of the file in"))
        self.initial.setdefault("role", batch.role)
        self.initial.setdefault("group", batch.group_id)
