"""Which field each column of a file holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models.imports import StagedFile


class ColumnsForm(forms.Form):
    """One choice a column. What an import asks for the whole file is added by its own form."""

    def __init__(self, *args: Any, batch: StagedFile, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        for number, header in enumerate(batch.header):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header or _("Column %(number)s") % {"number": number + 1},
                choices=[("", _("Leave out")), *choices],
                required=False,
                initial=batch.columns[number] if number < len(batch.columns) else "",
            )

    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{number}"] for number in range(len(self.batch.header))]

    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column_{number}"] for number in range(len(self.batch.header))]
