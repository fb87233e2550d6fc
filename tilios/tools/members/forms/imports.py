"""A file of members, and what each of its columns holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.imports.forms import ColumnsForm as ChosenColumns
from tilios.tools.members import rules
from tilios.tools.members.imports.columns import COLUMNS, new_columns, own_columns
from tilios.tools.members.models import Known, MemberImport

PARTS = (
    ("person", _("Person")),
    ("register", _("Register")),
    ("dues", pgettext_lazy("part of the columns", "Dues")),
    ("own", _("Fields of the structure")),
    ("new", _("New field")),
)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, ODS, XLSX, SQL (also .gz) or SQLite. 64 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.ods,.xlsx,.sql,.gz,.sqlite,.db"}),
    )


class ColumnsForm(ChosenColumns):
    """One choice a column, then what holds for the whole file."""

    def __init__(self, *args: Any, batch: MemberImport, by: Any, **kwargs: Any) -> None:
        self.sees_money = rules.keeps_money(by)
        super().__init__(*args, batch=batch, choices=self._choices(), **kwargs)
        self.fields["known"] = forms.ChoiceField(
            label=_("Those already in the register"), choices=Known.choices, widget=forms.RadioSelect
        )
        self.initial.setdefault("known", batch.known)
        if self.sees_money:
            self.fields["takes_dues"] = forms.BooleanField(
                label=_("Bring their dues in"),
                required=False,
                initial=True,
                help_text=_("What was paid is kept as history. What is marked as unpaid is asked from today on."),
            )
            self.fields["dues_name"] = forms.CharField(
                label=_("Kind of the dues that name none"),
                max_length=120,
                required=False,
                initial=batch.dues_name or _("Membership"),
            )

    def _choices(self) -> list[Any]:
        """The columns by part; those of dues for who keeps the money."""
        every = [*COLUMNS.values(), *own_columns().values(), *new_columns().values()]
        grouped = [
            (label, [(column.name, column.label) for column in every if column.part == part])
            for part, label in PARTS
            if part != "dues" or self.sees_money
        ]
        return [(label, choices) for label, choices in grouped if choices]

    def chosen(self) -> dict[str, Any]:
        """What `choose_columns` is given beside the columns."""
        given = self.cleaned_data
        return {
            "known": given["known"],
            "takes_dues": bool(given.get("takes_dues")),
            "dues_name": given.get("dues_name", ""),
        }
